"""Making proposals, and what their makers, sponsors and the admins do with them.

Each verb is one transaction; what the clock does is in moderation/proposal_clock.py.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise.transactions import in_transaction

from actors.accounts import Account, Role
from core.clock import now
from core.jobs import Lane, put
from moderation import outcome_machine, proposal_machine
from moderation.audit import write_down
from moderation.ballots import Ballot
from moderation.difference import Change, difference
from moderation.foreseeing import foresee
from moderation.governance import is_eligible, numbers_of
from moderation.merging import DoesNotFit, brought_over
from moderation.policy import Policy, current, latest, version_of
from moderation.proposal_steps import MOVED_ON, NOT_ELIGIBLE, NOT_YOURS, Participant
from moderation.proposal_texts import needs_simulation
from moderation.proposals import Proposal, ProposalText, Sponsor, put_text
from moderation.reading import Draft
from moderation.rows import keep
from moderation.states import UNDECIDED, ProposalNews, ProposalState
from moderation.wishing import tie_to_proposal
from outbox.refusals import NotAllowed, NotValid

MOST_DRAFTS = 10
MOST_OPEN = 3
DOES_NOT_FIT = "It does not fit the rules that came into force meanwhile."
TOO_MANY = "You have as many proposals as one can. Settle or withdraw one of them first."


@dataclass(frozen=True)
class Written:
    """A proposal as somebody wrote it."""

    title: str
    summary: str
    reason: str
    draft: Draft
    language: str = "en"
    is_wording: bool = False
    review_by: date | None = None


def participant(account: Account, at: datetime | None = None) -> Participant:
    """Tell how somebody stands to the policy; `account.actor` is loaded."""
    return Participant(
        account.actor_id,
        is_eligible=is_eligible(account, at or now()),
        is_admin=account.role == Role.ADMIN,
    )


async def base_of(proposal: Proposal) -> Policy:
    """Return the version a proposal changes."""
    return await version_of(proposal.based_on) or current()


async def changes_of(proposal: Proposal) -> list[Change]:
    """Return what a proposal changes."""
    return difference((await base_of(proposal)).sections, proposal.sections)


def check_part(account: Account) -> None:
    """Raise NotAllowed for who may not propose anything yet."""
    who = participant(account)
    if not who.is_eligible and not who.is_admin:
        raise NotAllowed(NOT_ELIGIBLE)


async def begin(
    account: Account,
    written: Written,
    *,
    idea_id: int | None = None,
    emergency: Proposal | None = None,
) -> Proposal:
    """Keep a draft that only its maker sees; raise NotAllowed for who may not make one."""
    check_part(account)
    mine = Proposal.filter(proposer_id=account.actor_id)
    if await mine.filter(state=ProposalState.DRAFT).count() >= MOST_DRAFTS:
        raise NotAllowed(TOO_MANY)
    proposal = Proposal(
        proposer_id=account.actor_id,
        idea_id=idea_id,
        emergency_id=emergency.id if emergency else None,
        document={},
        based_on=0,
    )
    await _write(proposal, written)
    async with in_transaction():
        await proposal.save(force_create=True)
        await _foresee(proposal)
    return proposal


async def rewrite(proposal: Proposal, account: Account, written: Written) -> None:
    """Change one's own draft."""
    if proposal.proposer_id != account.actor_id:
        raise NotAllowed(NOT_YOURS)
    if proposal.state != ProposalState.DRAFT:
        raise NotAllowed(MOVED_ON)
    await _write(proposal, written)
    proposal.is_suggested = False
    async with in_transaction():
        await keep(proposal)
        await _foresee(proposal)


async def suggest(proposal: Proposal, account: Account) -> None:
    """Hand one's draft to the admins, where they open proposals."""
    proposal_machine.suggest(proposal, participant(account), changes=await changes_of(proposal))
    async with in_transaction():
        await keep(proposal)


async def publish(proposal: Proposal, account: Account, *, address: str = "") -> None:
    """Show a draft to everyone, brought over to the version in force; raise what the machine does.

    NotValid too, where it does not fit a version that came meanwhile.
    """
    at, numbers = now(), numbers_of(current().sections.governance)
    await bring_over(proposal)
    proposal_machine.publish(
        proposal, participant(account, at), numbers, at, changes=await changes_of(proposal)
    )
    undecided = [each for each in UNDECIDED if each != ProposalState.DRAFT]
    mine = Proposal.filter(proposer_id=proposal.proposer_id, state__in=undecided)
    if await mine.count() >= MOST_OPEN:
        raise NotAllowed(TOO_MANY)
    async with in_transaction():
        await keep(proposal)
        await _keep_text(proposal, proposal.summary)
        await _opened(proposal)
        if proposal.idea_id is not None:
            await tie_to_proposal(proposal.idea_id, proposal.id)
        if account.actor_id != proposal.proposer_id:
            name = f"proposal:{proposal.id}"
            await write_down(account.actor_id, "proposal.open", name, address=address)


async def sponsor(proposal: Proposal, account: Account) -> None:
    """Want a proposal to be talked about; with the last who is needed, it is."""
    proposal_machine.check_sponsor(proposal, participant(account))
    async with in_transaction():
        await Sponsor.get_or_create(proposal_id=proposal.id, actor_id=account.actor_id)
        if await sponsors_of(proposal) < proposal.kept_numbers.sponsors:
            return
        proposal_machine.begin_discussion(proposal, await sponsors_of(proposal), now())
        await keep(proposal)
        await _opened(proposal)


