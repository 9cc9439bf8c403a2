"""What may become of a case: every transition of product.md 6.1 with its guard.

Pure: nothing here asks the database or the clock. Each function changes the row it is given, or
raises NotAllowed or NotValid and leaves it as it was; doing it twice changes nothing or is refused.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from moderation.cases import Case, ProvisionalHide
from moderation.states import MOST_WORDS, CaseState, WaitingFor
from outbox.refusals import NotAllowed, NotValid

IDLE = timedelta(hours=48)
LONGEST_HIDE = timedelta(hours=72)
LONGEST_WAIT = timedelta(days=90)

PART = "You are part of this case; someone else has to look at it."
TAKEN = "Someone else has taken this case."
CLOSED = "This case is no longer open."
NOT_YOURS = "Take this case first."
ELSE = "This was decided by you; someone else has to look again."


@dataclass(frozen=True)
class Standing:
    """How somebody stands to a case.

    `is_part` bars them: they reported, are reported, or took part in the thread; `follows_both`
    only warns them. `has_others`: someone else could do it.
    """

    actor_id: int
    is_part: bool = False
    follows_both: bool = False
    has_others: bool = True


def claim(case: Case, who: Standing, at: datetime) -> None:
    """Take a case that nobody works on: free, reopened, or idle for 48 hours."""
    _check_live(case)
    _check_apart(who)
    if case.state == CaseState.WAITING and case.claimed_by_id != who.actor_id:
        raise NotAllowed(TAKEN)
    is_taken = case.state == CaseState.CLAIMED and case.claimed_by_id != who.actor_id
    if is_taken and not is_idle(case, at):
        raise NotAllowed(TAKEN)
    is_mine = case.claimed_by_id == who.actor_id
    is_again = case.state == CaseState.REOPENED or (case.reopened_count and not is_mine)
    if is_again and case.decided_by_id == who.actor_id and who.has_others:
        raise NotAllowed(ELSE)
    if case.state != CaseState.WAITING:
        case.state = CaseState.CLAIMED
    case.claimed_by_id, case.touched_at = who.actor_id, at
    case.acknowledged_at = case.acknowledged_at or at


def is_idle(case: Case, at: datetime) -> bool:
    """Tell whether its claimer has left it alone for 48 hours."""
    return case.touched_at is None or at - case.touched_at >= IDLE


def release(case: Case, who: Standing) -> None:
    """Give a case back that one has taken; one that was reopened is still not for who decided."""
    check_mine(case, who)
    case.state = CaseState.REOPENED if case.reopened_count else CaseState.OPEN
    case.claimed_by_id, case.touched_at = None, None


def release_idle(case: Case, at: datetime) -> None:
    """Give a claimed case back that its claimer left alone."""
    if case.state != CaseState.CLAIMED or not is_idle(case, at):
        raise NotAllowed("This case is being worked on.")
    case.state = CaseState.REOPENED if case.reopened_count else CaseState.OPEN
    case.claimed_by_id, case.touched_at = None, None


def wait(
    case: Case, who: Standing, what: WaitingFor, reason: str, until: datetime, at: datetime
) -> None:
    """Let a case wait for somebody, with the reason and until when."""
    check_mine(case, who)
    if not reason.strip():
        raise NotValid("reason", "Say what it waits for.")
    if not at < until <= at + LONGEST_WAIT:
        raise NotValid("until", "Choose a day within the next 90 days.")
    case.state, case.waiting_for = CaseState.WAITING, what
    case.waiting_reason, case.waiting_until = reason.strip()[:MOST_WORDS], until
    case.touched_at = at


def resume(case: Case, at: datetime, *, is_answered: bool) -> None:
    """Go on with a case that waited: the answer came, or its day passed."""
    if case.state != CaseState.WAITING:
        raise NotAllowed("This case does not wait.")
    if not is_answered and (case.waiting_until is None or at < case.waiting_until):
        raise NotAllowed("Its day has not come yet.")
    case.state, case.touched_at = CaseState.CLAIMED, at
    case.waiting_until = None


def hide(
    case: Case, who: Standing, note_id: int, *, reason: str, until: datetime, at: datetime
) -> ProvisionalHide:
    """Put a note out of sight until it is decided, for 72 hours at most."""
    if case.state not in (CaseState.OPEN, CaseState.CLAIMED):
        raise NotAllowed(CLOSED)
    _check_apart(who)
    if case.state == CaseState.CLAIMED and case.claimed_by_id != who.actor_id:
        raise NotAllowed(TAKEN)
    if not reason.strip():
        raise NotValid("reason", "Say why it cannot wait.")
    if not at < until <= at + LONGEST_HIDE:
        raise NotValid("until", "It can be hidden for 72 hours at most before it is decided.")
    case.touched_at, case.acknowledged_at = at, case.acknowledged_at or at
    return ProvisionalHide(
        case_id=case.id,
        note_id=note_id,
        by_id=who.actor_id,
        reason=reason.strip()[:MOST_WORDS],
        until=until,
        created_at=at,
    )


def end_hide(hidden: ProvisionalHide, at: datetime, *, is_decided: bool) -> None:
    """End a provisional hide: its time is over, or the case was decided."""
    if hidden.ended_at is not None:
        raise NotAllowed("This has ended already.")
    if not is_decided and at < hidden.until:
        raise NotAllowed("Its day has not come yet.")
    hidden.ended_at = at


def decide(case: Case, who: Standing, *, decisions: int, no_breach: str, at: datetime) -> None:
    """Settle a case: with decisions that were issued, or because no rule was broken."""
    check_mine(case, who)
    if not decisions and not no_breach.strip():
        raise NotValid("no_breach", "Issue a decision, or say why no rule was broken.")
    case.state, case.decided_at, case.decided_by_id = CaseState.DECIDED, at, who.actor_id
    case.no_breach = "" if decisions else no_breach.strip()[:MOST_WORDS]


def merge(case: Case, other: Case, who: Standing, at: datetime) -> None:
    """Put a case into another live one, which is about the same place."""
    _check_live(case)
    _check_apart(who)
    if case.id == other.id or not other.is_live:
        raise NotValid("into", "Choose another case that is still open.")
    if (case.scope, case.group_id) != (other.scope, other.group_id):
        raise NotValid("into", "Choose a case of the same place.")
    case.state, case.merged_into_id, case.touched_at = CaseState.MERGED, other.id, at


def reopen(case: Case, reason: str, at: datetime) -> None:
    """Open a decided case again, for an appeal or new evidence; whoever decided is not to look."""
    if case.state != CaseState.DECIDED:
        raise NotAllowed("Only what was decided can be opened again.")
    if not reason.strip():
        raise NotValid("reason", "Say what is new.")
    case.state, case.claimed_by_id, case.touched_at = CaseState.REOPENED, None, None
    case.reopened_because = reason.strip()[:MOST_WORDS]
    case.reopened_count += 1


def settle_again(case: Case, who: int, at: datetime) -> None:
    """Close a case that an appeal had opened, once the appeal has its outcome."""
    if case.state == CaseState.DECIDED:
        return
    _check_live(case)
    case.state, case.decided_at, case.claimed_by_id = CaseState.DECIDED, at, who
    case.waiting_until = None


def check_mine(case: Case, who: Standing) -> None:
    """Raise NotAllowed unless this person has taken the case, and is no part of it."""
    _check_live(case)
    _check_apart(who)
    if case.state != CaseState.CLAIMED or case.claimed_by_id != who.actor_id:
        raise NotAllowed(NOT_YOURS)


def _check_live(case: Case) -> None:
    if not case.is_live:
        raise NotAllowed(CLOSED)


def _check_apart(who: Standing) -> None:
    if who.is_part:
        raise NotAllowed(PART)
