"""How trending is ordered: the formula, its numbers, and the sums of today's first notes."""

from aiohttp import web

from moderation.policy import current
from web.asking import reader
from web.building.ranking import ranking_view
from web.render import render


async def show(request: web.Request) -> web.StreamResponse:
    """Show the formula and the arithmetic behind the first places."""
    view = await ranking_view(await reader(request), current())
    return render(request, "ranking.html", ranking=view)
