"""Boards, as pages show them."""

from dataclasses import dataclass

from web.views.notes import MediaView
from web.views.people import PersonCard


@dataclass(frozen=True)
class BoardCard:
    """A board in a list, or at the head of its page."""

    id: int
    url: str
    name: str
    sharing: str
    """public, link or private."""
    notes: int = 0
    """How many of its notes the viewer may see."""
    cover: MediaView | None = None
    about: str = ""
    owner: PersonCard | None = None
    is_mine: bool = False
    holds: bool = False
    """Whether the note in question is on it."""
