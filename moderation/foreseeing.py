"""Simulations as jobs: what a draft or a proposal would have done, attached to it."""

from collections.abc import Mapping
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.jobs import Lane, put
from moderation.policy import checksum, current, newest, refresh, version_of
from moderation.policy_drafts import PolicyDraft
from moderation.proposals import Proposal
from moderation.reading import sections_from
from moderation.rows import keep
from moderation.simulating import DAYS, MOST_DAYS, simulate
from outbox.refusals import NotValid

JOB = "moderation.simulate"


async def foresee(proposal: Proposal) -> None:
    """Have a proposal tried on what was posted, in the transaction that writes its text."""
    await put(JOB, {"proposal": proposal.id}, lane=Lane.LATER)


async def foresee_draft(owner: Actor, days: int) -> None:
    """Have an admin's draft tried on what was posted; raise NotValid for days that are none."""
    if not 0 < days <= MOST_DAYS:
        raise NotValid("simulate", "Choose between 1 and 365 days.")
    async with in_transaction():
        waiting = {"simulation": None, "samples": None, "simulated_days": days}
        if await PolicyDraft.filter(owner_id=owner.id).update(**waiting):
            await put(JOB, {"draft": owner.id}, lane=Lane.LATER)


async def simulate_wanted(payload: Mapping[str, Any]) -> None:
    """Try what somebody wrote, and attach what was found; job `moderation.simulate`.

    What was written anew meanwhile is left to the job that was put with it.
    """
    await refresh(at_once=True)
    if "proposal" in payload:
        await _of_proposal(int(payload["proposal"]))
    else:
        await _of_draft(int(payload["draft"]))


async def _of_proposal(number: int) -> None:
    proposal = await Proposal.get_or_none(id=number)
    if proposal is None:
        return
    base = await version_of(proposal.based_on) or current()
    found = await simulate(base.sections, proposal.sections, days=DAYS)
    tried = checksum(proposal.sections)
    async with in_transaction():
        fresh = await Proposal.get(id=number)
        if checksum(fresh.sections) == tried:
            fresh.simulation, fresh.samples = found.document(), found.samples()
            await keep(fresh)


async def _of_draft(owner_id: int) -> None:
    draft = await PolicyDraft.get_or_none(owner_id=owner_id)
    if draft is None or not draft.simulated_days:
        return
    days = draft.simulated_days
    found = await simulate(newest().sections, sections_from(draft.document), days=days)
    same = PolicyDraft.filter(id=draft.id, changed_at=draft.changed_at, simulated_days=days)
    document = found.document() | {"at": now().isoformat()}
    await same.update(simulation=document, samples=found.samples())
