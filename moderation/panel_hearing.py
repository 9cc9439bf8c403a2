"""Panels, written down: the lot, who sits in it, what they say, and what comes of that."""

from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.jobs import put
from moderation import appeal_machine as machine
from moderation.appeals import Appeal
from moderation.audit import write_down
from moderation.decisions import Decision
from moderation.entries import is_told
from moderation.panel_lot import digest_of, new_seed, order_of
from moderation.panel_pool import pool_of
from moderation.panels import (
    ENVELOPE,
    MOST_REASON,
    Panel,
    Said,
    SealedVerdict,
    Seat,
    seat_of,
    voter_of,
)
from moderation.policy import current
from moderation.rows import keep
from moderation.sections import Appeals
from moderation.states import Verdict
from outbox.refusals import NotAllowed, NotValid

LASTS = timedelta(hours=72)
SILENT_AFTER = timedelta(hours=36)  # then the seat passes to the next of the lot
SHORTEST = timedelta(hours=24)  # nobody is asked with less time left

NO_SEAT = "You are not on this panel."
OVER = "This panel is over."


async def draw(appeal: Appeal, moderator: Actor, *, address: str = "") -> Panel:
    """Put an appeal before a panel drawn by lot; raise NotAllowed where there cannot be one.

    The audit log keeps the seed, and the digest of the ids it was drawn from; not who sits.
    """
    decision = await Decision.get(id=appeal.decision_id)
    wanted, at = current().sections.appeals, now()
    people = await pool_of(appeal, decision)
    machine.draw(
        appeal,
        moderator.id,
        at,
        size=wanted.panel,
        people=len(people),
        is_shown=is_told(decision),
    )
    panel = _new_panel(appeal, wanted, at)
    async with in_transaction():
        await keep(appeal)
        await panel.save(force_create=True)
        for number in order_of(panel.seed, people)[: panel.size]:
            await _ask(panel, decision, number)
        await write_down(
            moderator.id,
            "appeal.panel",
            f"appeal:{appeal.id}",
            after={"state": appeal.state.value} | _lot_of(panel, people),
            address=address,
        )
    return panel


def _new_panel(appeal: Appeal, wanted: Appeals, at: datetime) -> Panel:
    return Panel(
        appeal_id=appeal.id,
        size=wanted.panel,
        effect=wanted.panel_effect,
        seed=new_seed(),
        drawn_at=at,
        closes_at=at + LASTS,
    )


def _lot_of(panel: Panel, people: frozenset[int]) -> dict[str, Any]:
    """Say how a lot can be drawn again by who has the pool, without naming anybody."""
    return {
        "size": panel.size,
        "effect": panel.effect.value,
        "seed": panel.seed,
        "people": len(people),
        "pool": digest_of(people),
    }


async def say(panel: Panel, person: Actor, verdict: str, reason: str) -> None:
    """Keep what somebody on a panel says, in place of what they said before, sealed.

    Nothing else is written down: no time, no act. When all have spoken, the panel is counted.
    """
    if verdict not in tuple(Verdict):
        raise NotValid("verdict", "Choose what comes of the appeal.")
    if not reason.strip():
        raise NotValid("reason", "Give the reasons.")
    if len(reason.strip()) > MOST_REASON:
        raise NotValid("reason", f"At most {MOST_REASON} characters.")
    voter = voter_of(panel.id, person.id)
    closed_up = ENVELOPE.close(Said(Verdict(verdict), reason.strip()), voter)
    async with in_transaction():
        await _seat_in(panel, person)
        await SealedVerdict.update_or_create(
            voter=voter, defaults={"panel_id": panel.id, "sealed": closed_up}
        )
        if await _have_all_spoken(panel):
            await put("moderation.step_panel", {"panel_id": panel.id})


async def decline(panel: Panel, person: Actor) -> None:
    """Give up a seat; the next of the lot is asked, where there is time."""
    async with in_transaction():
        seat = await _seat_in(panel, person)
        await _leave(panel, seat)
        await put("moderation.step_panel", {"panel_id": panel.id})


async def fill(panel: Panel, decision: Decision, people: frozenset[int]) -> None:
    """Ask the next of the lot for each seat that is free; call in a transaction."""
    at = now()
    if at > panel.closes_at - SHORTEST:
        return
    free = panel.size - await Seat.filter(panel_id=panel.id, is_held=True).count()
    for number in (await _next_of(panel, people))[: max(0, free)]:
        await _ask(panel, decision, number)
        await write_down(
            None,
            "appeal.panel_next",
            f"appeal:{panel.appeal_id}",
            after={"people": len(people), "pool": digest_of(people)},
        )


async def empty_seats(panel: Panel, people: frozenset[int]) -> None:
    """Free the seats of those who could not be drawn any more, and of who is silent for half the
    time where somebody else is there; call in a transaction.

    Who was suspended, has closed their account, or wants no part in it any more, has no say.
    """
    held = await Seat.filter(panel_id=panel.id, is_held=True).order_by("id")
    for seat in [each for each in held if each.actor_id not in people]:
        await _leave(panel, seat)
    held = [each for each in held if each.actor_id in people]
    if now() > panel.closes_at - SHORTEST:
        return
    spare = len(await _next_of(panel, people)) - (panel.size - len(held))
    for seat in held:
        is_late = seat.asked_at + SILENT_AFTER <= now()
        if spare > 0 and is_late and not await _has_spoken(panel, seat):
            await _leave(panel, seat)
            spare -= 1


async def is_over(panel: Panel) -> bool:
    """Tell whether its time has passed, or everybody who sits has spoken."""
    return now() >= panel.closes_at or await _have_all_spoken(panel)


async def lock(panel_id: int) -> Panel | None:
    """Read a panel that is not over, and let nobody else change it until the transaction ends."""
    if not await Panel.filter(id=panel_id, closed_at=None).update(size=F("size")):
        return None
    return await Panel.get(id=panel_id)


async def _seat_in(panel: Panel, person: Actor) -> Seat:
    """Find somebody's seat; the panel may be closing: whoever takes its row first comes first."""
    fresh = await lock(panel.id)
    if fresh is None or now() >= fresh.closes_at:
        raise NotAllowed(OVER)
    seat = await Seat.get_or_none(panel_id=panel.id, actor_id=person.id, is_held=True)
    if seat is None:
        raise NotAllowed(NO_SEAT)
    return seat


async def _ask(panel: Panel, decision: Decision, number: int) -> None:
    await Seat.create(panel_id=panel.id, actor_id=number, asked_at=now())
    panel.sat = [*panel.sat, seat_of(decision.id, number)]
    await Panel.filter(id=panel.id).update(sat=sorted(panel.sat))
    await put("inbox.tell_of_panel", {"panel_id": panel.id, "reader_id": number})


async def _leave(panel: Panel, seat: Seat) -> None:
    await Seat.filter(id=seat.id).update(is_held=False)
    await SealedVerdict.filter(voter=voter_of(panel.id, seat.actor_id)).delete()


async def _next_of(panel: Panel, people: frozenset[int]) -> list[int]:
    """Return who was not asked yet, in the order of the lot."""
    asked = {row["actor_id"] for row in await Seat.filter(panel_id=panel.id).values("actor_id")}
    return order_of(panel.seed, people - asked)


async def _has_spoken(panel: Panel, seat: Seat) -> bool:
    return await SealedVerdict.exists(voter=voter_of(panel.id, seat.actor_id))


async def _have_all_spoken(panel: Panel) -> bool:
    held = await Seat.filter(panel_id=panel.id, is_held=True).count()
    return await SealedVerdict.filter(panel_id=panel.id).count() >= held
