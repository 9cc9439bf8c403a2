"""Marker: how far a reader has read, the same in every app of theirs."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from inbox.notifications import Notification

LAST = (1 << 31) - 1


class Line(StrEnum):
    """What has a marker."""

    HOME = "home"
    NOTIFICATIONS = "notifications"


class Moved(Exception):
    """Another app moved the marker at the same time."""


class Marker(Model):
    """How far a reader has read; `version` counts how often it was moved."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="markers"
    )
    reader_id: int
    line = fields.CharEnumField(Line, max_length=20)
    last_read = fields.BigIntField()
    version = fields.IntField(default=0)
    moved_at: datetime = fields.DatetimeField(default=now)

    class Meta:
        table = "marker"
        unique_together = [("reader", "line")]


async def markers_of(reader: Actor, lines: list[Line]) -> list[Marker]:
    """Return the markers a reader ever set on these lines."""
    return await Marker.filter(reader_id=reader.id, line__in=lines) if lines else []


async def move_marker(reader: Actor, line: Line, last_read: int) -> Marker:
    """Put a marker somewhere, also back; raises Moved when another app does so right now.

    What was told counts as read up to the marker, and as unread above it.
    """
    before = await Marker.get_or_none(reader_id=reader.id, line=line)
    async with in_transaction():
        await _move(reader, line, last_read, before)
        if line is Line.NOTIFICATIONS:
            await _read_up_to(reader, min(last_read, LAST))
    return await Marker.get(reader_id=reader.id, line=line)


async def keep_up(reader: Actor, last_read: int) -> None:
    """Let the marker of notifications follow what was read on the web; never back."""
    where = {"reader_id": reader.id, "line": Line.NOTIFICATIONS}
    marker, is_new = await Marker.get_or_create(
        **where, defaults={"id": new_id(), "last_read": last_read}
    )
    if not is_new and marker.last_read < last_read:
        await Marker.filter(id=marker.id).update(
            last_read=last_read, version=marker.version + 1, moved_at=now()
        )


async def _move(reader: Actor, line: Line, last_read: int, before: Marker | None) -> None:
    if before is None:
        try:
            await Marker.create(reader_id=reader.id, line=line, last_read=last_read, version=1)
        except IntegrityError as error:
            raise Moved(line) from error
        return
    known = Marker.filter(id=before.id, version=before.version)
    if not await known.update(last_read=last_read, version=before.version + 1, moved_at=now()):
        raise Moved(line)


async def _read_up_to(reader: Actor, last_read: int) -> None:
    mine = Notification.filter(reader_id=reader.id)
    await mine.filter(id__lte=last_read, is_read=False).update(is_read=True)
    await mine.filter(id__gt=last_read, is_read=True).update(is_read=False)
