"""What a viewer has done with the notes of a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from actors.actor import Actor
from core import sql
from notes.note import Note
from notes.polls import Poll, chosen_by


@dataclass(frozen=True)
class Mine:
    """What a viewer has done with the notes of a page."""

    liked: frozenset[int] = frozenset()
    boosted: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()
    votes: dict[int, list[int]] = field(default_factory=dict)


async def mine_of(viewer: Actor | None, notes: Sequence[Note], polls: list[Poll]) -> Mine:
    """Read what a viewer did with these notes: five queries, none for nobody."""
    if viewer is None or not notes:
        return Mine()
    ids = [note.id for note in notes]
    boosts = await sql.rows(
        f"SELECT boost_of_id FROM note WHERE author_id = ? AND boost_of_id IN ({sql.marks(ids)})",  # noqa: S608
        [viewer.id, *ids],
    )
    return Mine(
        liked=await marked_by("like", viewer, ids),
        boosted=frozenset(row["boost_of_id"] for row in boosts),
        kept=await marked_by("bookmark", viewer, ids),
        pinned=await marked_by("pin", viewer, ids),
        votes=await chosen_by(viewer, polls),
    )


async def marked_by(table: str, viewer: Actor | None, ids: Sequence[int]) -> frozenset[int]:
    """Return which of these notes the viewer has a row for in `like`, `bookmark` or `pin`."""
    if viewer is None or not ids:
        return frozenset()
    rows = await sql.rows(
        f'SELECT note_id FROM "{table}" WHERE actor_id = ?'  # noqa: S608  names of ours
        f" AND note_id IN ({sql.marks(ids)})",
        [viewer.id, *ids],
    )
    return frozenset(row["note_id"] for row in rows)
