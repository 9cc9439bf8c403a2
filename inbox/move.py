"""Move: someone elsewhere now lives under another address."""

from actors.actor import Actor, by_uri
from actors.follows import readers_of
from core.jobs import put
from federation.activity import Activity
from federation.errors import NotFound, Unbelievable
from outbox.move import is_settled


async def wanted_by_move(activity: Activity, actor: Actor) -> list[str]:
    """Nothing here: the new address is an actor, looked up by the job that follows."""
    return []


async def move(activity: Activity, actor: Actor) -> None:
    """Note the new address; a job checks that both sides say so before anyone follows (ORG-16)."""
    target = activity.target_id
    if activity.object_id != actor.uri or target is None:
        raise Unbelievable(f"{actor.uri} moved {activity.object_id}")
    if target == actor.uri:
        raise Unbelievable(f"{actor.uri} moved to where they are")
    if is_settled(actor) and not actor.is_local:
        raise Unbelievable(f"{actor.uri} moved less than a week ago")
    if await by_uri(actor.uri) is None:
        raise NotFound(f"{actor.uri} is not known")
    if await readers_of(actor.id):
        await put("inbox.moved", {"actor": actor.id, "target": target})
