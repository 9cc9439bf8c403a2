"""Reading what somebody keeps or likes, what lies on a board, and private conversations."""

from actors.actor import Actor
from actors.blocks import muted_by
from core import sql
from core.paging import Page, Slice, cut, window
from inbox.slices import Kinds, not_by, notes_of, rows_of, showing
from notes.note import Note
from notes.visible import seen_by


async def bookmarks(reader: Actor, page: Page) -> Slice[Note]:
    """List what a reader keeps, the last kept first; ids of the page are those of bookmarks."""
    return await _marked("bookmark", reader, page, "m.actor_id = ?", reader.id)


async def of_board(
    board_id: int, viewer: Actor | None, page: Page, *, shows: Kinds | None = None
) -> Slice[Note]:
    """List what a viewer may see on a board, the last kept first; ids of the page are no notes'."""
    whose = f"m.board_id = ?{showing(shows)}"
    return await _marked("board_note", viewer, page, whose, board_id)


async def likes(reader: Actor, page: Page) -> Slice[Note]:
    """List what a reader likes, the last liked first; ids of the page are those of likes."""
    return await _marked('"like"', reader, page, "m.actor_id = ?", reader.id)


async def messages(reader: Actor, page: Page) -> Slice[Note]:
    """List private conversations: of each thread the last note for named people."""
    seen, values = seen_by(reader)
    heard, muted = not_by(await muted_by(reader.id), "n.author_id")
    rest = (
        " AND n.audience = 'people' AND NOT EXISTS (SELECT 1 FROM note l"  # noqa: S608
        " WHERE l.thread_id = n.thread_id AND l.id > n.id AND l.audience = 'people'"
        " AND l.deleted_at IS NULL AND (l.author_id = ? OR EXISTS"
        " (SELECT 1 FROM mention WHERE note_id = l.id AND actor_id = ?)))"
        " AND NOT EXISTS (SELECT 1 FROM thread_mark k WHERE k.reader_id = ?"
        " AND k.thread_id = n.thread_id AND k.gone_to >= n.id)"
        f" AND {seen}{heard}"
    )
    more = [reader.id, reader.id, reader.id, *values, *muted]
    wrote, ends = window("n.id", page)
    got, _ = window("m.note_id", page)
    order = "ASC" if page.min_id is not None else "DESC"
    author = "JOIN actor a ON a.id = n.author_id"
    rows = await sql.rows(
        f"SELECT id FROM (SELECT * FROM (SELECT n.id FROM note n {author}"  # noqa: S608
        f" WHERE n.author_id = ?{rest}{wrote}) AS x UNION SELECT * FROM (SELECT n.id"
        f" FROM mention m JOIN note n ON n.id = m.note_id {author}"
        f" WHERE m.actor_id = ?{rest}{got}) AS y) AS z ORDER BY id {order} LIMIT ?",
        [reader.id, *more, *ends, reader.id, *more, *ends, page.limit + 1],
    )
    return await rows_of([row["id"] for row in rows], page, reader)


async def _marked(
    table: str, reader: Actor | None, page: Page, whose: str, owner: int
) -> Slice[Note]:
    seen, values = seen_by(reader)
    end, ends = window("m.id", page)
    rows = await sql.rows(
        f"SELECT m.id, m.note_id FROM {table} m JOIN note n ON n.id = m.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id WHERE {whose} AND {seen}{end}",
        [owner, *values, *ends],
    )
    notes = {row["id"]: row["note_id"] for row in rows}
    found = cut(list(notes), page)
    return found.holding(await notes_of([notes[number] for number in found.rows], reader))
