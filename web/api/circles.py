"""/api/rubric/v1/circles: people somebody shows some notes to, for their owner alone."""

from aiohttp import web

from actors.actor import Actor
from actors.aware import want_known
from actors.circles import (
    Circle,
    NotInCircles,
    circle_of,
    circles_of,
    delete_circle,
    in_circle,
    make_circle,
    put_in_circle,
    rename_circle,
    take_out_of_circle,
)
from core.paging import number
from core.rows import load_ids
from notes.chosen import CHOSEN, readers_chosen
from notes.note import Audience
from notes.reach import reach_among
from outbox.narrow import narrow
from outbox.refusals import NotValid
from web.api.access import account_of
from web.api.answers import answer, listed, nothing
from web.api.asked import asked
from web.api.entities.accounts import accounts_of
from web.api.entities.circles import circles_shown, reach_shown
from web.api.entities.statuses import status_of
from web.api.errors import ApiError, Invalid
from web.api.statuses import own_note
from web.errors import Missing
from web.refusals import why

PEOPLE, MOST_PEOPLE = 40, 80
MOST_AT_ONCE = 200
MOST_CIRCLES_OF_NOTE = 100


async def index(request: web.Request) -> web.Response:
    """All circles of one's own; with `account_id` those that somebody is in."""
    owner, wanted = account_of(request).actor, await asked(request)
    if not wanted.has("account_id"):
        return answer(await circles_shown(await circles_of(owner), owner))
    person = await Actor.get_or_none(id=wanted.id("account_id") or 0)
    if person is None:
        raise Missing("nobody has this id")
    return answer(await circles_shown(await circles_of(owner, holding=person), owner))


async def show(request: web.Request) -> web.Response:
    """One of one's circles."""
    return await _answer(request, await _own(request))


async def create(request: web.Request) -> web.Response:
    """Make an empty circle."""
    owner, name = account_of(request).actor, (await asked(request)).needed("name")
    try:
        return await _answer(request, await make_circle(owner, name))
    except NotInCircles as error:
        raise Invalid({"name": ("ERR_INVALID", why(error))}) from error


async def save(request: web.Request) -> web.Response:
    """Give a circle another name."""
    circle, name = await _own(request), (await asked(request)).needed("name")
    try:
        await rename_circle(circle, name)
    except NotInCircles as error:
        raise Invalid({"name": ("ERR_INVALID", why(error))}) from error
    return await _answer(request, circle)


async def delete(request: web.Request) -> web.Response:
    """Delete a circle; notes that were for it stay with whom they were for."""
    await delete_circle(await _own(request))
    return nothing()


async def members(request: web.Request) -> web.Response:
    """Who is in a circle, the last put in first."""
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    found = await in_circle(await _own(request), page)
    shown = await accounts_of(found.rows)
    return listed(request, found, [shown[each.id] for each in found.rows])


async def add(request: web.Request) -> web.Response:
    """Put people into a circle; nobody has to follow anybody, and nobody is told."""
    circle = await _own(request)
    ids = (await asked(request)).ids("account_ids", MOST_AT_ONCE)
    people = await load_ids(Actor, ids)
    if len(people) < len(set(ids)):
        raise Missing("nobody has one of these ids")
    try:
        for each in people.values():
            await put_in_circle(circle, each)
    except NotInCircles as error:
        raise ApiError(why(error)) from error
    await want_known(list(people.values()))
    return nothing()


async def remove(request: web.Request) -> web.Response:
    """Take people out of a circle; what was shown to them before stays shown."""
    circle = await _own(request)
    await take_out_of_circle(circle, (await asked(request)).ids("account_ids", MOST_AT_ONCE))
    return nothing()


async def reach(request: web.Request) -> web.Response:
    """Whom a status for mutuals, or for these circles, would go to now, to be said before."""
    author, wanted = account_of(request).actor, await asked(request)
    audience = wanted.needed("audience")
    if audience not in CHOSEN:
        raise Invalid({"audience": ("ERR_INCLUSION", "is not included in the list")})
    circles = wanted.ids("circles", MOST_CIRCLES_OF_NOTE)
    found = await readers_chosen(author, Audience(audience), circles)
    return answer(reach_shown(await reach_among(found)))


async def narrow_status(request: web.Request) -> web.Response:
    """Put a status for fewer people in the place of one's own; the answer is the new one."""
    author, wanted = account_of(request).actor, await asked(request)
    audience = wanted.needed("audience")
    if audience not in set(Audience):
        raise Invalid({"audience": ("ERR_INCLUSION", "is not included in the list")})
    circles = wanted.ids("circles", MOST_CIRCLES_OF_NOTE)
    note = await own_note(request)
    try:
        fresh = await narrow(author, note, Audience(audience), circles)
    except NotValid as error:
        raise Invalid({error.field: ("ERR_INVALID", why(error))}) from error
    return answer(await status_of(fresh, author))


async def _answer(request: web.Request, circle: Circle) -> web.Response:
    return answer((await circles_shown([circle], account_of(request).actor))[0])


async def _own(request: web.Request) -> Circle:
    circle = await circle_of(account_of(request).actor, number(request.match_info["id"]))
    if circle is None:
        raise Missing(request.path)
    return circle
