"""Deciding, written down: a decision, its effect, its notice and its entry are one transaction."""

from datetime import datetime

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from moderation import decision_machine as machine
from moderation.appeals import Appeal, opened
from moderation.audit import write_down
from moderation.case_machine import check_mine, resume
from moderation.cases import Case
from moderation.decision_machine import House
from moderation.decisions import Decision
from moderation.drafting import window_of
from moderation.duty import on_duty, standing
from moderation.effects import effect_of
from moderation.entries import policy_of, publish, stamp
from moderation.finishing import finish, purge
from moderation.handling import decide
from moderation.notices import tell_concerned
from moderation.policy import current
from moderation.record import EntryKind
from moderation.rows import keep
from moderation.rules import rule_of
from moderation.states import PENDING, CaseState, DecisionState
from outbox.refusals import NotAllowed


async def issue(decision: Decision, case: Case, moderator: Actor, *, address: str = "") -> None:
    """Put a draft in force with all that follows, or before a second person."""
    who = await standing(moderator, case)
    check_mine(case, who)
    at = now()
    machine.issue(decision, who, await house_for(decision), at)
    async with in_transaction():
        await _store(decision)
        await write_down(
            moderator.id,
            "decision.issue",
            f"decision:{decision.id}",
            after=facts_of(decision),
            reason=decision.facts,
            address=address,
        )
        if decision.is_in_force:
            await _take_effect(decision, case, moderator, at, address=address)


async def confirm(decision: Decision, moderator: Actor, *, address: str = "") -> None:
    """Agree with a decision as a second person, which puts it in force."""
    case = await Case.get(id=decision.case_id)
    at, before = now(), facts_of(decision)
    old = await _replaced_by(decision)
    machine.confirm(decision, await standing(moderator, case), at)
    drafter = await Actor.get(id=decision.drafted_by_id)
    async with in_transaction():
        await keep(decision)
        await write_down(
            moderator.id,
            "decision.confirm",
            f"decision:{decision.id}",
            before=before,
            after=facts_of(decision),
            address=address,
        )
        await _take_effect(decision, case, drafter, at, address=address)
        if old is not None:
            await put_in_place(old, decision)


async def give_back(
    decision: Decision, moderator: Actor, reason: str, *, address: str = ""
) -> None:
    """Return a decision to who drafted it."""
    case = await Case.get(id=decision.case_id)
    before = facts_of(decision)
    machine.give_back(decision, await standing(moderator, case), reason)
    async with in_transaction():
        await keep(decision)
        await write_down(
            moderator.id,
            "decision.return",
            f"decision:{decision.id}",
            before=before,
            after=facts_of(decision),
            reason=reason,
            address=address,
        )


async def lift(decision: Decision, moderator: Actor, reason: str, *, address: str = "") -> None:
    """End a measure before its day, and put things back."""
    case = await Case.get(id=decision.case_id)
    if (await standing(moderator, case)).is_part:
        raise NotAllowed("You are part of this case; someone else has to look at it.")
    before = facts_of(decision)
    machine.lift(decision, reason, now())
    async with in_transaction():
        await end(decision, EntryKind.LIFTED)
        await write_down(
            moderator.id,
            "decision.lift",
            f"decision:{decision.id}",
            before=before,
            after=facts_of(decision),
            reason=reason,
            address=address,
        )


async def replace(
    old: Decision, new: Decision, case: Case, moderator: Actor, *, address: str = ""
) -> None:
    """Put another decision about the same thing in the place of one in force.

    Where it needs a second person, the old one stands until they agree. Nobody has to take the
    case again for that; while an appeal waits, the appeal decides. Raises NotAllowed or NotValid.
    """
    if not old.is_in_force:
        raise NotAllowed(machine.NOT_IN_FORCE)
    await _check_unheard(old)
    at = now()
    new.supersedes_id = old.id
    new.outcome = None  # type: ignore[assignment]  # the reports have their answer already
    machine.issue(new, await standing(moderator, case), await house_for(new), at)
    async with in_transaction():
        await _store(new)
        await write_down(
            moderator.id,
            "decision.replace",
            f"decision:{old.id}",
            before=facts_of(old),
            after=facts_of(new) | {"decision": str(new.id)},
            reason=new.facts,
            address=address,
        )
        if new.is_in_force:
            await take_effect(new, case, at)
            await put_in_place(old, new)


