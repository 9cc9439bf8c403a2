"""What may become of an appeal: every transition of product.md 6.2 with its guard; pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from moderation.appeals import Appeal
from moderation.states import HEARD, AppealState, Inadmissible
from outbox.refusals import NotAllowed, NotValid

MOST_APPEAL = 2_000
MOST_REASONS = 5_000
ALONE_AFTER = timedelta(hours=24)

DECIDER = "You decided this; someone else has to hear the appeal."


def file(appeal: Appeal, words: str, at: datetime, *, decide_days: int) -> None:
    """Disagree while the window is open, also with a decision that has run out by then."""
    if appeal.state != AppealState.OPEN_WINDOW:
        raise NotAllowed("There is an appeal against this decision already.")
    if at > appeal.window_ends_at:
        raise NotAllowed("The time to appeal against this decision is over.")
    appeal.words = _words(words)
    appeal.state, appeal.filed_at = AppealState.FILED, at
    appeal.decide_by = at + timedelta(days=decide_days)


def file_second(
    first: Appeal, words: str, new_facts: str, at: datetime, *, decide_days: int
) -> Appeal:
    """Disagree once more after the first appeal was settled, with facts nobody knew then."""
    if first.number != 1 or first.state not in (AppealState.UPHELD, AppealState.INADMISSIBLE):
        raise NotAllowed("There is an appeal against this decision already.")
    if at > first.window_ends_at:
        raise NotAllowed("The time to appeal against this decision is over.")
    if not new_facts.strip():
        raise NotValid("new_facts", "A second appeal needs facts that are new.")
    second = Appeal(decision_id=first.decision_id, number=2, window_ends_at=first.window_ends_at)
    file(second, words, at, decide_days=decide_days)
    second.new_facts = new_facts.strip()[:MOST_APPEAL]
    return second


def refuse(appeal: Appeal, by: int, why: Inadmissible, reasons: str, at: datetime) -> None:
    """Refuse to hear an appeal, with the reason, which is sent and counted."""
    if appeal.state != AppealState.FILED:
        raise NotAllowed("This appeal does not wait to be taken up.")
    _check_reasons(reasons)
    appeal.state, appeal.refused_as = AppealState.INADMISSIBLE, why
    appeal.reasons, appeal.settled_at = reasons.strip()[:MOST_REASONS], at
    appeal.reviewer_id = by


def assign(
    appeal: Appeal,
    reviewer: int,
    at: datetime,
    *,
    deciders: Collection[int],
    has_others: bool,
    is_concerned: bool = False,
) -> None:
    """Take up an appeal: never whoever decided, but for the only one there is, after a day."""
    is_free = appeal.state == AppealState.OVERDUE and appeal.reviewer_id is None
    if appeal.state == AppealState.IN_REVIEW and appeal.reviewer_id == reviewer:
        return
    if appeal.state != AppealState.FILED and not is_free:
        raise NotAllowed("This appeal does not wait to be taken up.")
    if is_concerned:
        raise NotAllowed("It is about you; someone else has to hear the appeal.")
    if reviewer in deciders:
        _check_alone(appeal, at, has_others=has_others)
        appeal.is_same_person = True
    appeal.reviewer_id = reviewer
    if appeal.state == AppealState.FILED:
        appeal.state = AppealState.IN_REVIEW


def _check_alone(appeal: Appeal, at: datetime, *, has_others: bool) -> None:
    if has_others:
        raise NotAllowed(DECIDER)
    if appeal.filed_at is None or at < appeal.filed_at + ALONE_AFTER:
        raise NotAllowed("You decided this yourself. Look again after a day.")


def settle(appeal: Appeal, reviewer: int, outcome: str, reasons: str, at: datetime) -> None:
    """Say what comes of an appeal, with the reasons for it."""
    if appeal.state not in (AppealState.IN_REVIEW, AppealState.OVERDUE):
        raise NotAllowed("This appeal is not being heard.")
    if appeal.reviewer_id != reviewer:
        raise NotAllowed("Someone else hears this appeal.")
    if outcome not in HEARD:
        raise NotValid("outcome", "Choose what comes of the appeal.")
    _check_reasons(reasons)
    appeal.state, appeal.settled_at = AppealState(outcome), at
    appeal.reasons = reasons.strip()[:MOST_REASONS]


def become_overdue(appeal: Appeal, at: datetime) -> None:
    """Mark an appeal that was not answered in time; it can still be taken up and settled."""
    if appeal.state not in (AppealState.FILED, AppealState.IN_REVIEW):
        raise NotAllowed("This appeal is not waiting.")
    if appeal.decide_by is None or at <= appeal.decide_by:
        raise NotAllowed("Its day has not come yet.")
    appeal.state, appeal.overdue_at = AppealState.OVERDUE, at


def pass_by(appeal: Appeal, at: datetime) -> None:
    """Close a window that nobody used."""
    if appeal.state != AppealState.OPEN_WINDOW or at <= appeal.window_ends_at:
        raise NotAllowed("Its day has not come yet.")
    appeal.passed_at = appeal.passed_at or at


def _words(words: str) -> str:
    if not words.strip():
        raise NotValid("words", "Say why you disagree.")
    if len(words.strip()) > MOST_APPEAL:
        raise NotValid("words", f"At most {MOST_APPEAL} characters.")
    return words.strip()


def _check_reasons(reasons: str) -> None:
    if not reasons.strip():
        raise NotValid("reasons", "Give the reasons.")
