"""Voting: the roll when a vote opens, ballots while it is open, the count when it closes."""

from datetime import datetime
from secrets import SystemRandom

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.actor import Actor
from core.clock import now
from moderation import outcome_machine as machine
from moderation.ballots import (
    ENVELOPE,
    MOST_REASON,
    Ballot,
    Elector,
    Said,
    is_on_roll,
    receipt_of,
    said_by,
    voter_of,
    voters_of,
)
from moderation.governance import ACTIVE_FOR_QUORUM, eligible_accounts
from moderation.outcome_machine import Tally
from moderation.proposals import Proposal
from moderation.proposing import participant
from moderation.rows import keep
from moderation.states import Choice, ProposalState
from outbox.refusals import NotValid

AT_ONCE = 500


async def call_roll(proposal: Proposal, at: datetime) -> tuple[int, int]:
    """Write down who may vote; return how many, and how many of them were here within 30 days.

    Call in the transaction that opens the vote.
    """
    found = await eligible_accounts(at).values("actor_id", "seen_at")
    rows = [Elector(proposal_id=proposal.id, actor_id=each["actor_id"]) for each in found]
    await Elector.bulk_create(rows, batch_size=AT_ONCE)
    active = [each for each in found if each["seen_at"] >= at - ACTIVE_FOR_QUORUM]
    return len(found), len(active)


async def cast(proposal: Proposal, account: Account, choice: str, reason: str = "") -> None:
    """Keep somebody's ballot, in place of the one they cast before.

    Nothing is written down but the ballot itself: no time, no address, no act.
    """
    if choice not in tuple(Choice):
        raise NotValid("choice", "Choose yes, no or abstain.")
    if len(reason) > MOST_REASON:
        raise NotValid("ballot_reason", f"At most {MOST_REASON} characters.")
    on_roll = await is_on_roll(proposal, account.actor)
    voter = voter_of(proposal.id, account.actor_id)
    closed_up = ENVELOPE.close(Said(Choice(choice), reason.strip()), voter)
    async with in_transaction():
        # The vote may be closing: whoever takes this row first comes first.
        await Proposal.filter(id=proposal.id).update(electorate=F("electorate"))
        fresh = await Proposal.get(id=proposal.id)
        machine.check_voter(fresh, participant(account), now(), is_on_roll=on_roll)
        await Ballot.update_or_create(
            voter=voter, defaults={"proposal_id": proposal.id, "sealed": closed_up}
        )


async def count(proposal: Proposal, at: datetime) -> None:
    """Close a vote: what those say who may still vote is counted, and the ballots are destroyed.

    Reasons are kept without names or choices, in another order; receipts tell who looks that a
    ballot was counted. Call in a transaction.
    """
    await _strike(proposal)
    ballots = await Ballot.filter(proposal_id=proposal.id)
    found = [said_by(each) for each in ballots]
    said = [each.choice for each in found]
    tally = Tally(said.count(Choice.YES), said.count(Choice.NO), said.count(Choice.ABSTAIN))
    reasons = [each.reason for each in found if each.reason]
    SystemRandom().shuffle(reasons)
    proposal.ballot_reasons = reasons
    proposal.receipts = sorted(receipt_of(each.voter) for each in ballots)
    machine.close_vote(proposal, tally, at)
    await keep(proposal)
    await Ballot.filter(proposal_id=proposal.id).delete()


async def turnout_of(proposal: Proposal) -> int:
    """Count the ballots of a vote that is open; what they say is not looked at."""
    return await Ballot.filter(proposal_id=proposal.id).count()


def own_receipt(proposal: Proposal, actor: Actor) -> str:
    """Return what somebody can find among the receipts, if they voted."""
    return receipt_of(voter_of(proposal.id, actor.id))


async def _strike(proposal: Proposal) -> None:
    """Take out the ballots of those who were suspended or closed their account since (MOD-06)."""
    if proposal.state != ProposalState.VOTE:
        return
    roll = await Elector.filter(proposal_id=proposal.id).values("actor_id")
    staying = await eligible_accounts(now()).values("actor_id")
    struck = {row["actor_id"] for row in roll} - {row["actor_id"] for row in staying}
    for voter in voters_of(proposal, struck):
        await Ballot.filter(voter=voter).delete()
