"""What a moderator writes of a decision, read and looked at before anything of it is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from actors.actor import Actor
from actors.memberships import runs
from core.clock import now
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.entries import look_at, policy_of, rule_hash
from moderation.on_servers import is_ourselves
from moderation.policy import current
from moderation.reports import Outcome
from moderation.rules import rule_of
from moderation.states import DecisionState, Scope, Thing
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
    decision.appealable_until = await window_of(decision, now())
    return decision


async def rework(decision: Decision, case: Case, moderator: Actor, written: Written) -> Decision:
    """Write a draft that was returned anew, unsaved, for `issue`; raise NotAllowed or NotValid."""
    if decision.state != DecisionState.DRAFT or decision.drafted_by_id != moderator.id:
        raise NotAllowed("Only who drafted a decision issues it.")
    again = await draft(case, moderator, written)
    for name in REWORKED:
        setattr(decision, name, getattr(again, name))
    return decision


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


async def window_of(decision: Decision, at: datetime) -> datetime | None:
    """Return until when the person concerned may appeal; None where there is nothing to."""
    if decision.measure == Measure.NONE or decision.thing == Thing.SERVER:
        return None
    policy = await policy_of(decision)
    found = rule_of(policy.sections.rules, decision.rule_id) if policy else None
    if found is not None and not found[1].appealable:
        return None
    return at + timedelta(days=current().sections.appeals.window_days)
