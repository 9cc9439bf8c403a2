"""The notes a member keeps."""

from aiohttp import web

from inbox.marked import bookmarks
from web.asking import signed_in
from web.pages.home import cards_page, feed
from web.render import render


async def show(request: web.Request) -> web.StreamResponse:
    """Show what the reader keeps, the last kept first."""
    viewer = (await signed_in(request)).actor
    found = await bookmarks(viewer, cards_page(request))
    return render(request, "bookmarks.html", **await feed(request, found, viewer))
