"""What may become of an appeal: every transition of product.md 6.2 with its guard; pure."""

from collections.abc import Collection
from datetime import datetime, timedelta

from moderation.appeals import Appeal
from moderation.states import HEARD, AppealState, Inadmissible, Verdict
from outbox.refusals import NotAllowed, NotValid

MOST_APPEAL = 2_000
MOST_REASONS = 5_000
ALONE_AFTER = timedelta(hours=24)

DECIDER = "You decided this; someone else has to hear the appeal."
NOT_HEARD = "This appeal is not being heard."
NOT_YOURS = "Someone else hears this appeal."
TOO_FEW = "Too few members can be drawn: they agreed to it, and have nothing to do with the case."
OUTCOMES = {Verdict.UPHOLD: AppealState.UPHELD, Verdict.OVERTURN: AppealState.OVERTURNED}


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
    has_panels: bool = False,
) -> None:
    """Take up an appeal: never whoever decided, but for the only one there is, after a day; at once
    where the policy has panels, for then one of those is drawn first."""
    is_free = appeal.state == AppealState.OVERDUE and appeal.reviewer_id is None
    if appeal.state == AppealState.IN_REVIEW and appeal.reviewer_id == reviewer:
        return
    if appeal.state != AppealState.FILED and not is_free:
        raise NotAllowed("This appeal does not wait to be taken up.")
    if is_concerned:
        raise NotAllowed("It is about you; someone else has to hear the appeal.")
    if reviewer in deciders:
        if has_others:
            raise NotAllowed(DECIDER)
        if not has_panels:
            _check_day(appeal, at)
        appeal.is_same_person = True
    appeal.reviewer_id = reviewer
    if appeal.state == AppealState.FILED:
        appeal.state = AppealState.IN_REVIEW


def _check_day(appeal: Appeal, at: datetime) -> None:
    if appeal.filed_at is None or at < appeal.filed_at + ALONE_AFTER:
        raise NotAllowed("You decided this yourself. Look again after a day.")


def settle(
    appeal: Appeal,
    reviewer: int,
    outcome: str,
    reasons: str,
    at: datetime,
    *,
    has_panel: bool = False,
) -> None:
    """Say what comes of an appeal, with the reasons for it.

    `has_panel` tells that one could be drawn: then the only moderator, who decided, asks it first.
    """
    _check_hears(appeal, reviewer)
    if appeal.is_same_person and appeal.panel_drawn_at is None:
        if has_panel:
            raise NotAllowed("You decided this yourself. Let a panel be drawn first.")
        _check_day(appeal, at)
    if outcome not in HEARD:
        raise NotValid("outcome", "Choose what comes of the appeal.")
    _check_reasons(reasons)
    appeal.state, appeal.settled_at = AppealState(outcome), at
    appeal.reasons = reasons.strip()[:MOST_REASONS]


def draw(
    appeal: Appeal, reviewer: int, at: datetime, *, size: int, people: int, is_shown: bool
) -> None:
    """Put an appeal before a panel, once: `people` may be drawn for `size` seats.

    `is_shown` tells that everyone could read what the decision is about.
    """
    _check_hears(appeal, reviewer)
    if appeal.panel_drawn_at is not None:
        raise NotAllowed("A panel was asked about this appeal already.")
    if not size:
        raise NotAllowed("The policy has no panels.")
    if not is_shown:
        raise NotAllowed("What only some could read is not shown to a panel.")
    if people < size:
        raise NotAllowed(TOO_FEW)
    appeal.state, appeal.panel_drawn_at = AppealState.WITH_PANEL, at


def conclude(
    appeal: Appeal, verdict: Verdict, reasons: str, at: datetime, *, is_over: bool
) -> None:
    """Let the verdict of a panel count; nobody who decided had a part in it."""
    _check_panel(appeal, is_over=is_over)
    _check_reasons(reasons)
    appeal.state, appeal.settled_at = OUTCOMES[verdict], at
    appeal.reasons, appeal.is_same_person = reasons.strip()[:MOST_REASONS], False


def hand_back(appeal: Appeal, at: datetime, *, is_over: bool) -> None:
    """Give an appeal back from a panel to whoever hears it: with advice, or without an answer.

    They have as many days left as when the panel was drawn.
    """
    _check_panel(appeal, is_over=is_over)
    appeal.state = AppealState.IN_REVIEW
    if appeal.decide_by is not None and appeal.panel_drawn_at is not None:
        appeal.decide_by += at - appeal.panel_drawn_at


def become_overdue(appeal: Appeal, at: datetime) -> None:
    """Mark an appeal that was not answered in time; it can still be taken up and settled."""
    if appeal.state not in (AppealState.FILED, AppealState.IN_REVIEW):
        raise NotAllowed("This appeal is not waiting.")
    if appeal.decide_by is None or at <= appeal.decide_by:
        raise NotAllowed("Its day has not come yet.")
    appeal.state, appeal.overdue_at = AppealState.OVERDUE, appeal.overdue_at or at


def pass_by(appeal: Appeal, at: datetime) -> None:
    """Close a window that nobody used."""
    if appeal.state != AppealState.OPEN_WINDOW or at <= appeal.window_ends_at:
        raise NotAllowed("Its day has not come yet.")
    appeal.passed_at = appeal.passed_at or at


def _check_hears(appeal: Appeal, reviewer: int) -> None:
    if appeal.state not in (AppealState.IN_REVIEW, AppealState.OVERDUE):
        raise NotAllowed(NOT_HEARD)
    if appeal.reviewer_id != reviewer:
        raise NotAllowed(NOT_YOURS)


def _check_panel(appeal: Appeal, *, is_over: bool) -> None:
    if appeal.state != AppealState.WITH_PANEL:
        raise NotAllowed("This appeal is not before a panel.")
    if not is_over:
        raise NotAllowed("The panel is not over yet.")


def _words(words: str) -> str:
    if not words.strip():
        raise NotValid("words", "Say why you disagree.")
    if len(words.strip()) > MOST_APPEAL:
        raise NotValid("words", f"At most {MOST_APPEAL} characters.")
    return words.strip()


def _check_reasons(reasons: str) -> None:
    if not reasons.strip():
        raise NotValid("reasons", "Give the reasons.")
