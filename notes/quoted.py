"""What a reader is shown of the notes that other notes quote: for pages and apps alike."""

from collections.abc import Sequence
from dataclasses import dataclass

from actors.actor import Actor
from actors.blocks import covering, muted_by
from core import sql
from core.rows import load, load_ids
from notes.note import Note
from notes.quotes import Quote, State
from notes.visibility import visible_to


@dataclass(frozen=True)
class Quoted:
    """A quote as one reader has it: `note` is there only where it is shown, with its author.

    `state` is that between the authors or, where they agree, deleted, unauthorized,
    blocked_account, blocked_domain or muted_account.
    """

    state: str
    note: Note | None = None


async def quoted_by(notes: Sequence[Note], reader: Actor | None) -> dict[int, Quoted]:
    """Return what these notes quote, by their ids; no query where none of them does, else ten at
    most. Quotes by old servers to which nobody agreed are left out: there the link stands."""
    ids = [note.id for note in notes if note.quote_uri]
    if not ids:
        return {}
    rows = await load(Quote, f"note_id IN ({sql.marks(ids)})", ids)
    shown = [row for row in rows if row.state is State.ACCEPTED or not row.is_legacy]
    whole = await load_ids(Note, (row.quoted_id for row in shown))
    authors = await load_ids(Actor, (note.author_id for note in whole.values()))
    for note in whole.values():
        note.author = authors[note.author_id]
    states = await _states(list(whole.values()), reader)
    return {row.note_id: _quoted(row, whole, states) for row in shown}


def _quoted(row: Quote, whole: dict[int, Note], states: dict[int, str]) -> Quoted:
    if row.state is not State.ACCEPTED:
        return Quoted(row.state.value)
    note = whole.get(row.quoted_id or 0)
    if note is None or note.deleted_at is not None:
        return Quoted("deleted")
    state = states[note.id]
    return Quoted(state, note if state == State.ACCEPTED else None)


async def _states(notes: Sequence[Note], reader: Actor | None) -> dict[int, str]:
    seen = {note.id for note in await visible_to(reader, notes)}
    muted = await muted_by(reader.id) if reader and notes else set()
    hidden = [note for note in notes if note.id not in seen]
    blocked, hosts = await _blocked_by(reader, hidden)
    states: dict[int, str] = {}
    for note in notes:
        if note.id in seen:
            states[note.id] = "muted_account" if note.author_id in muted else "accepted"
        elif note.author_id in blocked:
            states[note.id] = "blocked_account"
        elif not hosts.isdisjoint(covering(note.author.host)):
            states[note.id] = "blocked_domain"
        else:
            states[note.id] = "unauthorized"
    return states


async def _blocked_by(
    reader: Actor | None, hidden: Sequence[Note]
) -> tuple[frozenset[int], frozenset[str]]:
    """Tell whom of these authors the reader blocks; who blocks the reader stays untold."""
    if reader is None or not hidden:
        return frozenset(), frozenset()
    rows = await sql.rows(
        "SELECT blocked_id AS id, '' AS host FROM block WHERE blocker_id = ?"
        " UNION ALL SELECT 0, host FROM server_block WHERE blocker_id = ?",
        [reader.id, reader.id],
    )
    people = frozenset(row["id"] for row in rows if not row["host"])
    return people, frozenset(row["host"] for row in rows if row["host"])
