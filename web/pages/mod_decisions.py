"""A decision, for moderators: agreeing with it, returning it, lifting it."""

from collections.abc import Awaitable
from datetime import timedelta

from aiohttp import web

from actors.accounts import Account
from core.clock import now
from core.paging import number
from moderation import deciding
from moderation.appealable import appeals_of
from moderation.audit import acts_about
from moderation.decisions import Decision
from moderation.states import DecisionState
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.audit import act_words
from web.building.decisions import appeal_view, decision_view, record_url
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.proving import proof_first
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Form

# How long it is one button to take back what was issued by mistake (ADM-03).
UNDO_WITHIN = timedelta(hours=1)


async def show(request: web.Request) -> web.StreamResponse:
    """Show a decision with what one may do about it."""
    account = await staff(request)
    return await _page(request, account, await decision_named(request, account))


async def confirm(request: web.Request) -> web.StreamResponse:
    """Agree as a second person, after showing again that it is oneself (ADM-01)."""
    account, decision, form = await _begin(request)
    if asked := await proof_first(request, form):
        return asked
    act = deciding.confirm(decision, account.actor, address=address_of(request))
    return await _done(request, account, decision, act, _("The decision is in force."), form)


async def give_back(request: web.Request) -> web.StreamResponse:
    """Return it to who drafted it."""
    account, decision, form = await _begin(request)
    act = deciding.give_back(
        decision, account.actor, form.text("reason"), address=address_of(request)
    )
    return await _done(request, account, decision, act, _("The draft is returned."), form)


async def lift(request: web.Request) -> web.StreamResponse:
    """End it before its day."""
    account, decision, form = await _begin(request)
    act = deciding.lift(decision, account.actor, form.text("reason"), address=address_of(request))
    return await _done(request, account, decision, act, _("The decision is lifted."), form)


async def _begin(request: web.Request) -> tuple[Account, Decision, Posted]:
    account = await staff(request)
    form = await read_form(request)
    return account, await decision_named(request, account), form


async def _done(
    request: web.Request,
    account: Account,
    decision: Decision,
    act: Awaitable[object],
    said: str,
    form: Posted,
) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": f"/mod/decisions/{decision.id}"})
    try:
        await act
    except NotValid as error:
        return await _page(request, account, decision, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        say(response, said)
    return response


async def _page(
    request: web.Request, account: Account, decision: Decision, form: Form | None = None
) -> web.StreamResponse:
    appeal = (await appeals_of([decision.id])).get(decision.id)
    waits = decision.state == DecisionState.NEEDS_SECOND
    return render(
        request,
        "mod/decision.html",
        status=422 if form else 200,
        decision=await decision_view(decision),
        entry_url=await record_url(decision),
        case_id=decision.case_id,
        returned=decision.returned_because,
        appeal=appeal_view(appeal) if appeal else None,
        may_rework=decision.state == DecisionState.DRAFT
        and decision.drafted_by_id == account.actor_id,
        supersedes=decision.supersedes_id,
        replaced_by=decision.replaced_by_id,
        may_confirm=waits and decision.drafted_by_id != account.actor_id,
        may_undo=_may_undo(decision),
        acts=tuple(
            (each.actor.name if each.actor else "–", act_words(each.act), each.at, each.reason)
            for each in await acts_about(f"decision:{decision.id}")
        ),
        form=form or Form(),
    )


def _may_undo(decision: Decision) -> bool:
    """Tell whether it was put in force just now, and all of it can be put back."""
    is_new = decision.issued_at is not None and now() - decision.issued_at < UNDO_WITHIN
    is_gone = decision.purged_at is not None or decision.everywhere_now
    return decision.is_in_force and is_new and not is_gone


async def decision_named(request: web.Request, account: Account) -> Decision:
    """Return the decision an address names; raise Missing, also for one about oneself (MOD-01)."""
    found = Decision.filter(id=number(request.match_info["id"]) or 0)
    decision = await found.select_related("actor").first()
    if decision is None or decision.actor_id == account.actor_id:
        raise Missing(request.path)
    return decision
