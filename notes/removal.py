"""Taking notes away: the row stays without words, so that the note cannot come back."""

from collections.abc import Sequence

from tortoise.expressions import F

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import new_id
from core.jobs import Lane, put
from notes.attachments import Attachment
from notes.incoming import count_reply
from notes.mentions import Mention
from notes.note import Audience, Edit, Note, Tombstone
from notes.polls import Poll, Vote
from notes.reactions import Bookmark, Like, Pin, count_boost
from notes.tags import NoteTag


async def bury(uri: str, owner_uri: str) -> None:
    """Remember that something unknown was deleted or undone, should it come late (ORG-17)."""
    await Tombstone.get_or_create(uri=uri, defaults={"id": new_id(), "owner_uri": owner_uri})


async def remove(note: Note) -> bool:
    """Delete a note and all that hangs on it; False when it was deleted before.

    Files go by a job, after the change is safe. Call in a transaction.
    """
    changed = await Note.filter(id=note.id, deleted_at=None).update(
        deleted_at=now(),
        title="",
        content="",
        source="",
        summary="",
        language="",
        emojis=[],
        interaction=None,
        has_media=False,
    )
    if not changed:
        return False
    await _count(note)
    await _strip([note.id])
    return True


async def remove_boost(boost: Note) -> bool:
    """Take a boost away and count it; its row goes, for a boost may be made again."""
    removed = await Note.filter(id=boost.id).delete()
    if removed and boost.boost_of_id is not None:
        boosted = await Note.get(id=boost.boost_of_id)
        await count_boost(boosted, -1)
    return bool(removed)


async def remove_all_of(author: Actor) -> None:
    """Delete everything someone posted, in steps that each fit a transaction's time."""
    for boost in await Note.filter(author_id=author.id).exclude(boost_of_id=None):
        await remove_boost(boost)
    for note in await Note.filter(author_id=author.id, deleted_at=None):
        await remove(note)


async def _count(note: Note) -> None:
    if note.in_reply_to_id is not None:
        parent = await Note.get_or_none(id=note.in_reply_to_id)
        if parent:
            await count_reply(parent, note, -1)
    if note.is_local and note.audience in (Audience.PUBLIC, Audience.QUIET):
        await Actor.filter(id=note.author_id).update(notes_count=F("notes_count") - 1)


async def _strip(notes: Sequence[int]) -> None:
    files = await Attachment.filter(note_id__in=notes).values("file", "small_file")
    keys = [key for row in files for key in (row["file"], row["small_file"]) if key]
    if keys:
        await put("notes.delete_files", {"keys": keys}, lane=Lane.LATER)
    for boost in await Note.filter(boost_of_id__in=notes).values("id"):
        await Note.filter(id=boost["id"]).delete()
    await Vote.filter(poll__note_id__in=notes).delete()
    for model in (Poll, Attachment, Mention, NoteTag, Like, Bookmark, Pin, Edit):
        await model.filter(note_id__in=notes).delete()
    for table in ("home_entry", "notification"):
        await sql.rows(
            f"DELETE FROM {table} WHERE note_id IN ({sql.marks(notes)})",  # noqa: S608
            list(notes),
        )
