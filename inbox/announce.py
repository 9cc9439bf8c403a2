"""Announce: a boost, or a group passing on."""

from typing import Any

from actors.actor import Actor
from actors.follows import readers_of
from core.ids import new_id
from core.jobs import put
from federation.activity import Activity, activity_from
from federation.errors import NotFound, Refused
from federation.read import iri_of
from federation.vocabulary import ACTIVITY_TYPES, type_of
from inbox.fetch import known_note
from inbox.notifications import Event, tell
from inbox.timelines import put_in_homes
from notes.incoming import is_buried, is_ours
from notes.interaction import Act, permits
from notes.note import Audience, Note
from notes.reactions import count_boost
from notes.visibility import OPEN, may_see

PASSED_ON = ("Create", "Announce")


def boosted_uri(activity: Activity, booster: Actor) -> str | None:
    """Name the note that is meant: a group wraps the whole Create (FEP-1b12).

    Nothing is meant by other activities, such as the likes that groups pass on.
    """
    inner = activity.object
    if type_of(inner) not in ACTIVITY_TYPES:
        return activity.object_id
    is_wrapped = booster.is_group and type_of(inner) in PASSED_ON
    return iri_of(inner.get("object")) if is_wrapped else None


async def wanted_by_announce(activity: Activity, booster: Actor) -> list[str]:
    """Name the note to fetch from its origin; the booster's copy proves nothing (ORG-13)."""
    uri = None if _passed_on(activity, booster) else boosted_uri(activity, booster)
    if uri is None or is_ours(uri) or await Note.exists(uri=uri):
        return []
    # A boost by someone nobody here follows would make us fetch for strangers.
    return [uri] if await readers_of(booster.id) else []


async def announce(activity: Activity, booster: Actor) -> None:
    """Record a boost of an open note, show it to the booster's readers, tell the author.

    A group also passes on that a note was changed or deleted; its origin says whether it was.
    """
    if passed_on := _passed_on(activity, booster):
        if not await readers_of(booster.id):
            raise Refused(f"nobody here follows {booster.uri}")
        await put("inbox.forwarded", {"activity": passed_on, "group": booster.id})
        return
    uri = boosted_uri(activity, booster)
    note = await known_note(uri or "")
    if note is None:
        raise NotFound(f"{uri} could not be had")
    if note.audience not in OPEN and note.author_id != booster.id:
        raise Refused(f"{booster.uri} boosted a note that is not open")
    if note.is_local and not await permits(note, booster, Act.BOOST):
        raise Refused(f"{note.uri} is not to be boosted by {booster.uri}")
    if await is_buried(activity.id, booster.uri) or not await may_see(booster, note):
        return
    if booster.is_group and note.in_reply_to_uri:
        # It was kept, and is read below what it answers; homes would be flooded with comments.
        return
    boost = await _boost(activity, booster, note)
    await put_in_homes(await _readers(booster), boost.id)
    if note.author.is_local and note.author_id != booster.id:
        await tell(note.author, Event.BOOST, booster, note)


def _passed_on(activity: Activity, group: Actor) -> dict[str, Any] | None:
    """Return the activity that a group wraps, if it is about a note we may have (FEP-1b12)."""
    inner = activity.object
    if not (group.is_group and not group.is_local and isinstance(inner, dict)):
        return None
    if inner.get("type") not in ("Update", "Delete"):
        return None
    return activity_from(inner).document


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
