"""/api/v2/search and its elder sister: people, tags and notes by words, and by their address."""

from typing import Any

from aiohttp import web

from actors.actor import Actor
from actors.follows import followed_among
from core.paging import Page
from federation.urls import is_http
from inbox import finding, naming
from inbox.naming import Named
from notes.tags import Tag
from web.api.access import reader_of
from web.api.answers import answer
from web.api.asked import Asked, asked
from web.api.entities.accounts import accounts_of
from web.api.entities.statuses import statuses_of
from web.api.entities.tags import TagEntity, tags_of
from web.errors import NotSignedIn

LONGEST = 500
MOST_OFFSET = 400


async def show(request: web.Request) -> web.Response:
    """People, tags and notes; what is asked of other servers, or page by page, takes a token."""
    return answer(await _found(request))


async def show_v1(request: web.Request) -> web.Response:
    """The same, with tags by their names alone."""
    found = await _found(request)
    return answer(found | {"hashtags": [each.name for each in found["hashtags"]]})


async def _found(request: web.Request) -> dict[str, Any]:
    wanted, reader = await asked(request), reader_of(request)
    words = wanted.needed("q")[:LONGEST]
    if reader is None and (wanted.is_on("resolve") or wanted.number("offset")):
        raise NotSignedIn("resolving and offsets take a token")
    named = await (naming.asked if wanted.is_on("resolve") else naming.named)(words, reader)
    page = wanted.page()
    offset = min(max(wanted.number("offset") or 0, 0), MOST_OFFSET)
    cut = slice(offset, offset + page.limit)
    return {
        "accounts": (await _accounts(wanted, words, reader, named))[cut],
        "hashtags": (await _tags(wanted, words, reader))[cut],
        "statuses": await _statuses(wanted, words, reader, page, offset, named),
        "collections": [],
    }


async def _accounts(wanted: Asked, words: str, reader: Actor | None, named: Named) -> list[Any]:
    if not _wants(wanted, "accounts"):
        return []
    people = await finding.people(words, reader, named.actor)
    if reader is not None:
        near = await followed_among(reader, people)
        people = [each for each in people if each.id in near] + (
            [] if wanted.is_on("following") else [each for each in people if each.id not in near]
        )
    shown = await accounts_of(people)
    return [shown[each.id] for each in people]


async def _tags(wanted: Asked, words: str, reader: Actor | None) -> list[TagEntity]:
    if not _wants(wanted, "hashtags") or is_http(words):
        return []
    names = [name.casefold() for name, _ in await finding.tags(words)]
    tags = {each.name: each for each in await Tag.filter(name__in=names)} if names else {}
    return await tags_of([tags[name] for name in names if name in tags], reader)


async def _statuses(
    wanted: Asked, words: str, reader: Actor | None, page: Page, offset: int, named: Named
) -> list[Any]:
    if not _wants(wanted, "statuses"):
        return []
    if is_http(words):
        return await statuses_of([named.note] if named.note and not offset else [], reader)
    author = wanted.id("account_id")
    found = await finding.notes(words, reader, page, offset=offset, author=author)
    return await statuses_of(found.rows, reader)


def _wants(wanted: Asked, kind: str) -> bool:
    return (wanted.text("type") or kind) == kind
