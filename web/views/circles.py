"""Circles, as their owner sees them."""

from dataclasses import dataclass

from web.views.people import PersonCard


@dataclass(frozen=True)
class CircleCard:
    """A circle in a list: whom it holds, counted, and what their servers make of its notes."""

    id: int
    url: str
    name: str
    people: int = 0
    line: str = ""
    holds: bool = False
    """Whether it holds the person one came with, or was chosen in a form."""


@dataclass(frozen=True)
class ServerLine:
    """A server where people of a circle live."""

    host: str
    people: int
    kind: str
    """here, showing, hiding or unknown."""
    program: str = ""


@dataclass(frozen=True)
class CirclePage:
    """A circle, who is in it, and where they live."""

    card: CircleCard
    people: tuple[PersonCard, ...] = ()
    servers: tuple[ServerLine, ...] = ()
