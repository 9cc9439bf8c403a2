"""Circles as the API writes them, with what is counted of their people."""

from collections.abc import Sequence

import msgspec

from actors.actor import Actor
from actors.circles import Circle
from notes.reach import Reach, reach_by_circle
from web.api.answers import ts


class CircleReach(msgspec.Struct):
    """How many people and servers a note goes to now; of the servers, how many will show it
    to nobody (by the names of their programs), and of how many that is not known."""

    people: int
    servers: int
    not_shown: dict[str, int]
    unknown: int


class CircleEntity(msgspec.Struct):
    """A circle, for its owner."""

    id: str
    name: str
    created_at: str
    reach: CircleReach


async def circles_shown(circles: Sequence[Circle], owner: Actor) -> list[CircleEntity]:
    """Write these circles of one owner, in their order: two queries."""
    reaches = await reach_by_circle(owner) if circles else {}
    return [
        CircleEntity(
            id=str(each.id),
            name=each.name,
            created_at=ts(each.created_at),
            reach=reach_shown(reaches.get(each.id, Reach())),
        )
        for each in circles
    ]


def reach_shown(reach: Reach) -> CircleReach:
    """Write what was counted."""
    return CircleReach(reach.people, reach.servers, reach.hiding, reach.unknown)
