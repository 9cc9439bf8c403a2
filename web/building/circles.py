"""Circles → cards, and where the people in them live."""

from collections.abc import Collection, Sequence

from actors.actor import Actor
from actors.circles import Circle, circles_of
from core.settings import settings
from notes.reach import Reach, hosts_in, reach_by_circle
from web.building.honesty import said_of_reach
from web.texts import _
from web.views.circles import CircleCard, ServerLine


async def circle_cards(owner: Actor, *, holding: Collection[int] = ()) -> tuple[CircleCard, ...]:
    """Show somebody's circles in the order they were made: three queries."""
    circles = await circles_of(owner)
    reaches = await reach_by_circle(owner) if circles else {}
    return tuple(circle_card(each, reaches, holding=holding) for each in circles)


def circle_card(
    circle: Circle, reaches: dict[int, Reach], *, holding: Collection[int] = ()
) -> CircleCard:
    """Show one circle with what was counted of it."""
    reach = reaches.get(circle.id, Reach())
    return CircleCard(
        id=circle.id,
        url=circle.page,
        name=circle.name,
        people=reach.people,
        line=said_of_reach(reach) if reach.people else _("Nobody is in it yet."),
        holds=circle.id in holding,
    )


async def server_lines(circle: Circle) -> tuple[ServerLine, ...]:
    """Tell where the people of a circle live, most of them first: two queries."""
    return _sorted(
        [
            ServerLine(
                each.host or settings().server.domain,
                each.people,
                each.kind if each.host else "here",
                each.program,
            )
            for each in await hosts_in(circle.id)
        ]
    )


def _sorted(lines: Sequence[ServerLine]) -> tuple[ServerLine, ...]:
    return tuple(sorted(lines, key=lambda each: (-each.people, each.host)))
