"""Hearing appeals, written down: what comes of one is one transaction with all that follows."""

from collections.abc import Sequence
from datetime import datetime

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.memberships import run_by
from core import sql
from core.clock import now
from core.ids import first_id_of, new_id
from core.jobs import put
from core.paging import Page, Slice, cut, window
from core.rows import load_ids
from moderation import appeal_machine as machine
from moderation import case_machine, decision_machine
from moderation.appeals import Appeal
from moderation.audit import StaffAct, write_down
from moderation.cases import Case
from moderation.deciding import end, house_for, put_in_place, take_effect, undo
from moderation.decision_machine import needs_second
from moderation.decisions import Decision
from moderation.duty import concerned_by, on_duty
from moderation.entries import is_told, stamp
from moderation.exhibits import hang
from moderation.finishing import finish
from moderation.handling import READ_AGAIN, answer_all_again
from moderation.notices import tell_concerned
from moderation.panel_pool import pool_of
from moderation.policy import current
from moderation.record import EntryKind
from moderation.reports import Outcome, Report
from moderation.rows import keep
from moderation.states import (
    ISSUED,
    PENDING,
    AppealState,
    CaseState,
    DecisionState,
    Inadmissible,
    Thing,
)
from moderation.vocabulary import Measure, OnOverdue
from notes.attachments import Attachment
from outbox.refusals import NotAllowed

APPEALED = "An appeal was filed."


async def file(
    decision: Decision, words: str, *, new_facts: str = "", pictures: Sequence[Attachment] = ()
) -> Appeal:
    """Disagree with a decision as the person concerned; raise NotAllowed or NotValid.

    `pictures` are those that moderation/exhibits.py took in. The case it belongs to opens again,
    for someone else to look.
    """
    at = now()
    async with in_transaction():
        appeal = await _written(decision, words, new_facts, at)
        if appeal.number == 1:
            await keep(appeal)
        else:
            await appeal.save(force_create=True)
        await hang(pictures, appeal.id)
        case = await Case.get(id=decision.case_id)
        if case.state == CaseState.DECIDED:
            case_machine.reopen(case, APPEALED, at)
            await keep(case)
        await put("inbox.tell_staff_of_appeal", {"appeal_id": appeal.id})
    return appeal


async def check(decision: Decision, words: str, *, new_facts: str = "") -> None:
    """Raise what `file` would, before anything that comes with an appeal is taken in."""
    await _written(decision, words, new_facts, now())


async def _written(decision: Decision, words: str, new_facts: str, at: datetime) -> Appeal:
    """Write the appeal that would be filed, the first or the second; nothing of it is kept yet."""
    found = await Appeal.filter(decision_id=decision.id).order_by("number")
    if not found:
        raise NotAllowed("There is no appeal against this decision.")
    days = current().sections.appeals.decide_days
    if found[-1].state != AppealState.OPEN_WINDOW:
        return machine.file_second(found[-1], words, new_facts, at, decide_days=days)
    machine.file(found[-1], words, at, decide_days=days)
    return found[-1]


async def refuse(
    appeal: Appeal, moderator: Actor, why: Inadmissible, reasons: str, *, address: str = ""
) -> None:
    """Refuse to hear an appeal; the person reads why, and it is counted."""
    decision = await Decision.get(id=appeal.decision_id)
    others = await _others(decision, moderator)
    if moderator.id == decision.actor_id or moderator.id in decision.deciders():
        _check_other(decision, moderator, others)
    machine.refuse(appeal, moderator.id, why, reasons, now())
    async with in_transaction():
        await keep(appeal)
        await _close_case(decision, moderator.id)
        await stamp(decision, EntryKind.APPEAL, appeal=appeal)
        await tell_concerned(decision, "inadmissible")
        await finish(decision)
        await _write_down(appeal, moderator, "appeal.refuse", reasons, address)


