"""What the measures about people and groups do, and how each is undone (product.md 6.3)."""

from actors import remembered, written
from actors.accounts import Account
from actors.actor import Actor
from actors.closing import close
from core.clock import now
from moderation.decisions import Decision
from moderation.group_closing import close_group
from moderation.states import DecisionState
from moderation.vocabulary import Measure
from outbox.update import profile_changed

MARKS = {
    Measure.QUIET: "quieted_at",
    Measure.READ_ONLY: "read_only_at",
    Measure.SUSPEND: "suspended_at",
    Measure.CLOSE_ACCOUNT: "suspended_at",
    Measure.RESTRICT_GROUP: "read_only_at",
    Measure.CLOSE_GROUP: "suspended_at",
}
USUAL_PAUSE = 60  # minutes


async def mark(decision: Decision) -> None:
    """Quieten, silence or suspend somebody; what is to close is suspended until then.

    In a restricted group only those who run it begin threads (actors/groups.py).
    """
    await _set(decision, {MARKS[decision.measure]: now()})


async def unmark(decision: Decision) -> None:
    """Take the mark away, unless another decision wants it."""
    column = MARKS[decision.measure]
    alike = [each for each, name in MARKS.items() if name == column]
    if not await _is_wanted(decision, alike):
        await _set(decision, {column: None})


async def slow(decision: Decision) -> None:
    """Let somebody post only so often."""
    await _set(decision, {"slow_minutes": decision.minutes or USUAL_PAUSE})


async def unslow(decision: Decision) -> None:
    """Let somebody post as they like again."""
    if not await _is_wanted(decision, [Measure.SLOW]):
        await _set(decision, {"slow_minutes": 0})


async def close_for_good(decision: Decision) -> None:
    """Close the account of someone here; their name stays taken. Raises roles.LastAdmin."""
    account = await Account.get_or_none(actor_id=decision.actor_id, closed_at=None)
    if account is not None:
        account.actor = await Actor.get(id=account.actor_id)
        await close(account)


async def close_for_all(decision: Decision) -> None:
    """Close a group of ours for good; its notes stay their authors'."""
    group = await Actor.get_or_none(id=decision.actor_id, gone_at=None)
    if group is not None and group.is_group and group.is_local:
        await close_group(group)


async def _set(decision: Decision, values: dict[str, object]) -> None:
    await Actor.filter(id=decision.actor_id).update(**values)
    actor = await Actor.get_or_none(id=decision.actor_id)
    if actor is not None:
        remembered.forget(actor.uri)
        if actor.is_local:
            written.forget(actor)
        is_told = "suspended_at" in values or actor.is_group
        if actor.is_local and is_told:
            await profile_changed(actor)


async def _is_wanted(decision: Decision, measures: list[Measure]) -> bool:
    others = Decision.filter(
        actor_id=decision.actor_id,
        note_id=None,
        measure__in=measures,
        state=DecisionState.IN_FORCE,
    )
    return await others.exclude(id=decision.id).exists()
