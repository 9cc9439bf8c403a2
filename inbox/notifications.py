"""Notification: what the people here are told."""

from collections.abc import Sequence
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor, Kind
from actors.blocks import blocks_between, silenced_by
from core import sql
from core.broker import Topic, publish
from core.clock import now
from inbox.sieve import SetAside, Verdict, verdict_on
from inbox.subscriptions import queue_pushes
from notes.conversations import is_muted
from notes.note import Note
from notes.visibility import may_see


class Event(StrEnum):
    """What happened, in the client API's words, which has none for the last seven: by a group is
    what it decided about someone, votes are those on proposals, panels are about appeals."""

    FOLLOW = "follow"
    FOLLOW_REQUEST = "follow_request"
    MENTION = "mention"
    STATUS = "status"
    LIKE = "favourite"
    BOOST = "reblog"
    POLL = "poll"
    UPDATE = "update"
    QUOTE = "quote"
    QUOTED_UPDATE = "quoted_update"
    REPORT = "admin.report"
    SIGN_UP = "admin.sign_up"
    WARNING = "moderation_warning"
    GROUP = "group"
    VOTE_OPENED = "vote_opened"
    VOTE_CLOSED = "vote_closed"
    PROPOSAL_ANSWERED = "proposal_answered"
    PROPOSAL_RETURNED = "proposal_returned"
    PANEL_DRAWN = "panel_drawn"
    PANEL_OVER = "panel_over"


OF_PROPOSALS = (
    *(Event.VOTE_OPENED, Event.VOTE_CLOSED),
    *(Event.PROPOSAL_ANSWERED, Event.PROPOSAL_RETURNED),
)
OF_PANELS = (Event.PANEL_DRAWN, Event.PANEL_OVER)
OURS = (Event.GROUP, *OF_PROPOSALS, *OF_PANELS)
"""What apps of others do not know, and get only if they ask for it."""
# Whoever did these is no stranger to the reader, or did nothing to them.
NEVER_SIEVED = (
    *(Event.POLL, Event.UPDATE, Event.QUOTED_UPDATE, Event.REPORT, Event.SIGN_UP),
    *(Event.GROUP, Event.WARNING, *OF_PROPOSALS, *OF_PANELS),
)


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
    what they may not see, nor of threads they muted.
    """
    if not reader.is_local or not reader.is_present or reader.is_group:
        return
    if reader.id == actor.id and event is not Event.POLL:
        return
    if await _would_rather_not(reader, actor):
        return
    if note is not None and (not await may_see(reader, note) or await is_muted(reader, note)):
        return
    verdict = Verdict.ACCEPT
    if event not in NEVER_SIEVED and not _is_house(actor):
        verdict = await verdict_on(reader, actor, note)
    if verdict is Verdict.DROP:
        return
    told = await _keep(reader.id, event, actor.id, about=note.id if note else 0, note=note)
    if told is None:
        return
    if verdict is Verdict.FILTER:
        await SetAside.create(notification_id=told.id, reader_id=reader.id, actor_id=actor.id)
        return
    await _spread(told)


def _is_house(actor: Actor) -> bool:
    """Tell whether this server itself speaks, as when it tells of a decision."""
    return actor.is_local and actor.kind == Kind.APPLICATION


async def tell_staff(reader_id: int, event: Event, actor_id: int, about: int) -> None:
    """Tell a moderator that something waits, or somebody what was decided about them, once.

    The suspended hear of what was decided about them, and of nothing else.
    """
    if event is not Event.WARNING and not await _may_take_part(reader_id):
        return
    if told := await _keep(reader_id, event, actor_id, about=about):
        await _spread(told)


async def _may_take_part(reader_id: int) -> bool:
    return await Actor.exists(id=reader_id, suspended_at=None, gone_at=None)


async def untell(reader: Actor, event: Event, actor: Actor, note: Note | None = None) -> None:
    """Take back what was told, as when a like is undone."""
    about = note.id if note else 0
    await Notification.filter(
        reader_id=reader.id, event=event, actor_id=actor.id, about=about
    ).delete()


async def unread_count(reader: Actor, most: int = 100) -> int:
    """Count what a reader has not looked at, up to so many; what was set aside does not count."""
    rows = await sql.rows(
        "SELECT COUNT(*) AS count FROM (SELECT t.id FROM notification t WHERE t.reader_id = ?"
        " AND t.is_read = ? AND NOT EXISTS"
        " (SELECT 1 FROM set_aside WHERE notification_id = t.id) LIMIT ?) AS x",
        [reader.id, False, most],
    )
    return int(rows[0]["count"])


async def dismiss(reader: Actor, ids: Sequence[int]) -> None:
    """Forget some of what someone was told."""
    await Notification.filter(reader_id=reader.id, id__in=list(ids)).delete()


async def clear(reader: Actor) -> None:
    """Forget all that someone was told."""
    await Notification.filter(reader_id=reader.id).delete()


async def _spread(told: Notification) -> None:
    """Tell those who are connected, and the phones."""
    await publish(Topic.TOLD, id=told.id, reader=told.reader_id)
    await queue_pushes(told.id, told.reader_id)


async def _keep(
    reader_id: int, event: Event, actor_id: int, *, about: int, note: Note | None = None
) -> Notification | None:
    """Write it down; None when it was told before."""
    told, is_new = await Notification.get_or_create(
        reader_id=reader_id,
        event=event,
        actor_id=actor_id,
        about=about,
        defaults={"note_id": note.id if note else None},
    )
    return told if is_new else None


async def _would_rather_not(reader: Actor, actor: Actor) -> bool:
    return await blocks_between(reader.id, actor.id) or actor.id in await silenced_by(reader.id)
