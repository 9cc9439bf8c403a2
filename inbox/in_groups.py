"""Reading the threads of groups."""

import json
from collections.abc import Sequence

from actors.actor import Actor
from core import sql
from core.paging import Page, Slice, cut, window
from inbox.slices import Kinds, heard_by, notes_of, showing
from notes.note import Note
from notes.visible import Condition, seen_by


async def of_group(
    group: Actor,
    viewer: Actor | None,
    page: Page,
    *,
    by_activity: bool = False,
    flair: str = "",
    shows: Kinds | None = None,
) -> Slice[Note]:
    """List the threads of a group, the newest first or those with the newest comments; ids of the
    page are those of notes, or of comments. `flair` leaves those that carry the mark."""
    place = "p.active" if by_activity else "p.note_id"
    marked, values = carrying(flair)
    which = f"p.group_id = ?{marked}"
    return await _threads(viewer, page, place, which, [group.id, *values], shows)


def carrying(flair: str) -> Condition:
    """Say that a thread `p` carries a mark of its group; empty words leave every thread."""
    if not flair:
        return "", []
    if sql.is_postgres():
        return " AND p.flair @> CAST(? AS JSONB)", [json.dumps([flair])]
    return " AND EXISTS (SELECT 1 FROM json_each(p.flair) AS f WHERE f.value = ?)", [flair]


async def of_groups(reader: Actor, page: Page, *, shows: Kinds | None = None) -> Slice[Note]:
    """List the threads of all groups a reader belongs to, the newest first."""
    mine = "p.group_id IN (SELECT group_id FROM membership WHERE person_id = ? AND state = ?)"
    return await _threads(reader, page, "p.note_id", mine, [reader.id, "member"], shows)


async def _threads(
    viewer: Actor | None,
    page: Page,
    place: str,
    which: str,
    whose: Sequence[object],
    shows: Kinds | None,
) -> Slice[Note]:
    seen, values = seen_by(viewer)
    heard, muted = await heard_by(viewer)
    end, ends = window(place, page)
    rows = await sql.rows(
        f"SELECT {place} AS id, p.note_id FROM group_post p JOIN note n ON n.id = p.note_id"  # noqa: S608
        f" JOIN actor a ON a.id = n.author_id WHERE {which} AND p.standing = 'accepted'"
        f" AND {seen}{heard}{showing(shows)}{end}",
        [*whose, *values, *muted, *ends],
    )
    notes = {row["id"]: row["note_id"] for row in rows}
    found = cut(list(notes), page)
    return found.holding(await notes_of([notes[number] for number in found.rows], viewer))
