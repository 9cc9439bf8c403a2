"""Reading notifications: what someone was told, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from actors.actor import Actor
from actors.blocks import apart_from, silenced_by
from core import sql
from core.paging import Page, Slice, cut, window
from core.rows import load_ids
from inbox.markers import LAST, keep_up
from inbox.notifications import Event, Notification
from inbox.sieve import SetAside
from notes.note import Note
from notes.visibility import visible_to


@dataclass(frozen=True)
class Wanted:
    """Which notifications are wanted: these kinds, or all but those; of one person; set aside."""

    events: Sequence[Event] = ()
    but: Sequence[Event] = ()
    actor_id: int | None = None
    with_aside: bool = False
    is_none: bool = False


async def newest(
    reader: Actor, page: Page, *, events: Sequence[Event] = (), but: Sequence[Event] = ()
) -> Slice[Notification]:
    """List what a reader was told, with who did it and the note, as far as they may see it now."""
    return await told_page(reader, page, Wanted(events, but))


async def told_page(reader: Actor, page: Page, wanted: Wanted) -> Slice[Notification]:
    """List those of the notifications of a reader that are wanted."""
    asked, page = page, within(page)
    text, values = condition(wanted)
    end, ends = window("t.id", page)
    rows = await sql.rows(
        "SELECT t.id FROM notification t JOIN actor a ON a.id = t.actor_id"  # noqa: S608
        " WHERE t.reader_id = ? AND a.suspended_at IS NULL AND a.gone_at IS NULL"
        f" AND NOT a.is_kept_out AND a.is_withdrawn = ?{text}{end}",
        [reader.id, False, *values, *ends],
    )
    found = cut([row["id"] for row in rows], asked)
    told = await whole(found.rows)
    return found.holding(await still_fit(reader, told))


async def told_to(reader: Actor, ids: Sequence[int]) -> list[Notification]:
    """Load these notifications of a reader, in this order, as far as they may see them now."""
    mine = [each for each in await whole(ids) if each.reader_id == reader.id]
    present = [each for each in mine if each.actor.is_present]
    return await still_fit(reader, present)


async def set_aside_of(ids: Sequence[int]) -> set[int]:
    """Return those of these notifications that wait under the requests."""
    rows = await SetAside.filter(notification_id__in=list(ids)).values("notification_id")
    return {row["notification_id"] for row in rows}


async def mark_read(reader: Actor, up_to: int | None = None) -> None:
    """Take note that a reader has seen what they were told, up to an id."""
    if up_to is not None:
        await keep_up(reader, min(up_to, LAST))
    unread = Notification.filter(reader_id=reader.id, is_read=False)
    await unread.filter(id__lte=min(up_to or LAST, LAST)).update(is_read=True)


def within(page: Page) -> Page:
    """Keep the ids of an address within those that a notification can have."""
    high, low, right = page.max_id, page.since_id, page.min_id
    return replace(
        page,
        max_id=LAST if high is None else min(high, LAST),
        since_id=None if low is None else min(low, LAST),
        min_id=None if right is None else min(right, LAST),
    )


async def whole(ids: Sequence[int]) -> list[Notification]:
    """Load notifications with who did it and the note, in this order."""
    told = await load_ids(Notification, ids)
    notes = await load_ids(Note, (each.note_id for each in told.values()))
    people = [*(each.actor_id for each in told.values()), *(n.author_id for n in notes.values())]
    actors = await load_ids(Actor, people)
    for note in notes.values():
        note.author = actors[note.author_id]
    for each in told.values():
        each.actor = actors[each.actor_id]
        if each.note_id in notes:
            each.note = notes[each.note_id]
    # A note may have gone between two of these queries.
    known = [told[number] for number in ids if number in told]
    return [each for each in known if each.note_id is None or each.note_id in notes]


async def still_fit(reader: Actor, told: Sequence[Notification]) -> list[Notification]:
    """Leave out what became invisible, and whom the reader blocked or silenced since."""
    notes = [each.note for each in told if each.note]
    seen = {note.id for note in await visible_to(reader, notes)}
    apart, silenced = await apart_from(reader), await silenced_by(reader.id)
    return [
        each
        for each in told
        if each.actor_id not in silenced
        and each.actor not in apart
        and (each.note_id is None or each.note_id in seen)
    ]


def condition(wanted: Wanted) -> tuple[str, list[object]]:
    """Say in SQL which rows `t` of notification are wanted."""
    text, values = " AND 1 = 0" if wanted.is_none else "", list[object]()
    if not wanted.with_aside:
        text += " AND NOT EXISTS (SELECT 1 FROM set_aside WHERE notification_id = t.id)"
    if wanted.actor_id is not None:
        text += " AND t.actor_id = ?"
        values.append(wanted.actor_id)
    for chosen, is_in in ((wanted.events, "IN"), (wanted.but, "NOT IN")):
        if chosen:
            text += f" AND t.event {is_in} ({sql.marks(chosen)})"
            values += [each.value for each in chosen]
    return text, values
