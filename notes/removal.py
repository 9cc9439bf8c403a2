"""Taking notes away: the row stays without words, so that the note cannot come back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import Mute, ServerBlock
from actors.circles import leave_circles
from actors.follows import Follow, end
from core import sql
from core.broker import Topic, publish
from core.clock import now
from core.ids import new_id
from core.jobs import Lane, put
from notes import files, search
from notes.arriving import Arrival
from notes.arriving import remove as forget_arrival
from notes.attachments import Attachment
from notes.boards import Board, BoardNote
from notes.conversations import MutedThread, ThreadMark
from notes.drafts import SavedDraft
from notes.followed_tags import FeaturedTag, FollowedTag
from notes.incoming import count_reply
from notes.mentions import Mention
from notes.note import Audience, Edit, Note, Shows, Tombstone
from notes.polls import Poll, Vote, count_again
from notes.quotes import forget_quotes
from notes.reactions import Bookmark, Like, Pin, count_boost, count_like
from notes.tags import NoteTag
from notes.trending import TrendingNote
from notes.visibility import OPEN
from notes.waiting import Waiting

BATCH = 100
MOST_TOLD = 300  # as many ids as an event may hold
# What was kept for someone to read by; its rows name them as the reader.
OF_READERS = (
    *("notification", "home_entry", "marker", "notification_policy"),
    *("notification_permission", "set_aside", "dismissed_suggestion"),
)


async def bury(uri: str, owner_uri: str) -> None:
    """Remember that something unknown was deleted or undone, should it come late (ORG-17)."""
    await Tombstone.get_or_create(uri=uri, owner_uri=owner_uri, defaults={"id": new_id()})


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
        card_id=None,
        shows=Shows.TEXT,
    )
    if not changed:
        return False
    await _count(note)
    await _tell_gone(note)
    await _strip([note.id])
    return True


async def remove_boost(boost: Note) -> bool:
    """Take a boost away and count it; its row goes, for a boost may be made again."""
    await _tell_gone(boost)
    removed = await Note.filter(id=boost.id).delete()
    if removed and boost.boost_of_id is not None:
        boosted = await Note.get(id=boost.boost_of_id)
        await count_boost(boosted, -1)
    return bool(removed)


async def _tell_gone(note: Note) -> None:
    """Have those who are connected forget a note; of a narrow one only its readers may hear."""
    is_open = note.audience in OPEN
    readers = [] if is_open else await _had_by(note)
    await publish(Topic.GONE, id=note.id, is_open=is_open, readers=readers)


async def _had_by(note: Note) -> list[int]:
    rows = await sql.rows(
        "SELECT reader_id AS id FROM home_entry WHERE note_id = ? UNION SELECT actor_id"
        " FROM mention WHERE note_id = ? LIMIT ?",
        [note.id, note.id, MOST_TOLD],
    )
    return [note.author_id, *(row["id"] for row in rows)]


async def erase(payload: Mapping[str, Any]) -> None:
    """Take away what someone who left had posted and done; job `notes.erase`.

    One batch to a transaction, and the next one as work of its own.
    """
    actor = await Actor.get_or_none(id=payload["actor"])
    if actor is None or actor.gone_at is None:
        return
    async with in_transaction():
        if await _erase_notes(actor) + await _erase_likes(actor):
            await put("notes.erase", payload, lane=Lane.LATER)
            return
        await _erase_rest(actor)


async def _erase_notes(author: Actor) -> int:
    found = await Note.filter(author_id=author.id, deleted_at=None).order_by("id").limit(BATCH)
    for note in found:
        await (remove_boost(note) if note.is_boost else remove(note))
    return len(found)


async def _erase_likes(actor: Actor) -> int:
    found = await Like.filter(actor_id=actor.id).limit(BATCH).select_related("note")
    for like in found:
        await Like.filter(id=like.id).delete()
        await count_like(like.note, -1)
    return len(found)


async def _erase_rest(actor: Actor) -> None:
    polls = await Poll.filter(votes__actor_id=actor.id, note__is_local=True).distinct()
    await Vote.filter(actor_id=actor.id).delete()
    for poll in polls:
        await count_again(poll)
    await BoardNote.filter(board__owner_id=actor.id).delete()
    await Board.filter(owner_id=actor.id).delete()
    for model in (Bookmark, Pin, FeaturedTag):
        await model.filter(actor_id=actor.id).delete()
    for kept in (FollowedTag, MutedThread, ThreadMark):
        await kept.filter(reader_id=actor.id).delete()
    await ServerBlock.filter(blocker_id=actor.id).delete()
    await Mute.filter(muter_id=actor.id).delete()
    await leave_circles(actor.id)
    await SavedDraft.filter(author_id=actor.id).delete()
    # Uploads that were never posted, and copies of a portrait from elsewhere.
    loose = await Attachment.filter(owner_id=actor.id, note_id=None).values("id")
    await files.drop([row["id"] for row in loose])
    for arrival in await Arrival.filter(owner_id=actor.id):
        await forget_arrival(arrival)
    for follow in await Follow.filter(follower_id=actor.id):
        await end(follow)
    # Where their followers live, the farewell of someone from here still has to go.
    followers = Follow.filter(followed_id=actor.id)
    if actor.is_local:
        followers = followers.exclude(follower__local_name=None)
    for follow in await followers:
        await end(follow)
    await sql.rows("DELETE FROM notification WHERE actor_id = ?", [actor.id])
    for table in OF_READERS:
        await sql.rows(f"DELETE FROM {table} WHERE reader_id = ?", [actor.id])  # noqa: S608
    await Actor.filter(id=actor.id).update(notes_count=0)


async def sweep(*, older_than_days: int = 30) -> None:
    """Forget what was deleted or undone before it came, once it will not come (DOS-10)."""
    await Tombstone.filter(at__lt=now() - timedelta(days=older_than_days)).delete()


async def _count(note: Note) -> None:
    if note.in_reply_to_id is not None:
        parent = await Note.get_or_none(id=note.in_reply_to_id)
        if parent:
            await count_reply(parent, note, -1)
    is_counted = note.held_at is None and note.audience in (Audience.PUBLIC, Audience.QUIET)
    if note.is_local and is_counted:
        await Actor.filter(id=note.author_id).update(notes_count=F("notes_count") - 1)


async def _strip(notes: Sequence[int]) -> None:
    await files.drop([row["id"] for row in await Attachment.filter(note_id__in=notes).values("id")])
    for boost in await Note.filter(boost_of_id__in=notes).values("id"):
        await Note.filter(id=boost["id"]).delete()
    await Vote.filter(poll__note_id__in=notes).delete()
    for model in (Poll, Mention, NoteTag, Like, Bookmark, Pin, BoardNote, Edit, Waiting):
        await model.filter(note_id__in=notes).delete()
    await TrendingNote.filter(note_id__in=notes).delete()
    await forget_quotes(list(notes))
    await search.forget(notes)
    for table in ("home_entry", "notification"):
        await sql.rows(
            f"DELETE FROM {table} WHERE note_id IN ({sql.marks(notes)})",  # noqa: S608
            list(notes),
        )
