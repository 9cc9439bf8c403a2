"""What becomes of an adopted proposal: it waits for its day, comes into force, or is given back.

Pure, as `proposal_machine` is.
"""

from datetime import date, datetime

from moderation.proposal_steps import MOVED_ON, check_due, check_in, end
from moderation.proposals import Proposal
from moderation.states import ProposalState
from outbox.refusals import NotAllowed


def wait_for_version(proposal: Proposal, version: int, effective: datetime, at: datetime) -> None:
    """Note which version became of it, published before its day: it is adopted until then."""
    check_in(proposal, ProposalState.ADOPTED)
    check_due(proposal, at)
    if effective <= at:
        raise NotAllowed("This version is in force.")
    proposal.version, proposal.due_at = version, effective


def take_effect(proposal: Proposal, version: int, at: datetime) -> None:
    """Note that what was adopted is in force, as a version of the policy."""
    check_in(proposal, ProposalState.ADOPTED)
    check_due(proposal, at)
    proposal.state, proposal.version = ProposalState.IN_FORCE, version
    proposal.in_force_at, proposal.due_at = at, _noon(proposal.review_by)


def be_renumbered(proposal: Proposal, version: int) -> None:
    """Note that its version, while it waited for its day, was written anew on top of another."""
    check_in(proposal, ProposalState.ADOPTED)
    if proposal.version is None:
        raise NotAllowed("No version has become of it yet.")
    proposal.version = version


def give_back(proposal: Proposal, because: str, at: datetime) -> None:
    """Return what was adopted and does not fit the rules that came into force meanwhile.

    Before its notice is over nobody knows yet; its version, once published, may be overtaken.
    """
    check_in(proposal, ProposalState.ADOPTED)
    if proposal.version is None:
        check_due(proposal, at)
    proposal.ended_because, proposal.version = because, None
    end(proposal, ProposalState.RETURNED, at)


def suggest_review(proposal: Proposal, at: datetime) -> None:
    """Say that it is time to look again at what has been in force for long."""
    check_in(proposal, ProposalState.IN_FORCE)
    if proposal.is_emergency or proposal.review_suggested_at is not None:
        raise NotAllowed(MOVED_ON)
    check_due(proposal, at)
    proposal.review_suggested_at, proposal.due_at = at, None


def _noon(day: date | None) -> datetime | None:
    return datetime.fromisoformat(f"{day.isoformat()}T12:00:00+00:00") if day else None
