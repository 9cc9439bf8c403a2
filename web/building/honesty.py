"""The honesty line: whom a narrow note goes to, counted, for its author alone (PRIV-10)."""

from actors.actor import Actor
from actors.follows import reach_of
from notes.mentions import Mention
from notes.note import Audience, Note
from web.texts import _


async def before_posting(author: Actor) -> str:
    """Say whom a note for followers goes to."""
    people, servers = await reach_of(author)
    return _(
        "Followers a note for them goes to: %(people)s, on this many servers: %(servers)s.",
        people=people,
        servers=servers,
    )


async def of_note(note: Note, viewer: Actor | None) -> str:
    """Tell its author whom a narrow note went to; of open ones there is nothing to count."""
    if viewer is None or note.author_id != viewer.id:
        return ""
    if note.audience == Audience.FOLLOWERS:
        return _said(*await reach_of(note.author))
    return _said(*await _named(note)) if note.audience == Audience.PEOPLE else ""


def _said(people: int, servers: int) -> str:
    return _(
        "People it is for: %(people)s, on this many servers: %(servers)s. What other servers"
        " hold is out of our hands.",
        people=people,
        servers=servers,
    )


async def _named(note: Note) -> tuple[int, int]:
    hosts = await Mention.filter(note_id=note.id).values_list("actor__host", flat=True)
    return len(hosts), len(set(hosts))
