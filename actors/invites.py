"""Invite: who let whom in."""

from tortoise import fields
from tortoise.models import Model

from actors.accounts import Account
from core.clock import now
from core.ids import new_id


class Invite(Model):
    """A code that opens the door so many times until a date."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    code = fields.CharField(max_length=40, unique=True)
    maker: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="invites", null=True
    )
    maker_id: int | None
    uses = fields.IntField(default=0)
    most_uses = fields.IntField(default=1)
    expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "invite"
