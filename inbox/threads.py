"""Reading threads: what a note answers, and what was answered."""

from dataclasses import dataclass, field

from actors.actor import Actor
from actors.blocks import muted_by
from core import sql
from core.rows import load_ids
from inbox.slices import notes_of
from notes.group_marks import removals_of
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.visibility import OPEN

MOST_ANSWERS = 400
MOST_ABOVE = 100


@dataclass(frozen=True)
class Removed:
    """A note that a group removed: what it answered, and the group's decision."""

    in_reply_to_id: int | None
    post: GroupPost
    group: Actor


@dataclass(frozen=True)
class Thread:
    """The notes around one, oldest first, as far as a viewer may see them.

    `deleted` are ids of open notes in it that were taken back; that they were there is no secret.
    `removed` are those that a group removed, with what they answered and what the group said.
    """

    ancestors: list[Note] = field(default_factory=list)
    descendants: list[Note] = field(default_factory=list)
    deleted: frozenset[int] = frozenset()
    removed: dict[int, Removed] = field(default_factory=dict)


async def thread_of(note: Note, viewer: Actor | None) -> Thread:
    """Gather the thread around a note: at most 100 above it, 400 below, the nearest first."""
    above = await _above(note)
    below = await _below(note)
    seen = await notes_of([*above, *below], viewer)
    muted = await muted_by(viewer.id) if viewer else set()
    removed = await _removed([*above, *below])
    kept = {
        each.id: each
        for each in seen
        if (each.author_id not in muted or each.id == note.id)
        and (each.id not in removed or (viewer is not None and each.author_id == viewer.id))
    }
    return Thread(
        [kept[number] for number in reversed(above) if number in kept],
        [kept[number] for number in below if number in kept],
        await _deleted([*above, *below]),
        {number: each for number, each in removed.items() if number not in kept},
    )


async def _above(note: Note) -> list[int]:
    """Go up from a note to the beginning; a ring that a liar made ends by itself."""
    if note.in_reply_to_id is None:
        return []
    rows = await sql.rows(
        "WITH RECURSIVE up(id, above, depth) AS ("
        " SELECT id, in_reply_to_id, 1 FROM note WHERE id = ?"
        " UNION SELECT n.id, n.in_reply_to_id, u.depth + 1 FROM note n"
        " JOIN up u ON n.id = u.above WHERE u.depth < ? AND n.id <> ?)"
        " SELECT id FROM up ORDER BY depth",
        [note.in_reply_to_id, MOST_ABOVE, note.id],
    )
    return list(dict.fromkeys(row["id"] for row in rows))


async def _below(note: Note) -> list[int]:
    rows = await sql.rows(
        "WITH RECURSIVE down(id) AS (SELECT id FROM note WHERE in_reply_to_id = ?"
        " UNION SELECT n.id FROM note n JOIN down d ON n.in_reply_to_id = d.id)"
        " SELECT id FROM down WHERE id <> ? LIMIT ?",
        [note.id, note.id, MOST_ANSWERS],
    )
    return sorted(row["id"] for row in rows)


async def _deleted(ids: list[int]) -> frozenset[int]:
    found = await Note.filter(
        id__in=ids, audience__in=OPEN, deleted_at__not_isnull=True
    ).values_list("id", flat=True)
    return frozenset(int(str(number)) for number in found)


async def _removed(ids: list[int]) -> dict[int, Removed]:
    found = await removals_of(ids)
    posts = {number: each for number, each in found.items() if each.standing is Standing.REMOVED}
    if not posts:
        return {}
    notes = await load_ids(Note, posts)
    groups = await load_ids(Actor, (each.group_id for each in posts.values()))
    return {
        number: Removed(notes[number].in_reply_to_id, each, groups[each.group_id])
        for number, each in posts.items()
        if number in notes and notes[number].audience in OPEN
    }
