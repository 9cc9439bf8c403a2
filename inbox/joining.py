"""Joining a group of ours, by whatever asks to follow it: at once, after an answer, or not."""

from collections.abc import Mapping
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.aware import ask, is_aware
from actors.follows import Follow
from actors.groups import Group, Join, RemoteMembers, See, settings_of
from actors.memberships import Membership, State, membership_of, stand
from core.jobs import put
from outbox.accept import accept, reject

BY_INVITE = "This group takes members by invitation only."
UNAWARE = "Your server is not known to keep what is in closed groups to their members."
HERE_ONLY = "This group is for members of its server."


async def answer_join(asked: Follow, person: Actor, group: Actor) -> None:
    """Let somebody in, have them wait, or say why not. Whoever may read may follow: of an open
    group only the membership waits (federation.md 10.5)."""
    chosen, row = await settings_of(group), await membership_of(person, group)
    if why := _why_not(chosen, row, person):
        await reject(asked.uri, person, group, reason=why)
        return
    if await _is_doubtful(chosen, person):
        await put("inbox.answer_join", {"follow": asked.id})
        return
    if why := await _not_aware(chosen, person):
        await reject(asked.uri, person, group, reason=why)
        return
    await _learn_road(chosen, person)
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


async def answer_known(payload: Mapping[str, Any]) -> None:
    """Ask the server of who would join a closed group what it runs, then answer them.

    Job `inbox.answer_join`.
    """
    asked = await Follow.get_or_none(id=payload["follow"]).select_related("follower", "followed")
    if asked is None or not asked.follower.is_present or not asked.followed.is_present:
        return
    await ask(asked.follower.host)
    async with in_transaction():
        await answer_join(asked, asked.follower, asked.followed)


async def ask_server(payload: Mapping[str, Any]) -> None:
    """Ask the server of a member what it runs; job `inbox.ask_server`."""
    await ask(payload["host"])


async def _learn_road(chosen: Group, person: Actor) -> None:
    """See to it that what is inside goes the right road: by the group, or to each member alone.

    Where any server will do nobody waits for its answer.
    """
    is_for_any = chosen.see is See.MEMBERS and chosen.remote_members is RemoteMembers.ANY
    if is_for_any and not person.is_local and await is_aware(person.host) is None:
        await put("inbox.ask_server", {"host": person.host})


async def _is_doubtful(chosen: Group, person: Actor) -> bool:
    """Tell whether it hangs on what their server runs, and nobody has asked it yet."""
    return _hangs_on_server(chosen, person) and await is_aware(person.host) is None


async def _not_aware(chosen: Group, person: Actor) -> str:
    if _hangs_on_server(chosen, person) and not await is_aware(person.host):
        return UNAWARE
    return ""


def _hangs_on_server(chosen: Group, person: Actor) -> bool:
    is_wary = chosen.see is See.MEMBERS and chosen.remote_members is RemoteMembers.AWARE
    return is_wary and not person.is_local


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
