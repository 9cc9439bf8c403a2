"""Block, Mute: who will not see whom."""

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id


class Block(Model):
    """Neither sees, follows or reaches the other; made here or told by another server."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    blocker: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="blocking"
    )
    blocked: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="blocked_by"
    )
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "block"
        unique_together = [("blocker", "blocked")]


class Mute(Model):
    """One reader would rather not see someone; nobody else learns of it."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    muter: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="muting"
    )
    muted: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="muted_by"
    )
    hides_notifications = fields.BooleanField(default=True)
    ends_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "mute"
        unique_together = [("muter", "muted")]
