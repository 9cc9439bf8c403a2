"""Boards → cards and heads of pages."""

from collections.abc import Collection, Sequence

from actors.actor import Actor
from core.rows import load_ids
from notes.boards import Board, counts_on, fronts_of
from notes.note import Note
from web.building.in_passing import covers_of
from web.building.people import person_card
from web.views.boards import BoardCard


async def board_cards(
    boards: Sequence[Board], viewer: Actor | None, *, holding: Collection[int] = ()
) -> tuple[BoardCard, ...]:
    """Show boards with what the viewer may see of them: five queries at most."""
    counts = await counts_on(boards, viewer)
    fronts = await fronts_of(boards, viewer)
    covers = await covers_of((await load_ids(Note, fronts.values())).values())
    owners = await load_ids(Actor, (each.owner_id for each in boards))
    return tuple(
        BoardCard(
            id=each.id,
            url=each.page,
            name=each.name,
            sharing=each.sharing.value,
            notes=counts.get(each.id, 0),
            cover=covers.get(fronts.get(each.id, 0)),
            about=each.about,
            owner=person_card(owners[each.owner_id]),
            is_mine=viewer is not None and viewer.id == each.owner_id,
            holds=each.id in holding,
        )
        for each in boards
    )
