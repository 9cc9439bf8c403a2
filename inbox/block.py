"""Block: someone elsewhere will not have to do with one of ours."""

from actors.actor import Actor, by_uri
from actors.blocks import Block
from actors.circles import part_in_circles
from actors.follows import end_between
from core.ids import new_id
from core.jobs import put
from federation.activity import Activity
from federation.errors import NotFound
from inbox import ruled_here
from inbox.timelines import take_from_home
from notes.incoming import is_buried
from outbox.letters import hold_back_from


async def block(activity: Activity, blocker: Actor) -> None:
    """Keep both out of each other's sight; nobody is told. One with a target is a ban from it."""
    if group := await ruled_here.group_here(activity.target_id):
        await ruled_here.block(activity, group, blocker)
        return
    if not blocker.is_local and (activity.target_id or blocker.is_group):
        await _from_group(activity, blocker)
        return
    blocked = await by_uri(activity.object_id or "")
    if blocked is None or (blocker.is_local is False and not blocked.is_local):
        raise NotFound(f"{activity.object_id} does not live here")
    if not blocker.is_local and await is_buried(activity.id, blocker.uri):
        return
    await Block.get_or_create(
        blocker_id=blocker.id,
        blocked_id=blocked.id,
        defaults={"id": new_id(), "uri": activity.id},
    )
    await end_between(blocker, blocked)
    await part_in_circles(blocker, blocked)
    if not blocker.is_local:
        await hold_back_from(blocked.id, blocker)
    for one, other in ((blocker, blocked), (blocked, blocker)):
        if one.is_local:
            await take_from_home(one, other)


async def _from_group(activity: Activity, blocker: Actor) -> None:
    """Have a group's ban looked into: its moderators also bring it to whom it is about."""
    group = await by_uri(activity.target_id or blocker.uri)
    if group is None or not group.is_group or group.is_local:
        raise NotFound(f"{activity.target_id} is no group elsewhere that we know")
    about = activity.document | {"target": group.uri}
    await put("inbox.in_group", {"group": group.id, "about": [about]})
