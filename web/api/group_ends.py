"""/api/rubric/v1/groups/…: handing a group on, closing it after a notice, offering to run one."""

from datetime import UTC, datetime

from aiohttp import web

from actors.actor import Actor
from moderation import group_ends
from moderation.group_succession import ask_for_role
from web.api.access import account_of
from web.api.answers import answer
from web.api.asked import asked
from web.api.entities.groups import group_of
from web.api.errors import Lacking
from web.api.groups import found_group
from web.errors import Missing


async def transfer(request: web.Request) -> web.Response:
    """Hand a group on to a member who lives here; who owned it moderates from then on."""
    owner, group, wanted = (
        account_of(request).actor,
        await found_group(request),
        await asked(request),
    )
    heir = await Actor.get_or_none(id=wanted.id("account_id") or 0)
    if heir is None or not heir.is_present:
        raise Missing("nobody has this id")
    await group_ends.transfer(owner, group, heir)
    return answer(await group_of(group, owner))


async def close(request: web.Request) -> web.Response:
    """Say that a group will close on a day; a day without an hour is the end of it."""
    owner, group, wanted = (
        account_of(request).actor,
        await found_group(request),
        await asked(request),
    )
    at = wanted.moment("at")
    if at is None:
        raise Lacking("at")
    await group_ends.announce_closing(owner, group, _end(at), reason=wanted.text("reason") or "")
    return answer(await group_of(group, owner))


async def stay(request: web.Request) -> web.Response:
    """Let a group go on that was to close."""
    owner, group = account_of(request).actor, await found_group(request)
    await group_ends.call_off(owner, group)
    return answer(await group_of(group, owner))


async def offer(request: web.Request) -> web.Response:
    """Offer to run a group that nobody runs any more; the moderators of the server answer."""
    person, group, wanted = (
        account_of(request).actor,
        await found_group(request),
        await asked(request),
    )
    await ask_for_role(person, group, wanted.text("text") or "")
    return answer(await group_of(group, person))


def _end(at: datetime) -> datetime:
    at = at.astimezone(UTC)
    is_day = (at.hour, at.minute, at.second) == (0, 0, 0)
    return at.replace(hour=23, minute=59) if is_day else at
