"""/api/v1/lists: people sorted by their reader."""

import msgspec
from aiohttp import web

from actors.actor import Actor
from actors.follows import Follow
from actors.lists import (
    LONGEST_TITLE,
    List,
    ListsFull,
    RepliesPolicy,
    lists_of,
    make_list,
    members_of,
    put_in,
    take_out,
)
from core.paging import number
from core.rows import load_ids
from inbox import reading
from notes.filters import Context
from web.api.access import account_of
from web.api.accounts import found_actor
from web.api.answers import answer, listed, nothing
from web.api.asked import Asked, asked
from web.api.entities.accounts import accounts_of
from web.api.errors import ApiError, Invalid
from web.api.timelines import timeline
from web.errors import Missing

PEOPLE, MOST_PEOPLE = 40, 80
MOST_AT_ONCE = 200


class ListEntity(msgspec.Struct):
    """A list, as the API writes it."""

    id: str
    title: str
    replies_policy: str
    exclusive: bool


async def index(request: web.Request) -> web.Response:
    """All of one's lists."""
    return answer([_shown(each) for each in await lists_of(account_of(request).actor)])


async def holding(request: web.Request) -> web.Response:
    """Those of one's lists that somebody stands in."""
    person = await found_actor(request)
    found = await lists_of(account_of(request).actor, holding=person)
    return answer([_shown(each) for each in found])


async def show(request: web.Request) -> web.Response:
    """One of one's lists."""
    return answer(_shown(await _own(request)))


async def create(request: web.Request) -> web.Response:
    """Make a list."""
    wanted = await asked(request)
    try:
        found = await make_list(
            account_of(request).actor,
            _title(wanted) or "",
            _policy(wanted) or RepliesPolicy.LIST,
            is_exclusive=wanted.is_on("exclusive"),
        )
    except ListsFull as error:
        raise ApiError(str(error)) from error
    return answer(_shown(found))


async def save(request: web.Request) -> web.Response:
    """Change a list."""
    found, wanted = await _own(request), await asked(request)
    if wanted.has("title"):
        found.title = _title(wanted) or ""
    found.replies_policy = _policy(wanted) or found.replies_policy
    exclusive = wanted.flag("exclusive")
    found.is_exclusive = found.is_exclusive if exclusive is None else exclusive
    await found.save()
    return answer(_shown(found))


async def delete(request: web.Request) -> web.Response:
    """Drop a list."""
    await List.filter(id=(await _own(request)).id).delete()
    return nothing()


async def members(request: web.Request) -> web.Response:
    """Who stands in a list; a limit of 0 means all."""
    wanted = await asked(request)
    is_all = wanted.number("limit") == 0
    page = None if is_all else wanted.page(limit=PEOPLE, most=MOST_PEOPLE)
    found = await members_of(await _own(request), page)
    shown = await accounts_of(found.rows)
    return listed(request, found, [shown[each.id] for each in found.rows], newer="since_id")


async def add(request: web.Request) -> web.Response:
    """Put people one follows, or has asked to follow, into a list."""
    found, reader = await _own(request), account_of(request).actor
    ids = (await asked(request)).ids("account_ids", MOST_AT_ONCE)
    if len(await load_ids(Actor, ids)) < len(ids):
        raise Missing("nobody has one of these ids")
    rows = await Follow.filter(follower_id=reader.id, followed_id__in=ids).values("followed_id")
    followed = {row["followed_id"] for row in rows} | {reader.id}
    if not set(ids) <= followed:
        raise ApiError("Validation failed: You must be following this account")
    try:
        await put_in(found, ids)
    except ListsFull as error:
        raise ApiError(str(error)) from error
    return nothing()


async def remove(request: web.Request) -> web.Response:
    """Take people out of a list."""
    found = await _own(request)
    await take_out(found, (await asked(request)).ids("account_ids", MOST_AT_ONCE))
    return nothing()


async def notes(request: web.Request) -> web.Response:
    """What the people of a list post."""
    found = await _own(request)
    page = (await asked(request)).page()
    shown = await reading.of_list(found, account_of(request).actor, page)
    return await timeline(request, shown, Context.HOME)


def _shown(found: List) -> ListEntity:
    return ListEntity(str(found.id), found.title, found.replies_policy.value, found.is_exclusive)


def _title(wanted: Asked) -> str:
    title = (wanted.text("title") or "").strip()
    if not title:
        raise Invalid({"title": ("ERR_BLANK", "can't be blank")})
    if len(title) > LONGEST_TITLE:
        raise Invalid({"title": ("ERR_TOO_LONG", f"is longer than {LONGEST_TITLE}")})
    return title


def _policy(wanted: Asked) -> RepliesPolicy | None:
    text = wanted.text("replies_policy")
    if not text:
        return None
    if text not in list(RepliesPolicy):
        raise Invalid({"replies_policy": ("ERR_INCLUSION", "is not included in the list")})
    return RepliesPolicy(text)


async def _own(request: web.Request) -> List:
    found = await List.get_or_none(
        id=number(request.match_info["id"]), owner_id=account_of(request).actor.id
    )
    if found is None:
        raise Missing(request.path)
    return found
