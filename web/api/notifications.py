"""/api/v1/notifications and /api/v2/notifications: what someone was told, one by one or grouped."""

from aiohttp import web

from actors.actor import Actor
from core.paging import number
from inbox.grouped import (
    GROUPED,
    dismiss_group,
    group_of,
    groups_page,
    people_of,
    span_from,
    unread_groups,
)
from inbox.notifications import OURS, Event, Notification, clear, dismiss, unread_count
from inbox.told import Wanted, told_page, told_to
from web.api.access import account_of
from web.api.answers import answer, listed, nothing
from web.api.asked import Asked, asked
from web.api.entities.accounts import accounts_of
from web.api.entities.notifications import grouped, notifications_of
from web.errors import Missing

LINES, MOST_LINES = 40, 80
COUNTED, MOST_COUNTED = 100, 1000
EVENTS = {each.value: each for each in Event}


async def index(request: web.Request) -> web.Response:
    """What someone was told, the newest first."""
    wanted, reader = await asked(request), account_of(request).actor
    page = wanted.page(limit=LINES, most=MOST_LINES)
    found = await told_page(reader, page, _wanted(wanted))
    return listed(request, found, await notifications_of(found.rows, reader))


async def show(request: web.Request) -> web.Response:
    """One notification of one's own."""
    reader = account_of(request).actor
    told = await _own(request, reader)
    return answer((await notifications_of([told], reader))[0])


async def unread(request: web.Request) -> web.Response:
    """How many were not looked at, up to a limit."""
    most = _most(await asked(request))
    return answer({"count": await unread_count(account_of(request).actor, most)})


async def clear_all(request: web.Request) -> web.Response:
    """Forget all that one was told."""
    await clear(account_of(request).actor)
    return nothing()


async def dismiss_one(request: web.Request) -> web.Response:
    """Forget one notification of one's own."""
    reader = account_of(request).actor
    await dismiss(reader, [(await _own(request, reader)).id])
    return nothing()


async def dismiss_many(request: web.Request) -> web.Response:
    """Forget several notifications; those of others stay."""
    ids = (await asked(request)).ids("ids", MOST_LINES)
    await dismiss(account_of(request).actor, [each for each in ids if each < 1 << 31])
    return nothing()


async def groups(request: web.Request) -> web.Response:
    """What someone was told, with what belongs together as one."""
    wanted, reader = await asked(request), account_of(request).actor
    page = wanted.page(limit=LINES, most=MOST_LINES)
    found = await groups_page(reader, page, _wanted(wanted), _kinds(wanted))
    shown = await grouped(found.rows, reader, partial=_is_partial(wanted))
    written = listed(request, found, [])
    return answer(shown, headers={"Link": link} if (link := written.headers.get("Link")) else None)


async def group(request: web.Request) -> web.Response:
    """One group."""
    reader = account_of(request).actor
    found = await group_of(reader, _key(request))
    if found is None:
        raise Missing(request.path)
    return answer(await grouped([found], reader, is_page=False))


async def group_accounts(request: web.Request) -> web.Response:
    """Everyone behind a group."""
    people = await people_of(account_of(request).actor, _key(request))
    if not people:
        raise Missing(request.path)
    shown = await accounts_of(people)
    return answer([shown[each.id] for each in people])


async def dismiss_grouped(request: web.Request) -> web.Response:
    """Forget a whole group; done again it changes nothing."""
    await dismiss_group(account_of(request).actor, _key(request))
    return nothing()


async def unread_grouped(request: web.Request) -> web.Response:
    """In how many groups something was not looked at."""
    wanted, reader = await asked(request), account_of(request).actor
    count = await unread_groups(reader, _most(wanted), _wanted(wanted), _kinds(wanted))
    return answer({"count": count})


async def _own(request: web.Request, reader: Actor) -> Notification:
    wanted = number(request.match_info["id"])
    found = await told_to(reader, [wanted]) if wanted is not None and wanted < 1 << 31 else []
    if not found:
        raise Missing(request.path)
    return found[0]


def _key(request: web.Request) -> str:
    key = request.match_info["key"]
    if span_from(key) is None:
        raise Missing(request.path)
    return key


def _wanted(asked_for: Asked) -> Wanted:
    """Read which events are wanted; apps of others know none by groups, and get it if they ask."""
    types = asked_for.texts("types")
    events = [EVENTS[each] for each in types if each in EVENTS]
    out = {EVENTS[each] for each in asked_for.texts("exclude_types") if each in EVENTS}
    if types:
        events = [each for each in events if each not in out]
    return Wanted(
        events=events,
        but=[] if types else sorted({*out, *OURS}),
        actor_id=asked_for.id("account_id"),
        with_aside=asked_for.is_on("include_filtered"),
        is_none=bool(types) and not events,
    )


def _kinds(wanted: Asked) -> tuple[Event, ...]:
    if not wanted.has("grouped_types"):
        return GROUPED
    said = wanted.texts("grouped_types")
    return tuple(each for each in GROUPED if each.value in said)


def _is_partial(wanted: Asked) -> bool:
    return wanted.text("expand_accounts") == "partial_avatars"


def _most(wanted: Asked) -> int:
    return wanted.page(limit=COUNTED, most=MOST_COUNTED).limit
