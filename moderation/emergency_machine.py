"""What may become of an emergency: in force at once, and lasting only where members want it.

Pure, as `proposal_machine` is.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from moderation.difference import Change
from moderation.governance import Numbers
from moderation.proposal_steps import (
    MOVED_ON,
    Participant,
    check_admin,
    check_due,
    check_in,
    check_own,
    end,
)
from moderation.proposal_texts import check_texts
from moderation.proposals import Proposal
from moderation.states import ProposalState
from outbox.refusals import NotAllowed, NotValid


def begin_emergency(
    proposal: Proposal,
    who: Participant,
    numbers: Numbers,
    at: datetime,
    *,
    until: datetime,
    version: int,
    changes: Sequence[Change],
) -> None:
    """Put a change in force at once, for so many days as the policy allows."""
    check_in(proposal, ProposalState.DRAFT)
    check_admin(who)
    check_own(proposal, who)
    check_texts(proposal, changes)
    if not at < until <= at + timedelta(days=numbers.emergency_days):
        raise NotValid("until", f"At most {numbers.emergency_days} days.")
    proposal.state, proposal.is_emergency, proposal.version = ProposalState.IN_FORCE, True, version
    proposal.numbers, proposal.opened_at = asdict(numbers), at
    opened_by = at + timedelta(days=numbers.emergency_open_days)
    proposal.in_force_at, proposal.expires_at = at, until
    proposal.due_at = min(until, opened_by)


def keep_emergency(proposal: Proposal, at: datetime) -> None:
    """Let an emergency go on until it expires, because it was opened as a proposal in time."""
    _check_emergency(proposal)
    check_due(proposal, at)
    if proposal.expires_at is None or at >= proposal.expires_at:
        raise NotAllowed("It has expired.")
    proposal.due_at = proposal.expires_at


def make_lasting(proposal: Proposal) -> None:
    """Let an emergency be what it is: the proposal for it has come into force."""
    _check_emergency(proposal)
    proposal.due_at = None


def lapse_emergency(proposal: Proposal, at: datetime) -> None:
    """End an emergency that nobody opened as a proposal in time, or that has expired."""
    _check_emergency(proposal)
    check_due(proposal, at)
    end(proposal, ProposalState.LAPSED, at)


def _check_emergency(proposal: Proposal) -> None:
    if not proposal.is_emergency or proposal.state != ProposalState.IN_FORCE:
        raise NotAllowed(MOVED_ON)
