"""Add and Remove: notes their author wants seen first, and what stands in somebody's collection.

On a wall (FEP-400e) a group adds notes by their ids; a conversation (FEP-171b) holds whole
activities, added by whose thread it is.
"""

from actors.actor import Actor
from core.ids import new_id
from core.jobs import put
from federation.activity import Activity
from federation.errors import NotFound, Unbelievable
from federation.read import first_iri
from federation.vocabulary import ACTIVITY_TYPES, type_of
from inbox import ruled_here
from inbox.fetch import known_note
from inbox.forwarded import PASSED_ON
from inbox.passing_on import heed
from notes.incoming import is_ours
from notes.note import Note
from notes.reactions import Pin

MOST_PINS = 20


async def wanted_by_add(activity: Activity, actor: Actor) -> list[str]:
    """Name the note to fetch, where the collection is the actor's own."""
    uri = activity.object_id
    if actor.is_group or _holds_activity(activity):
        return []
    if uri is None or is_ours(uri) or activity.target_id != actor.featured_uri:
        return []
    return [] if await Note.exists(uri=uri) else [uri]


async def add(activity: Activity, actor: Actor) -> None:
    """Pin one's own note to one's own featured collection (ORG-15)."""
    if group := await ruled_here.collection_owner(activity.target_id):
        await ruled_here.add(activity, group, actor)
        return
    if actor.is_group and not actor.is_local:
        await _by_group(activity, actor)
        return
    if _holds_activity(activity):
        await _into_conversation(activity, actor)
        return
    note = await _own(activity, actor)
    if await Pin.filter(actor_id=actor.id).count() < MOST_PINS:
        await Pin.get_or_create(actor_id=actor.id, note_id=note.id, defaults={"id": new_id()})


async def remove(activity: Activity, actor: Actor) -> None:
    """Take a pin away."""
    if group := await ruled_here.collection_owner(activity.target_id):
        await ruled_here.take_off(activity, group, actor)
        return
    if actor.is_group and not actor.is_local:
        await _by_group(activity, actor)
        return
    note = await _own(activity, actor)
    await Pin.filter(actor_id=actor.id, note_id=note.id).delete()


async def _own(activity: Activity, actor: Actor) -> Note:
    if not actor.featured_uri or activity.target_id != actor.featured_uri:
        raise Unbelievable(f"{activity.target_id} is no collection of {actor.uri}")
    note = await known_note(activity.object_id or "")
    if note is None or note.author_id != actor.id:
        raise NotFound(f"{activity.object_id} is no note of {actor.uri}")
    return note


async def _by_group(activity: Activity, group: Actor) -> None:
    """Take what a group adds to a collection of its own for what it passes on."""
    own = (group.featured_uri, group.moderators_uri)
    if activity.target_id and activity.target_id in own:
        await heed(activity, group, about=[activity.document])
        return
    if owner_of(activity) != group.uri:
        raise Unbelievable(f"{activity.target_id} is no collection of {group.uri}")
    if activity.type == "Remove":
        raise NotFound("nobody takes anything off a wall but by deleting it")
    await heed(activity, group)


async def _into_conversation(activity: Activity, owner: Actor) -> None:
    """Look where it lives at what somebody said in a thread, as of anything that is forwarded."""
    if owner_of(activity) != owner.uri or type_of(activity.object) not in PASSED_ON:
        raise Unbelievable(f"{activity.target_id} is no conversation of {owner.uri}")
    await put("inbox.forwarded", {"activity": activity.object})


def _holds_activity(activity: Activity) -> bool:
    return type_of(activity.object) in ACTIVITY_TYPES


def owner_of(activity: Activity) -> str | None:
    """Return whose collection something is added to, as the activity says."""
    target = activity.document.get("target")
    return first_iri(target.get("attributedTo")) if isinstance(target, dict) else None
