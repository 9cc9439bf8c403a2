"""Videos one after another, in the order of the list they were opened from."""

from aiohttp import web

from actors.actor import Actor
from core.paging import Page, Slice, number, page_from
from inbox import reading, tagged
from notes.note import Note, Shows
from web.asking import reader
from web.building.notes import video_views
from web.errors import Missing
from web.pages.profile import person_called
from web.paging import pager
from web.render import query, render

VIDEOS = 8
PUBLIC_LISTS = {
    "explore": reading.explore,
    "local": reading.local,
    "federated": reading.federated,
}


async def show(request: web.Request) -> web.StreamResponse:
    """Show the videos of a list; `from` names it, `at` is the row to begin with."""
    viewer = await reader(request)
    source = request.query.get("from", "explore")
    found = await _videos(source, viewer, _page(request))
    return render(
        request,
        "watch.html",
        videos=await video_views(found.rows, viewer),
        pager=pager(request, found),
        back=_list_of(source),
    )


def _page(request: web.Request) -> Page:
    asked = page_from(request.query, limit=VIDEOS, most=VIDEOS)
    begin = number(request.query.get("at", ""))
    if begin is None or asked.max_id is not None or asked.min_id is not None:
        return asked
    return Page(max_id=begin + 1, limit=asked.limit)


async def _videos(source: str, viewer: Actor | None, page: Page) -> Slice[Note]:
    """Read the list a name stands for; raise Missing where there is none."""
    if source == "home":
        # The first page of a visitor shows what is written here.
        if viewer is None:
            return await reading.local(None, page, shows=Shows.VIDEO)
        return await reading.home(viewer, page, shows=Shows.VIDEO)
    if source in PUBLIC_LISTS:
        return await PUBLIC_LISTS[source](viewer, page, shows=Shows.VIDEO)
    if source.startswith("tag:"):
        return await tagged.of_tag(source[4:204], viewer, page, shows=Shows.VIDEO)
    if not source.startswith("@"):
        raise Missing(source)
    author = await person_called(source[1:], viewer)
    return await reading.of_author(author, viewer, page, shows=Shows.VIDEO)


def _list_of(source: str) -> str:
    """Return the address of the list a name stands for."""
    if source.startswith("tag:"):
        return query(f"/tags/{source[4:204]}", show="video")
    path = "/" if source == "home" else f"/{source}"
    return query(path, show="video")
