"""Putting a note out of everyone's sight and back, whole: nothing of it is lost meanwhile.

A hidden note counts as held as well, so that everything which asks whether a note is held leaves it
out; when it is shown again, it is held only if it was before.
"""

from tortoise.expressions import F

from actors.actor import Actor
from core.broker import Topic, publish
from core.clock import now
from notes.incoming import count_reply
from notes.note import Note
from notes.visibility import OPEN


async def hide(note: Note) -> bool:
    """Take a note out of sight and out of the numbers; False when it was, or is gone.

    Call in a transaction; the author is loaded.
    """
    at = now()
    found = Note.filter(id=note.id, deleted_at=None, hidden_at=None)
    if not await found.update(hidden_at=at):
        return False
    if note.held_at is None:
        await _count(note, -1)
        await Note.filter(id=note.id).update(held_at=at)
        note.held_at = at
    note.hidden_at = at
    is_open = note.audience in OPEN
    await publish(Topic.GONE, id=note.id, is_open=is_open, readers=[])
    return True


async def show_again(note: Note) -> bool:
    """Put a hidden note back, with its numbers; False when it was not hidden, or is gone."""
    found = Note.filter(id=note.id, deleted_at=None, hidden_at__not_isnull=True)
    if not await found.update(hidden_at=None):
        return False
    was_held = note.held_at != note.hidden_at
    note.hidden_at = None
    if not was_held:
        await Note.filter(id=note.id).update(held_at=None)
        note.held_at = None
        await _count(note, 1)
    return True


async def _count(note: Note, by: int) -> None:
    """Count it among the answers and the notes of its author, as long as it is not held."""
    if note.in_reply_to_id is not None:
        await count_reply(await Note.get(id=note.in_reply_to_id), note, by)
    if note.is_local and note.audience in OPEN:
        await Actor.filter(id=note.author_id).update(notes_count=F("notes_count") + by)
