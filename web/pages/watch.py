"""Videos one after another, in the order of the list they were opened from."""

from aiohttp import web

from core.paging import number, page_from
from web.asking import reader
from web.building.notes import video_views
from web.pages.watched import watched
from web.paging import pager
from web.render import render

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
    return render(
        request,
        "watch.html",
        videos=await video_views(found.rows, viewer),
        pager=pager(request, found),
        back=source.back,
    )
