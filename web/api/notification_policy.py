"""/api/v2/notifications/policy and the requests: of whom someone would rather not be told."""

from collections.abc import Sequence

from aiohttp import web

from core.paging import number
from inbox.requests import (
    accept_requests,
    dismiss_requests,
    request_of,
    requests_page,
    waiting_counts,
)
from inbox.sieve import KINDS, Verdict, set_sieve, sieve_of
from web.api.access import account_of
from web.api.answers import answer, listed, nothing
from web.api.asked import asked
from web.api.entities.notifications import policy_of, requests_of, v1_policy_of
from web.api.errors import Invalid
from web.errors import Missing

LINES, MOST_LINES = 40, 80
OLD_KINDS = {each.replace("for_", "filter_"): each for each in KINDS[:4]}


async def policy(request: web.Request) -> web.Response:
    """What becomes of events of those one does not know."""
    reader = account_of(request).actor
    return answer(policy_of(await sieve_of(reader), await waiting_counts(reader)))


async def save_policy(request: web.Request) -> web.Response:
    """Change it; what is not said stays."""
    wanted, reader = await asked(request), account_of(request).actor
    said = {kind: wanted.text(kind) for kind in KINDS if wanted.text(kind)}
    if wrong := {kind for kind, value in said.items() if value not in set(Verdict)}:
        raise Invalid(dict.fromkeys(wrong, ("ERR_INCLUSION", "is not included in the list")))
    sieve = await set_sieve(reader, {kind: Verdict(value or "") for kind, value in said.items()})
    return answer(policy_of(sieve, await waiting_counts(reader)))


async def old_policy(request: web.Request) -> web.Response:
    """The same in the form of Mastodon 4.3's first version."""
    reader = account_of(request).actor
    return answer(v1_policy_of(await sieve_of(reader), await waiting_counts(reader)))


async def save_old_policy(request: web.Request) -> web.Response:
    """Change it in the older form: set aside, or not."""
    wanted, reader = await asked(request), account_of(request).actor
    flags = {kind: wanted.flag(name) for name, kind in OLD_KINDS.items()}
    said = {
        kind: Verdict.FILTER if flag else Verdict.ACCEPT
        for kind, flag in flags.items()
        if flag is not None
    }
    return answer(v1_policy_of(await set_sieve(reader, said), await waiting_counts(reader)))


async def requests(request: web.Request) -> web.Response:
    """Who waits, the last to do something first."""
    reader = account_of(request).actor
    page = (await asked(request)).page(limit=LINES, most=MOST_LINES)
    found = await requests_page(reader, page)
    return listed(request, found, await requests_of(found.rows, reader))


async def show_request(request: web.Request) -> web.Response:
    """One of those who wait."""
    reader = account_of(request).actor
    found = await request_of(reader, _id(request))
    if found is None:
        raise Missing(request.path)
    return answer((await requests_of([found], reader))[0])


async def accept(request: web.Request) -> web.Response:
    """Be told of someone from now on."""
    return await _accept(request, [_id(request)], is_one=True)


async def accept_many(request: web.Request) -> web.Response:
    """The same of several."""
    return await _accept(request, (await asked(request)).ids("id"))


async def refuse(request: web.Request) -> web.Response:
    """Forget what someone did."""
    return await _dismiss(request, [_id(request)], is_one=True)


async def refuse_many(request: web.Request) -> web.Response:
    """The same of several."""
    return await _dismiss(request, (await asked(request)).ids("id"))


async def merged(request: web.Request) -> web.Response:
    """Whether what was accepted is in the list: always, for it is one change here."""
    return answer({"merged": True})


async def _accept(
    request: web.Request, ids: Sequence[int], *, is_one: bool = False
) -> web.Response:
    await _check(request, ids, is_one=is_one)
    await accept_requests(account_of(request).actor, ids)
    return nothing()


async def _dismiss(
    request: web.Request, ids: Sequence[int], *, is_one: bool = False
) -> web.Response:
    await _check(request, ids, is_one=is_one)
    await dismiss_requests(account_of(request).actor, ids)
    return nothing()


async def _check(request: web.Request, ids: Sequence[int], *, is_one: bool) -> None:
    if is_one and await request_of(account_of(request).actor, ids[0]) is None:
        raise Missing(request.path)


def _id(request: web.Request) -> int:
    return number(request.match_info["id"]) or 0
