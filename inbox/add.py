"""Add and Remove: notes their author wants seen first."""

from actors.actor import Actor
from core.ids import new_id
from federation.activity import Activity
from federation.errors import NotFound, Unbelievable
from inbox.fetch import known_note
from notes.incoming import is_ours
from notes.note import Note
from notes.reactions import Pin

MOST_PINS = 20


async def wanted_by_add(activity: Activity, actor: Actor) -> list[str]:
    """Name the note to fetch, where the collection is the actor's own."""
    uri = activity.object_id
    if uri is None or is_ours(uri) or activity.target_id != actor.featured_uri:
        return []
    return [] if await Note.exists(uri=uri) else [uri]


async def add(activity: Activity, actor: Actor) -> None:
    """Pin one's own note to one's own featured collection (ORG-15)."""
    note = await _own(activity, actor)
    if await Pin.filter(actor_id=actor.id).count() < MOST_PINS:
        await Pin.get_or_create(actor_id=actor.id, note_id=note.id, defaults={"id": new_id()})


async def remove(activity: Activity, actor: Actor) -> None:
    """Take a pin away."""
    note = await _own(activity, actor)
    await Pin.filter(actor_id=actor.id, note_id=note.id).delete()


async def _own(activity: Activity, actor: Actor) -> Note:
    if not actor.featured_uri or activity.target_id != actor.featured_uri:
        raise Unbelievable(f"{activity.target_id} is no collection of {actor.uri}")
    note = await known_note(activity.object_id or "")
    if note is None or note.author_id != actor.id:
        raise NotFound(f"{activity.object_id} is no note of {actor.uri}")
    return note
