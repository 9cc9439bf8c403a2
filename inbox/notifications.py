"""Notification: what the people here are told."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from actors.blocks import blocks_between, silenced_by
from core.clock import now
from notes.note import Note
from notes.visibility import may_see


class Event(StrEnum):
    """What happened, in the client API's words."""

    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    MENTION = "mention"
    STATUS = "status"
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
        indexes = [("reader_id", "id"), ("actor_id",), ("note_id",)]


async def tell(reader: Actor, event: Event, actor: Actor, note: Note | None = None) -> None:
    """Tell someone who lives here, once; the only road to a notification.

    Nobody is told of themselves but how their poll ended, nor of whom they block or muted, nor of
    what they may not see.
    """
    if not reader.is_local or not reader.is_present:
        return
    if reader.id == actor.id and event is not Event.POLL:
        return
    if await _would_rather_not(reader, actor):
        return
    if note is not None and not await may_see(reader, note):
        return
    about = note.id if note else 0
    await Notification.get_or_create(
        reader_id=reader.id,
        event=event,
        actor_id=actor.id,
        about=about,
        defaults={"note_id": note.id if note else None},
    )


async def untell(reader: Actor, event: Event, actor: Actor, note: Note | None = None) -> None:
    """Take back what was told, as when a like is undone."""
    about = note.id if note else 0
    await Notification.filter(
        reader_id=reader.id, event=event, actor_id=actor.id, about=about
    ).delete()


async def unread_count(reader: Actor) -> int:
    """Count what a reader has not looked at, up to a hundred."""
    return len(
        await Notification.filter(reader_id=reader.id, is_read=False).limit(100).values("id")
    )


async def _would_rather_not(reader: Actor, actor: Actor) -> bool:
    return await blocks_between(reader.id, actor.id) or actor.id in await silenced_by(reader.id)
