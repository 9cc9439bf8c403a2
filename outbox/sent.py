"""Sent and Delivery: every activity we wrote, at its own address, and each letter on its way."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id


class Sent(Model):
    """An activity as it goes out: `body` never changes between attempts (reliability.md R3)."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="sent"
    )
    actor_id: int
    kind = fields.CharField(max_length=30)
    object_uri = fields.CharField(max_length=1000, default="")
    body = fields.BinaryField()
    is_public = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "sent"
        indexes = [("object_uri", "id"), ("actor_id", "is_public", "id")]


class State(StrEnum):
    """Where a letter is: only WAITING ones are taken up."""

    WAITING = "waiting"
    DONE = "done"
    STOPPED = "stopped"


class Delivery(Model):
    """One letter to one letterbox.

    `due` is in milliseconds since 1970 and is moved to the end of the lease when taken; `key` is
    what must stay in order for one host: an object's id, or a follow pair (reliability.md 3.9).
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    sent: fields.ForeignKeyRelation[Sent] = fields.ForeignKeyField(
        "rubric.Sent", related_name="deliveries"
    )
    sent_id: int
    inbox = fields.CharField(max_length=1000)
    host = fields.CharField(max_length=255)
    key = fields.CharField(max_length=1000, default="")
    lane = fields.SmallIntField(default=1)
    state = fields.CharEnumField(State, max_length=10, default=State.WAITING)
    attempts = fields.SmallIntField(default=0)
    due = fields.BigIntField()
    code = fields.SmallIntField(default=0)
    error = fields.CharField(max_length=500, default="")

    class Meta:
        table = "delivery"
        unique_together = [("sent", "inbox")]
        indexes = [("state", "due"), ("host", "state", "key")]
