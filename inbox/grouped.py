"""Groups: what a reader was told of one note, or of new followers, within half a day, as one.

A group's key says all of it, so that it is the same whenever it is asked:
`favourite-<note>-<half day>`, `follow-<half day>`, and `ungrouped-<id>` for the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from actors.actor import Actor
from actors.blocks import Apart, apart_from, covering, silenced_by
from core import sql
from core.paging import LAST, Page, Slice, number, window
from core.rows import load, load_ids
from inbox.notifications import Event, Notification
from inbox.told import Wanted, condition, within
from notes.note import Note
from notes.visibility import visible_to

SPAN_S = 12 * 3600
MOST_ROWS = 1000
OF_NOTES = (Event.LIKE, Event.BOOST)
GROUPED = (*OF_NOTES, Event.FOLLOW, Event.SIGN_UP)
SAMPLE = 8
UNGROUPED = "ungrouped"


@dataclass
class Group:
    """What belongs together on a page; `rows` newest first, `count` also counts those elsewhere."""

    key: str
    rows: list[Notification] = field(default_factory=list)
    count: int = 1
    newest: int = 0
    note: Note | None = None


@dataclass(frozen=True)
class Span:
    """What a key says: the kind of event, the note, and the half day."""

    event: Event
    about: int
    began: datetime
    ended: datetime


def key_of(told: Notification, kinds: Sequence[Event] = GROUPED) -> str:
    """Name the group that a notification belongs to, where these kinds are put together."""
    if told.event not in kinds or told.event not in GROUPED:
        return f"{UNGROUPED}-{told.id}"
    half_day = int(told.created_at.timestamp()) // SPAN_S
    middle = f"-{told.about}" if told.event in OF_NOTES else ""
    return f"{told.event.value}{middle}-{half_day}"


def span_from(key: str) -> Span | int | None:
    """Read a key: a span, the id of one that stands alone, or None for what is no key."""
    kind, _, rest = key.partition("-")
    numbers = [number(each) for each in rest.split("-")]
    match kind, numbers:
        case "ungrouped", [int(alone)]:
            return alone
        case (("favourite" | "reblog"), [int(about), int(half_day)]):
            return _span(Event(kind), about, half_day)
        case (("follow" | "admin.sign_up"), [int(half_day)]):
            return _span(Event(kind), 0, half_day)
    return None


async def groups_page(
    reader: Actor, page: Page, wanted: Wanted, kinds: Sequence[Event] = GROUPED
) -> Slice[Group]:
    """List groups, the newest first; a page ends where the next group would begin.

    Ids of the page are those of notifications. A group that goes on below may come again there.
    """
    page = within(page)
    rows = await _rows(reader, page, wanted)
    groups: dict[str, Group] = {}
    used: list[int] = []
    is_full = False
    for each in await _heard(reader, rows):
        key = key_of(each, kinds)
        if is_full := key not in groups and len(groups) >= page.limit:
            break
        groups.setdefault(key, Group(key)).rows.append(each)
        used.append(each.id)
    if rows and not is_full:
        used.append(rows[-1].id)
    shown = list(groups.values())
    if page.min_id is not None:
        shown = [Group(each.key, each.rows[::-1]) for each in reversed(shown)]
    found: Slice[Group] = _cut(used, page, has_more=is_full or len(rows) == MOST_ROWS)
    return found.holding(await _completed(reader, shown))


async def group_of(reader: Actor, key: str) -> Group | None:
    """Find one group by its key, with its newest notifications; None when there is none."""
    told = await _heard(reader, await _members(reader, key, MOST_ROWS))
    if not told:
        return None
    found = await _completed(reader, [Group(key, told)])
    return found[0] if found else None


async def people_of(reader: Actor, key: str) -> list[Actor]:
    """List who is behind a group, the last first."""
    told = await _heard(reader, await _members(reader, key, MOST_ROWS))
    actors = await load_ids(Actor, (each.actor_id for each in told))
    return [actors[each.actor_id] for each in told if each.actor_id in actors]


async def dismiss_group(reader: Actor, key: str) -> None:
    """Forget all of a group."""
    ids = [each.id for each in await _members(reader, key, LAST)]
    await Notification.filter(reader_id=reader.id, id__in=ids).delete()


async def unread_groups(reader: Actor, most: int, wanted: Wanted, kinds: Sequence[Event]) -> int:
    """Count the groups in which something was not looked at, up to so many."""
    rows = await _rows(reader, within(Page()), wanted, " AND t.is_read = ?", False)
    told = await _heard(reader, rows)
    return min(len({key_of(each, kinds) for each in told}), most)


def _cut(used: Sequence[int], page: Page, *, has_more: bool) -> Slice[Group]:
    """Say where a page of groups begins and ends, by the notifications it walked over."""
    if not used:
        return Slice()
    if page.min_id is not None:
        return Slice([], used[0], used[-1] if has_more else None, used[-1], used[0])
    newer = used[0] if page.max_id is not None else None
    return Slice([], used[-1] if has_more else None, newer, used[0], used[-1])


def _span(event: Event, about: int, half_day: int) -> Span | None:
    try:
        began = datetime.fromtimestamp(half_day * SPAN_S, UTC)
        return Span(event, about, began, datetime.fromtimestamp((half_day + 1) * SPAN_S, UTC))
    except (ValueError, OverflowError, OSError):
        return None


async def _rows(
    reader: Actor, page: Page, wanted: Wanted, more: str = "", *values: object
) -> list[Notification]:
    """Read enough of a reader's notifications, along their index, for a page of groups."""
    text, chosen = condition(wanted)
    end, ends = window("t.id", page)
    rows = await sql.rows(
        f"SELECT t.id FROM notification t WHERE t.reader_id = ?{text}{more}{end}",  # noqa: S608
        [reader.id, *chosen, *values, *ends[:-1], MOST_ROWS],
    )
    found = await load_ids(Notification, (row["id"] for row in rows))
    return [found[row["id"]] for row in rows if row["id"] in found]


