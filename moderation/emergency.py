"""Emergency changes: in force at once, shown in the record, and over unless they are proposed."""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from actors.accounts import Account
from core.clock import now
from core.ids import new_id
from core.settings import settings
from moderation import proposal_machine as machine
from moderation.adopting import Unchanged, adopt
from moderation.audit import write_down
from moderation.governance import numbers_of
from moderation.merging import taken_back
from moderation.policy import current
from moderation.proposals import Proposal
from moderation.proposing import base_of, bring_over, changes_of, latest, participant, tell
from moderation.reading import Draft
from moderation.record import EntryKind, RecordEntry, append
from moderation.rows import keep
from moderation.states import DECIDED_FOR, OPENED, ProposalState
from outbox.refusals import NotAllowed


async def declare(
    proposal: Proposal, account: Account, until: datetime, *, address: str = ""
) -> None:
    """Put an admin's draft in force at once, until a day.

    Raises what the machine does, and NotValid where it does not fit the version in force.
    """
    at, before = now(), await latest()
    if before.effective > at:
        raise NotAllowed("Another version waits for its day; nothing can come before it.")
    await bring_over(proposal)
    machine.begin_emergency(
        proposal,
        participant(account, at),
        numbers_of(current().sections.governance),
        at,
        until=until,
        version=before.version + 1,
        changes=await changes_of(proposal),
    )
    async with in_transaction():
        await keep(proposal)
        await write_down(
            account.actor_id,
            "policy.emergency",
            f"proposal:{proposal.id}",
            after={"version": proposal.version, "until": until.isoformat()},
            reason=proposal.reason,
            address=address,
        )
        await _record(proposal, EntryKind.EMERGENCY, at)
        await tell(proposal)
        await adopt(
            proposal.draft,
            summary={proposal.language: proposal.summary},
            by=f"emergency {proposal.id}",
        )


async def settle(emergency: Proposal, at: datetime) -> None:
    """Keep an emergency that is being decided about, or end it; call when it is due."""
    lasting = await Proposal.filter(emergency_id=emergency.id)
    if any(each.state == ProposalState.IN_FORCE for each in lasting):
        machine.make_lasting(emergency)
        async with in_transaction():
            await keep(emergency)
        return
    is_expired = emergency.expires_at is None or at >= emergency.expires_at
    if not is_expired and any(each.state in (*OPENED, *DECIDED_FOR) for each in lasting):
        machine.keep_emergency(emergency, at)
        async with in_transaction():
            await keep(emergency)
        return
    await _end(emergency, at)


async def _end(emergency: Proposal, at: datetime) -> None:
    """Take an emergency change back, and leave what was decided since then."""
    machine.lapse_emergency(emergency, at)
    newest = await latest()
    sections = taken_back((await base_of(emergency)).sections, emergency.sections, newest.sections)
    async with in_transaction():
        await keep(emergency)
        await _record(emergency, EntryKind.EMERGENCY_ENDED, at)
        await tell(emergency)
        try:
            await adopt(
                Draft(sections, newest.version),
                summary={"en": f"The emergency change of version {emergency.version} has ended."}
                | {"zh": f"第 {emergency.version} 版的紧急修改已结束。"},
                by=f"end of emergency {emergency.id}",
            )
        except Unchanged:
            return


async def _record(proposal: Proposal, kind: EntryKind, at: datetime) -> None:
    number = new_id()
    document: dict[str, Any] = {
        "id": settings().url(f"/record/{number}"),
        "kind": kind.value,
        "issued": _moment(at),
        "proposal": settings().url(proposal.page),
        "policy_version": proposal.version,
        "title": proposal.title,
        "facts_summary": proposal.summary,
        "explanation": proposal.reason,
        "until": _moment(proposal.expires_at) if proposal.expires_at else None,
        "decided_by": "admin",
    }
    entry = RecordEntry(id=number, kind=kind, document=document, thing="policy")
    await append(entry, shown_at=at)


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
