"""/api/v1/trends, suggestions and directory: what and whom there is to find, in a stated order."""

import msgspec
from aiohttp import web

from core.rows import load_ids
from inbox import suggesting
from inbox.explore import history_of_links, topics
from inbox.slices import notes_of
from inbox.suggesting import suggestions_for
from moderation.trending import trending_links, trending_notes
from notes.cards import Card
from notes.filters import Context
from notes.tags import Tag
from web.api.access import account_of, reader_of
from web.api.accounts import found_actor
from web.api.answers import answer, nothing
from web.api.asked import Asked, asked
from web.api.entities.accounts import accounts_of
from web.api.entities.cards import trend_of
from web.api.entities.statuses import statuses_of
from web.api.entities.tags import days_of, tags_of

TAGS, MOST_TAGS = 10, 20
STATUSES, MOST_STATUSES = 20, 40
LINKS, MOST_LINKS = 10, 20
PEOPLE, MOST_PEOPLE = 40, 80
MOST_OFFSET = 10_000


class SuggestionEntity(msgspec.Struct):
    """Somebody to follow; `sources` says why, `source` says it in elder words."""

    source: str
    sources: list[str]
    account: msgspec.Raw


async def tags(request: web.Request) -> web.Response:
    """The tags that most people used this week."""
    limit, offset = _cut(await asked(request), TAGS, MOST_TAGS)
    names = [name.casefold() for name, _ in (await topics())[offset : offset + limit]]
    found = {each.name: each for each in await Tag.filter(name__in=names)} if names else {}
    ordered = [found[name] for name in names if name in found]
    return answer(await tags_of(ordered, reader_of(request)))


async def statuses(request: web.Request) -> web.Response:
    """The trending notes by the published formula; none while the policy says they are too few."""
    limit, offset = _cut(await asked(request), STATUSES, MOST_STATUSES)
    reader = reader_of(request)
    notes = await notes_of((await trending_notes())[offset : offset + limit], reader)
    return answer(await statuses_of(notes, reader, Context.PUBLIC))


async def links(request: web.Request) -> web.Response:
    """The pages that trending notes lead to, by the sum of what these notes have."""
    limit, offset = _cut(await asked(request), LINKS, MOST_LINKS)
    wanted = (await trending_links())[offset : offset + limit]
    cards, history = await load_ids(Card, wanted), await history_of_links(wanted)
    return answer(
        [trend_of(cards[each], days_of(history[each])) for each in wanted if each in cards]
    )


async def suggestions(request: web.Request) -> web.Response:
    """People to follow, and why."""
    limit, offset = _cut(await asked(request), PEOPLE, MOST_PEOPLE)
    found = (await suggestions_for(account_of(request).actor))[offset : offset + limit]
    shown = await accounts_of([each.person for each in found])
    return answer(
        [
            SuggestionEntity("global", [why.value for why in each.because], shown[each.person.id])
            for each in found
        ]
    )


async def suggestions_v1(request: web.Request) -> web.Response:
    """People to follow."""
    limit, offset = _cut(await asked(request), PEOPLE, MOST_PEOPLE)
    found = (await suggestions_for(account_of(request).actor))[offset : offset + limit]
    shown = await accounts_of([each.person for each in found])
    return answer([shown[each.person.id] for each in found])


async def dismiss(request: web.Request) -> web.Response:
    """Have somebody suggested no more."""
    await suggesting.dismiss(account_of(request).actor, await found_actor(request))
    return nothing()


async def directory(request: web.Request) -> web.Response:
    """People who allow being found: `order` is `active` or `new`."""
    wanted = await asked(request)
    limit, offset = _cut(wanted, PEOPLE, MOST_PEOPLE)
    found = await suggesting.directory(
        reader_of(request),
        by_newest=wanted.text("order") == "new",
        only_local=wanted.is_on("local"),
        limit=limit,
        offset=offset,
    )
    shown = await accounts_of(found)
    return answer([shown[each.id] for each in found])


def _cut(wanted: Asked, limit: int, most: int) -> tuple[int, int]:
    """Read how many are wanted, and from which on."""
    asked_for = abs(wanted.number("limit") or 0) or limit
    return min(asked_for, most), min(max(wanted.number("offset") or 0, 0), MOST_OFFSET)
