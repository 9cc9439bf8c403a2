"""What of a status is its reader's own: what they did with it, and which filters it meets."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from actors.actor import Actor
from core import sql
from core.plain import text_of
from notes.filters import Context, filters_of, matches
from notes.note import Note
from notes.polls import Poll as PollRow
from notes.polls import chosen_by
from web.api.entities.filters import FilterResult, results_of


@dataclass(frozen=True)
class Mine:
    """What a reader has done with the notes of a page."""

    liked: frozenset[int] = frozenset()
    boosted: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()
    muted: frozenset[int] = frozenset()
    votes: dict[int, list[int]] = field(default_factory=dict)
    filtered: dict[int, list[FilterResult]] = field(default_factory=dict)


_DONE = ("liked", "kept", "pinned", "boosted", "muted")


async def mine_of(
    reader: Actor | None,
    notes: Sequence[Note],
    polls: list[PollRow],
    context: Context | None = None,
) -> Mine:
    """Read what a reader did with these notes: five queries at most, none for nobody."""
    ids = [note.id for note in notes]
    if reader is None or not ids:
        return Mine()
    by = f"actor_id = ? AND note_id IN ({sql.marks(ids)})"
    rows = await sql.rows(
        f"SELECT 'liked' AS kind, note_id FROM \"like\" WHERE {by}"  # noqa: S608  names of our own
        f" UNION ALL SELECT 'kept', note_id FROM bookmark WHERE {by}"
        f" UNION ALL SELECT 'pinned', note_id FROM pin WHERE {by}"
        " UNION ALL SELECT 'muted', t.id FROM muted_thread m JOIN note t"
        f" ON t.thread_id = m.thread_id WHERE m.reader_id = ? AND t.id IN ({sql.marks(ids)})"
        " UNION ALL SELECT 'boosted', boost_of_id FROM note"
        f" WHERE author_id = ? AND deleted_at IS NULL AND boost_of_id IN ({sql.marks(ids)})",
        [value for _ in range(5) for value in (reader.id, *ids)],
    )
    kinds: dict[str, set[int]] = {name: set() for name in _DONE}
    for row in rows:
        kinds[row["kind"]].add(row["note_id"])
    return Mine(
        frozenset(kinds["liked"]),
        frozenset(kinds["boosted"]),
        frozenset(kinds["kept"]),
        frozenset(kinds["pinned"]),
        frozenset(kinds["muted"]),
        await chosen_by(reader, polls),
        await _filtered(reader, notes, context) if context else {},
    )


async def _filtered(
    reader: Actor, notes: Sequence[Note], context: Context
) -> dict[int, list[FilterResult]]:
    """Tell which filters of a reader these notes fall under; one query where there are none."""
    filters = await filters_of(reader)
    others = [note for note in notes if filters and note.author_id != reader.id]
    return {
        note.id: results_of(matches(filters, context, note.id, _readable(note)), note.id)
        for note in others
    }


def _readable(note: Note) -> str:
    return "\n".join((note.title, note.summary, text_of(note.content)))
