"""A decision written once more: a draft that was returned, or another in the place of one."""

from aiohttp import web

from actors.accounts import Account
from moderation import deciding, drafting
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.handling import case_with
from moderation.policy import current
from moderation.states import DecisionState
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.cases import evidence_of
from web.building.decisions import purge_choices
from web.building.reports import outcomes
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.decision_form import (
    grave_first,
    group_choices,
    last_look,
    measures_for,
    objects_of,
    rule_choices,
    written,
)
from web.pages.mod_decisions import decision_named
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Choice, Form


async def show_draft(request: web.Request) -> web.StreamResponse:
    """Show a returned draft with what should be different."""
    account, decision = await _draft(request)
    return await _page(request, account, decision, "rework", _filled(decision))


async def rework(request: web.Request) -> web.StreamResponse:
    """Issue a returned draft, written anew."""
    account, decision = await _draft(request)
    form = await read_form(request)
    if asked := await grave_first(request, form):
        return asked
    case = await _case(decision)
    try:
        again = await drafting.rework(decision, case, account.actor, written(form))
        if asked := await _seen(request, case, again, form, "rework"):
            return asked
        await deciding.issue(again, case, account.actor, address=address_of(request))
    except NotValid as error:
        shown = form.shown({error.field: why(error)})
        return await _page(request, account, decision, "rework", shown)
    except NotAllowed as error:
        return await _page(request, account, decision, "rework", form.shown({"": why(error)}))
    return _done(again)


async def show_instead(request: web.Request) -> web.StreamResponse:
    """Show the form for another decision in the place of one in force."""
    account, decision = await _standing(request)
    return await _page(request, account, decision, "replace", _filled(decision))


async def replace(request: web.Request) -> web.StreamResponse:
    """Put another decision in the place of one in force."""
    account, decision = await _standing(request)
    form = await read_form(request)
    if asked := await grave_first(request, form):
        return asked
    case = await _case(decision)
    try:
        new = await drafting.draft(case, account.actor, written(form))
        new.supersedes_id = decision.id
        if asked := await _seen(request, case, new, form, "replace", decision.id):
            return asked
        await deciding.replace(decision, new, case, account.actor, address=address_of(request))
    except NotValid as error:
        shown = form.shown({error.field: why(error)})
        return await _page(request, account, decision, "replace", shown)
    except NotAllowed as error:
        return await _page(request, account, decision, "replace", form.shown({"": why(error)}))
    return _done(new)


def _done(decision: Decision) -> web.StreamResponse:
    response = web.Response(status=303, headers={"Location": f"/mod/decisions/{decision.id}"})
    is_done = decision.is_in_force
    say(
        response,
        _("The decision is in force.") if is_done else _("The decision waits for a second person."),
    )
    return response


async def _seen(
    request: web.Request,
    case: Case,
    decision: Decision,
    form: Posted,
    verb: str,
    about: int | None = None,
) -> web.StreamResponse | None:
    number = about or decision.id
    action, back = f"/mod/decisions/{number}/{verb}", f"/mod/decisions/{number}"
    return await last_look(request, case, decision, form, action=action, back=back)


async def _page(
    request: web.Request, account: Account, decision: Decision, verb: str, form: Form
) -> web.StreamResponse:
    case = await _case(decision)
    notes = [each.id for each in await evidence_of(case, account.actor)]
    if decision.note_id and decision.note_id not in notes:
        notes.append(decision.note_id)
    about = objects_of(case, notes)
    if verb == "replace":
        about = tuple(each for each in about if each.value == str(decision.note_id or ""))
    return render(
        request,
        "mod/again.html",
        status=422 if form.errors else 200,
        number=decision.id,
        verb=verb,
        returned=decision.returned_because if verb == "rework" else "",
        about=about,
        measures=measures_for(case, has_notes=bool(notes)),
        rules=(Choice("", "–"), *rule_choices()),
        groups=await group_choices(case),
        purges=purge_choices(current().sections.moderation.purge_now),
        outcomes=outcomes(),
        form=form,
    )


def _filled(decision: Decision) -> Form:
    """Begin with what stands there."""
    plain = {
        "about": str(decision.note_id or ""),
        "measure": decision.measure.value,
        "rule": decision.rule_id,
        "group": str(decision.group_id or ""),
        "minutes": str(decision.minutes or ""),
        "until": f"{decision.until:%Y-%m-%dT%H:%M}" if decision.until else "",
        "purge_now": decision.purge_now.value if decision.purge_now else "",
        "outcome": decision.outcome.value if decision.outcome else "upheld",
        "settles": "1" if decision.outcome else "",
        "everywhere_now": "1" if decision.everywhere_now else "",
        "is_spam": "1" if decision.is_spam else "",
    }
    words = (
        *("label", "law", "law_reference", "facts", "explanation", "summary", "no_end_because"),
        *("everywhere_because", "to_reporters"),
    )
    return Form(values=plain | {name: str(getattr(decision, name)) for name in words})


async def _draft(request: web.Request) -> tuple[Account, Decision]:
    account = await staff(request)
    decision = await decision_named(request, account)
    is_own = decision.drafted_by_id == account.actor_id
    if decision.state != DecisionState.DRAFT or not is_own:
        raise Missing(request.path)
    return account, decision


async def _standing(request: web.Request) -> tuple[Account, Decision]:
    account = await staff(request)
    decision = await decision_named(request, account)
    if not decision.is_in_force:
        raise Missing(request.path)
    return account, decision


async def _case(decision: Decision) -> Case:
    found = await case_with(decision.case_id)
    if found is None:
        raise Missing("a case")
    return found
