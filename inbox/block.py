"""Block: someone elsewhere will not have to do with one of ours."""

from actors.actor import Actor, by_uri
from actors.blocks import Block
from actors.follows import end_between
from core.ids import new_id
from federation.activity import Activity
from federation.errors import NotFound
from inbox.timelines import take_from_home


async def block(activity: Activity, blocker: Actor) -> None:
    """Keep both out of each other's sight; nobody is told."""
    blocked = await by_uri(activity.object_id or "")
    if blocked is None or (blocker.is_local is False and not blocked.is_local):
        raise NotFound(f"{activity.object_id} does not live here")
    await Block.get_or_create(
        blocker_id=blocker.id,
        blocked_id=blocked.id,
        defaults={"id": new_id(), "uri": activity.id},
    )
    await end_between(blocker, blocked)
    for one, other in ((blocker, blocked), (blocked, blocker)):
        if one.is_local:
            await take_from_home(one, other)
