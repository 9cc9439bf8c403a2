"""Update: a note or a profile was changed."""

from datetime import timedelta

from actors.actor import Actor
from actors.refreshing import want_refresh
from core.broker import Topic, publish
from core.clock import now
from core.jobs import put
from federation.activity import Activity
from federation.errors import Unbelievable
from federation.vocabulary import ACTOR_TYPES
from inbox.create import create
from inbox.fetch import known_note, may_speak_for
from inbox.judge import judged
from inbox.notifications import Event, tell
from inbox.quotes import tell_quoters
from inbox.ruled_here import change as change_group
from inbox.ruled_here import group_here
from notes.edits import replace
from notes.group_posts import carry
from notes.incoming import is_ours, prepare
from notes.note import Note
from notes.reading import note_document_from

FRESH = timedelta(days=1)


async def wanted_by_update(activity: Activity, author: Actor) -> list[str]:
    """Nothing is fetched for what we do not have; a bare id is read at its origin."""
    return []


async def update(activity: Activity, author: Actor) -> None:
    """Write the newer version over the older, by its own author only (ORG-07)."""
    if activity.object_id != author.uri and (group := await group_here(activity.object_id)):
        await change_group(activity, group, author)
    elif activity.object_type in ACTOR_TYPES or activity.object_id == author.uri:
        await _actor(activity, author)
    else:
        await _note(activity, author)


async def _actor(activity: Activity, author: Actor) -> None:
    """Have the actor read again where they live: keys are believed nowhere else (SIG-12)."""
    if author.is_local:
        return
    if activity.object_id != author.uri:
        raise Unbelievable(f"{author.uri} changed {activity.object_id}")
    await want_refresh(author.uri)


async def _note(activity: Activity, author: Actor) -> None:
    note = await known_note(activity.object_id or "")
    if note is None:
        await _as_create(activity, author)
        return
    if note.author_id != author.id:
        raise Unbelievable(f"{author.uri} changed a note of another author")
    if author.is_local or await _replaced(note, activity, author):
        await publish(Topic.EDIT, id=note.id)
        await _tell_boosters(note)
        await tell_quoters(note)


async def _replaced(note: Note, activity: Activity, author: Actor) -> bool:
    document = activity.object
    if not isinstance(document, dict) or not may_speak_for(author, document):
        # Only its id, or a copy that proves nothing: its own server knows what it says now.
        await put("inbox.forwarded", {"activity": activity.document})
        return False
    read = note_document_from(document, by=author.uri)
    is_new = await replace(note, await prepare(read, author, await judged(read, author)))
    if is_new and note.group_id is not None and not note.in_reply_to_uri:
        await carry(note, read.flair)
    return is_new


async def _as_create(activity: Activity, author: Actor) -> None:
    """Take a fresh note that we have not as if it were posted now (reliability.md 4)."""
    if not isinstance(activity.object, dict) or is_ours(activity.object_id or ""):
        return
    published = note_document_from(activity.object, by=author.uri).published
    if published and published > now() - FRESH:
        await create(activity, author)


async def _tell_boosters(note: Note) -> None:
    boosters = await Actor.filter(notes__boost_of_id=note.id).exclude(local_name=None)
    for booster in boosters:
        await tell(booster, Event.UPDATE, note.author, note)
