"""Appeals against what a group's moderators decided: its other moderators hear them as well as
those of the server, never who decided."""

from actors.actor import Actor
from actors.memberships import moderators_of
from moderation import hearing
from moderation.appeals import Appeal
from moderation.decisions import Decision
from moderation.group_acts import check_runs
from moderation.states import PENDING, AppealState, Inadmissible, Scope
from outbox.refusals import NotAllowed

OUTCOMES = (AppealState.UPHELD, AppealState.OVERTURNED)


async def waiting_in(group: Actor, *, most: int = 50) -> list[Appeal]:
    """Return the appeals against decisions of a group that wait for an answer, oldest first."""
    found = Appeal.filter(
        decision__group_id=group.id, decision__scope=Scope.GROUP, state__in=list(PENDING)
    )
    return await found.order_by("id").limit(most).select_related("decision__actor", "reviewer")


async def appeal_in(group: Actor, moderator: Actor, number: int) -> Appeal | None:
    """Find an appeal against a decision of a group for one of its moderators, unless it is theirs.

    Its decision, whom that is about and the reviewer are loaded.
    """
    found = Appeal.filter(id=number, decision__scope=Scope.GROUP, decision__group_id=group.id)
    appeal = await found.select_related("decision__actor", "reviewer").first()
    if appeal is None or appeal.filed_at is None or appeal.decision.actor_id == moderator.id:
        return None
    return appeal


async def take_up(appeal: Appeal, moderator: Actor) -> None:
    """Begin to hear an appeal as a moderator of the group."""
    await _check(appeal, moderator)
    await hearing.take_up(appeal, moderator)


async def settle(appeal: Appeal, moderator: Actor, outcome: str, reasons: str) -> None:
    """Let a decision of the group stand, or take it back."""
    await _check(appeal, moderator)
    if outcome not in OUTCOMES:
        raise NotAllowed("Let the decision stand, or take it back.")
    await hearing.settle(appeal, moderator, outcome, reasons)


async def refuse(appeal: Appeal, moderator: Actor, why: Inadmissible, reasons: str) -> None:
    """Refuse to hear an appeal."""
    await _check(appeal, moderator)
    await hearing.refuse(appeal, moderator, why, reasons)


async def judges_of(decision: Decision) -> frozenset[int]:
    """Return the moderators of a group who live here and may hear an appeal."""
    if decision.scope != Scope.GROUP or decision.group_id is None:
        return frozenset()
    group = await Actor.get(id=decision.group_id)
    here = {row.person_id for row in await moderators_of(group) if row.person.is_local}
    return frozenset(here - decision.deciders() - {decision.actor_id})


async def _check(appeal: Appeal, moderator: Actor) -> None:
    decision = await Decision.get(id=appeal.decision_id)
    if decision.scope != Scope.GROUP or decision.group_id is None:
        raise NotAllowed("The moderators of the server hear this.")
    await check_runs(moderator, await Actor.get(id=decision.group_id))
    if moderator.id in (decision.actor_id, *decision.deciders()):
        raise NotAllowed("Someone else has to look again.")
