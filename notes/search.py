"""NoteWords: the words of notes, and finding notes by them.

A note is found by its author, by who had to do with it, and, when it is public, by everyone whose
author allows it. Rows are kept as tokens; both databases keep an index over them by themselves.
"""

from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.paging import Page, Slice, cut, window
from core.plain import text_of
from core.rows import load
from notes.attachments import Attachment
from notes.note import Note
from notes.tokens import Part, parts_of_query, tokens_of
from notes.visible import seen_by

BATCH = 500

_KEEP = (
    "INSERT INTO note_words (id, words) VALUES (?, ?)"
    " ON CONFLICT (id) DO UPDATE SET words = excluded.words"
)
_ALLOWED = "n.audience = 'public' AND a.is_indexable = ?"
_MINE = (
    "n.author_id = ? OR EXISTS (SELECT 1 FROM mention WHERE note_id = n.id AND actor_id = ?)"
    ' OR EXISTS (SELECT 1 FROM "like" WHERE note_id = n.id AND actor_id = ?)'
    " OR EXISTS (SELECT 1 FROM bookmark WHERE note_id = n.id AND actor_id = ?)"
    " OR EXISTS (SELECT 1 FROM note b WHERE b.boost_of_id = n.id AND b.author_id = ?"
    " AND b.deleted_at IS NULL)"
)


class NoteWords(Model):
    """The tokens of a note; `id` is the note's."""

    id = fields.BigIntField(primary_key=True, generated=False)
    words = fields.TextField()

    class Meta:
        table = "note_words"


async def index(note: Note) -> None:
    """Keep what a note is found by, as it is now; call in the transaction that wrote it."""
    await index_all([note])


async def index_all(notes: Sequence[Note]) -> None:
    """Keep what these notes are found by."""
    alts = await _alts([note.id for note in notes if note.has_media])
    rows = [(note.id, " ".join(tokens_of(_text(note, alts.get(note.id, ""))))) for note in notes]
    await sql.run_many(_KEEP, rows)


async def forget(notes: Sequence[int]) -> None:
    """Find these notes no longer."""
    await sql.rows(f"DELETE FROM note_words WHERE id IN ({sql.marks(notes)})", notes)  # noqa: S608


async def index_older(above: int) -> int | None:
    """Index the next notes above an id that have no words yet; return how far it came, or None."""
    notes = await load(
        Note,
        "id > ? AND boost_of_id IS NULL AND deleted_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM note_words w WHERE w.id = note.id) ORDER BY id LIMIT ?",
        [above, BATCH],
    )
    await index_all(notes)
    return notes[-1].id if notes else None


async def find(
    words: str, viewer: Actor | None, page: Page, *, offset: int = 0, author: int | None = None
) -> Slice[int]:
    """List the ids of the notes with all these words that a viewer may find, newest first."""
    parts = parts_of_query(words)
    if not parts:
        return Slice()
    source, number, match, query = _matching(parts)
    seen, values = seen_by(viewer)
    found, more = _findable(viewer)
    if author is not None:
        found, more = f"{found} AND n.author_id = ?", [*more, author]
    end, ends = window(number, Page(page.max_id, page.since_id, page.min_id, page.limit + offset))
    rows = await sql.rows(
        f"SELECT n.id FROM {source} JOIN actor a ON a.id = n.author_id"  # noqa: S608
        f" WHERE {match} AND n.boost_of_id IS NULL AND {seen} AND {found}{end}",
        [query, *values, *more, *ends],
    )
    return cut([row["id"] for row in rows[offset:]], page)


def _findable(viewer: Actor | None) -> tuple[str, list[object]]:
    if viewer is None:
        return _ALLOWED, [True]
    return f"(({_ALLOWED}) OR {_MINE})", [True, *[viewer.id] * 5]


def _matching(parts: Sequence[Part]) -> tuple[str, str, str, str]:
    """Return where to look, what numbers the notes there, the condition, and what stands for `?`.

    Tokens are letters and digits alone, so they mean nothing to either database (OPS-01).
    """
    if sql.is_postgres():
        source = "note_words w JOIN note n ON n.id = w.id"
        match = "to_tsvector('simple', w.words) @@ to_tsquery('simple', ?)"
        return source, "w.id", match, " & ".join(_for_postgres(each) for each in parts)
    # A cross join has SQLite begin with the words, which come in the order of the notes.
    source = "note_words_index w CROSS JOIN note n ON n.id = w.rowid"
    return source, "w.rowid", "note_words_index MATCH ?", " AND ".join(map(_for_sqlite, parts))


def _for_postgres(part: Part) -> str:
    side_by_side = " <-> ".join(f"'{each}'" for each in part.tokens)
    return f"({side_by_side}{':*' if part.is_begun else ''})"


def _for_sqlite(part: Part) -> str:
    side_by_side = " + ".join(f'"{each}"' for each in part.tokens)
    return f"({side_by_side}{' *' if part.is_begun else ''})"


def _text(note: Note, alts: str) -> str:
    return "\n".join((note.title, note.summary, text_of(note.content), alts))


async def _alts(notes: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    if notes:
        for each in await Attachment.filter(note_id__in=list(notes)).only("note_id", "alt"):
            found[each.note_id or 0] = f"{found.get(each.note_id or 0, '')}\n{each.alt}"
    return found
