"""Report: someone thinks a rule was broken."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id


class ReportState(StrEnum):
    """How far a report has come (product.md 6.1)."""

    FILED = "filed"
    IN_CASE = "in_case"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"


class Report(Model):
    """What was reported; `reporter` is empty when another server reported without naming anyone.

    `notes` are ids of ours, `uris` everything else a Flag named; `receipt` opens /my/reports.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    receipt = fields.CharField(max_length=40, unique=True)
    state = fields.CharEnumField(ReportState, max_length=20, default=ReportState.FILED)
    reporter: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="reports_made", null=True
    )
    reporter_id: int | None
    reporter_host = fields.CharField(max_length=255, default="")
    target: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="reports_about"
    )
    target_id: int
    notes: Any = fields.JSONField(default=list)
    uris: Any = fields.JSONField(default=list)
    rules: Any = fields.JSONField(default=list)
    comment = fields.TextField(default="")
    is_forwarded = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "report"
        indexes = [("state", "id"), ("target_id", "id")]
