"""Emergency changes: in force at once, shown in the record, and over unless they are proposed."""

from datetime import datetime
from typing import Any

from tortoise.transactions import in_transaction

from actors.accounts import Account
from core.clock import now
from core.ids import new_id
from core.settings import settings
from moderation import emergency_machine as machine
from moderation.audit import write_down
from moderation.difference import difference
from moderation.governance import numbers_of
from moderation.merging import taken_back
from moderation.overtaking import Overtaken, overtake
from moderation.policy import current, latest, refresh
from moderation.proposals import Proposal
from moderation.proposing import base_of, bring_over, changes_of, participant, tell
from moderation.record import EntryKind, RecordEntry, append
from moderation.rows import keep
from moderation.states import DECIDED_FOR, OPENED, ProposalState


async def declare(
    proposal: Proposal, account: Account, until: datetime, *, address: str = ""
) -> None:
    """Put an admin's draft in force at once, until a day, before any version that still waits.

    Raises what the machine does, and NotValid where it does not fit the version in force.
    """
    at = now()
    await refresh(at_once=True)
    before = current()
    await bring_over(proposal, before)
    machine.begin_emergency(
        proposal,
        participant(account, at),
        numbers_of(before.sections.governance),
        at,
        until=until,
        version=(await latest()).version + 1,
        changes=await changes_of(proposal),
    )
    async with in_transaction():
        await keep(proposal)  # first: a version must not be taken up that is then not written
        done = await overtake(
            proposal.sections,
            summary={proposal.language: proposal.summary},
            by=f"emergency {proposal.id}",
        )
        proposal.version = done.version
        await keep(proposal)
        await write_down(
            account.actor_id,
            "policy.emergency",
            f"proposal:{proposal.id}",
            after={"version": proposal.version, "until": until.isoformat()},
            reason=proposal.reason,
            address=address,
        )
        await _record(proposal, EntryKind.EMERGENCY, at, done)
        await tell(proposal)


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
    await refresh(at_once=True)
    base, before = (await base_of(emergency)).sections, current()
    sections = taken_back(base, emergency.sections, before.sections)
    async with in_transaction():
        await keep(emergency)
        done = Overtaken(before.version)
        if difference(before.sections, sections):
            done = await overtake(
                sections,
                summary={"en": f"The emergency change of version {emergency.version} has ended."}
                | {"zh": f"第 {emergency.version} 版的紧急修改已结束。"},
                by=f"end of emergency {emergency.id}",
            )
        await _record(emergency, EntryKind.EMERGENCY_ENDED, at, done)
        await tell(emergency)


async def _record(proposal: Proposal, kind: EntryKind, at: datetime, done: Overtaken) -> None:
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
        "written_anew": {str(old): new for old, new in done.anew.items()},
        "did_not_fit": list(done.dropped),
    }
    entry = RecordEntry(id=number, kind=kind, document=document, thing="policy")
    await append(entry, shown_at=at)


def _moment(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
