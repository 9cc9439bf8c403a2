"""Like and Dislike: someone likes a note, or no longer; an emoji reaction is a Like with a face."""

from actors.actor import Actor
from core.ids import new_id
from federation.activity import Activity
from federation.errors import NotFound, Refused
from federation.read import text
from inbox.fetch import known_note
from inbox.notifications import Event, tell, untell
from notes.incoming import is_buried
from notes.interaction import Act, permits
from notes.note import Note
from notes.reactions import Like, count_like
from notes.visibility import may_see


async def like(activity: Activity, liker: Actor) -> None:
    """Count a like once, from someone who can see the note and may like it (PRIV-15)."""
    note = await known_note(activity.object_id or "")
    if note is None:
        raise NotFound(f"{activity.object_id} is not known here")
    if await is_buried(activity.id, liker.uri):
        return
    if not await may_see(liker, note) or not await _may_like(liker, note):
        raise Refused(f"{liker.uri} may not like {note.uri}")
    _, is_new = await Like.get_or_create(
        actor_id=liker.id,
        note_id=note.id,
        defaults={"id": new_id(), "uri": activity.id, "emoji": _face(activity)},
    )
    if is_new:
        await count_like(note, 1)
    if note.author.is_local:
        await tell(note.author, Event.LIKE, liker, note)


async def dislike(activity: Activity, disliker: Actor) -> None:
    """Let a like go that its own giver turned into its contrary; dislikes are not counted here."""
    note = await known_note(activity.object_id or "")
    if note is None:
        raise NotFound(f"{activity.object_id} is not known here")
    if not await may_see(disliker, note) or not await _may_like(disliker, note):
        raise Refused(f"{disliker.uri} may not dislike {note.uri}")
    await take_back(note, disliker)


async def take_back(note: Note, liker: Actor) -> None:
    """Let a like go, once; call in a transaction; the note's author is loaded."""
    if await Like.filter(note_id=note.id, actor_id=liker.id).delete():
        await count_like(note, -1)
        await untell(note.author, Event.LIKE, liker, note)


async def _may_like(liker: Actor, note: Note) -> bool:
    # Of others' notes their own servers decide.
    return not note.is_local or await permits(note, liker, Act.LIKE)


def _face(activity: Activity) -> str:
    return text(activity.document, "content", 100) or text(
        activity.document, "_misskey_reaction", 100
    )
