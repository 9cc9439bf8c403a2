"""What comes of a proposal: the vote, the admins' answer, a veto, or that it is taken back.

Pure, as `proposal_machine` is, which brings a proposal here.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from moderation.governance import Numbers
from moderation.proposal_steps import (
    MOVED_ON,
    Participant,
    check_admin,
    check_due,
    check_in,
    check_own,
    check_reason,
    check_undecided,
    end,
)
from moderation.proposals import Proposal
from moderation.states import MOST_WORDS, ProposalState
from moderation.vocabulary import Reserved
from outbox.refusals import NotAllowed, NotValid

OUTCOMES = (ProposalState.ADOPTED, ProposalState.REJECTED, ProposalState.RETURNED)


@dataclass(frozen=True)
class Tally:
    """What a vote said."""

    yes: int = 0
    no: int = 0
    abstain: int = 0

    @property
    def turnout(self) -> int:
        """How many voted."""
        return self.yes + self.no + self.abstain


def check_voter(proposal: Proposal, who: Participant, at: datetime, *, is_on_roll: bool) -> None:
    """Raise NotAllowed unless this person may vote now, or change their ballot."""
    if proposal.state != ProposalState.VOTE or proposal.due_at is None or at >= proposal.due_at:
        raise NotAllowed("The vote is not open.")
    if not is_on_roll or not who.is_eligible:
        raise NotAllowed("You are not on the roll of this vote, which was made when it opened.")


def close_vote(proposal: Proposal, tally: Tally, at: datetime) -> None:
    """Count: a vote that binds decides, one that advises goes to an admin."""
    check_in(proposal, ProposalState.VOTE)
    check_due(proposal, at)
    proposal.tally, proposal.vote_ended_at = asdict(tally), at
    proposal.due_at = None
    if not proposal.kept_numbers.is_binding:
        proposal.state = ProposalState.AWAITING_ADMIN
    elif tally.turnout < proposal.quorum:
        end(proposal, ProposalState.NO_QUORUM, at)
    elif has_passed(tally, proposal.kept_numbers):
        _adopt(proposal, at)
    else:
        end(proposal, ProposalState.REJECTED, at)
    proposal.decided_at = None if proposal.state == ProposalState.AWAITING_ADMIN else at


def has_passed(tally: Tally, numbers: Numbers) -> bool:
    """Tell whether enough of those who said yes or no said yes."""
    return tally.yes > 0 and tally.yes * 100 >= (tally.yes + tally.no) * numbers.threshold_percent


def departs(proposal: Proposal, outcome: str) -> bool:
    """Tell whether an outcome is not what the members advised."""
    if proposal.tally is None:
        return False
    tally = Tally(**proposal.tally)
    if tally.yes == tally.no:
        return False
    return (tally.yes > tally.no) != (outcome == ProposalState.ADOPTED)


def decide(
    proposal: Proposal, who: Participant, outcome: str, answer: str, departing: str, at: datetime
) -> None:
    """Answer a proposal in writing: adopt it, reject it, or give it back."""
    check_in(proposal, ProposalState.AWAITING_ADMIN)
    check_admin(who)
    if outcome not in OUTCOMES:
        raise NotValid("outcome", "Choose what comes of the proposal.")
    if not answer.strip() or len(answer) > MOST_WORDS:
        raise NotValid("answer", "Answer the main objections in writing.")
    is_departing = departs(proposal, outcome)
    if is_departing and not departing.strip():
        raise NotValid("departing", "Say why you depart from what the members voted for.")
    proposal.answer, proposal.answered_by_id = answer.strip(), who.actor_id
    proposal.departing = departing.strip()[:MOST_WORDS] if is_departing else ""
    proposal.decided_at = at
    if outcome == ProposalState.ADOPTED:
        _adopt(proposal, at)
    else:
        end(proposal, ProposalState(outcome), at)


def withdraw(proposal: Proposal, who: Participant, reason: str, at: datetime) -> None:
    """Take one's own proposal back, before it is adopted."""
    check_own(proposal, who)
    check_undecided(proposal)
    check_reason(reason, is_needed=proposal.is_public)
    proposal.ended_because = reason.strip()[:MOST_WORDS]
    end(proposal, ProposalState.WITHDRAWN, at)


def veto(
    proposal: Proposal,
    who: Participant,
    ground: str,
    reason: str,
    at: datetime,
    *,
    reserved: Sequence[Reserved],
) -> None:
    """Stop a proposal on a ground that the policy keeps out of votes; the reason is published."""
    check_admin(who)
    check_undecided(proposal)
    if not proposal.is_public:
        raise NotAllowed(MOVED_ON)
    if ground not in reserved:
        raise NotValid("ground", "Only what the rules name as reserved is a ground.")
    check_reason(reason)
    proposal.veto_ground, proposal.answered_by_id = Reserved(ground), who.actor_id
    proposal.ended_because = reason.strip()[:MOST_WORDS]
    end(proposal, ProposalState.VETOED, at)


def _adopt(proposal: Proposal, at: datetime) -> None:
    days = 0 if proposal.is_wording else proposal.kept_numbers.notice_days
    proposal.state, proposal.due_at = ProposalState.ADOPTED, at + timedelta(days=days)