async def put_in_place(old: Decision, new: Decision) -> None:
    """End a decision because another stands in its place; call in a transaction."""
    machine.replace(old, new, now())
    await end(old, EntryKind.AMENDED)
    await keep(new)


async def expire_due() -> None:
    """End the measures whose day has come, and put things back; runs by the clock."""
    at = now()
    due = Decision.filter(state="in_force", until__lte=at)
    for decision in await due.order_by("until").limit(100):
        before = facts_of(decision)
        machine.expire(decision, at)
        async with in_transaction():
            await end(decision, EntryKind.EXPIRED)
            await write_down(
                None,
                "decision.expire",
                f"decision:{decision.id}",
                before=before,
                after=facts_of(decision),
            )


async def end(decision: Decision, kind: EntryKind) -> None:
    """Undo a decision that has ended, and say so to everyone; call in a transaction."""
    await undo(decision)
    await stamp(decision, kind)
    await tell_concerned(decision, kind.value)


async def undo(decision: Decision) -> None:
    """Put back what a decision had changed, once; call in a transaction."""
    if not decision.is_undone and decision.purged_at is None:
        await keep(decision)
        await effect_of(decision).undo(decision)
        decision.is_undone = True
    await keep(decision)


async def take_effect(decision: Decision, case: Case, at: datetime) -> None:
    """Do what a decision says, open its appeal, tell who is concerned, and publish it.

    Call in the transaction that put it in force.
    """
    decision.appealable_until = await window_of(decision, at)
    await effect_of(decision).do(decision)
    if decision.appealable_until is not None:
        await opened(decision, decision.appealable_until).save(force_create=True)
    await publish(decision, case)
    await tell_concerned(decision, "issued")
    if decision.purge_now is not None:
        await purge(decision)
    await keep(decision)
    if decision.appealable_until is None:
        await finish(decision)


async def house_for(decision: Decision) -> House:
    """Gather what the guards of a decision ask of the house."""
    policy = await policy_of(decision)
    wanted = current().sections.moderation
    return House(
        has_rule=policy is not None
        and rule_of(policy.sections.rules, decision.rule_id) is not None,
        moderators=len(await on_duty()),
        second_for=wanted.second_person_for,
        purge_now=wanted.purge_now,
    )


def facts_of(decision: Decision) -> dict[str, str]:
    """Return what the audit log keeps of a decision."""
    return {
        "state": decision.state.value,
        "measure": decision.measure.value,
        "thing": decision.thing.value,
        "note": str(decision.note_id or ""),
        "actor": str(decision.actor_id or ""),
        "host": decision.host,
    }


async def _take_effect(
    decision: Decision, case: Case, claimer: Actor, at: datetime, *, address: str
) -> None:
    await take_effect(decision, case, at)
    if decision.outcome is None:
        return
    case = await Case.get(id=case.id)
    if case.claimed_by_id != claimer.id:
        return
    if case.state == CaseState.WAITING:
        # It waited for this second person.
        resume(case, at, is_answered=True)
        await keep(case)
    if case.state == CaseState.CLAIMED:
        await decide(
            case,
            claimer,
            outcome=decision.outcome.value,
            to_reporters=decision.to_reporters,
            decisions=1,
            address=address,
        )


async def _replaced_by(decision: Decision) -> Decision | None:
    """Return the decision in force in whose place this one comes."""
    if decision.supersedes_id is None:
        return None
    old = await Decision.get_or_none(id=decision.supersedes_id, state=DecisionState.IN_FORCE)
    if old is not None:
        await _check_unheard(old)
    return old


async def _check_unheard(decision: Decision) -> None:
    if await Appeal.exists(decision_id=decision.id, state__in=list(PENDING)):
        raise NotAllowed("An appeal against this decision waits; it is changed there.")


async def _store(decision: Decision) -> None:
    """Keep a draft: a new one, or one that was returned and written anew."""
    if await Decision.exists(id=decision.id):
        await keep(decision)
    else:
        await decision.save(force_create=True)
