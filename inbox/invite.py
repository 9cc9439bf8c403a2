"""Invite: a group elsewhere would have someone here as a member."""

from actors.actor import Actor, by_uri
from actors.blocks import blocks_between
from actors.follows import is_following
from actors.memberships import State, membership_of, stand
from actors.remote_groups import Invitation
from federation.activity import Activity
from federation.errors import NotFound, Refused
from federation.urls import same_origin


async def invite(activity: Activity, host: Actor) -> None:
    """Remember an invitation by someone who lives with the group; the invited join, or do not."""
    group = await by_uri(activity.object_id or "")
    person = await by_uri(activity.target_id or "")
    if group is None or not group.is_group or group.is_local:
        raise NotFound(f"{activity.object_id} is no group we know")
    if person is None or not person.is_local:
        raise NotFound(f"{activity.target_id} does not live here")
    if not same_origin(host.uri, group.uri) or await blocks_between(host.id, person.id):
        raise Refused(f"{host.uri} may not invite into {group.uri}")
    row = await membership_of(person, group)
    if await is_following(person, group) or (row and row.is_banned):
        return
    await Invitation.update_or_create(
        group_id=group.id,
        person_id=person.id,
        defaults={"uri": activity.id},
    )
    await stand(person.id, group.id, State.INVITED, by_id=host.id)
