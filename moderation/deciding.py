"""Deciding, written down: a decision, its effect, its notice and its entry are one transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.memberships import runs
from core.clock import now
from moderation import decision_machine as machine
from moderation.appeals import Appeal, opened
from moderation.audit import write_down
from moderation.case_machine import check_mine, resume
from moderation.cases import Case
from moderation.decision_machine import House
from moderation.decisions import Decision
from moderation.duty import on_duty, standing
from moderation.effects import effect_of
from moderation.entries import look_at, policy_of, publish, rule_hash, stamp
from moderation.finishing import finish, purge
from moderation.handling import decide
from moderation.notices import tell_concerned
from moderation.on_servers import is_ourselves
from moderation.policy import current
from moderation.record import EntryKind
from moderation.reports import Outcome
from moderation.rows import keep
from moderation.rules import rule_of
from moderation.states import PENDING, CaseState, DecisionState, Scope, Thing
from moderation.vocabulary import Category, Measure, PurgeNow
from notes.note import Note
from outbox.refusals import NotAllowed, NotValid

# What a draft that was returned takes from the form.
REWORKED = (
    *("thing", "note_id", "group_id", "measure", "minutes", "label", "rule_id", "policy_version"),
    *("rule_sha256", "law", "law_reference", "category", "facts", "explanation", "summary"),
    *("until", "no_end_because", "everywhere_now", "everywhere_because", "purge_now", "is_spam"),
    *("outcome", "to_reporters", "seen", "appealable_until"),
)


@dataclass(frozen=True)
class Written:
    """What a moderator wrote into the form of a decision.

    `settles` closes the case with it: then the reports get `outcome` and `to_reporters`; out of
    `group_id` somebody is put by `leave_group`.
    """

    measure: str = ""
    note_id: int | None = None
    minutes: int = 0
    label: str = ""
    group_id: int | None = None
    rule_id: str = ""
    law: str = ""
    law_reference: str = ""
    facts: str = ""
    explanation: str = ""
    summary: str = ""
    until: datetime | None = None
    no_end_because: str = ""
    everywhere_now: bool = False
    everywhere_because: str = ""
    purge_now: str = ""
    is_spam: bool = False
    settles: bool = True
    outcome: str = Outcome.UPHELD.value
    to_reporters: str = ""


async def draft(case: Case, moderator: Actor, written: Written) -> Decision:
    """Make a draft of what was written, unsaved; raise NotValid for what cannot be read.

    The version of the policy is the one in force now.
    """
    if written.measure not in tuple(Measure):
        raise NotValid("measure", "Choose what is done.")
    if written.purge_now and written.purge_now not in tuple(PurgeNow):
        raise NotValid("purge_now", "The policy does not let this be deleted at once.")
    if written.outcome and written.outcome not in tuple(Outcome):
        raise NotValid("outcome", "Choose what was found.")
    decision = Decision(
        case_id=case.id,
        scope=await _scope(case, moderator),
        group_id=case.group_id,
        thing=Thing.NOTE if written.note_id else case.thing,
        note_id=written.note_id,
        actor_id=case.target_id,
        host=case.host,
        drafted_by_id=moderator.id,
    )
    _fill(decision, written)
    await _ground(decision)
    await _check_object(decision)
    await _check_group(decision, written)
    decision.seen = await look_at(decision)
    decision.appealable_until = await _window(decision, now())
    return decision


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


async def rework(decision: Decision, case: Case, moderator: Actor, written: Written) -> Decision:
    """Write a draft that was returned anew, unsaved, for `issue`; raise NotAllowed or NotValid."""
    if decision.state != DecisionState.DRAFT or decision.drafted_by_id != moderator.id:
        raise NotAllowed("Only who drafted a decision issues it.")
    again = await draft(case, moderator, written)
    for name in REWORKED:
        setattr(decision, name, getattr(again, name))
    return decision


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
    decision.appealable_until = await _window(decision, at)
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


def _fill(decision: Decision, written: Written) -> None:
    decision.measure = Measure(written.measure)
    for name in ("label", "rule_id", "law", "law_reference"):
        setattr(decision, name, getattr(written, name).strip()[:500])
    for name in ("facts", "explanation", "summary", "no_end_because"):
        setattr(decision, name, getattr(written, name).strip())
    decision.minutes = max(0, min(written.minutes, 525_600))
    decision.until = written.until
    decision.everywhere_now = written.everywhere_now
    decision.everywhere_because = written.everywhere_because.strip()[:5000]
    decision.is_spam = written.is_spam
    decision.to_reporters = written.to_reporters.strip()[:2000]
    if written.purge_now:
        decision.purge_now = PurgeNow(written.purge_now)
    if written.settles and written.outcome:
        decision.outcome = Outcome(written.outcome)


async def _scope(case: Case, moderator: Actor) -> Scope:
    """Tell whether somebody decides for a group of ours, or for the whole server about one."""
    group = await Actor.get_or_none(id=case.group_id) if case.group_id else None
    is_inside = group is not None and group.is_local and await runs(moderator, group)
    return Scope.GROUP if is_inside else Scope.SERVER


async def _ground(decision: Decision) -> None:
    if not decision.rule_id:
        return
    decision.policy_version = current().version
    decision.rule_sha256 = await rule_hash(decision.rule_id, decision.policy_version)
    found = rule_of(current().sections.rules, decision.rule_id)
    decision.category = found[1].category if found else Category.NONE


async def _check_object(decision: Decision) -> None:
    if decision.thing == Thing.NOTE:
        note = await Note.get_or_none(id=decision.note_id, deleted_at=None)
        if note is None or note.author_id != decision.actor_id or note.is_boost:
            raise NotValid("note", "This note is not by the person the case is about.")
        if decision.measure == Measure.LABEL and not decision.label.strip():
            raise NotValid("label", "Write what stands before the note.")
    if decision.thing == Thing.SERVER and is_ourselves(decision.host):
        raise NotValid("measure", "This is the server we live on.")


async def _check_group(decision: Decision, written: Written) -> None:
    """Read out of which group of ours somebody is put; what is closed has to be ours as well."""
    if decision.measure == Measure.LEAVE_GROUP:
        wanted = written.group_id or decision.group_id
        group = await Actor.get_or_none(id=wanted or 0, gone_at=None)
        if group is None or not group.is_group or not group.is_local:
            raise NotValid("group", "Choose a group that lives here.")
        decision.group_id = group.id
    if decision.measure == Measure.CLOSE_GROUP:
        about = await Actor.get(id=decision.actor_id)
        if not about.is_local:
            raise NotValid("measure", "This group lives elsewhere; suspend it here.")


async def _window(decision: Decision, at: datetime) -> datetime | None:
    """Return until when the person concerned may appeal; None where there is nothing to."""
    if decision.measure == Measure.NONE or decision.thing == Thing.SERVER:
        return None
    policy = await policy_of(decision)
    found = rule_of(policy.sections.rules, decision.rule_id) if policy else None
    if found is not None and not found[1].appealable:
        return None
    return at + timedelta(days=current().sections.appeals.window_days)
