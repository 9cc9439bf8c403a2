"""Leave: someone is no longer in a group; the other word for undoing a Join."""

from actors.actor import Actor, by_uri
from actors.follows import end, follow_between
from federation.activity import Activity
from federation.errors import NotFound
from inbox.timelines import take_from_home


async def leave(activity: Activity, person: Actor) -> None:
    """End a membership, and take what the group passed on out of the home of whom it was."""
    group = await by_uri(activity.object_id or "")
    if group is None:
        raise NotFound(f"{activity.object_id} is not known here")
    if follow := await follow_between(person, group):
        await end(follow)
    if person.is_local:
        await take_from_home(person, group)
