"""Counting panels: seats that fell free are filled, and what is over is counted and has its end."""

from collections.abc import Mapping, Sequence
from secrets import SystemRandom
from typing import Any

from tortoise.transactions import in_transaction

from core.clock import now
from core.jobs import put
from moderation import appeal_machine as machine
from moderation.appeal_effects import follow
from moderation.appeals import Appeal
from moderation.audit import write_down
from moderation.decisions import Decision
from moderation.panel_hearing import empty_seats, fill, is_over, lock
from moderation.panel_pool import pool_of
from moderation.panels import Panel, Said, SealedVerdict, Seat, said_in
from moderation.rows import keep
from moderation.states import Verdict
from moderation.vocabulary import Panel as Effect

AT_ONCE = 100


async def step_due() -> None:
    """Look after every panel that is not over; runs by the clock."""
    found = Panel.filter(closed_at=None).order_by("closes_at").limit(AT_ONCE)
    for number in await found.values_list("id", flat=True):
        await step(int(str(number)))


async def step_panel(payload: Mapping[str, Any]) -> None:
    """Look after a panel in which something happened; job `moderation.step_panel`."""
    await step(int(payload["panel_id"]))


async def step(number: int) -> None:
    """Free and fill the seats of a panel, and count it when it is over."""
    async with in_transaction():
        panel = await lock(number)
        if panel is None:
            return
        appeal = await Appeal.get(id=panel.appeal_id)
        decision = await Decision.get(id=appeal.decision_id)
        people = await pool_of(appeal, decision)
        await empty_seats(panel, people)
        await fill(panel, decision, people)
        if await is_over(panel):
            await _close(panel, appeal, decision)


async def _close(panel: Panel, appeal: Appeal, decision: Decision) -> None:
    """Count the verdicts and destroy them, with the list of who sat; then the appeal goes on."""
    said = [said_in(each) for each in await SealedVerdict.filter(panel_id=panel.id)]
    SystemRandom().shuffle(said)
    verdict = count(panel, said)
    panel.closed_at = now()
    panel.reasons = [[each.verdict.value, each.reason] for each in said]
    await panel.save()
    await SealedVerdict.filter(panel_id=panel.id).delete()
    await Seat.filter(panel_id=panel.id).delete()
    if verdict is not None and panel.effect == Effect.BINDING:
        reasons = "\n\n".join(each.reason for each in said if each.verdict == verdict)
        machine.conclude(appeal, verdict, reasons, now(), is_over=True)
        await keep(appeal)
        await follow(decision, appeal, appeal.reviewer_id or decision.drafted_by_id)
    else:
        machine.hand_back(appeal, now(), is_over=True)
        await keep(appeal)
    await write_down(
        None,
        "appeal.panel_over",
        f"appeal:{appeal.id}",
        after={
            "state": appeal.state.value,
            "upheld": panel.upheld,
            "overturned": panel.overturned,
        },
    )
    await put("inbox.tell_of_panel_over", {"panel_id": panel.id})


def count(panel: Panel, said: Sequence[Said]) -> Verdict | None:
    """Write the tally; return what more than half of all seats say, held or not."""
    panel.upheld = sum(each.verdict is Verdict.UPHOLD for each in said)
    panel.overturned = sum(each.verdict is Verdict.OVERTURN for each in said)
    for verdict, number in (
        (Verdict.UPHOLD, panel.upheld),
        (Verdict.OVERTURN, panel.overturned),
    ):
        if 2 * number > panel.size:
            panel.is_carried = True
            return verdict
    return None
