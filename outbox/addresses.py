"""Ids of the activities we write, and whom they go to."""

from collections.abc import Sequence

from actors.actor import Actor
from core.ids import new_id
from core.settings import settings
from notes.chosen import CHOSEN
from notes.note import Audience, Note
from outbox.deliver import Reach


def activity_uri() -> str:
    """Make the id of a new activity; it can be read there by those who may."""
    return settings().url(f"/a/{new_id()}")


def unread_activity_uri() -> str:
    """Make the id of an activity that nobody can read there; a proof has to vouch for it.

    Mastodon would boost a comment whose Create it can fetch when a group passes it on
    (federation.md 10.3).
    """
    return settings().url(f"/a/{new_id()}/said")


def reach_of(note: Note, concerned: Sequence[Actor], *, had: str | None = None) -> Reach:
    """Say where letters about a note go: to its audience, and to everyone it concerns.

    Notes for named or chosen people go to personal letterboxes, those for this server and for
    their author alone nowhere (product.md 5.1); who lives here is told of all.
    """
    if note.audience in (Audience.SERVER, Audience.SELF):
        return Reach()
    if note.audience == Audience.MEMBERS:
        # The group brings it to its members; nobody else is told (federation.md 10.5).
        return Reach(actors=[each for each in concerned if each.is_group], hosts_that_had=had)
    if note.audience == Audience.PEOPLE or note.audience in CHOSEN:
        return Reach(actors=concerned, personal=True, hosts_that_had=had)
    return Reach(followers_of=note.author, actors=concerned, hosts_that_had=had)


def is_open(note: Note) -> bool:
    """Tell whether anyone may read letters about a note."""
    return note.audience in (Audience.PUBLIC, Audience.QUIET)
