"""The policy as it is published: versions of one document, each with its checksum."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from core.clock import now


class PolicyVersion(Model):
    """One version of the policy; `document` is what /policy.json publishes of its sections."""

    number = fields.IntField(primary_key=True, generated=False)
    document: Any = fields.JSONField()
    sha256 = fields.CharField(max_length=64)
    summary: Any = fields.JSONField(default=dict)
    adopted_by = fields.CharField(max_length=200, default="")
    effective_at = fields.DatetimeField(default=now)

    class Meta:
        table = "policy_version"
