"""What may become of a decision: every transition of product.md 6.2 with its guard; pure."""

from dataclasses import dataclass, field
from datetime import datetime

from moderation.case_machine import PART, Standing
from moderation.decisions import TAKEN_AWAY, Decision
from moderation.reports import Outcome
from moderation.states import MEASURES, MOST_WORDS, DecisionState, Thing
from moderation.vocabulary import Measure, PurgeNow
from outbox.refusals import NotAllowed, NotValid

NOT_IN_FORCE = "This decision is no longer in force."
NOT_ALONE = "Someone else has to agree with it."
REFUSING = (Measure.REJECT, Measure.DROP)


@dataclass(frozen=True)
class House:
    """What the house says at this moment, as far as a decision hangs on it.

    `has_rule` tells whether the rule stands in the version of the policy that is named.
    """

    has_rule: bool = True
    moderators: int = 1
    second_for: tuple[Measure, ...] = ()
    purge_now: tuple[PurgeNow, ...] = field(default=tuple(PurgeNow))


def issue(decision: Decision, who: Standing, house: House, at: datetime) -> None:
    """Put a whole decision in force, or before a second person where the policy asks for one."""
    if decision.state != DecisionState.DRAFT:
        raise NotAllowed("This decision was issued already.")
    if who.is_part:
        raise NotAllowed(PART)
    if decision.drafted_by_id != who.actor_id:
        raise NotAllowed("Only who drafted a decision issues it.")
    check_whole(decision, house, at)
    if needs_second(decision, house):
        decision.state = DecisionState.NEEDS_SECOND
    else:
        _in_force(decision, at)


def check_whole(decision: Decision, house: House, at: datetime) -> None:
    """Raise NotValid for the first thing that a decision lacks."""
    if decision.measure not in MEASURES[decision.thing]:
        raise NotValid("measure", "Choose what is done.")
    _check_ground(decision, house)
    for name, text in (
        ("facts", "Say what happened."),
        ("explanation", "Explain it to the person concerned."),
        ("summary", "Write what the public reads."),
    ):
        written: str = getattr(decision, name)
        if not written.strip():
            raise NotValid(name, text)
        if len(written) > MOST_WORDS:
            raise NotValid(name, f"At most {MOST_WORDS} characters.")
    _check_end(decision, at)
    _check_sharp(decision, house)
    if decision.outcome == Outcome.MISUSE and not decision.to_reporters.strip():
        raise NotValid("to_reporters", "Say what you looked at.")


def _check_ground(decision: Decision, house: House) -> None:
    if decision.rule_id and decision.policy_version:
        if not house.has_rule:
            raise NotValid("rule", "There is no such rule.")
        return
    if not (decision.law.strip() and decision.law_reference.strip()):
        raise NotValid("rule", "Name the rule that was broken, or the law and where it says so.")


def _check_end(decision: Decision, at: datetime) -> None:
    if decision.until is None and not decision.no_end_because.strip():
        raise NotValid("until", "Say when it ends, or why it has no end.")
    if decision.until is not None and decision.until <= at:
        raise NotValid("until", "Choose a day that is still to come.")
    if decision.until is not None and decision.measure == Measure.CLOSE_GROUP:
        raise NotValid("until", "A group is closed for good; suspend it to let it come back.")
    if decision.until is not None and decision.measure == Measure.CLOSE_ACCOUNT:
        raise NotValid("until", "An account is closed for good; suspend it to let it come back.")


def _check_sharp(decision: Decision, house: House) -> None:
    """Check what cannot be taken back."""
    is_taken = decision.measure in TAKEN_AWAY
    if decision.everywhere_now and not (is_taken and decision.everywhere_because.strip()):
        raise NotValid("everywhere_because", "Say why it has to go everywhere at once.")
    if decision.purge_now is None:
        return
    if decision.measure != Measure.REMOVE or decision.purge_now not in house.purge_now:
        raise NotValid("purge_now", "The policy does not let this be deleted at once.")


def needs_second(decision: Decision, house: House) -> bool:
    """Tell whether someone else has to agree."""
    return is_grave(decision.measure, house.second_for) and house.moderators >= 2


def is_grave(measure: str, second_for: tuple[Measure, ...]) -> bool:
    """Tell whether a measure is of those that take two; to refuse silently is to refuse too."""
    named = set(second_for)
    if named & set(REFUSING):
        named |= set(REFUSING)
    return measure in named


def confirm(decision: Decision, who: Standing, at: datetime) -> None:
    """Agree with a decision as a second person."""
    _check_second(decision, who)
    decision.second_by_id = who.actor_id
    _in_force(decision, at)


def give_back(decision: Decision, who: Standing, reason: str) -> None:
    """Return a decision to who drafted it, with what is wrong with it."""
    _check_second(decision, who)
    if not reason.strip():
        raise NotValid("reason", "Say what should be different.")
    decision.state = DecisionState.DRAFT
    decision.returned_because = reason.strip()[:MOST_WORDS]


def expire(decision: Decision, at: datetime) -> None:
    """End a measure on its day."""
    _check_in_force(decision)
    if decision.until is None or at < decision.until:
        raise NotAllowed("Its day has not come yet.")
    decision.state, decision.ended_at = DecisionState.EXPIRED, decision.until


def lift(decision: Decision, reason: str, at: datetime) -> None:
    """End a measure before its day."""
    _check_in_force(decision)
    if not reason.strip():
        raise NotValid("reason", "Say why it is lifted.")
    decision.state, decision.ended_at = DecisionState.LIFTED, at
    decision.lifted_because = reason.strip()[:MOST_WORDS]


def replace(old: Decision, new: Decision, at: datetime) -> None:
    """Put a decision that is in force in the place of another about the same thing."""
    _check_in_force(old)
    _check_in_force(new)
    if _about(old) != _about(new) or old.id == new.id:
        raise NotValid("replaces", "It has to be about the same thing.")
    old.state, old.ended_at, old.replaced_by_id = DecisionState.AMENDED, at, new.id
    new.supersedes_id = old.id


def overturn(decision: Decision, at: datetime) -> None:
    """Take a decision back because an appeal against it succeeded."""
    if decision.state not in (DecisionState.IN_FORCE, DecisionState.EXPIRED):
        raise NotAllowed(NOT_IN_FORCE)
    decision.state = DecisionState.OVERTURNED
    decision.ended_at = decision.ended_at or at


def _in_force(decision: Decision, at: datetime) -> None:
    decision.state, decision.issued_at = DecisionState.IN_FORCE, at


def _check_second(decision: Decision, who: Standing) -> None:
    if decision.state != DecisionState.NEEDS_SECOND:
        raise NotAllowed("This decision does not wait for a second person.")
    if who.is_part:
        raise NotAllowed(PART)
    if who.actor_id == decision.drafted_by_id:
        raise NotAllowed(NOT_ALONE)


def _check_in_force(decision: Decision) -> None:
    if decision.state != DecisionState.IN_FORCE:
        raise NotAllowed(NOT_IN_FORCE)


def _about(decision: Decision) -> tuple[Thing, int | None, int | None, str]:
    return decision.thing, decision.note_id, decision.actor_id, decision.host