async def _members(reader: Actor, key: str, most: int) -> list[Notification]:
    read = span_from(key)
    if isinstance(read, int):
        return await load(
            Notification, "reader_id = ? AND id = ?", [reader.id, min(read, (1 << 31) - 1)]
        )
    if read is None:
        return []
    where = "reader_id = ? AND event = ? AND created_at >= ? AND created_at < ?"
    values: list[object] = [reader.id, read.event.value, *_moments(read)]
    if read.about:
        where, values = f"note_id = ? AND {where}", [read.about, *values]
    return await load(
        Notification,
        f"{where} AND NOT EXISTS (SELECT 1 FROM set_aside WHERE notification_id ="  # noqa: S608
        " notification.id) ORDER BY id DESC LIMIT ?",
        [*values, most],
    )


async def _heard(reader: Actor, told: Sequence[Notification]) -> list[Notification]:
    """Leave out whom the reader does not hear, or who is gone; three queries."""
    people = await sql.rows(
        "SELECT id, host FROM actor WHERE suspended_at IS NULL AND gone_at IS NULL"  # noqa: S608
        f" AND NOT is_kept_out AND is_withdrawn = ? AND id IN"
        f" ({sql.marks({each.actor_id for each in told})})",
        [False, *{each.actor_id for each in told}],
    )
    apart, silenced = await apart_from(reader), await silenced_by(reader.id)
    hosts = {row["id"]: row["host"] for row in people}
    return [
        each
        for each in told
        if each.actor_id in hosts
        and each.actor_id not in silenced
        and not _is_apart(apart, each.actor_id, hosts[each.actor_id])
    ]


def _is_apart(apart: Apart, actor_id: int, host: str) -> bool:
    return actor_id in apart.people or not apart.servers.isdisjoint(covering(host))


async def _completed(reader: Actor, groups: list[Group]) -> list[Group]:
    """Load notes, those who did it, and how many there are in all; leave out what is not seen."""
    notes = await load_ids(Note, (group.rows[0].note_id for group in groups))
    shown = [each for group in groups for each in group.rows[:SAMPLE]]
    people = [*(each.actor_id for each in shown), *(each.author_id for each in notes.values())]
    actors = await load_ids(Actor, people)
    for note in notes.values():
        note.author = actors[note.author_id]
    seen = {each.id for each in await visible_to(reader, list(notes.values()))}
    for each in shown:
        each.actor = actors[each.actor_id]
    counts = await _counts(reader, groups)
    kept = []
    for group in groups:
        first = group.rows[0]
        if first.note_id is not None and first.note_id not in seen:
            continue
        group.note = notes.get(first.note_id or 0)
        group.count, group.newest = counts.get(group.key, (len(group.rows), first.id))
        kept.append(group)
    return kept


async def _counts(reader: Actor, groups: Sequence[Group]) -> dict[str, tuple[int, int]]:
    """Count the members of groups wherever they stand, and name the newest; one query."""
    parts, values = [], list[object]()
    for group in groups:
        read = span_from(group.key)
        if not isinstance(read, Span):
            continue
        about = "t.note_id = ? AND " if read.about else ""
        parts.append(
            f"SELECT '{group.key}' AS group_key, COUNT(*) AS count, MAX(t.id) AS newest"  # noqa: S608
            f" FROM notification t JOIN actor a ON a.id = t.actor_id WHERE {about}t.reader_id = ?"
            " AND t.event = ? AND t.created_at >= ? AND t.created_at < ?"
            " AND a.suspended_at IS NULL AND a.gone_at IS NULL"
            " AND NOT EXISTS (SELECT 1 FROM set_aside WHERE notification_id = t.id)"
        )
        values += [read.about] if read.about else []
        values += [reader.id, read.event.value, *_moments(read)]
    if not parts:
        return {}
    rows = await sql.rows(" UNION ALL ".join(parts), values)
    return {row["group_key"]: (int(row["count"]), row["newest"]) for row in rows if row["count"]}


def _moments(span: Span) -> list[object]:
    """Write when a span begins and ends as the database compares moments."""
    if sql.is_postgres():
        return [span.began, span.ended]
    return [each.strftime("%Y-%m-%d %H:%M:%S") for each in (span.began, span.ended)]
