"""Requests: the people whose events a reader's sieve set aside, until they say what they want."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core import sql
from core.broker import Topic, publish
from core.ids import moment_of, new_id
from core.paging import Page, Slice, cut, window
from core.rows import load_ids
from inbox.notifications import Notification
from inbox.sieve import Permission, SetAside
from inbox.slices import notes_of
from notes.note import Note

_WAITING = (
    "SELECT s.actor_id, COUNT(*) AS count, MIN(s.id) AS first, MAX(s.id) AS last,"
    " MAX(t.note_id) AS note_id FROM set_aside s JOIN notification t ON t.id = s.notification_id"
    " JOIN actor a ON a.id = s.actor_id WHERE s.reader_id = ? AND a.suspended_at IS NULL"
    " AND a.gone_at IS NULL AND NOT a.is_kept_out AND a.is_withdrawn = ?"
)


@dataclass(frozen=True)
class Waiting:
    """Someone whose events wait: how many, since when, and the last note, if it may be seen."""

    actor: Actor
    count: int
    began_at: datetime
    last_at: datetime
    note: Note | None


async def requests_page(reader: Actor, page: Page) -> Slice[Waiting]:
    """List who waits, the last to do something first; ids of the page are those of events."""
    end, ends = window("last", page)
    rows = await sql.rows(
        f"SELECT * FROM ({_WAITING} GROUP BY s.actor_id) AS x WHERE 1 = 1{end}",  # noqa: S608
        [reader.id, False, *ends],
    )
    by_last = {row["last"]: row for row in rows}
    found = cut(list(by_last), page)
    return found.holding(await _whole(reader, [by_last[each] for each in found.rows]))


async def request_of(reader: Actor, actor_id: int) -> Waiting | None:
    """Find someone who waits; None for everyone else."""
    rows = await sql.rows(
        f"{_WAITING} AND s.actor_id = ? GROUP BY s.actor_id", [reader.id, False, actor_id]
    )
    found = await _whole(reader, rows)
    return found[0] if found else None


async def waiting_counts(reader: Actor) -> tuple[int, int]:
    """Count the people who wait, and their events."""
    rows = await sql.rows(
        "SELECT COUNT(DISTINCT actor_id) AS people, COUNT(*) AS events FROM set_aside"
        " WHERE reader_id = ?",
        [reader.id],
    )
    return int(rows[0]["people"]), int(rows[0]["events"])


async def accept_requests(reader: Actor, actor_ids: Sequence[int]) -> None:
    """Tell a reader of these people from now on, and of what they did meanwhile."""
    async with in_transaction():
        for each in await _known(reader, actor_ids):
            await Permission.get_or_create(
                reader_id=reader.id, actor_id=each, defaults={"id": new_id()}
            )
        if await SetAside.filter(reader_id=reader.id, actor_id__in=list(actor_ids)).delete():
            await publish(Topic.MERGED, reader=reader.id)


async def dismiss_requests(reader: Actor, actor_ids: Sequence[int]) -> None:
    """Forget what these people did; what they do next is set aside again."""
    async with in_transaction():
        aside = await SetAside.filter(reader_id=reader.id, actor_id__in=list(actor_ids)).values(
            "notification_id"
        )
        ids = [row["notification_id"] for row in aside]
        await Notification.filter(id__in=ids, reader_id=reader.id).delete()


async def _known(reader: Actor, actor_ids: Sequence[int]) -> list[int]:
    rows = await SetAside.filter(reader_id=reader.id, actor_id__in=list(actor_ids)).values(
        "actor_id"
    )
    return list(dict.fromkeys(row["actor_id"] for row in rows))


async def _whole(reader: Actor, rows: Sequence[sql.Row]) -> list[Waiting]:
    actors = await load_ids(Actor, (row["actor_id"] for row in rows))
    wanted = [row["note_id"] for row in rows if row["note_id"]]
    notes = {each.id: each for each in await notes_of(wanted, reader)}
    return [
        Waiting(
            actors[row["actor_id"]],
            int(row["count"]),
            moment_of(row["first"]),
            moment_of(row["last"]),
            notes.get(row["note_id"]),
        )
        for row in rows
        if row["actor_id"] in actors
    ]
