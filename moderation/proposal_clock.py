"""What becomes of proposals by themselves, each when it is due; runs by the clock."""

from datetime import datetime

import structlog
from tortoise.transactions import in_transaction

from core.clock import now
from core.jobs import put
from moderation import adopted_machine, emergency, proposal_machine
from moderation.adopting import OutOfDate, Unchanged, adopt
from moderation.merging import DoesNotFit, brought_over
from moderation.policy import Policy, latest
from moderation.proposals import Proposal
from moderation.proposing import base_of, changes_of, sponsors_of, tell
from moderation.reading import Draft
from moderation.rows import keep
from moderation.states import ProposalNews, ProposalState
from moderation.voting import call_roll, count
from outbox.refusals import NotAllowed

AT_ONCE = 50

log = structlog.get_logger()


async def step_due() -> None:
    """Take the next step of every proposal whose day has come, each in its own transaction."""
    at = now()
    due = Proposal.filter(due_at__lte=at).order_by("due_at", "id").limit(AT_ONCE)
    for proposal in await due:
        try:
            await step(proposal, at)
        except (NotAllowed, OutOfDate) as error:
            # Somebody, or another process, was faster; what is left comes up again.
            log.info("proposal.step_was_taken", proposal=proposal.id, why=str(error))


async def step(proposal: Proposal, at: datetime) -> None:
    """Take the next step of a proposal that is due; raise NotAllowed where there is none."""
    match proposal.state:
        case ProposalState.SEEKING_SPONSORS:
            await _end_search(proposal, at)
        case ProposalState.DISCUSSION:
            proposal_machine.freeze(proposal, at, changes=await changes_of(proposal))
            await _kept(proposal)
        case ProposalState.FINAL_TEXT:
            await _go_to_decision(proposal, at)
        case ProposalState.VOTE:
            async with in_transaction():
                await count(proposal, at)
                await tell(proposal, ProposalNews.VOTE_CLOSED)
        case ProposalState.ADOPTED:
            await _take_effect(proposal, at)
        case ProposalState.IN_FORCE if proposal.is_emergency:
            await emergency.settle(proposal, at)
        case ProposalState.IN_FORCE:
            adopted_machine.suggest_review(proposal, at)
            await _kept(proposal)


async def _end_search(proposal: Proposal, at: datetime) -> None:
    if await sponsors_of(proposal) < proposal.kept_numbers.sponsors:
        proposal_machine.lapse(proposal, at)
        await _kept(proposal)
        return
    proposal_machine.begin_discussion(proposal, await sponsors_of(proposal), at)
    async with in_transaction():
        await keep(proposal)
        await tell(proposal)
        await put("moderation.open_thread", {"proposal": proposal.id})


async def _go_to_decision(proposal: Proposal, at: datetime) -> None:
    async with in_transaction():
        electorate, active = 0, 0
        if proposal.kept_numbers.has_vote:
            electorate, active = await call_roll(proposal, at)
        proposal_machine.go_to_decision(proposal, at, electorate=electorate, active=active)
        await keep(proposal)
        opened = ProposalNews.VOTE_OPENED if proposal.state == ProposalState.VOTE else None
        await tell(proposal, opened)


async def _take_effect(proposal: Proposal, at: datetime) -> None:
    """Bring what was adopted into force: as a version of the policy, and on the day of that."""
    if proposal.version is None:
        await _become_version(proposal, at)
    else:
        await _begin(proposal, proposal.version, at)


async def _become_version(proposal: Proposal, at: datetime) -> None:
    """Make version n+1 of what was adopted, by the one door; or give it back where it cannot be."""
    newest = await latest()
    base = (await base_of(proposal)).sections
    try:
        sections = brought_over(base, proposal.sections, newest.sections)
    except DoesNotFit as error:
        adopted_machine.give_back(proposal, str(error), at)
        await _kept(proposal, ProposalNews.RETURNED)
        return
    async with in_transaction():
        await keep(proposal)  # first: a version must not be taken up that is then not written
        policy = newest  # as after an emergency that it makes lasting
        if sections != newest.sections:
            policy = await _publish(proposal, Draft(sections, newest.version))
        if policy.effective <= now():
            await _begin(proposal, policy.version, at)
            return
        adopted_machine.wait_for_version(proposal, policy.version, policy.effective, at)
        await keep(proposal)


async def _begin(proposal: Proposal, version: int, at: datetime) -> None:
    adopted_machine.take_effect(proposal, version, at)
    await _kept(proposal)


async def _publish(proposal: Proposal, draft: Draft) -> Policy:
    words = {proposal.language: proposal.summary}
    try:
        return await adopt(draft, summary=words, by=adopted_by(proposal))
    except Unchanged as error:
        raise NotAllowed(str(error)) from error


def adopted_by(proposal: Proposal) -> str:
    """Say by whom a version was adopted: the proposal, and what the vote said."""
    name = f"proposal {proposal.id}"
    if proposal.tally is None:
        return name
    tally = dict(proposal.tally)
    return f"{name}: {tally['yes']} yes, {tally['no']} no, {tally['abstain']} abstain"


async def _kept(proposal: Proposal, news: ProposalNews | None = None) -> None:
    async with in_transaction():
        await keep(proposal)
        await tell(proposal, news)
