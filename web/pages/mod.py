"""Reports, for those who answer them; every handler asks first who they are (ADM-01)."""

from aiohttp import web

from core.paging import Slice, number, page_from
from moderation.answers import answer, claim, report_with, settled, waiting
from moderation.reports import Report, open_count
from outbox.refusals import NotAllowed, NotValid
from web.asking import staff
from web.building.reports import evidence, outcomes, queue
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.paging import pager
from web.refusals import why
from web.render import query, render
from web.texts import _
from web.views.frame import Form, Pager, Tab

PAGE = "/mod"
LINES = 20


async def show(request: web.Request) -> web.StreamResponse:
    """List what waits, the one due first on top; or what is settled, the newest first."""
    await staff(request)
    is_settled = request.query.get("show") == "settled"
    rows, pages = await (_settled(request) if is_settled else _waiting(request))
    return render(
        request,
        "mod/reports.html",
        reports=await queue(rows),
        pager=pages,
        faces=(
            Tab(_("Waiting"), PAGE, not is_settled, await open_count()),
            Tab(_("Answered"), query(PAGE, show="settled"), is_settled),
        ),
    )


async def show_report(request: web.Request) -> web.StreamResponse:
    """Show a report with what it is about, and the form for its answer."""
    await staff(request)
    return await _page(request, await _named(request))


async def take(request: web.Request) -> web.StreamResponse:
    """Take a report, so that nobody works on it twice."""
    account = await staff(request)
    await read_form(request)
    report = await _named(request)
    response = web.Response(status=303, headers={"Location": _page_of(report)})
    try:
        await claim(report, account.actor)
    except NotAllowed as error:
        say(response, why(error), "problem")
    return response


async def settle(request: web.Request) -> web.StreamResponse:
    """Answer a report."""
    account = await staff(request)
    form = await read_form(request)
    report = await _named(request)
    try:
        await answer(report, account.actor, outcome=form.text("outcome"), words=form.text("words"))
    except NotValid as error:
        return await _page(request, report, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        return await _page(request, report, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": PAGE})
    say(response, _("The report is answered."))
    return response


async def _page(
    request: web.Request, report: Report, form: Form | None = None
) -> web.StreamResponse:
    account = await staff(request)
    (view,) = await queue([report])
    return render(
        request,
        "mod/report.html",
        status=422 if form else 200,
        report=view,
        notes=await evidence(report, account.actor),
        outcomes=outcomes(),
        form=form or Form(),
    )


async def _waiting(request: web.Request) -> tuple[list[Report], Pager]:
    after = number(request.query.get("after", ""))
    found = await waiting(after=after, most=LINES + 1)
    more = query(PAGE, after=found[LINES - 1].id) if len(found) > LINES else ""
    return found[:LINES], Pager(older_url=more)


async def _settled(request: web.Request) -> tuple[list[Report], Pager]:
    page = page_from(request.query, limit=LINES)
    found = await settled(before=page.max_id, most=LINES + 1)
    older = found[LINES - 1].id if len(found) > LINES else None
    return found[:LINES], pager(request, Slice(found[:LINES], older))


async def _named(request: web.Request) -> Report:
    found = await report_with(number(request.match_info["id"]) or 0)
    if found is None:
        raise Missing(request.path)
    return found


def _page_of(report: Report) -> str:
    return f"/mod/reports/{report.id}"
