"""What may become of a proposal until it is decided: transitions of product.md 7 with their guards.

Pure: nothing here asks the database or the clock. Each function changes the row it is given, or
raises NotAllowed or NotValid and leaves it as it was; doing it twice changes nothing or is refused.
From the vote on it is `outcome_machine`, once adopted `adopted_machine`.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from moderation.difference import Change
from moderation.governance import Numbers
from moderation.proposal_steps import (
    NOT_YOURS,
    ONLY_ADMINS,
    Participant,
    check_due,
    check_eligible,
    check_in,
    check_own,
    end,
)
from moderation.proposal_texts import (
    MOST_SUMMARY,
    check_changes,
    check_reserved,
    check_texts,
    needs_simulation,
)
from moderation.proposals import Proposal
from moderation.states import ProposalState
from moderation.vocabulary import Preset
from outbox.refusals import NotAllowed, NotValid

LEAST_LEFT = timedelta(hours=72)


def publish(
    proposal: Proposal,
    who: Participant,
    numbers: Numbers,
    at: datetime,
    *,
    changes: Sequence[Change],
) -> None:
    """Show a draft to everyone: it looks for sponsors, or is discussed at once.

    Where the admins decide, members suggest and an admin opens.
    """
    check_in(proposal, ProposalState.DRAFT)
    if numbers.preset == Preset.STEWARD:
        if not who.is_admin:
            raise NotAllowed(ONLY_ADMINS)
        if proposal.proposer_id != who.actor_id and not proposal.is_suggested:
            raise NotAllowed(NOT_YOURS)
    else:
        check_own(proposal, who)
        check_eligible(who)
    check_texts(proposal, changes)
    check_reserved(changes, numbers)
    proposal.numbers, proposal.opened_at = asdict(numbers), at
    if numbers.sponsors:
        proposal.state = ProposalState.SEEKING_SPONSORS
        proposal.due_at = at + timedelta(days=numbers.sponsor_days)
    else:
        _discuss(proposal, at)


def suggest(proposal: Proposal, who: Participant, *, changes: Sequence[Change]) -> None:
    """Hand a draft to the admins, where they open proposals."""
    check_in(proposal, ProposalState.DRAFT)
    check_own(proposal, who)
    check_eligible(who)
    check_texts(proposal, changes)
    proposal.is_suggested = True


def check_sponsor(proposal: Proposal, who: Participant) -> None:
    """Raise NotAllowed unless this person may sponsor a proposal."""
    check_in(proposal, ProposalState.SEEKING_SPONSORS)
    check_eligible(who)
    if proposal.proposer_id == who.actor_id:
        raise NotAllowed("It needs others than you as sponsors.")


def begin_discussion(proposal: Proposal, sponsors: int, at: datetime) -> None:
    """Begin to discuss what has found its sponsors."""
    check_in(proposal, ProposalState.SEEKING_SPONSORS)
    if sponsors < proposal.kept_numbers.sponsors:
        raise NotAllowed("It has not enough sponsors yet.")
    _discuss(proposal, at)


def lapse(proposal: Proposal, at: datetime) -> None:
    """End what found no sponsors in time."""
    check_in(proposal, ProposalState.SEEKING_SPONSORS)
    check_due(proposal, at)
    end(proposal, ProposalState.LAPSED, at)


def amend(
    proposal: Proposal, who: Participant, why: str, at: datetime, *, changes: Sequence[Change]
) -> None:
    """Change the text while it is discussed; whoever reads it has three days at least from here."""
    check_in(proposal, ProposalState.DISCUSSION)
    check_own(proposal, who)
    if proposal.due_at is None or at >= proposal.due_at:
        raise NotAllowed("The discussion is over.")
    if not why.strip() or len(why) > MOST_SUMMARY:
        raise NotValid("why", "Say in a few sentences what changes.")
    check_changes(proposal, changes)
    check_reserved(changes, proposal.kept_numbers)
    proposal.text_number += 1
    proposal.due_at = max(proposal.due_at, at + LEAST_LEFT)


def freeze(proposal: Proposal, at: datetime, *, changes: Sequence[Change]) -> None:
    """End the discussion: from here the text stays as it is."""
    check_in(proposal, ProposalState.DISCUSSION)
    check_due(proposal, at)
    if needs_simulation(changes) and proposal.simulation is None:
        raise NotAllowed("It is still being tried on what was posted.")
    proposal.state, proposal.frozen_at = ProposalState.FINAL_TEXT, at
    proposal.due_at = at + timedelta(hours=proposal.kept_numbers.final_hours)


def go_to_decision(proposal: Proposal, at: datetime, *, electorate: int, active: int) -> None:
    """Open the vote a day after the text was frozen, or let it wait for an admin.

    `active` are those on the roll who were here within 30 days, of whom the quorum is a part.
    """
    check_in(proposal, ProposalState.FINAL_TEXT)
    check_due(proposal, at)
    numbers = proposal.kept_numbers
    if not numbers.has_vote:
        proposal.state, proposal.due_at = ProposalState.AWAITING_ADMIN, None
        return
    proposal.state, proposal.vote_began_at = ProposalState.VOTE, at
    proposal.due_at = at + timedelta(days=numbers.vote_days)
    proposal.electorate = electorate
    part = -(-active * numbers.quorum_percent // 100)  # rounded up
    proposal.quorum = max(numbers.quorum_people, part)


def _discuss(proposal: Proposal, at: datetime) -> None:
    proposal.state, proposal.discussed_at = ProposalState.DISCUSSION, at
    proposal.due_at = at + timedelta(days=proposal.kept_numbers.discussion_days)
