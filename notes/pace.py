"""How often somebody may post, and whether a note takes answers, where a decision says so."""

from datetime import timedelta

from actors.actor import Actor
from core.clock import now
from notes.note import Note


async def is_in_pace(author: Actor) -> bool:
    """Tell whether somebody who was slowed down has waited long enough since their last note."""
    if not author.slow_minutes:
        return True
    since = now() - timedelta(minutes=author.slow_minutes)
    recent = Note.filter(author_id=author.id, created_at__gt=since, boost_of_id=None)
    return not await recent.exists()


async def takes_answers(note: Note, author: Actor) -> bool:
    """Tell whether a note may be answered now: not once it was closed, or only so often by one."""
    if note.closed_at is None:
        return True
    if not note.slow_minutes:
        return False
    since = now() - timedelta(minutes=note.slow_minutes)
    recent = Note.filter(author_id=author.id, in_reply_to_id=note.id, created_at__gt=since)
    return not await recent.exists()
