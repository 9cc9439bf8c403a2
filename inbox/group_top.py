"""The threads of a group in each of its orders: new, active, or top over a stated period."""

from enum import StrEnum

from actors.actor import Actor
from core import sql
from core.paging import Page, Slice
from inbox.in_groups import carrying, of_group
from inbox.slices import notes_of, showing
from moderation.trending import top_threads
from notes.note import Note, Shows
from notes.reactions import Pin

MOST_PINNED = 10


class Order(StrEnum):
    """In which order threads stand; the tops are over a day, a week, or thirty days."""

    NEW = "new"
    ACTIVE = "active"
    DAY = "top-day"
    WEEK = "top-week"
    MONTH = "top-month"


HOURS = {Order.DAY: 24, Order.WEEK: 7 * 24, Order.MONTH: 30 * 24}


async def threads_in(
    group: Actor,
    viewer: Actor | None,
    page: Page,
    *,
    order: Order = Order.NEW,
    flair: str = "",
    shows: Shows | None = None,
) -> Slice[Note]:
    """List the threads of a group; a top is one page, the first of which most was made of."""
    hours = HOURS.get(order)
    if hours is None:
        is_active = order is Order.ACTIVE
        return await of_group(group, viewer, page, by_activity=is_active, flair=flair, shows=shows)
    ids = await _marked(await top_threads(group.id, hours=hours), flair, shows)
    return Slice(await notes_of(ids[: page.limit], viewer))


async def pinned_in(group: Actor, viewer: Actor | None) -> list[Note]:
    """List the threads that stand first in a group, the last pinned first."""
    pins = await Pin.filter(actor_id=group.id).order_by("-id").limit(MOST_PINNED).values("note_id")
    return await notes_of([row["note_id"] for row in pins], viewer)


async def _marked(ids: list[int], flair: str, shows: Shows | None) -> list[int]:
    """Leave only threads that carry a mark and show something of a kind, in their order."""
    if not ids or not (flair or shows):
        return ids
    marked, values = carrying(flair)
    rows = await sql.rows(
        "SELECT p.note_id FROM group_post p JOIN note n ON n.id = p.note_id"  # noqa: S608
        f" WHERE p.note_id IN ({sql.marks(ids)}){marked}{showing(shows)}",
        [*ids, *values],
    )
    kept = {row["note_id"] for row in rows}
    return [each for each in ids if each in kept]
