"""The lists whose videos are watched: how `from` names them, how they are read, where they stand.

`at` of an address is always the row of a note or boost; a list that pages along other ids has them
looked up here.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from actors.actor import Actor
from actors.groups import may_see_group
from core.paging import Page, Slice, number
from inbox import in_groups, reading, tagged
from inbox.group_top import HOURS, Order, threads_in
from inbox.marked import of_board
from notes.boards import Board, BoardNote
from notes.group_posts import GroupPost
from notes.note import Note, Shows
from web.errors import Missing
from web.pages.boards import board_called
from web.pages.group import as_group
from web.pages.profile import met, person_called
from web.render import query

PUBLIC_LISTS = {
    "explore": reading.explore,
    "local": reading.local,
    "federated": reading.federated,
}


async def _same(row: int) -> int | None:
    return row


@dataclass(frozen=True)
class Watched:
    """A list of videos: `read` gives a page of it, `back` is where the list itself stands, and
    `place_of` is where a row lies among the ids it pages along."""

    read: Callable[[Page], Awaitable[Slice[Note]]]
    back: str
    place_of: Callable[[int], Awaitable[int | None]] = _same

    async def page_at(self, page: Page, row: int) -> Slice[Note]:
        """Read a page that begins with a row; from the top where the row is not in the list."""
        place = await self.place_of(row)
        return await self.read(replace(page, max_id=place + 1) if place else page)


async def watched(source: str, viewer: Actor | None) -> Watched:
    """Return the list a name stands for; raise Missing where the viewer has none."""
    kind, _, rest = source.partition(":")
    if source in PUBLIC_LISTS:
        return _along(lambda page: PUBLIC_LISTS[source](viewer, page, shows=Shows.VIDEO), source)
    if source in ("home", "groups"):
        return _at_home(source, viewer)
    match kind:
        case "tag":
            name = rest[:200]
            path = f"tags/{name}"
            return _along(lambda page: tagged.of_tag(name, viewer, page, shows=Shows.VIDEO), path)
        case "board":
            return _on_board(await board_called(rest, viewer), viewer)
        case "group":
            return await _in_group(rest, viewer)
    if not source.startswith("@"):
        raise Missing(source)
    author = await person_called(source[1:], viewer)
    return _along(lambda page: reading.of_author(author, viewer, page, shows=Shows.VIDEO), source)


def _along(read: Callable[[Page], Awaitable[Slice[Note]]], path: str) -> Watched:
    return Watched(read, query(f"/{path}", show="video"))


def _at_home(source: str, viewer: Actor | None) -> Watched:
    # The first page of a visitor shows what is written here.
    if viewer is None:
        return _along(lambda page: reading.local(None, page, shows=Shows.VIDEO), "")
    if source == "groups":
        return _along(lambda page: in_groups.of_groups(viewer, page, shows=Shows.VIDEO), "groups")
    return _along(lambda page: reading.home(viewer, page, shows=Shows.VIDEO), "")


def _on_board(board: Board, viewer: Actor | None) -> Watched:
    async def place_of(row: int) -> int | None:
        found = await BoardNote.get_or_none(board_id=board.id, note_id=row)
        return found.id if found else None

    return Watched(
        lambda page: of_board(board.id, viewer, page, shows=Shows.VIDEO),
        query(board.page, show="video"),
        place_of,
    )


async def _in_group(named: str, viewer: Actor | None) -> Watched:
    """Read a group as `<id>:<order>:<flair>` says."""
    written, _, rest = named.partition(":")
    sort, _, flair = rest.partition(":")
    known = await Actor.get_or_none(id=number(written) or 0)
    group = await as_group(await met(known, viewer, written), viewer)
    order = Order(sort) if sort in set(Order) else Order.NEW
    is_open = group.is_present and await may_see_group(group, viewer)

    async def read(page: Page) -> Slice[Note]:
        if not is_open:
            return Slice()
        return await threads_in(
            group, viewer, page, order=order, flair=flair[:40], shows=Shows.VIDEO
        )

    async def by_comment(row: int) -> int | None:
        found = await GroupPost.get_or_none(note_id=row, group_id=group.id)
        return found.active if found else None

    sorting = "" if order is Order.NEW else order.value
    back = query(group.page, sort=sorting, flair=flair[:40], show="video")
    if order in HOURS:
        return _Top(read, back)
    return Watched(read, back, by_comment if order is Order.ACTIVE else _same)


class _Top(Watched):
    """A list of one page, in an order that no id tells."""

    async def page_at(self, page: Page, row: int) -> Slice[Note]:
        found = await self.read(page)
        ids = [each.id for each in found.rows]
        return found.holding(found.rows[ids.index(row) :] if row in ids else found.rows)
