"""/api/rubric/v1/groups/…: who belongs to a group, asks to, and is asked."""

from aiohttp import web

from actors.actor import Actor
from actors.group_lists import may_see_members, standing_as, with_people
from actors.groups import See, settings_of
from actors.memberships import Membership, State, membership_of, moderators_of
from core.paging import Slice
from inbox import group_desk
from outbox.refusals import NotAllowed
from web.api.access import account_of, reader_of
from web.api.accounts import found_actor
from web.api.answers import answer, listed
from web.api.asked import asked
from web.api.entities.groups import members_of
from web.api.groups import found_group, run_by
from web.errors import Missing

PEOPLE, MOST_PEOPLE = 40, 80


async def members(request: web.Request) -> web.Response:
    """Who belongs to a group, for its members; who runs it, for everyone."""
    group, reader = await found_group(request), reader_of(request)
    if not await may_see_members(group, reader):
        return answer(await members_of(await moderators_of(group)))
    return await _standing_as(request, State.MEMBER, group)


async def requests(request: web.Request) -> web.Response:
    """Who asked to join and waits for an answer."""
    return await _waiting(request, State.ASKED)


async def invitations(request: web.Request) -> web.Response:
    """Who is invited and has not answered."""
    return await _waiting(request, State.INVITED)


async def accept(request: web.Request) -> web.Response:
    """Let somebody who asked be a member."""
    return await _answered(request, is_accepted=True)


async def decline(request: web.Request) -> web.Response:
    """Do not let them, and say why."""
    return await _answered(request, is_accepted=False)


async def invite(request: web.Request) -> web.Response:
    """Ask somebody to join."""
    moderator, group = account_of(request).actor, await found_group(request)
    number = (await asked(request)).id("account_id")
    person = await Actor.get_or_none(id=number) if number else None
    if person is None or person.is_group or not person.is_present:
        raise Missing("nobody has this id")
    chosen = await settings_of(group)
    if chosen.see is See.SERVER and not person.is_local:
        raise NotAllowed("This group is for members of its server.")
    await group_desk.invite(moderator, group, person)
    return await one(person, group)


async def one(person: Actor, group: Actor) -> web.Response:
    """Answer how somebody stands to a group; raises Missing where they never did."""
    row = await membership_of(person, group)
    if row is None:
        raise Missing(f"{person.id} does not stand in {group.id}")
    return answer((await members_of(await with_people([row])))[0])


async def standing_in_group(request: web.Request) -> tuple[Actor, Actor, Membership | None]:
    """Read the group and the person that an address names, and how they stand."""
    group = await found_group(request)
    person = await found_actor(request, "account_id")
    return group, person, await membership_of(person, group)


async def _answered(request: web.Request, *, is_accepted: bool) -> web.Response:
    moderator = account_of(request).actor
    group, person, _row = await standing_in_group(request)
    reason = (await asked(request)).text("reason") or ""
    await group_desk.answer_request(
        moderator, group, person, is_accepted=is_accepted, reason=reason
    )
    return await one(person, group)


async def _waiting(request: web.Request, state: State) -> web.Response:
    group = await run_by(account_of(request).actor, await found_group(request))
    return await _standing_as(request, state, group)


async def _standing_as(request: web.Request, state: State, group: Actor) -> web.Response:
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    found: Slice[Membership] = await standing_as(state, group, page)
    return listed(request, found, await members_of(found.rows), newer="since_id")
