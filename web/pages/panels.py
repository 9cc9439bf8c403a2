"""A panel, for whoever was drawn by lot: the case without names, and what they say of it."""

from collections.abc import Awaitable

from aiohttp import web

from actors.accounts import Account
from core.paging import number
from moderation.decisions import Decision
from moderation.panel_hearing import decline, say
from moderation.panels import Panel, Seat, verdict_of
from moderation.record import shown_about
from outbox.refusals import NotAllowed, NotValid
from web import flashes
from web.asking import acting
from web.building.panels import seat_view, verdict_choices
from web.errors import Missing
from web.forms import Posted, read_form
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form


async def show(request: web.Request) -> web.StreamResponse:
    """Show the case to somebody who sits on its panel; afterwards lead to the public record."""
    account = await acting(request)
    panel = await _named(request)
    if panel.closed_at is not None:
        raise web.HTTPSeeOther(await _entry_of(request, panel))
    return await _page(request, account, panel)


async def speak(request: web.Request) -> web.StreamResponse:
    """Keep what somebody says."""
    account = await acting(request)
    form, panel = await read_form(request), await _named(request)
    act = say(panel, account.actor, form.text("verdict"), form.text("reason"))
    said = _("Your answer is kept. You can change it until the panel is over.")
    return await _done(request, account, panel, act, said, form, f"/panels/{panel.id}")


async def leave(request: web.Request) -> web.StreamResponse:
    """Give up the seat."""
    account = await acting(request)
    form, panel = await read_form(request), await _named(request)
    act = decline(panel, account.actor)
    return await _done(
        request, account, panel, act, _("Somebody else is asked."), form, "/notifications"
    )


async def _done(
    request: web.Request,
    account: Account,
    panel: Panel,
    act: Awaitable[None],
    said: str,
    form: Posted,
    to: str,
) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": to})
    try:
        await act
    except NotValid as error:
        return await _page(request, account, panel, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        flashes.say(response, why(error), "problem")
        response.headers["Location"] = "/notifications"
    else:
        flashes.say(response, said)
    return response


async def _page(
    request: web.Request, account: Account, panel: Panel, form: Form | None = None
) -> web.StreamResponse:
    seat = await Seat.get_or_none(panel_id=panel.id, actor_id=account.actor_id)
    if seat is None:
        raise Missing(request.path)
    if not seat.is_held:
        response = web.Response(status=303, headers={"Location": "/notifications"})
        flashes.say(response, _("Your seat has passed to somebody else."), "problem")
        return response
    said = await verdict_of(panel, account.actor)
    values = {"verdict": said.verdict.value, "reason": said.reason} if said else {}
    response = render(
        request,
        "panel.html",
        status=422 if form else 200,
        seat=await seat_view(panel, seat, said),
        verdicts=verdict_choices(),
        form=form or Form(values=values),
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def _named(request: web.Request) -> Panel:
    panel = await Panel.get_or_none(id=number(request.match_info["id"]) or 0)
    if panel is None:
        raise Missing(request.path)
    return panel


async def _entry_of(request: web.Request, panel: Panel) -> str:
    decision = await Decision.filter(appeals__id=panel.appeal_id).first()
    entry = (await shown_about([decision.id])).get(decision.id) if decision else None
    if entry is None:
        raise Missing(request.path)
    return f"/record/{entry.id}"
