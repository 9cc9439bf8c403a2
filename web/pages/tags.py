"""The notes of a tag."""

from aiohttp import web

from inbox.explore import uses_of
from inbox.reading import of_tag
from notes.tags import Tag
from web.asking import reader
from web.building.notes import tag_card
from web.narrowing import wanted_shows
from web.pages.home import cards_page, feed
from web.render import render


async def show(request: web.Request) -> web.StreamResponse:
    """Show the public notes of a tag; one nobody used yet has none."""
    viewer = await reader(request)
    name = request.match_info["tag"][:200]
    found = await of_tag(name, viewer, cards_page(request), shows=wanted_shows(request))
    # A tag is called as its first writer wrote it, but only once something public carries it.
    tag = await Tag.get_or_none(name=name.casefold()) if found.rows else None
    return render(
        request,
        "tag.html",
        tag=tag_card(tag.shown if tag else name, await uses_of(name)),
        is_followed=None,
        **await feed(request, found, viewer, source=f"tag:{name.casefold()}"),
    )
