"""Notification: what the people here are told."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from notes.note import Note


class Event(StrEnum):
    """What happened, in the client API's words."""

    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    MENTION = "mention"
    LIKE = "favourite"
    BOOST = "reblog"
    POLL = "poll"
    UPDATE = "update"
    REPORT = "admin.report"
    SIGN_UP = "admin.sign_up"


class Notification(Model):
    """One event for one reader; the same event of the same person tells once."""

    id = fields.IntField(primary_key=True)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="notifications"
    )
    reader_id: int
    event = fields.CharEnumField(Event, max_length=20)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="notified"
    )
    actor_id: int
    note: fields.ForeignKeyNullableRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="notifications", null=True
    )
    note_id: int | None
    about = fields.BigIntField(default=0)
    is_read = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "notification"
        unique_together = [("reader", "event", "actor", "about")]
        indexes = [("reader", "id")]
