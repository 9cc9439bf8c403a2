"""Received: what has already come in."""

from tortoise import fields
from tortoise.models import Model

from core.clock import now
from core.ids import new_id


class Received(Model):
    """A mark that an activity came, kept for 30 days; `mark` is a hash of its actor and id."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    mark = fields.CharField(max_length=64, unique=True)
    at = fields.DatetimeField(default=now)

    class Meta:
        table = "received"
        indexes = [("at",)]
