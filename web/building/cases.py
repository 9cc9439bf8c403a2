"""Cases → what moderators read: the queue, a case, and who works on how much."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from actors.actor import Actor
from core.clock import now
from core.rows import load_ids
from moderation.appeals import Appeal
from moderation.case_machine import ELSE, PART, TAKEN, Standing, is_idle
from moderation.cases import Case, CaseWord, ProvisionalHide
from moderation.decisions import Decision
from moderation.duty import cases_about, on_duty, standing
from moderation.record import shown_about
from moderation.reports import Report
from moderation.states import ISSUED, LIVE, AppealState, CaseState, Source, Thing, WaitingFor
from notes.note import Note
from web.building.decisions import decision_lines
from web.building.media import looked_into
from web.building.notes import note_views
from web.building.people import person_card
from web.building.reports import queue
from web.texts import Lazy, _, lazy
from web.views.moderation import CaseLine, CaseView, DecisionLine, Load
from web.views.notes import NoteView

SOURCES: dict[Source, Lazy] = {
    Source.MEMBER: lazy("reported by members"),
    Source.REMOTE: lazy("reported by another server"),
    Source.TRUSTED_LIST: lazy("from a list that is trusted"),
    Source.OWN: lazy("opened by a moderator"),
    Source.FILTER: lazy("found by a filter"),
}
WAITS: dict[WaitingFor, Lazy] = {
    WaitingFor.AUTHOR: lazy("waits for the author"),
    WaitingFor.SECOND: lazy("waits for a second person"),
    WaitingFor.ORIGIN: lazy("waits for the other server"),
    WaitingFor.LEGAL: lazy("waits for legal advice"),
}
STATES: dict[CaseState, Lazy] = {
    CaseState.OPEN: lazy("open"),
    CaseState.CLAIMED: lazy("being looked at"),
    CaseState.WAITING: lazy("waiting"),
    CaseState.DECIDED: lazy("settled"),
    CaseState.MERGED: lazy("put into another"),
    CaseState.REOPENED: lazy("open again"),
}
MOST_LINES = 10


async def case_lines(cases: Sequence[Case]) -> tuple[CaseLine, ...]:
    """Show cases in a queue; target and claimer are loaded."""
    rows = await Report.filter(case_id__in=[each.id for each in cases]).values("case_id")
    counts: dict[int, int] = {}
    for row in rows:
        counts[row["case_id"]] = counts.get(row["case_id"], 0) + 1
    return tuple(_line(each, counts.get(each.id, 0)) for each in cases)


async def loads() -> tuple[Load, ...]:
    """Tell how much each moderator has in hand."""
    ids = await on_duty()
    people = await load_ids(Actor, ids)
    cases = await Case.filter(claimed_by_id__in=list(ids), state__in=list(LIVE)).values(
        "claimed_by_id"
    )
    hearing = (AppealState.IN_REVIEW, AppealState.OVERDUE)
    appeals = await Appeal.filter(reviewer_id__in=list(ids), state__in=list(hearing)).values(
        "reviewer_id"
    )
    return tuple(
        Load(
            person_card(people[each]),
            sum(one["claimed_by_id"] == each for one in cases),
            sum(one["reviewer_id"] == each for one in appeals),
        )
        for each in sorted(ids)
    )


async def case_view(case: Case, moderator: Actor) -> CaseView:
    """Show a case whole: people are loaded."""
    reports = await Report.filter(case_id=case.id).order_by("id")
    await _with_people(reports)
    decisions = await Decision.filter(case_id=case.id).order_by("id")
    who = await standing(moderator, case)
    words = await CaseWord.filter(case_id=case.id).order_by("id").select_related("author")
    hidden = await ProvisionalHide.filter(case_id=case.id, ended_at=None).values("note_id")
    others = Case.filter(state__in=list(LIVE), scope=case.scope, group_id=case.group_id)
    hidden_from = await cases_about(moderator)
    others = others.exclude(id__in=sorted({case.id, *hidden_from}))
    return CaseView(
        line=_line(case, len(reports)),
        source=str(SOURCES[case.source]),
        reports=await queue(reports),
        decisions=decision_lines(decisions),
        history=await _with_record(await _history(case)),
        similar=await _with_record(await _similar(case, reports, hidden_from)),
        words=tuple((each.author.name, each.created_at, each.text) for each in words),
        hidden=tuple(row["note_id"] for row in hidden),
        is_mine=case.state == CaseState.CLAIMED and case.claimed_by_id == moderator.id,
        may_claim=not _bar(case, who) and case.is_live and case.state != CaseState.WAITING,
        bar=_(_bar(case, who)) if _bar(case, who) else "",
        warning=_("You follow both sides of this case.") if who.follows_both else "",
        waiting=_waiting(case),
        waiting_until=case.waiting_until,
        no_breach=case.no_breach,
        others=tuple(
            (each.id, each.target.handle if each.target else each.host)
            for each in await others.limit(50).select_related("target")
        ),
    )


async def evidence_of(case: Case, moderator: Actor) -> list[NoteView]:
    """Show the reported notes, hidden and private ones too: a recipient reported them. Their files
    can be loaded for an hour by whoever gets the page."""
    reports = await Report.filter(case_id=case.id)
    named = [*(case.notes or ()), *(number for each in reports for number in each.notes)]
    notes = await Note.filter(id__in=named, deleted_at=None).order_by("id").select_related("author")
    views = await note_views(notes, moderator)
    return [in_evidence(views[note.id]) for note in notes if note.id in views]


def in_evidence(view: NoteView) -> NoteView:
    """Show a note with its files to somebody who decides about it."""
    return replace(view, media=tuple(looked_into(each) for each in view.media))


async def bar_of(case: Case, moderator: Actor) -> str:
    """Say why somebody may not work on a case, in their language; nothing when they may."""
    bar = _bar(case, await standing(moderator, case))
    return _(bar) if bar else ""


def _line(case: Case, reports: int) -> CaseLine:
    return CaseLine(
        id=case.id,
        url=f"/mod/cases/{case.id}",
        state=case.state.value,
        due=case.decide_by,
        opened=case.created_at,
        reports=reports,
        person=person_card(case.target, about=True) if case.target else None,
        host=case.host,
        claimed_by=person_card(case.claimed_by) if case.claimed_by else None,
        is_overdue=case.is_overdue,
        is_idle=case.state == CaseState.CLAIMED and is_idle(case, now()),
    )


def _bar(case: Case, who: Standing) -> str:
    """Say why somebody may not work on a case; nothing when they may."""
    if who.is_part:
        return PART
    is_theirs = case.claimed_by_id not in (None, who.actor_id)
    is_held = case.state == CaseState.WAITING or not is_idle(case, now())
    if is_theirs and case.is_live and is_held:
        return TAKEN
    is_mine = case.claimed_by_id == who.actor_id
    is_again = case.state == CaseState.REOPENED or (case.reopened_count and not is_mine)
    if is_again and case.decided_by_id == who.actor_id and who.has_others:
        return ELSE
    return ""


def _waiting(case: Case) -> str:
    if case.state != CaseState.WAITING or not case.waiting_for:
        return ""
    return f"{WAITS[case.waiting_for]}: {case.waiting_reason}"


async def _with_people(reports: Sequence[Report]) -> None:
    ids = {each.target_id for each in reports} | {each.reporter_id for each in reports}
    people = await load_ids(Actor, [each for each in ids if each])
    for each in reports:
        each.target = people[each.target_id]
        if each.reporter_id:
            each.reporter = people[each.reporter_id]


async def _history(case: Case) -> list[Decision]:
    found = Decision.filter(state__in=list(ISSUED)).exclude(case_id=case.id)
    about = (
        found.filter(actor_id=case.target_id) if case.target_id else found.filter(host=case.host)
    )
    return await about.order_by("-id").limit(MOST_LINES)


async def _similar(
    case: Case, reports: Sequence[Report], hidden: Collection[int]
) -> list[Decision]:
    """Find what was decided under the same rules about the same kind of thing, to decide alike.

    The rules are those that were reported, and those of the decisions there are; what is about the
    reader themselves is left out (MOD-01).
    """
    own = await Decision.filter(case_id=case.id).values_list("rule_id", flat=True)
    rules = {str(rule) for each in reports for rule in each.rules} | {str(each) for each in own}
    if not rules - {""}:
        return []
    has_notes = bool(case.notes) or any(each.notes for each in reports)
    things = [case.thing, *([Thing.NOTE] if has_notes else [])]
    found = Decision.filter(
        rule_id__in=sorted(rules - {""}),
        thing__in=things,
        scope=case.scope,
        state__in=list(ISSUED),
    )
    others = found.exclude(case_id__in=sorted({case.id, *hidden}))
    return await others.order_by("-id").limit(MOST_LINES)


async def _with_record(decisions: Sequence[Decision]) -> tuple[DecisionLine, ...]:
    """Show decisions with where the public record tells of them."""
    shown = await shown_about([each.id for each in decisions])
    return tuple(
        replace(line, record_url=f"/record/{shown[line.id].id}") if line.id in shown else line
        for line in decision_lines(decisions)
    )
