"""Private notes to named people."""

from aiohttp import web

from core.paging import page_from
from inbox.marked import messages
from web.asking import signed_in
from web.building.alerts import conversation_views
from web.paging import pager
from web.render import render


async def show(request: web.Request) -> web.StreamResponse:
    """Show private conversations by their last notes, newest first."""
    reader = (await signed_in(request)).actor
    found = await messages(reader, page_from(request.query))
    conversations = await conversation_views(found.rows, reader)
    return render(
        request, "messages.html", conversations=conversations, pager=pager(request, found)
    )
