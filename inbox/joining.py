"""Joining a group of ours, by whatever asks to follow it: at once, after an answer, or not."""

from actors.actor import Actor
from actors.follows import Follow
from actors.groups import Group, Join, RemoteMembers, See, settings_of
from actors.memberships import Membership, State, membership_of, stand
from core.jobs import put
from outbox.accept import accept, reject

BY_INVITE = "This group takes members by invitation only."
HERE_ONLY = "This group is for members of its server."


async def answer_join(asked: Follow, person: Actor, group: Actor) -> None:
    """Let somebody in, have them wait, or say why not. Whoever may read may follow: of an open
    group only the membership waits (federation.md 10.5)."""
    chosen, row = await settings_of(group), await membership_of(person, group)
    if why := _why_not(chosen, row, person):
        await reject(asked.uri, person, group, reason=why)
        return
    is_open = chosen.see is See.EVERYONE
    if _is_let_in(chosen, row):
        await accept(asked, person, group)
        if not (row and row.is_member):
            await stand(person.id, group.id, State.MEMBER)
        return
    if is_open:
        await accept(asked, person, group)
    if chosen.join is Join.REQUEST and not (row and row.state is State.ASKED):
        await stand(person.id, group.id, State.ASKED)
        await put("inbox.tell_desk", {"group": group.id, "person": person.id})


def _is_let_in(chosen: Group, row: Membership | None) -> bool:
    is_expected = row is not None and row.state in (State.MEMBER, State.INVITED)
    return chosen.join is Join.OPEN or is_expected


def _why_not(chosen: Group, row: Membership | None, person: Actor) -> str:
    if row is not None and row.is_banned:
        until = f" until {row.until:%Y-%m-%d}" if row.until else ""
        return f"You are banned from this group{until}. {row.reason}".strip()
    if row is not None and row.is_member:
        return ""
    is_closed_to_them = chosen.see is See.SERVER or (
        chosen.see is See.MEMBERS and chosen.remote_members is RemoteMembers.NONE
    )
    if is_closed_to_them and not person.is_local:
        return HERE_ONLY
    is_expected = row is not None and row.state is State.INVITED
    if chosen.join is Join.INVITE and chosen.see is not See.EVERYONE and not is_expected:
        return BY_INVITE
    return ""
