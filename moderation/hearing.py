"""Hearing appeals, written down: what comes of one is one transaction with all that follows."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.memberships import run_by
from core.clock import now
from core.ids import first_id_of
from moderation import appeal_machine as machine
from moderation import case_machine
from moderation.appeal_effects import close_case, follow
from moderation.appeals import Appeal
from moderation.audit import StaffAct, write_down
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.duty import concerned_by, on_duty
from moderation.entries import is_told, stamp
from moderation.finishing import finish
from moderation.handling import READ_AGAIN
from moderation.notices import tell_concerned
from moderation.panel_pool import pool_of
from moderation.policy import current
from moderation.record import EntryKind
from moderation.reports import Report
from moderation.rows import keep
from moderation.states import Inadmissible, Thing
from outbox.refusals import NotAllowed


async def refuse(
    appeal: Appeal, moderator: Actor, why: Inadmissible, reasons: str, *, address: str = ""
) -> None:
    """Refuse to hear an appeal; the person reads why, and it is counted."""
    decision = await Decision.get(id=appeal.decision_id)
    others = await _others(decision, moderator)
    if moderator.id == decision.actor_id or moderator.id in decision.deciders():
        _check_other(decision, moderator, others)
    machine.refuse(appeal, moderator.id, why, reasons, now())
    async with in_transaction():
        await keep(appeal)
        await close_case(decision, moderator.id)
        await stamp(decision, EntryKind.APPEAL, appeal=appeal)
        await tell_concerned(decision, "inadmissible")
        await finish(decision)
        await _write_down(appeal, moderator, "appeal.refuse", reasons, address)


async def take_up(appeal: Appeal, moderator: Actor, *, address: str = "") -> None:
    """Begin to hear an appeal: someone else than who decided, where there is someone."""
    decision = await Decision.get(id=appeal.decision_id)
    others = await _others(decision, moderator)
    machine.assign(
        appeal,
        moderator.id,
        now(),
        deciders=decision.deciders(),
        has_others=bool(others),
        is_concerned=moderator.id == decision.actor_id,
        has_panels=bool(current().sections.appeals.panel),
    )
    async with in_transaction():
        await keep(appeal)
        await _write_down(appeal, moderator, "appeal.assign", "", address)


async def settle(
    appeal: Appeal,
    moderator: Actor,
    outcome: str,
    reasons: str,
    *,
    instead: Decision | None = None,
    address: str = "",
) -> None:
    """Say what comes of an appeal, and have everything follow from it.

    Overturned: what the decision changed is put back, and the reporters are told. Amended:
    `instead`, drafted about the same thing, stands in its place from now on.
    """
    decision = await Decision.get(id=appeal.decision_id)
    has_panel = appeal.is_same_person and await can_be_asked(appeal, decision)
    machine.settle(appeal, moderator.id, outcome, reasons, now(), has_panel=has_panel)
    async with in_transaction():
        await keep(appeal)
        await follow(decision, appeal, moderator.id, instead=instead)
        await _write_down(appeal, moderator, f"appeal.{outcome}", reasons, address)


async def read_pictures(appeal: Appeal, moderator: Actor, *, address: str = "") -> None:
    """Write down that somebody looked at what was shown to them in confidence, once in an hour."""
    name, lately = f"appeal:{appeal.id}", first_id_of(now() - READ_AGAIN)
    acts = StaffAct.filter(actor_id=moderator.id, about=name, act="appeal.read", id__gte=lately)
    if not await acts.exists():
        await write_down(moderator.id, "appeal.read", name, address=address)


async def can_be_asked(appeal: Appeal, decision: Decision) -> bool:
    """Tell whether a panel could be drawn about an appeal, which none was asked about yet."""
    size = current().sections.appeals.panel
    if not size or appeal.panel_drawn_at is not None or not is_told(decision):
        return False
    return len(await pool_of(appeal, decision)) >= size


async def _others(decision: Decision, moderator: Actor) -> frozenset[int]:
    """Return who else could hear it; raise NotAllowed for a moderator who reported it."""
    case = await Case.get(id=decision.case_id)
    concerned = concerned_by(case, await Report.filter(case_id=case.id))
    if decision.thing is Thing.GROUP and decision.actor_id in await run_by(moderator):
        raise NotAllowed(case_machine.PART)
    if moderator.id in concerned - {decision.actor_id}:
        raise NotAllowed(case_machine.PART)
    return await on_duty() - {moderator.id} - concerned - decision.deciders()


def _check_other(decision: Decision, moderator: Actor, others: frozenset[int]) -> None:
    if others or moderator.id == decision.actor_id:
        raise NotAllowed(machine.DECIDER)


async def _write_down(
    appeal: Appeal, moderator: Actor, act: str, reasons: str, address: str
) -> None:
    await write_down(
        moderator.id,
        act,
        f"appeal:{appeal.id}",
        after={"state": appeal.state.value, "decision": str(appeal.decision_id)},
        reason=reasons,
        address=address,
    )
