"""Whether an answer is one that its reader lets in (PRIV-07, PRIV-15)."""

from actors.actor import Actor
from actors.blocks import blocks_between
from core.rows import load_ids, load_one
from federation.errors import Refused
from notes.group_marks import lock_on
from notes.interaction import Act, permits
from notes.note import Note
from notes.note_document import NoteDocument
from notes.pace import is_in_pace, takes_answers
from notes.visibility import OPEN, may_see


async def check_welcome(read: NoteDocument, author: Actor) -> None:
    """Raise Refused for an answer to someone here who blocks its author, or takes none from them.

    Such an answer is not kept, not counted, and nobody is told of it.
    """
    parent = await _answered(read)
    if parent is None:
        return
    if not await takes_answers(parent, author):
        raise Refused(f"answers to {parent.uri} were closed by a decision")
    if not parent.is_local:
        return
    if await blocks_between(parent.author_id, author.id):
        raise Refused(f"{author.uri} may not answer {parent.author.uri}")
    if parent.audience not in OPEN and not await may_see(author, parent):
        raise Refused(f"{author.uri} answers what they may not see")
    if not await permits(parent, author, Act.REPLY):
        raise Refused(f"{parent.uri} takes no answers from {author.uri}")


async def check_lock(read: NoteDocument) -> None:
    """Raise Refused for an answer into a locked thread of a group elsewhere that came directly.

    What the group itself passes on, it let in; our own groups answer for themselves.
    """
    if not read.in_reply_to:
        return
    parent = await load_one(Note, "uri = ? AND group_id IS NOT NULL", [read.in_reply_to])
    group = await load_one(Actor, "id = ?", [parent.group_id]) if parent else None
    if parent and group and not group.is_local and await lock_on(parent):
        raise Refused(f"{group.uri} has locked the thread of {parent.uri}")


async def check_pace(author: Actor) -> None:
    """Raise Refused for someone elsewhere who may not post now, or only so often."""
    if author.is_local:
        return
    if author.read_only_at is not None:
        raise Refused(f"{author.uri} may not post here now")
    if not await is_in_pace(author):
        raise Refused(f"{author.uri} may post every {author.slow_minutes} minutes")


async def _answered(read: NoteDocument) -> Note | None:
    if not read.in_reply_to:
        return None
    parent = await load_one(Note, "uri = ? AND deleted_at IS NULL", [read.in_reply_to])
    if parent is None:
        return None
    parent.author = (await load_ids(Actor, [parent.author_id]))[parent.author_id]
    return parent
