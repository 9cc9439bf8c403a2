"""What every step of a proposal asks first (who takes it, from where, when), and how one ends.

Pure, as the machines are that take the steps; what is refused leaves the row as it was.
"""

from dataclasses import dataclass
from datetime import datetime

from moderation.proposals import Proposal
from moderation.states import ProposalState
from outbox.refusals import NotAllowed, NotValid

NOT_YET = "Its day has not come yet."
NOT_ELIGIBLE = "You cannot take part yet; the page of proposals says who can."
NOT_YOURS = "This proposal is someone else's."
ONLY_ADMINS = "Only an admin can do this."
MOVED_ON = "This proposal has gone on meanwhile."


@dataclass(frozen=True)
class Participant:
    """How somebody stands to the policy: whether they may take part, and look after the place."""

    actor_id: int
    is_eligible: bool = True
    is_admin: bool = False


def check_in(proposal: Proposal, state: ProposalState) -> None:
    """Raise NotAllowed where a proposal has gone on from a state."""
    if proposal.state != state:
        raise NotAllowed(MOVED_ON)


def check_due(proposal: Proposal, at: datetime) -> None:
    """Raise NotAllowed before the moment of the next step."""
    if proposal.due_at is None or at < proposal.due_at:
        raise NotAllowed(NOT_YET)


def check_undecided(proposal: Proposal) -> None:
    """Raise NotAllowed once something has come of a proposal."""
    if not proposal.is_undecided:
        raise NotAllowed(MOVED_ON)


def check_own(proposal: Proposal, who: Participant) -> None:
    """Raise NotAllowed for everyone but who made a proposal."""
    if proposal.proposer_id != who.actor_id:
        raise NotAllowed(NOT_YOURS)


def check_eligible(who: Participant) -> None:
    """Raise NotAllowed for who may not take part yet."""
    if not who.is_eligible:
        raise NotAllowed(NOT_ELIGIBLE)


def check_admin(who: Participant) -> None:
    """Raise NotAllowed for who is no admin."""
    if not who.is_admin:
        raise NotAllowed(ONLY_ADMINS)


def check_reason(reason: str, *, is_needed: bool = True) -> None:
    """Raise NotValid where reasons are needed and missing."""
    if is_needed and not reason.strip():
        raise NotValid("because", "Give the reasons.")


def end(proposal: Proposal, state: ProposalState, at: datetime) -> None:
    """Let a proposal end in a state: the clock takes no further step."""
    proposal.state, proposal.ended_at, proposal.due_at = state, at, None
