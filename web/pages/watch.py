"""Videos one after another, in the order of the list they were opened from."""

from urllib.parse import parse_qsl

from aiohttp import web

from actors.actor import Actor
from core.paging import Page, number, page_from
from inbox import reading
from notes.note import Shows
from web.asking import reader
from web.building.notes import video_views, watch_url
from web.narrowing import SHOW
from web.pages.watched import watched
from web.paging import pager
from web.render import query, render

VIDEOS = 8


async def show(request: web.Request) -> web.StreamResponse:
    """Show the videos of a list; `from` names it, `at` is the row to begin with."""
    viewer = await reader(request)
    source = await watched(request.query.get("from", "explore"), viewer)
    page = page_from(request.query, limit=VIDEOS, most=VIDEOS)
    begin = number(request.query.get("at", ""))
    if begin is None or page.max_id is not None or page.min_id is not None:
        found = await source.read(page)
    else:
        found = await source.page_at(page, begin)
    pages = pager(request, found)
    is_empty = not (found.rows or pages.older_url or pages.newer_url)
    return render(
        request,
        "watch.html",
        videos=await video_views(found.rows, viewer),
        pager=pages,
        back=source.back,
        whole=_unnarrowed(source.back),
        elsewhere=await _elsewhere(viewer) if is_empty else "",
    )


def _unnarrowed(path: str) -> str:
    bare, _, said = path.partition("?")
    return query(bare, **{name: value for name, value in parse_qsl(said) if name != SHOW})


async def _elsewhere(viewer: Actor | None) -> str:
    """Return where there are videos to watch, if anybody here published one."""
    found = await reading.local(viewer, Page(limit=1), shows=Shows.VIDEO)
    return watch_url("local") if found.rows else ""
