"""The figures of moderation: months and half-years, as pages and for programs."""

from typing import Any

from aiohttp import web

from core.clock import now
from core.settings import settings
from moderation.closed_figures import (
    ClosedPeriod,
    FigureCorrection,
    closed_period,
    closed_periods,
    half_of,
    month_of,
)
from moderation.masking import masked
from moderation.policy import current
from web.building.figures import figure_page
from web.building.policy import rule_views
from web.errors import Missing
from web.render import render

PAGE = "/transparency"


async def show(request: web.Request) -> web.StreamResponse:
    """Show the month that closed last, and what else there is."""
    months = await closed_periods(1)
    return await _page(request, months[0].name if months else "")


async def show_one(request: web.Request) -> web.StreamResponse:
    """Show a month or half a year that is over."""
    return await _page(request, request.match_info["period"])


async def document(request: web.Request) -> web.StreamResponse:
    """Name what is closed, for programs, the newest first."""
    rows = [*await closed_periods(1), *await closed_periods(6)]
    running = (month_of(now()), half_of(now()))
    return web.json_response(
        {
            "periods": [_address(each) for each in rows],
            "open": [{"period": each.name, "closes": each.end.isoformat()} for each in running],
        }
    )


async def one_document(request: web.Request) -> web.StreamResponse:
    """Answer with a period for programs: as it was counted, and what was corrected since."""
    closed, corrections = await _named(request.match_info["period"])
    body: dict[str, Any] = _address(closed) | {
        "figures": masked(closed.document),
        "corrections": [
            {"number": each.number, "at": each.at.isoformat(), "changes": masked(each.changes)}
            for each in corrections
        ],
    }
    return web.json_response(body)


def _address(closed: ClosedPeriod) -> dict[str, Any]:
    return {
        "period": closed.name,
        "closed": closed.closed_at.isoformat(),
        "url": settings().url(f"{PAGE}/{closed.name}.json"),
    }


async def _page(request: web.Request, name: str) -> web.StreamResponse:
    titles = {each.id: each.title for each in rule_views(current().sections)}
    shown = figure_page(*await _named(name), titles) if name else None
    return render(
        request,
        "transparency.html",
        figures=shown,
        months=tuple(each.name for each in await closed_periods(1)),
        halves=tuple(each.name for each in await closed_periods(6)),
        open_month=month_of(now()).name,
        closes=month_of(now()).end,
    )


async def _named(name: str) -> tuple[ClosedPeriod, list[FigureCorrection]]:
    found = await closed_period(name)
    if found is None:
        raise Missing("no such period is closed")
    return found, sorted(found.corrections, key=lambda each: each.number)
