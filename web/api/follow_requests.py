"""/api/v1/follow_requests: who asks to follow, and what they are answered."""

from aiohttp import web

from actors.actor import Actor
from actors.follows import follow_between, requests_to
from core.paging import number
from inbox.follow import answer_request
from web.api.access import account_of
from web.api.answers import answer, listed
from web.api.asked import asked
from web.api.entities.accounts import accounts_of
from web.api.entities.relationships import relationship_of
from web.errors import Missing

PEOPLE, MOST_PEOPLE = 40, 80


async def index(request: web.Request) -> web.Response:
    """Who waits for an answer, the last first; cursors are those of the requests."""
    page = (await asked(request)).page(limit=PEOPLE, most=MOST_PEOPLE)
    found = await requests_to(account_of(request).actor, page)
    shown = await accounts_of([each.follower for each in found.rows])
    people = [shown[each.follower_id] for each in found.rows]
    return listed(request, found, people, newer="since_id")


async def authorize(request: web.Request) -> web.Response:
    """Let someone follow."""
    return await _answer(request, is_accepted=True)


async def reject(request: web.Request) -> web.Response:
    """Let someone not follow."""
    return await _answer(request, is_accepted=False)


async def _answer(request: web.Request, *, is_accepted: bool) -> web.Response:
    me = account_of(request).actor
    follower = await Actor.get_or_none(id=number(request.match_info["id"]) or 0)
    asked_for = await follow_between(follower, me) if follower else None
    if follower is None or asked_for is None or asked_for.is_accepted:
        raise Missing(request.path)
    await answer_request(asked_for, follower, me, is_accepted=is_accepted)
    return answer(await relationship_of(me, follower))
