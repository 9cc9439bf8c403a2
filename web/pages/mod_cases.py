"""A case: its evidence, what one does with it, and the decision about it."""

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime

from aiohttp import web

from actors.accounts import Account
from core.paging import number
from moderation import deciding, drafting, handling
from moderation.breaking import breakage_in
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.duty import cases_about
from moderation.policy import current
from moderation.provisional_hides import hide_for_now
from moderation.reports import Outcome
from moderation.states import WaitingFor
from moderation.vocabulary import PurgeNow
from notes.note import Note
from notes.visibility import OPEN
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.cases import WAITS, case_view, evidence_of
from web.building.decisions import purge_choices
from web.building.desk import breaks_of
from web.building.reports import outcomes
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.decision_form import (
    grave_first,
    group_choices,
    last_look,
    measures_for,
    moment_in,
    objects_of,
    rule_choices,
    written,
)
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.frame import Choice, Form


async def show(request: web.Request) -> web.StreamResponse:
    """Show a case."""
    account = await staff(request)
    return await _page(request, account, await _named(request, account))


async def claim(request: web.Request) -> web.StreamResponse:
    """Take a case, so that nobody works on it twice."""
    account, case, _form = await _begin(request)
    act = handling.claim(case, account.actor, address=address_of(request))
    return await _done(request, account, case, act, _("The case is yours."))


async def wait(request: web.Request) -> web.StreamResponse:
    """Let a case wait."""
    account, case, form = await _begin(request)
    what = form.text("for")
    if what not in tuple(WaitingFor):
        return await _page(request, account, case, form.shown({"for": _("Say whom it waits for.")}))
    until = moment_in(form.text("wait_until")) or datetime(1970, 1, 1, tzinfo=UTC)
    act = handling.wait(
        case,
        account.actor,
        WaitingFor(what),
        form.text("reason"),
        until,
        address=address_of(request),
    )
    return await _done(
        request, account, case, act, _("The case waits."), form, fields={"until": "wait_until"}
    )


async def resume(request: web.Request) -> web.StreamResponse:
    """Go on with a case."""
    account, case, _form = await _begin(request)
    act = handling.resume(case, account.actor, address=address_of(request))
    return await _done(request, account, case, act, _("The case is yours."))


async def write(request: web.Request) -> web.StreamResponse:
    """Leave a word for other moderators."""
    account, case, form = await _begin(request)
    act = handling.note_down(case, account.actor, form.text("text"), address=address_of(request))
    return await _done(request, account, case, act, _("Your words are kept."), form)


async def hide(request: web.Request) -> web.StreamResponse:
    """Hide a note until the case is decided."""
    account, case, form = await _begin(request)
    note = await Note.get_or_none(
        id=number(form.text("note")) or 0, deleted_at=None
    ).select_related("author")
    if note is None:
        raise Missing(request.path)
    act = hide_for_now(
        case,
        account.actor,
        note,
        reason=form.text("hide_reason"),
        hours=number(form.text("hours")) or 0,
        address=address_of(request),
    )
    fields = {"reason": "hide_reason", "until": "hours"}
    return await _done(
        request, account, case, act, _("The note is hidden for now."), form, fields=fields
    )


async def close(request: web.Request) -> web.StreamResponse:
    """Settle a case because no rule was broken, or with the decisions it has."""
    account, case, form = await _begin(request)
    issued = await Decision.filter(case_id=case.id, issued_at__not_isnull=True).count()
    act = handling.decide(
        case,
        account.actor,
        outcome=form.text("close_outcome"),
        to_reporters=form.text("close_words"),
        decisions=issued,
        no_breach=form.text("no_breach"),
        address=address_of(request),
    )
    fields = {"outcome": "close_outcome", "words": "close_words"}
    return await _done(request, account, case, act, _("The case is settled."), form, fields=fields)


async def merge(request: web.Request) -> web.StreamResponse:
    """Put a case into another."""
    account, case, form = await _begin(request)
    other = await handling.case_with(number(form.text("into")) or 0)
    if other is None or other.id in await cases_about(account.actor):
        return await _page(
            request,
            account,
            case,
            form.shown({"into": _("Choose another case that is still open.")}),
        )
    act = handling.merge(case, other, account.actor, address=address_of(request))
    return await _done(request, account, case, act, _("The cases are one now."), form, other)


