"""What the clock does with appeals: those not answered in time are overdue, as the policy says."""

from tortoise.transactions import in_transaction

from core.clock import now
from moderation import appeal_machine as machine
from moderation import decision_machine
from moderation.appeals import Appeal
from moderation.audit import write_down
from moderation.deciding import end
from moderation.decisions import Decision
from moderation.policy import current
from moderation.record import EntryKind
from moderation.rows import keep
from moderation.states import DecisionState
from moderation.vocabulary import OnOverdue


async def mark_overdue() -> None:
    """Mark the appeals that were not answered in time; lift the measure if the policy says so."""
    at = now()
    late = Appeal.filter(state__in=["filed", "in_review"], decide_by__lt=at)
    for appeal in await late.limit(100):
        machine.become_overdue(appeal, at)
        decision = await Decision.get(id=appeal.decision_id)
        async with in_transaction():
            await keep(appeal)
            await write_down(None, "appeal.overdue", f"appeal:{appeal.id}")
            lifts = current().sections.appeals.on_overdue == OnOverdue.LIFT
            if lifts and decision.state == DecisionState.IN_FORCE:
                decision_machine.lift(decision, "The appeal was not answered in time.", at)
                await end(decision, EntryKind.LIFTED)