async def take_up(appeal: Appeal, moderator: Actor, *, address: str = "") -> None:
    """Begin to hear an appeal: someone else than who decided, where there is someone."""
    decision = await Decision.get(id=appeal.decision_id)
    others = await _others(decision, moderator)
    machine.assign(
        appeal,
        moderator.id,
        now(),
        deciders=decision.deciders(),
        has_others=bool(others),
        is_concerned=moderator.id == decision.actor_id,
        has_panels=bool(current().sections.appeals.panel),
    )
    async with in_transaction():
        await keep(appeal)
        await _write_down(appeal, moderator, "appeal.assign", "", address)


async def settle(
    appeal: Appeal,
    moderator: Actor,
    outcome: str,
    reasons: str,
    *,
    instead: Decision | None = None,
    address: str = "",
) -> None:
    """Say what comes of an appeal, and have everything follow from it.

    Overturned: what the decision changed is put back, and the reporters are told. Amended:
    `instead`, drafted about the same thing, stands in its place from now on.
    """
    decision = await Decision.get(id=appeal.decision_id)
    has_panel = appeal.is_same_person and await can_be_asked(appeal, decision)
    machine.settle(appeal, moderator.id, outcome, reasons, now(), has_panel=has_panel)
    async with in_transaction():
        await keep(appeal)
        await follow(decision, appeal, moderator.id, instead=instead)
        await _write_down(appeal, moderator, f"appeal.{outcome}", reasons, address)


async def read_pictures(appeal: Appeal, moderator: Actor, *, address: str = "") -> None:
    """Write down that somebody looked at what was shown to them in confidence, once in an hour."""
    name, lately = f"appeal:{appeal.id}", first_id_of(now() - READ_AGAIN)
    acts = StaffAct.filter(actor_id=moderator.id, about=name, act="appeal.read", id__gte=lately)
    if not await acts.exists():
        await write_down(moderator.id, "appeal.read", name, address=address)


async def follow(
    decision: Decision, appeal: Appeal, who: int, *, instead: Decision | None = None
) -> None:
    """Do what follows from an appeal that has its outcome, in the transaction of it.

    `who` is the actor that heard it, or for whom a panel did.
    """
    await _close_case(decision, who)
    match appeal.state:
        case AppealState.OVERTURNED:
            await _overturn(decision, appeal)
        case AppealState.AMENDED:
            await _amend(decision, appeal, instead, who)
        case _:
            await stamp(decision, EntryKind.APPEAL, appeal=appeal)
            await tell_concerned(decision, "upheld")
            await finish(decision)


async def can_be_asked(appeal: Appeal, decision: Decision) -> bool:
    """Tell whether a panel could be drawn about an appeal, which none was asked about yet."""
    size = current().sections.appeals.panel
    if not size or appeal.panel_drawn_at is not None or not is_told(decision):
        return False
    return len(await pool_of(appeal, decision)) >= size


async def mark_overdue() -> None:
    """Mark the appeals that were not answered in time; lift the measure if the policy says so."""
    at = now()
    late = Appeal.filter(state__in=["filed", "in_review"], decide_by__lt=at)
    for appeal in await late.limit(100):
        machine.become_overdue(appeal, at)
        decision = await Decision.get(id=appeal.decision_id)
        async with in_transaction():
            await keep(appeal)
            await write_down(None, "appeal.overdue", f"appeal:{appeal.id}")
            lifts = current().sections.appeals.on_overdue == OnOverdue.LIFT
            if lifts and decision.state == DecisionState.IN_FORCE:
                decision_machine.lift(decision, "The appeal was not answered in time.", at)
                await end(decision, EntryKind.LIFTED)


async def waiting(moderator: Actor, *, after: int | None = None, most: int = 20) -> list[Appeal]:
    """Return the appeals of others that wait for an answer, the oldest first."""
    found = Appeal.filter(state__in=list(PENDING), decision__actor_id__not=moderator.id)
    found = found.order_by("id").limit(most)
    if after is not None:
        found = found.filter(id__gt=after)
    return await found.select_related("decision__actor", "reviewer")


async def appeals_of(decisions: Sequence[int]) -> dict[int, Appeal]:
    """Return the last appeal of each of these decisions."""
    rows = await Appeal.filter(decision_id__in=list(decisions)).order_by("number")
    return {row.decision_id: row for row in rows}