async def reopen(request: web.Request) -> web.StreamResponse:
    """Open a settled case again."""
    account, case, form = await _begin(request)
    act = handling.reopen(
        case, account.actor, form.text("reopen_reason"), address=address_of(request)
    )
    return await _done(
        request,
        account,
        case,
        act,
        _("The case is open again."),
        form,
        fields={"reason": "reopen_reason"},
    )


async def decide(request: web.Request) -> web.StreamResponse:
    """Show what author and public will read, and issue the decision once that was seen."""
    account, case, form = await _begin(request)
    if asked := await grave_first(request, form):
        return asked
    try:
        decision = await drafting.draft(case, account.actor, written(form))
        action, back = f"/mod/cases/{case.id}/decide", f"/mod/cases/{case.id}"
        if asked := await last_look(request, case, decision, form, action=action, back=back):
            return asked
        await deciding.issue(decision, case, account.actor, address=address_of(request))
    except NotValid as error:
        return await _page(request, account, case, form.shown({error.field: why(error)}))
    except NotAllowed as error:
        return await _page(request, account, case, form.shown({"": why(error)}))
    response = web.Response(status=303, headers={"Location": f"/mod/cases/{case.id}"})
    is_done = decision.is_in_force
    say(
        response,
        _("The decision is in force.") if is_done else _("The decision waits for a second person."),
    )
    return response


async def _page(
    request: web.Request, account: Account, case: Case, form: Form | None = None
) -> web.StreamResponse:
    fresh = await _with(case.id)
    notes = await evidence_of(fresh, account.actor)
    private = [each.id for each in notes if each.audience not in OPEN]
    await handling.read_privately(fresh, account.actor, private, address=address_of(request))
    policy = current().sections
    return render(
        request,
        "mod/case.html",
        status=422 if form else 200,
        case=await case_view(fresh, account.actor),
        notes=notes,
        measures=measures_for(fresh, has_notes=bool(notes)),
        rules=(Choice("", "–"), *rule_choices()),
        groups=await group_choices(fresh),
        about=objects_of(fresh, [each.id for each in notes]),
        purges=purge_choices([each for each in policy.moderation.purge_now if each in PurgeNow]),
        waits=tuple(Choice(each.value, str(label)) for each, label in WAITS.items()),
        outcomes=outcomes(),
        breaks=breaks_of(fresh.thing, await breakage_in(fresh.target_id, fresh.host)),
        form=form or _fresh([each.id for each in notes]),
    )


def _fresh(notes: list[int]) -> Form:
    """Begin with what is meant most often: the first note that was reported, and that it is so."""
    return Form(
        values={
            "about": str(notes[0]) if notes else "",
            "settles": "1",
            "outcome": Outcome.UPHELD.value,
            "hours": "72",
        }
    )


async def _begin(request: web.Request) -> tuple[Account, Case, Posted]:
    account = await staff(request)
    form = await read_form(request)
    return account, await _named(request, account), form


async def _done(
    request: web.Request,
    account: Account,
    case: Case,
    act: Awaitable[object],
    said: str,
    form: Posted | None = None,
    onto: Case | None = None,
    fields: Mapping[str, str] | None = None,
) -> web.StreamResponse:
    """Do it and come back to the case; or show it again with what is wrong.

    `fields` are the names that this form has for what the verb calls otherwise.
    """
    response = web.Response(status=303, headers={"Location": f"/mod/cases/{(onto or case).id}"})
    try:
        await act
    except NotValid as error:
        field = (fields or {}).get(error.field, error.field)
        return await _page(request, account, case, (form or Posted()).shown({field: why(error)}))
    except NotAllowed as error:
        say(response, why(error), "problem")
    else:
        say(response, said)
    return response


async def _named(request: web.Request, account: Account) -> Case:
    """Return the case an address names; those about oneself are there for others alone (MOD-01)."""
    found = await handling.case_with(number(request.match_info["id"]) or 0)
    if found is None or found.id in await cases_about(account.actor):
        raise Missing(request.path)
    return found


async def _with(number_of: int) -> Case:
    found = await handling.case_with(number_of)
    if found is None:
        raise Missing("a case")
    return found
