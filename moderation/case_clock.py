"""What the clock does with cases left alone, cases that waited, and what is hidden meanwhile."""

from tortoise.transactions import in_transaction

from core.clock import now
from moderation import case_machine as machine
from moderation.audit import write_down
from moderation.cases import Case, ProvisionalHide, name_of, state_of
from moderation.provisional_hides import end_hide
from moderation.rows import keep
from moderation.states import CaseState


async def release_idle() -> None:
    """Free the cases whose claimer left them alone for 48 hours; runs by the clock."""
    at = now()
    idle = Case.filter(state=CaseState.CLAIMED, touched_at__lte=at - machine.IDLE)
    for case in await idle.limit(100):
        before = state_of(case)
        machine.release_idle(case, at)
        async with in_transaction():
            await keep(case)
            await write_down(None, "case.idle", name_of(case), before=before, after=state_of(case))


async def resume_due() -> None:
    """Go on with the cases whose day has passed; runs by the clock."""
    at = now()
    for case in await Case.filter(state=CaseState.WAITING, waiting_until__lte=at).limit(100):
        before = state_of(case)
        machine.resume(case, at, is_answered=False)
        async with in_transaction():
            await keep(case)
            await write_down(
                None, "case.resume", name_of(case), before=before, after=state_of(case)
            )


async def end_hides_due() -> None:
    """Show again what was hidden for the time being, once that is over; runs by the clock."""
    for hidden in await ProvisionalHide.filter(ended_at=None, until__lte=now()).limit(100):
        await end_hide(hidden, is_decided=False)
