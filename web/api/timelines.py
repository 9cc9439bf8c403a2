"""/api/v1/timelines: what a reader sees, newest first."""

from collections.abc import Sequence

from aiohttp import web

from core.paging import Slice
from inbox import marked, reading, slices, tagged
from notes.cards import LONGEST_URL, Card
from notes.filters import Context
from notes.note import Note
from web.api.access import account_of, reader_of
from web.api.answers import listed
from web.api.asked import asked
from web.api.entities.statuses import statuses_of
from web.errors import Missing

MOST_TAGS = 4  # of each kind, as Mastodon counts


async def home(request: web.Request) -> web.Response:
    """What the people a reader follows post, and the reader's own notes."""
    page = (await asked(request)).page()
    reader = account_of(request).actor
    return await timeline(request, await reading.home(reader, page), Context.HOME)


async def public(request: web.Request) -> web.Response:
    """All public notes we know: `local`, `remote` or both."""
    wanted = await asked(request)
    reader, page = reader_of(request), wanted.page()
    shows = slices.MEDIA if wanted.is_on("only_media") else None
    if wanted.is_on("local"):
        return await timeline(request, await reading.local(reader, page, shows=shows))
    if wanted.is_on("remote"):
        return await timeline(request, await reading.remote(reader, page, shows=shows))
    return await timeline(request, await reading.federated(reader, page, shows=shows))


async def tag(request: web.Request) -> web.Response:
    """The public notes that carry a tag, or several; one that nobody used is an empty list."""
    wanted = await asked(request)
    shows = slices.MEDIA if wanted.is_on("only_media") else None
    any_of = [request.match_info["tag"], *wanted.texts("any", MOST_TAGS)]
    is_local = True if wanted.is_on("local") else False if wanted.is_on("remote") else None
    tags = tagged.Tagged(
        _tag_names(any_of),
        _tag_names(wanted.texts("all", MOST_TAGS)),
        _tag_names(wanted.texts("none", MOST_TAGS)),
        is_local,
    )
    found = await tagged.of_tags(tags, reader_of(request), wanted.page(), shows=shows)
    return await timeline(request, found)


async def link(request: web.Request) -> web.Response:
    """The public notes that lead to a page which we know."""
    wanted = await asked(request)
    card = await Card.get_or_none(url=(wanted.text("url") or "")[:LONGEST_URL])
    if card is None:
        raise Missing("a page nobody here links to")
    return await timeline(request, await tagged.of_card(card.id, reader_of(request), wanted.page()))


def _tag_names(texts: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(each.strip().removeprefix("#").casefold() for each in texts))


async def favourites(request: web.Request) -> web.Response:
    """What a reader likes, the last liked first."""
    page = (await asked(request)).page()
    return await kept(request, await marked.likes(account_of(request).actor, page))


async def bookmarks(request: web.Request) -> web.Response:
    """What a reader keeps, the last kept first."""
    page = (await asked(request)).page()
    return await kept(request, await marked.bookmarks(account_of(request).actor, page))


async def kept(request: web.Request, found: Slice[Note]) -> web.Response:
    """Answer with a page of statuses that somebody marked; it goes on only where more is."""
    return listed(request, found, await statuses_of(found.rows, reader_of(request)))


async def timeline(
    request: web.Request, found: Slice[Note], context: Context = Context.PUBLIC
) -> web.Response:
    """Answer with a page of statuses; `context` says which filters of the reader work."""
    statuses = await statuses_of(found.rows, reader_of(request), context)
    return listed(request, found, statuses, is_timeline=True)
