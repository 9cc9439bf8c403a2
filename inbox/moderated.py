"""What the moderators of a remote group take out of it, as the group passes it on (FEP-1b12)."""

import structlog
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.instance import instance_signer
from federation.activity import Activity
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, Unreachable
from federation.read import iris
from federation.urls import same_origin
from inbox.fetch import known_note
from notes.reading import note_document_from
from notes.removal import bury, remove

log = structlog.get_logger()


async def take_out(activity: Activity, group: Actor) -> None:
    """Remove a note that a group's moderator deleted, if its author posted it in that group.

    That it was says the note at its origin, that they moderate the group itself; who did it is
    kept with the note's id (ORG-07).
    """
    note = await known_note(activity.object_id or "")
    if note is None or note.is_local:
        return
    budget = Budget()
    if not await _was_posted_in(note.uri, group, budget):
        return
    if not await _moderates(activity.actor, group, budget):
        return
    async with in_transaction():
        await remove(note)
        await bury(note.uri, activity.actor)
    log.info("note.taken_out", note=note.uri, group=group.uri, by=activity.actor)


async def _was_posted_in(uri: str, group: Actor, budget: Budget) -> bool:
    try:
        document = await client().fetch_object(uri, await instance_signer(), budget=budget)
        return group.uri in note_document_from(document).audience
    except Unreachable:
        raise
    except FederationError:
        return False


async def _moderates(uri: str, group: Actor, budget: Budget) -> bool:
    """Tell whether the group names them, or they keep the server that it lives on."""
    if uri == group.uri or same_origin(uri, group.uri):
        return True
    if not group.moderators_uri:
        return False
    try:
        listed = await client().fetch(group.moderators_uri, await instance_signer(), budget=budget)
    except Unreachable:
        raise
    except FederationError:
        return False
    document = listed.document
    return uri in iris(document.get("orderedItems") or document.get("items"))
