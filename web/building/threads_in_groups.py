"""What a group made of the threads on a page: their titles, marks, pins and locks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from actors.groups import Group
from core import sql
from core.rows import load
from notes.group_posts import GroupPost
from notes.note import Note
from outbox.flair import names_of
from web.views.notes import Mark


@dataclass(frozen=True)
class ThreadMarks:
    """What stands on the card of a thread in a group."""

    title: str = ""
    flair: tuple[Mark, ...] = ()
    is_pinned: bool = False
    is_locked: bool = False


NONE = ThreadMarks()


async def thread_marks(notes: Sequence[Note]) -> Mapping[int, ThreadMarks]:
    """Read the marks of these notes, by id: two queries, none where none is in a group."""
    inside = {note.id: note.group_id for note in notes if note.group_id}
    if not inside:
        return {}
    posts = await load(GroupPost, f"note_id IN ({sql.marks(inside)})", list(inside))
    houses = sorted({each for each in inside.values() if each})
    chosen = await load(Group, f"actor_id IN ({sql.marks(houses)})", houses)
    colours = {row.actor_id: colours_of(row) for row in chosen}
    return {
        row.note_id: ThreadMarks(
            title=row.title,
            flair=tuple(
                Mark(name, colours.get(row.group_id, {}).get(name, ""))
                for name in names_of(row.flair)
            ),
            is_pinned=row.pinned_at is not None,
            is_locked=row.locked_at is not None,
        )
        for row in posts
    }


def colours_of(chosen: Group) -> dict[str, str]:
    """Return the colours of a group's marks by their names."""
    found = chosen.flair if isinstance(chosen.flair, list) else []
    return {str(each.get("name", "")): str(each.get("color", "")) for each in found}


def titled(excerpt: str, title: str) -> tuple[str, str]:
    """Set the first line of a text apart as its title; one that is all of it stays a text."""
    begin = excerpt.find(title) if title else -1
    rest = excerpt[begin + len(title) :].strip() if begin >= 0 else ""
    return (title, rest) if rest else ("", excerpt)
