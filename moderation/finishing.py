"""What happens to a decision that nobody can appeal against any more: then it is final."""

from datetime import timedelta

import structlog
from tortoise.transactions import in_transaction

from actors.roles import LastAdmin
from core.clock import now
from moderation.appeals import Appeal
from moderation.audit import write_down
from moderation.decisions import Decision
from moderation.on_notes import delete_elsewhere, note_of
from moderation.on_people import close_for_all, close_for_good
from moderation.policy import current
from moderation.rows import keep
from moderation.states import PENDING, AppealState, DecisionState, Scope
from moderation.vocabulary import Measure
from notes.removal import remove

log = structlog.get_logger()


async def finish(decision: Decision) -> None:
    """Make a decision final, once: the Delete goes out, what was closed closes for good.

    What is hidden until a day only comes back, so it is deleted nowhere. Call in a transaction.
    """
    if decision.state != DecisionState.IN_FORCE or decision.final_at is not None:
        return
    decision.final_at = now()
    is_for_good = decision.scope == Scope.SERVER and (
        decision.measure == Measure.REMOVE
        or (decision.measure == Measure.HIDE and decision.until is None)
    )
    if is_for_good and (note := await note_of(decision)):
        await delete_elsewhere(decision, note)
    if decision.measure == Measure.CLOSE_GROUP:
        await close_for_all(decision)
    if decision.measure == Measure.CLOSE_ACCOUNT:
        try:
            await close_for_good(decision)
        except LastAdmin as error:
            log.warning("the account of a decision stays suspended", why=str(error))
    await keep(decision)


async def purge(decision: Decision) -> None:
    """Delete what was removed for good, here and wherever it went; call in a transaction."""
    note = await note_of(decision)
    if note is not None:
        await delete_elsewhere(decision, note)
        await remove(note)
    decision.purged_at = now()


async def purge_due() -> None:
    """Delete what was removed and is final since as long as the policy says; by the clock.

    Where that is 0 days, it is kept out of sight.
    """
    if not current().sections.retention.removed_days:
        return
    since = now() - timedelta(days=current().sections.retention.removed_days)
    due = Decision.filter(
        # What a group removes stays its author's own, out of sight; only they delete it.
        scope=Scope.SERVER,
        measure=Measure.REMOVE,
        state=DecisionState.IN_FORCE,
        purged_at=None,
        final_at__lte=since,
    )
    for decision in await due.order_by("id").limit(100):
        if await Appeal.exists(decision_id=decision.id, state__in=list(PENDING)):
            continue
        async with in_transaction():
            await purge(decision)
            await keep(decision)
            await write_down(None, "decision.purge", f"decision:{decision.id}")


async def close_windows() -> None:
    """Make final what nobody has appealed against in time; runs by the clock."""
    settled = (AppealState.OPEN_WINDOW, AppealState.UPHELD, AppealState.INADMISSIBLE)
    due = Appeal.filter(state__in=list(settled), passed_at=None, window_ends_at__lt=now(), number=1)
    for appeal in await due.order_by("id").limit(100).select_related("decision"):
        if await Appeal.exists(decision_id=appeal.decision_id, state__in=list(PENDING)):
            continue
        async with in_transaction():
            await Appeal.filter(id=appeal.id).update(passed_at=now())
            await finish(appeal.decision)
