"""Account: the private side of someone who lives here."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id


class Role(StrEnum):
    """What someone may do for the community (product.md 5.3)."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Account(Model):
    """How someone signs in, and what only they and this machine know.

    `preferences` holds what the settings pages write: default audience, language, theme.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "rubric.Actor", related_name="account"
    )
    actor_id: int
    email = fields.CharField(max_length=320)
    email_key = fields.CharField(max_length=320, unique=True)
    password_hash = fields.CharField(max_length=200)
    role = fields.CharEnumField(Role, max_length=20, default=Role.MEMBER)
    locale = fields.CharField(max_length=20, default="en")
    reason = fields.TextField(default="")
    invite_code = fields.CharField(max_length=40, default="")
    preferences: Any = fields.JSONField(default=dict)
    confirmed_at = fields.DatetimeField(null=True)
    approved_at = fields.DatetimeField(null=True)
    disabled_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)
    seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "account"
