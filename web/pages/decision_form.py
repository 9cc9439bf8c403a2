"""The form of a decision: what one can choose, what was written, and a look before it holds."""

from datetime import UTC, datetime

from aiohttp import web

from actors.group_lists import groups_with
from core.clock import now
from core.paging import number
from moderation import deciding, drafting
from moderation.breaking import breakage_in
from moderation.cases import Case
from moderation.decision_machine import check_whole, is_grave, needs_second
from moderation.decisions import Decision
from moderation.entries import document_of
from moderation.indiscretions import slips_in
from moderation.policy import current
from moderation.record import EntryKind, RecordEntry
from moderation.reports import Outcome
from moderation.states import MEASURES, Thing
from web.building.decisions import decision_view, measure_words, slip_words
from web.building.desk import breaks_of
from web.building.policy import rule_views
from web.building.record import record_line
from web.forms import Posted
from web.pages.typed import is_typed, name_of, wrongly
from web.proving import proof_first
from web.render import render
from web.texts import _
from web.views.desk import Breaks
from web.views.frame import Choice


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


def moment_in(written_as: str) -> datetime | None:
    """Read a day or a moment as a form sends it, in UTC; None for what is none."""
    try:
        found = datetime.fromisoformat(written_as)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
