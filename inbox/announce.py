"""Announce: a boost, or a group passing on."""

from actors.actor import Actor
from actors.follows import readers_of
from core.ids import new_id
from federation.activity import Activity
from federation.errors import NotFound, Refused
from federation.vocabulary import ACTIVITY_TYPES, type_of
from inbox.fetch import known_note
from inbox.notifications import Event, tell
from inbox.passing_on import heed
from inbox.timelines import put_in_homes
from notes.incoming import is_buried, is_ours
from notes.interaction import Act, permits
from notes.note import Audience, Note
from notes.reactions import count_boost
from notes.visibility import OPEN, may_see


async def wanted_by_announce(activity: Activity, booster: Actor) -> list[str]:
    """Name the note to fetch from its origin; the booster's copy proves nothing (ORG-13)."""
    uri = activity.object_id
    if _is_group_elsewhere(booster) or type_of(activity.object) in ACTIVITY_TYPES:
        return []
    if uri is None or is_ours(uri) or await Note.exists(uri=uri):
        return []
    # A boost by someone nobody here follows would make us fetch for strangers.
    return [uri] if await readers_of(booster.id) else []


async def announce(activity: Activity, booster: Actor) -> None:
    """Record a boost of an open note, show it to the booster's readers, tell the author.

    What groups elsewhere pass on is work of its own: most of it has to be looked up.
    """
    if _is_group_elsewhere(booster):
        if not await is_buried(activity.id, booster.uri):
            await heed(activity, booster)
        return
    if type_of(activity.object) in ACTIVITY_TYPES:
        raise Refused(f"{booster.uri} passed on what somebody did, and is no group")
    note = await known_note(activity.object_id or "")
    if note is None:
        raise NotFound(f"{activity.object_id} could not be had")
    if note.audience not in OPEN and note.author_id != booster.id:
        raise Refused(f"{booster.uri} boosted a note that is not open")
    if note.is_local and not await permits(note, booster, Act.BOOST):
        raise Refused(f"{note.uri} is not to be boosted by {booster.uri}")
    if await is_buried(activity.id, booster.uri) or not await may_see(booster, note):
        return
    boost = await _boost(activity, booster, note)
    await put_in_homes(await _readers(booster), boost.id)
    if note.author.is_local and note.author_id != booster.id:
        await tell(note.author, Event.BOOST, booster, note)


def _is_group_elsewhere(booster: Actor) -> bool:
    return booster.is_group and not booster.is_local


async def _boost(activity: Activity, booster: Actor, note: Note) -> Note:
    values = {
        "id": new_id(),
        "uri": activity.id,
        "is_local": booster.is_local,
        "kind": "Announce",
        "audience": Audience.PUBLIC if activity.is_public else Audience.FOLLOWERS,
    }
    boost, is_new = await Note.get_or_create(
        author_id=booster.id, boost_of_id=note.id, defaults=values
    )
    if is_new:
        await count_boost(note, 1)
    return boost


async def _readers(booster: Actor) -> list[int]:
    own = [booster.id] if booster.is_local else []
    return [*await readers_of(booster.id, boosts=True), *own]
