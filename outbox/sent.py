"""Sent and Delivery: every activity we wrote, at its own address, and each letter on its way."""

from enum import StrEnum
from typing import Any

import msgspec
from tortoise import fields
from tortoise.indexes import Index, PartialIndex
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id

# The kind of what somebody else wrote and we pass on.
FORWARDED = "Forward"


class Sent(Model):
    """An activity as it goes out: `body` never changes between attempts (reliability.md R3).

    `key` is what must stay in order for one host: an object's id, or a follow pair. All its letters
    are written once it `is_spread`. When they are swept away, `letters` and `reached` keep their
    numbers, and `had` the letterboxes that may have it, one a line.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="sent"
    )
    actor_id: int
    kind = fields.CharField(max_length=30)
    object_uri = fields.CharField(max_length=1000, default="")
    key = fields.CharField(max_length=2100, default="")
    body = fields.BinaryField()
    is_public = fields.BooleanField(default=False)
    is_spread = fields.BooleanField(default=False)
    letters = fields.IntField(default=0)
    reached = fields.IntField(default=0)
    had = fields.TextField(default="")
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "sent"
        indexes = [
            Index(fields=("object_uri", "id")),
            Index(fields=("key", "id")),
            Index(fields=("actor_id", "is_public", "id")),
        ]

    def document(self) -> dict[str, Any]:
        """Read the activity as it went out."""
        return dict(msgspec.json.decode(bytes(self.body)))


class State(StrEnum):
    """Where a letter is: only WAITING ones are taken up; PARKED ones wait for an operator."""

    WAITING = "waiting"
    DONE = "done"
    STOPPED = "stopped"
    PARKED = "parked"


class Delivery(Model):
    """One letter to one letterbox, from `due` on (milliseconds since 1970).

    A letter that is done stays for 30 days: its author sees how far it came, and a Delete goes
    where it was. The indexes that letters are taken up by hold only those that wait, so they do
    not grow with what is done; nor do those that lead an operator to what was stopped or parked.
    `for_actor_id` is one of those whose letterbox it is.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    sent: fields.ForeignKeyRelation[Sent] = fields.ForeignKeyField(
        "rubric.Sent", related_name="deliveries"
    )
    sent_id: int
    inbox = fields.CharField(max_length=1000)
    host = fields.CharField(max_length=255)
    for_actor_id = fields.BigIntField(null=True)
    key = fields.CharField(max_length=2100, default="")
    lane = fields.SmallIntField(default=1)
    state = fields.CharEnumField(State, max_length=10, default=State.WAITING)
    attempts = fields.SmallIntField(default=0)
    due = fields.BigIntField()
    code = fields.SmallIntField(default=0)
    error = fields.CharField(max_length=500, default="")

    class Meta:
        table = "delivery"
        unique_together = [("sent", "inbox")]
        indexes = [
            PartialIndex(fields=("host", "lane", "due"), condition={"state": "waiting"}),
            PartialIndex(fields=("host", "key", "sent_id"), condition={"state": "waiting"}),
            PartialIndex(
                fields=("host", "id"),
                name="idx_delivery_stopped",
                condition={"state": "stopped"},
            ),
            PartialIndex(
                fields=("host", "id"),
                name="idx_delivery_parked",
                condition={"state": "parked"},
            ),
        ]
