"""What every list of notes is read with: conditions, the walk along an index, and the rows."""

from collections.abc import Collection, Sequence
from typing import Literal

from actors.actor import Actor
from actors.blocks import muted_by
from core import sql
from core.paging import Page, Slice, cut, window
from core.rows import load_ids
from moderation.gate import is_hidden_host
from notes.note import Note, Shows
from notes.visibility import visible_to
from notes.visible import Condition

BOOSTED = " LEFT JOIN note b ON b.id = n.boost_of_id LEFT JOIN actor o ON o.id = b.author_id"

MEDIA: Literal["media"] = "media"

Kinds = Shows | Literal["media"]
"""What a list is narrowed to; MEDIA is everything that has a picture or video."""

LOUD = "n.quieted_at IS NULL AND a.quieted_at IS NULL"
"""What no decision keeps out of public lists (product.md 6.3)."""


async def notes_of(ids: Sequence[int], viewer: Actor | None) -> list[Note]:
    """Load these notes with all a page needs of them, in this order, as far as they may be seen."""
    notes = await whole_notes(ids)
    return await visible_to(viewer, [notes[number] for number in ids if number in notes])


async def whole_notes(ids: Sequence[int]) -> dict[int, Note]:
    """Load notes with their authors, and boosts with what they boost: three queries at most."""
    notes = await load_ids(Note, ids)
    boosted = await load_ids(Note, (note.boost_of_id for note in notes.values()))
    authors = await load_ids(
        Actor, (note.author_id for each in (notes, boosted) for note in each.values())
    )
    for note in (*notes.values(), *boosted.values()):
        note.author = authors[note.author_id]
        if note.boost_of_id in boosted:
            note.boost_of = boosted[note.boost_of_id]
    # What was boosted may have gone between two of these queries.
    whole = {None, *boosted}
    return {number: note for number, note in notes.items() if note.boost_of_id in whole}


def showing(shows: Kinds | None, column: str = "n.shows") -> str:
    """Narrow a list; the words are ours."""
    if shows is None:
        return ""
    return f" AND {column} <> 'text'" if shows == MEDIA else f" AND {column} = '{shows}'"


async def heard_by(reader: Actor | None) -> Condition:
    """Leave out whom a reader does not want to hear; one query, none for nobody."""
    return not_by(await muted_by(reader.id), "n.author_id") if reader else ("", [])


def not_by(actors: Collection[int], *columns: str) -> Condition:
    """Leave out some authors; a column that is empty, as of no boost, leaves nothing out."""
    if not actors:
        return "", []
    text = "".join(
        f" AND ({column} IS NULL OR {column} NOT IN ({sql.marks(actors)}))" for column in columns
    )
    return text, [*actors] * len(columns)


async def read_along(
    statement: str, values: Sequence[object], column: str, page: Page, viewer: Actor | None
) -> Slice[Note]:
    """Read a page of notes along `column`, by a statement that ends in its conditions."""
    end, ends = window(column, page)
    rows = await sql.rows(statement + end, [*values, *ends])
    return await rows_of([row["id"] for row in rows], page, viewer)


async def rows_of(ids: Sequence[int], page: Page, viewer: Actor | None) -> Slice[Note]:
    """Load the notes of a page of ids, of which there may be one more than the page holds."""
    found = cut(ids, page)
    return found.holding(await notes_of(found.rows, viewer))


def in_public(found: Slice[Note]) -> Slice[Note]:
    """Leave out whose server the policy keeps out of public lists."""
    kept = [
        note for note in found.rows if note.author.is_local or not is_hidden_host(note.author.host)
    ]
    return found.holding(kept)
