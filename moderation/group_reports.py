"""Reports that a group's own moderators answer: with a measure of the group, with the word that no
rule was broken, or by handing the case on to the moderators of the server (product.md 5.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.instance import instance_actor
from core.clock import now
from core.jobs import put
from moderation import case_machine as machine
from moderation import group_acts, group_offices
from moderation.answering import answer_all
from moderation.audit import write_down
from moderation.cases import Case, CaseWord, name_of
from moderation.decisions import Decision
from moderation.duty import cases_about, standing
from moderation.group_readers import readers_in
from moderation.notice_words import WORDS, in_language
from moderation.policy import current
from moderation.reports import Report, ReportState
from moderation.rows import keep
from moderation.states import LIVE, MOST_WORDS, CaseState, Scope
from moderation.vocabulary import Measure
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid

SOME = 200
MEASURES = (Measure.NONE, Measure.REMOVE, Measure.CLOSE, Measure.LEAVE_GROUP)


@dataclass(frozen=True)
class Verdict:
    """What a moderator of a group found, and does about it.

    `reason` is what author and record read, or why no rule was broken; `words` are for those who
    reported. `with_notes` goes with a ban.
    """

    measure: str
    reason: str
    outcome: str
    words: str = ""
    note: Note | None = None
    rule: int = 0
    until: datetime | None = None
    with_notes: bool = False


async def cases_of(
    group: Actor, moderator: Actor, *, is_settled: bool = False, after: int | None = None, most: int
) -> list[Case]:
    """Return the cases of reports in a group, the one due first on top; the newest first of settled
    ones. What is about the moderator is for others alone (MOD-01)."""
    reports = Report.filter(group_id=group.id, case_id__not_isnull=True)
    if not is_settled:
        reports = reports.filter(state=ReportState.IN_CASE)
    ids = {row["case_id"] for row in await reports.order_by("-id").limit(500).values("case_id")}
    found = Case.filter(id__in=sorted(ids - await cases_about(moderator)), scope=Scope.GROUP)
    if is_settled:
        found = found.exclude(state__in=list(LIVE)).order_by("-id")
        found = found.filter(id__lt=after) if after else found
    else:
        found = found.filter(state__in=list(LIVE)).order_by("decide_by", "id")
        if after and (last := await Case.get_or_none(id=after)):
            same = Q(decide_by=last.decide_by, id__gt=last.id)
            found = found.filter(Q(decide_by__gt=last.decide_by) | same)
    return await found.limit(most).select_related("target", "claimed_by")


async def count_of(group: Actor) -> int:
    """Count the reports that wait for those who run a group."""
    return await Report.filter(group_id=group.id, state=ReportState.IN_CASE).count()


async def case_in(group: Actor, moderator: Actor, number: int) -> Case | None:
    """Find a case of a group for one of its moderators, unless it is about themselves."""
    found = Case.filter(id=number, scope=Scope.GROUP, group_id=group.id)
    case = await found.select_related("target", "claimed_by", "decided_by").first()
    if case is None or case.id in await cases_about(moderator):
        return None
    return case if await Report.exists(case_id=case.id) else None


async def notes_of(case: Case) -> list[Note]:
    """Return the notes that were reported, with their authors, as far as they are there."""
    reports = await Report.filter(case_id=case.id).values("notes")
    ids = {number for row in reports for number in row["notes"]}
    return await Note.filter(id__in=sorted(ids), deleted_at=None).select_related("author")


async def answer(case: Case, group: Actor, moderator: Actor, verdict: Verdict) -> Decision | None:
    """Settle a case: put a measure of the group in force, or say why no rule was broken.

    All reports are answered with it. Raises NotAllowed or NotValid.
    """
    await group_acts.check_runs(moderator, group)
    if verdict.measure not in MEASURES:
        raise NotValid("measure", "Choose what is done.")
    at, who = now(), await standing(moderator, case)
    machine.claim(case, who, at)
    is_none = verdict.measure == Measure.NONE
    async with in_transaction():
        decision = None if is_none else await _act(case, group, moderator, verdict)
        why = verdict.reason if is_none else ""
        machine.decide(case, who, decisions=0 if is_none else 1, no_breach=why, at=at)
        await keep(case)
        await answer_all(case, verdict.outcome, verdict.words, at)
        await write_down(
            moderator.id,
            "group.answer",
            name_of(case),
            after={"state": case.state.value, "outcome": verdict.outcome},
            reason=verdict.reason,
        )
    return decision


async def _act(case: Case, group: Actor, moderator: Actor, verdict: Verdict) -> Decision | None:
    reason, rule = verdict.reason, verdict.rule
    if verdict.measure == Measure.LEAVE_GROUP:
        person = await Actor.get(id=case.target_id)
        return await group_offices.ban(
            moderator,
            group,
            person,
            reason=reason,
            rule=rule,
            until=verdict.until,
            with_notes=verdict.with_notes,
            case=case,
        )
    note = verdict.note
    if note is None or note.author_id != case.target_id:
        raise NotValid("note", "This note is not by the person the case is about.")
    act = group_acts.remove if verdict.measure == Measure.REMOVE else group_acts.lock
    return await act(moderator, group, note, reason=reason, rule=rule, case=case)


async def hand_on(case: Case, group: Actor, moderator: Actor, reason: str) -> None:
    """Give a case to the moderators of the server, with a word for them."""
    await group_acts.check_runs(moderator, group)
    if not reason.strip():
        raise NotValid("hand_on_reason", "Say why.")
    await _hand_on(case, group, moderator, reason.strip(), by_id=moderator.id)


async def hand_on_late() -> None:
    """Give the server's moderators what a group did not answer in time, or has nobody left to
    answer; runs by the clock."""
    live = Case.filter(scope=Scope.GROUP, state__in=list(LIVE), group_id__not_isnull=True)
    last = 0
    while cases := await live.filter(id__gt=last).order_by("id").limit(SOME):
        last = cases[-1].id
        reports = Report.filter(case_id__in=[case.id for case in cases], state=ReportState.IN_CASE)
        rows = await reports.values("case_id", "reporter_id")
        groups = await Actor.in_bulk({case.group_id for case in cases}, "id")
        for case in cases:
            reporters = [row["reporter_id"] for row in rows if row["case_id"] == case.id]
            if reporters:
                await _hand_on_if_late(case, groups[case.group_id or 0], reporters)


async def _hand_on_if_late(case: Case, group: Actor, reporters: Sequence[int | None]) -> None:
    if case.is_overdue or not await readers_in(group, case.target_id, *reporters):
        words = WORDS[in_language(current().sections.language)]["group.unanswered"]
        await _hand_on(case, group, await instance_actor(), words, by_id=None)


async def _hand_on(
    case: Case, group: Actor, speaker: Actor, reason: str, *, by_id: int | None
) -> None:
    if not case.is_live:
        raise NotAllowed(machine.CLOSED)
    case.scope, case.group_id, case.state = Scope.SERVER, None, CaseState.OPEN
    case.claimed_by_id, case.touched_at, case.waiting_until = None, None, None
    async with in_transaction():
        await keep(case)
        text = f"!{group.full_handle}: {reason}"[:MOST_WORDS]
        await CaseWord.create(case_id=case.id, author_id=speaker.id, text=text)
        await Report.filter(case_id=case.id).update(group_id=None)
        first = await Report.filter(case_id=case.id).order_by("id").first()
        if first is not None:
            await put("inbox.tell_staff", {"report_id": first.id})
        await write_down(by_id, "group.hand_on", name_of(case), reason=reason)
