"""A case: its evidence, what one does with it, and the decision about it."""

from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime

from aiohttp import web

from actors.accounts import Account
from actors.group_lists import groups_with
from core.clock import now
from core.paging import number
from moderation import deciding, drafting, handling
from moderation.breaking import breakage_in
from moderation.cases import Case
from moderation.decision_machine import check_whole, is_grave, needs_second
from moderation.decisions import Decision
from moderation.duty import cases_about
from moderation.entries import document_of
from moderation.indiscretions import slips_in
from moderation.policy import current
from moderation.record import EntryKind, RecordEntry
from moderation.reports import Outcome
from moderation.states import MEASURES, Thing, WaitingFor
from moderation.vocabulary import PurgeNow
from notes.note import Note
from notes.visibility import OPEN
from outbox.refusals import NotAllowed, NotValid
from web.addresses import address_of
from web.asking import staff
from web.building.cases import WAITS, case_view, evidence_of
from web.building.decisions import decision_view, measure_words, purge_choices, slip_words
from web.building.desk import breaks_of
from web.building.policy import rule_views
from web.building.record import record_line
from web.building.reports import outcomes
from web.errors import Missing
from web.flashes import say
from web.forms import Posted, read_form
from web.pages.typed import is_typed, name_of, wrongly
from web.proving import proof_first
from web.refusals import why
from web.render import render
from web.texts import _
from web.views.desk import Breaks
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
    act = handling.hide_for_now(
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


async def grave_first(request: web.Request, form: Posted) -> web.StreamResponse | None:
    """Ask who issues what takes two persons, at its last step, to show that it is them (ADM-01)."""
    named = current().sections.moderation.second_person_for
    if form.is_on("seen") and is_grave(form.text("measure"), named):
        return await proof_first(request, form)
    return None


def written(form: Posted) -> drafting.Written:
    """Read the form of a decision."""
    return drafting.Written(
        measure=form.text("measure"),
        note_id=number(form.text("about")),
        minutes=number(form.text("minutes")) or 0,
        label=form.text("label"),
        group_id=number(form.text("group")),
        rule_id=form.text("rule"),
        law=form.text("law"),
        law_reference=form.text("law_reference"),
        facts=form.text("facts"),
        explanation=form.text("explanation"),
        summary=form.text("summary"),
        until=moment_in(form.text("until")),
        no_end_because=form.text("no_end_because"),
        everywhere_now=form.is_on("everywhere_now"),
        everywhere_because=form.text("everywhere_because"),
        purge_now=form.text("purge_now"),
        is_spam=form.is_on("is_spam"),
        settles=form.is_on("settles"),
        outcome=form.text("outcome") or Outcome.UPHELD.value,
        to_reporters=form.text("to_reporters"),
    )


def measures_for(case: Case, *, has_notes: bool) -> tuple[Choice, ...]:
    """List what can be done in a case."""
    things = [case.thing, *([Thing.NOTE] if has_notes else [])]
    found = dict.fromkeys(each for thing in reversed(things) for each in MEASURES[thing])
    return tuple(Choice(each.value, measure_words(each)) for each in found)


async def last_look(
    request: web.Request, case: Case, decision: Decision, form: Posted, *, action: str, back: str
) -> web.StreamResponse | None:
    """Show what author and public will read, and what in it should not be there.

    None where that was seen, and the name typed that what reaches far asks for (ADM-03).
    """
    name = await name_of(decision)
    if form.is_on("seen") and is_typed(form, name):
        return None
    house = await deciding.house_for(decision)
    check_whole(decision, house, now())
    entry = RecordEntry(
        id=0,
        number=0,
        kind=EntryKind.DECISION,
        document=await document_of(decision, case, 0),
        measure=decision.measure.value,
        thing=decision.thing.value,
    )
    is_wrong = form.is_on("seen")
    return render(
        request,
        "mod/preview.html",
        status=422 if is_wrong else 200,
        to_type=name,
        action=action,
        back=back,
        slips=slip_words(await slips_in(decision, case)),
        breaks=await _breaks(decision),
        decision=await decision_view(decision),
        entry=record_line(entry),
        needs_second=needs_second(decision, house),
        form=form.shown(wrongly(name) if is_wrong else None),
    )


async def _breaks(decision: Decision) -> tuple[Breaks, ...]:
    """Say what the chosen measure would break, where it is about more than a note (ADM-03)."""
    if decision.thing == Thing.NOTE:
        return ()
    found = await breakage_in(decision.actor_id, decision.host)
    return breaks_of(decision.thing, found, [decision.measure])


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


def rule_choices() -> tuple[Choice, ...]:
    """List the rules in force, by number and title."""
    return tuple(
        Choice(each.id, f"{each.number}. {each.title}") for each in rule_views(current().sections)
    )


async def group_choices(case: Case) -> tuple[Choice, ...]:
    """List the groups here that somebody a case is about belongs to, or posted in."""
    if case.thing is not Thing.ACCOUNT or case.target_id is None:
        return ()
    rows = await groups_with(case.target_id)
    return (Choice("", "–"), *(Choice(str(each.id), f"!{each.handle}") for each in rows))


def objects_of(case: Case, notes: list[int]) -> tuple[Choice, ...]:
    """List what a decision in a case can be about."""
    whole = {
        Thing.ACCOUNT: _("The account itself"),
        Thing.GROUP: _("The group itself"),
        Thing.SERVER: _("The server"),
    }
    named = [Choice(str(each), _("Note {number}").format(number=each)) for each in notes]
    return (*named, Choice("", whole.get(case.thing, _("The account itself"))))


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


def moment_in(written_as: str) -> datetime | None:
    """Read a day or a moment as a form sends it, in UTC; None for what is none."""
    try:
        found = datetime.fromisoformat(written_as)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
