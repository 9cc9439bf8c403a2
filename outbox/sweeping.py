"""Sweeping: letters that were answered long ago make room, and leave their numbers."""

from tortoise.transactions import in_transaction

from core import sql
from core.clock import milliseconds
from outbox.letters import REJECTED, TAKING_BACK, call_up_forgotten
from outbox.sent import Delivery, Sent, State

KEPT = 30 * 86_400_000
# What takes something back waits this long for its server to be free again.
KEPT_BACK = 365 * 86_400_000
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
    kinds = sorted(TAKING_BACK)
    found = await sql.rows(
        "SELECT DISTINCT d.sent_id FROM delivery d JOIN sent s ON s.id = d.sent_id"  # noqa: S608
        " WHERE d.sent_id < ? AND d.state <> 'waiting' AND NOT (d.error = ? AND d.sent_id > ?"
        f" AND s.kind IN ({sql.marks(kinds)})) ORDER BY d.sent_id LIMIT ?",
        (before, REJECTED, _kept_back(), *kinds, AT_A_TIME),
    )
    return [row["sent_id"] for row in found]


def _kept_back() -> int:
    return milliseconds() - KEPT_BACK << 16


async def _sweep_one(number: int) -> None:
    async with in_transaction():
        sent = await Sent.get(id=number)
        letters = Delivery.filter(sent_id=number).exclude(state=State.WAITING)
        if sent.kind in TAKING_BACK and number > _kept_back():
            letters = letters.exclude(error=REJECTED)
        rows = await letters.values("inbox", "state", "attempts")
        sent.letters += len(rows)
        sent.reached += sum(row["state"] == State.DONE for row in rows)
        if sent.kind in CONVEYING and sent.object_uri:
            tried = {row["inbox"] for row in rows if row["attempts"]}
            sent.had = "\n".join(sorted(tried.union(sent.had.split())))
        await sent.save(update_fields=["letters", "reached", "had"])
        await letters.delete()
