"""What was decided about somebody, as they read it, and how they disagree: with a signed link,
nobody needs an account for that."""

from aiohttp import web

from core import limits
from core.paging import Page, number
from moderation.decisions import Decision
from moderation.hearing import appeals_of, decided_about, file
from moderation.links import decision_by
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import signed_in
from web.building.decisions import appeal_view, decision_view, group_named, own_lines
from web.errors import Missing
from web.flashes import say
from web.forms import read_form
from web.refusals import why
from web.render import query, render
from web.texts import _
from web.views.frame import Form, Pager

LINES = 20
APPEALS_AN_HOUR = 20  # from one address


async def list_mine(request: web.Request) -> web.StreamResponse:
    """List what was decided about whoever is signed in, or a group they run, the newest first."""
    account = await signed_in(request)
    page = Page(max_id=number(request.query.get("max_id", "")), limit=LINES)
    found = await decided_about(account.actor, page)
    more = query("/my/decisions", max_id=found.older) if found.older else ""
    return render(
        request,
        "my_decisions.html",
        decisions=await own_lines(found.rows),
        pager=Pager(older_url=more),
    )


async def show(request: web.Request) -> web.StreamResponse:
    """Show a decision to whoever holds its link."""
    return await _page(request, await _named(request))


async def appeal(request: web.Request) -> web.StreamResponse:
    """Disagree with it."""
    form = await read_form(request)
    decision = await _named(request)
    await limits.count(f"appeal:{address_of(request)}", most=APPEALS_AN_HOUR, seconds=3600)
    try:
        await file(decision, form.text("words"), new_facts=form.text("new_facts"))
    except NotValid as error:
        return await _page(request, decision, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        return await _page(request, decision, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": request.path})
    say(response, _("Your appeal is filed. Someone else will read it."))
    return response


async def _page(
    request: web.Request, decision: Decision, form: Form | None = None
) -> web.StreamResponse:
    found = (await appeals_of([decision.id])).get(decision.id)
    response = render(
        request,
        "decision.html",
        status=422 if form else 200,
        group=await group_named(decision),
        decision=await decision_view(decision, with_quote=decision.purge_now is None),
        appeal=appeal_view(found) if found else None,
        action=request.path,
        form=form or Form(),
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def _named(request: web.Request) -> Decision:
    decision = await decision_by(request.match_info["token"])
    if decision is None:
        raise Missing("no such decision")
    return decision
