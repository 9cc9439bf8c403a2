"""Move: someone elsewhere now lives under another address."""

from datetime import timedelta

from actors.actor import Actor, by_uri
from actors.follows import readers_of
from core.clock import now
from core.jobs import put
from federation.activity import Activity
from federation.errors import NotFound, Unbelievable

LOCK = timedelta(days=7)


async def wanted_by_move(activity: Activity, actor: Actor) -> list[str]:
    """Nothing here: the new address is an actor, looked up by the job that follows."""
    return []


async def move(activity: Activity, actor: Actor) -> None:
    """Note the new address; a job checks that both sides say so before anyone follows (ORG-16)."""
    target = activity.target_id
    if activity.object_id != actor.uri or target is None or actor.is_local:
        raise Unbelievable(f"{actor.uri} moved {activity.object_id}")
    if target == actor.uri:
        raise Unbelievable(f"{actor.uri} moved to where they are")
    if is_settled(actor):
        raise Unbelievable(f"{actor.uri} moved less than a week ago")
    if await by_uri(actor.uri) is None:
        raise NotFound(f"{actor.uri} is not known")
    if await readers_of(actor.id):
        await put("inbox.moved", {"actor": actor.id, "target": target})


def is_settled(actor: Actor) -> bool:
    """Tell whether their followers here went with them less than a week ago (ORG-16)."""
    return actor.moved_at is not None and actor.moved_at > now() - LOCK