async def decided_about(person: Actor, page: Page) -> Slice[Decision]:
    """Return what was decided about somebody, or a group they run, the newest first."""
    about = [person.id, *await run_by(person)]
    end, ends = window("id", page)
    found = await sql.rows(
        f"SELECT id FROM decision WHERE actor_id IN ({sql.marks(about)})"  # noqa: S608  constants
        f" AND state IN ({sql.marks(ISSUED)}){end}",
        [*about, *ISSUED, *ends],
    )
    ids = cut([row["id"] for row in found], page)
    rows = await load_ids(Decision, ids.rows)
    return ids.holding([rows[each] for each in ids.rows])


async def decision_about(person: Actor, number: int) -> Decision | None:
    """Find one of these decisions."""
    about = [person.id, *await run_by(person)]
    return await Decision.get_or_none(id=number, actor_id__in=about, state__in=list(ISSUED))


async def _overturn(decision: Decision, appeal: Appeal) -> None:
    if decision.state == DecisionState.LIFTED:
        # What was lifted meanwhile is put back already; the record says that it was wrong.
        decision.state = DecisionState.OVERTURNED
    else:
        decision_machine.overturn(decision, now())
    await undo(decision)
    await stamp(decision, EntryKind.APPEAL, appeal=appeal)
    await tell_concerned(decision, "overturned")
    words = "An appeal was heard, and the decision was taken back."
    await answer_all_again(decision.case_id, Outcome.NOT_UPHELD, words, now())


async def _amend(
    decision: Decision, appeal: Appeal, instead: Decision | None, moderator_id: int
) -> None:
    if instead is None or decision.state != DecisionState.IN_FORCE:
        raise NotAllowed("Write the decision that stands in its place.")
    case, house = await Case.get(id=decision.case_id), await house_for(instead)
    decision_machine.check_whole(instead, house, now())
    if needs_second(instead, house) and instead.measure != decision.measure:
        # What is graver than what two looked at takes two itself, by a decision of its own.
        raise NotAllowed(decision_machine.NOT_ALONE)
    instead.id, instead.drafted_by_id = new_id(), moderator_id
    instead.supersedes_id = decision.id
    instead.state, instead.issued_at = DecisionState.IN_FORCE, now()
    await instead.save(force_create=True)
    await take_effect(instead, case, now())
    await put_in_place(decision, instead)
    await stamp(decision, EntryKind.APPEAL, appeal=appeal)
    await tell_concerned(decision, "changed")
    words = "An appeal was heard, and the decision was changed."
    outcome = Outcome.NOT_UPHELD if instead.measure == Measure.NONE else Outcome.PARTLY
    await answer_all_again(decision.case_id, outcome, words, now())


async def _close_case(decision: Decision, moderator_id: int) -> None:
    case = await Case.get(id=decision.case_id)
    if case.is_live and case.reopened_because == APPEALED:
        case_machine.settle_again(case, moderator_id, now())
        await keep(case)


async def _others(decision: Decision, moderator: Actor) -> frozenset[int]:
    """Return who else could hear it; raise NotAllowed for a moderator who reported it."""
    case = await Case.get(id=decision.case_id)
    concerned = concerned_by(case, await Report.filter(case_id=case.id))
    if decision.thing is Thing.GROUP and decision.actor_id in await run_by(moderator):
        raise NotAllowed(case_machine.PART)
    if moderator.id in concerned - {decision.actor_id}:
        raise NotAllowed(case_machine.PART)
    return await on_duty() - {moderator.id} - concerned - decision.deciders()


def _check_other(decision: Decision, moderator: Actor, others: frozenset[int]) -> None:
    if others or moderator.id == decision.actor_id:
        raise NotAllowed(machine.DECIDER)


async def _write_down(
    appeal: Appeal, moderator: Actor, act: str, reasons: str, address: str
) -> None:
    await write_down(
        moderator.id,
        act,
        f"appeal:{appeal.id}",
        after={"state": appeal.state.value, "decision": str(appeal.decision_id)},
        reason=reasons,
        address=address,
    )
