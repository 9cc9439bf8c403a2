"""Sweeping: letters that were answered long ago make room, and leave their numbers."""

from tortoise.transactions import in_transaction

from core import sql
from core.clock import milliseconds
from outbox.letters import call_up_forgotten
from outbox.sent import Delivery, Sent, State

KEPT = 30 * 86_400_000
AT_A_TIME = 200
# After these a letterbox may hold the object, so that a Delete must go there (PRIV-05).
CONVEYING = frozenset({"Create", "Update", "Announce"})


async def sweep() -> None:
    """Count, then remove, the letters of activities that were sent more than 30 days ago."""
    await call_up_forgotten()
    before = milliseconds() - KEPT << 16
    while old := await _old(before):
        for number in old:
            await _sweep_one(number)


async def _old(before: int) -> list[int]:
    found = await sql.rows(
        "SELECT DISTINCT sent_id FROM delivery WHERE sent_id < ? AND state <> 'waiting'"
        " ORDER BY sent_id LIMIT ?",
        (before, AT_A_TIME),
    )
    return [row["sent_id"] for row in found]


async def _sweep_one(number: int) -> None:
    async with in_transaction():
        letters = Delivery.filter(sent_id=number).exclude(state=State.WAITING)
        rows = await letters.values("inbox", "state", "attempts")
        sent = await Sent.get(id=number)
        sent.letters += len(rows)
        sent.reached += sum(row["state"] == State.DONE for row in rows)
        if sent.kind in CONVEYING and sent.object_uri:
            tried = {row["inbox"] for row in rows if row["attempts"]}
            sent.had = "\n".join(sorted(tried.union(sent.had.split())))
        await sent.save(update_fields=["letters", "reached", "had"])
        await letters.delete()