async def unsponsor(proposal: Proposal, account: Account) -> None:
    """Take one's support back, while it still looks for sponsors."""
    if proposal.state != ProposalState.SEEKING_SPONSORS:
        raise NotAllowed(MOVED_ON)
    await Sponsor.filter(proposal_id=proposal.id, actor_id=account.actor_id).delete()


async def sponsors_of(proposal: Proposal) -> int:
    """Count the sponsors of a proposal."""
    return await Sponsor.filter(proposal_id=proposal.id).count()


async def amend(proposal: Proposal, account: Account, draft: Draft, why: str) -> None:
    """Change the text of one's proposal while it is discussed; the text before it is kept."""
    before = proposal.sections
    put_text(proposal, draft.sections, draft.based_on)
    changes = await changes_of(proposal)
    if not difference(before, draft.sections):
        raise NotValid("draft", "It says the same as before.")
    proposal.simulation = proposal.samples = None
    proposal_machine.amend(proposal, participant(account), why, now(), changes=changes)
    async with in_transaction():
        await keep(proposal)
        await _keep_text(proposal, why.strip())
        await _foresee(proposal)


async def withdraw(proposal: Proposal, account: Account, reason: str) -> None:
    """Take one's own proposal back."""
    was_public = proposal.is_public
    outcome_machine.withdraw(proposal, participant(account), reason, now())
    async with in_transaction():
        await keep(proposal)
        await Ballot.filter(proposal_id=proposal.id).delete()
        if was_public:
            closed = ProposalNews.VOTE_CLOSED if proposal.vote_began_at else None
            await tell(proposal, closed, but=account.actor_id)


async def veto(
    proposal: Proposal, account: Account, ground: str, reason: str, *, address: str = ""
) -> None:
    """Stop a proposal on a reserved ground, with a reason that everyone reads."""
    reserved = current().sections.governance.reserved
    outcome_machine.veto(proposal, participant(account), ground, reason, now(), reserved=reserved)
    async with in_transaction():
        await keep(proposal)
        await Ballot.filter(proposal_id=proposal.id).delete()
        await _audit(proposal, account, "proposal.veto", {"ground": ground}, reason, address)
        await tell(proposal, ProposalNews.ANSWERED, but=account.actor_id)


async def decide(
    proposal: Proposal,
    account: Account,
    outcome: str,
    answer: str,
    departing: str,
    *,
    address: str = "",
) -> None:
    """Answer a proposal in writing."""
    outcome_machine.decide(proposal, participant(account), outcome, answer, departing, now())
    async with in_transaction():
        await keep(proposal)
        await _audit(proposal, account, "proposal.decide", {"outcome": outcome}, answer, address)
        await tell(proposal, ProposalNews.ANSWERED, but=account.actor_id)


async def tell(
    proposal: Proposal, news: ProposalNews | None = None, *, but: int | None = None
) -> None:
    """Have it said in public how far a proposal has come, and those it concerns told the news.

    All but `but`, who did it. Call it in the transaction that brings it so.
    """
    await put("moderation.say_of_proposal", {"id": proposal.id, "state": proposal.state.value})
    if news is not None:
        told = {"proposal": proposal.id, "news": news.value, "but": but}
        await put("inbox.tell_of_proposal", told, lane=Lane.LATER)


async def bring_over(proposal: Proposal, version: Policy | None = None) -> None:
    """Base a draft on a version, the newest if none is given; raise NotValid where it does not fit.

    One that is to make an emergency last stays on what was before that.
    """
    onto = version or await latest()
    if proposal.emergency_id is not None or proposal.based_on == onto.version:
        return
    base = (await base_of(proposal)).sections
    try:
        sections = brought_over(base, proposal.sections, onto.sections)
    except DoesNotFit as error:
        raise NotValid("draft", DOES_NOT_FIT) from error
    put_text(proposal, sections, onto.version)


async def _opened(proposal: Proposal) -> None:
    await tell(proposal)
    if proposal.state == ProposalState.DISCUSSION:
        await put("moderation.open_thread", {"proposal": proposal.id})


async def _write(proposal: Proposal, written: Written) -> None:
    proposal.title, proposal.summary = written.title.strip(), written.summary.strip()
    proposal.reason, proposal.language = written.reason.strip(), written.language
    proposal.is_wording, proposal.review_by = written.is_wording, written.review_by
    put_text(proposal, written.draft.sections, written.draft.based_on)
    proposal.simulation = proposal.samples = None


async def _foresee(proposal: Proposal) -> None:
    """Have it tried where it has to be seen what it would have done."""
    if needs_simulation(await changes_of(proposal)):
        await foresee(proposal)


async def _keep_text(proposal: Proposal, why: str) -> None:
    await ProposalText.get_or_create(
        proposal_id=proposal.id,
        number=proposal.text_number,
        defaults={"document": proposal.document, "summary": proposal.summary, "why": why},
    )


async def _audit(
    proposal: Proposal,
    account: Account,
    act: str,
    after: dict[str, Any],
    reason: str,
    address: str,
) -> None:
    name = f"proposal:{proposal.id}"
    await write_down(
        account.actor_id, act, name, after=after, reason=reason.strip(), address=address
    )
