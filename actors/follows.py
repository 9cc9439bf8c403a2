"""Follow: who follows whom; joining a group is following it."""

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id


class Follow(Model):
    """A wish to hear from someone; in force once `is_accepted`."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    follower: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="following"
    )
    followed: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="followers"
    )
    is_accepted = fields.BooleanField(default=False)
    shows_boosts = fields.BooleanField(default=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "follow"
        unique_together = [("follower", "followed")]
        indexes = [("followed", "is_accepted", "id")]
