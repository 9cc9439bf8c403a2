"""What an operator does with letters: have them tried now, or again, or drop them.

A line may hold a hundred thousand letters, so a request only says what is wanted, and a job goes
through the line a few hundred at a time.
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from typing import Any

from tortoise.transactions import in_transaction

from actors.domains import Domain
from core import sql
from core.clock import milliseconds
from core.jobs import Lane, put
from outbox.letters import (
    BLOCKED,
    BLOCKED_PERSON,
    FIRM,
    OVERTAKEN,
    TAKING_BACK,
    TELLING,
    call_up,
)
from outbox.refusals import NotAllowed
from outbox.sent import State

AT_ONCE = 500
DROPPED = "an admin dropped it"
DROPPABLE = (State.WAITING, State.PARKED)


async def try_now(host: str) -> None:
    """Have a server visited at once, whatever its circuit says, and its letters be due.

    Call in a transaction. Raises NotAllowed where policy sends nothing there, and where the server
    asked for quiet until later: that is kept, whoever is in a hurry.
    """
    domain = await Domain.get_or_none(host=host)
    now = milliseconds()
    if domain is None or domain.is_rejected:
        raise NotAllowed("The policy lets no letters go to this server.")
    is_shut = domain.pause > 0 or domain.is_unavailable
    if domain.wait_until > now and not is_shut:
        raise NotAllowed("This server asked not to be called before a certain time. That is kept.")
    if is_shut:
        await Domain.filter(host=host).update(wait_until=0, is_unavailable=False)
    await call_up([host], lane=FIRM, at=now)
    await put("outbox.hurry", {"host": host, "at": now}, lane=Lane.SOON)


async def hurry(payload: Mapping[str, Any]) -> None:
    """Make letters due that wait for a later try; a job."""
    host, at = str(payload["host"]), int(payload["at"])
    async for found in _line(host, State.WAITING, later_than=at):
        # Each batch at a moment of its own, so that the line keeps an order to be read by.
        at += 1
        async with in_transaction():
            await sql.run_many(
                "UPDATE delivery SET due = ? WHERE id = ? AND due > ? AND state = 'waiting'",
                [(at, number, at) for number in sorted(found)],
            )
            await call_up([host], lane=FIRM, at=milliseconds())


async def drop(host: str, state: State, *, up_to: int, spares: bool) -> None:
    """Drop what waits for a server, or is parked, of letters written up to `up_to`.

    Call in a transaction. `spares` leaves what takes something back, such as a Delete, where it is.
    """
    await put(
        "outbox.drop",
        {"host": host, "state": state.value, "up_to": up_to, "spares": spares},
        lane=Lane.SOON,
    )


async def drop_letters(payload: Mapping[str, Any]) -> None:
    """Stop those letters, with the reason; their authors see that they were not reached; a job.

    All letters about one object go in one transaction, so that no Update is sent whose Create was
    dropped just before.
    """
    host, state = str(payload["host"]), State(payload["state"])
    async for found in _line(host, state):
        async with in_transaction():
            about_the_same = await _about_the_same(found) if state == State.WAITING else set()
            await _stop(
                sorted(found | about_the_same),
                state,
                up_to=int(payload["up_to"]),
                spares=bool(payload["spares"]),
            )


async def _line(host: str, state: State, *, later_than: int = -1) -> AsyncIterator[set[int]]:
    """Walk along a line, a few hundred letters at a time."""
    place = (-1, 0, 0)
    while found := await sql.rows(
        "SELECT id, lane, due FROM delivery WHERE host = ?"  # noqa: S608  a value of our own enum
        f" AND state = '{state.value}' AND due > ? AND (lane, due, id) > (?, ?, ?)"
        " ORDER BY lane, due, id LIMIT ?",
        (host, later_than, *place, AT_ONCE),
    ):
        last = found[-1]
        place = (last["lane"], last["due"], last["id"])
        yield {row["id"] for row in found}


async def _about_the_same(letters: Collection[int]) -> set[int]:
    """Find what waits for the same servers about the same things."""
    found = await sql.rows(
        "SELECT e.id FROM delivery k JOIN delivery e ON e.host = k.host AND e.key = k.key"  # noqa: S608
        f" WHERE k.id IN ({sql.marks(letters)}) AND k.key <> '' AND e.state = 'waiting'",
        list(letters),
    )
    return {row["id"] for row in found}


async def _stop(letters: Sequence[int], state: State, *, up_to: int, spares: bool) -> None:
    kinds = sorted(TAKING_BACK) if spares else []
    locked = " ORDER BY d.id FOR UPDATE OF d" if sql.is_postgres() else ""
    kept = f" AND s.kind NOT IN ({sql.marks(kinds)})" if spares else ""
    await sql.rows(
        "UPDATE delivery SET state = 'stopped', error = ? WHERE id IN ("  # noqa: S608  marks
        "SELECT d.id FROM delivery d JOIN sent s ON s.id = d.sent_id"
        f" WHERE d.id IN ({sql.marks(letters)}) AND d.state = '{state.value}' AND d.id <= ?"
        f"{kept}{locked})",
        (DROPPED, *letters, up_to, *kinds),
    )


async def try_again(letters: Collection[int]) -> list[int]:
    """Take up letters again that were stopped or parked, and return which.

    Left alone is what must not go any more: what a Delete overtook or something later about the
    same thing made old, what a block or the policy keeps away (PRIV-07). Call in a transaction.
    """
    found = await sql.rows(
        _MAY_GO.format(letters=sql.marks(letters)),
        (*letters, OVERTAKEN, BLOCKED, BLOCKED_PERSON, False, *sorted(TELLING)),
    )
    now = milliseconds()
    await sql.run_many(
        "UPDATE delivery SET state = 'waiting', due = ? WHERE id = ?"
        " AND state IN ('stopped', 'parked')",
        [(now, row["id"]) for row in found],
    )
    hosts = sorted({row["host"] for row in found})
    await Domain.filter(host__in=hosts).update(is_unavailable=False)
    await call_up(hosts, lane=FIRM, at=now)
    return [row["id"] for row in found]


_MAY_GO = (
    "SELECT d.id, d.host FROM delivery d JOIN sent s ON s.id = d.sent_id"  # noqa: S608  marks
    " JOIN domain h ON h.host = d.host WHERE d.id IN ({letters})"
    " AND d.state IN ('stopped', 'parked') AND d.error NOT IN (?, ?, ?) AND h.is_rejected = ?"
    " AND NOT EXISTS (SELECT 1 FROM sent e WHERE e.key = s.key AND s.key <> '' AND e.id > s.id"
    " AND (e.kind = 'Delete' OR EXISTS (SELECT 1 FROM delivery x WHERE x.sent_id = e.id"
    " AND x.inbox = d.inbox AND x.state IN ('waiting', 'done'))))"
    f" AND (s.kind NOT IN ({sql.marks(TELLING)}) OR NOT (EXISTS (SELECT 1 FROM server_block b"
    " WHERE b.blocker_id = s.actor_id AND (d.host = b.host OR d.host LIKE '%.' || b.host))"
    " OR EXISTS (SELECT 1 FROM block b JOIN actor p ON p.id = d.for_actor_id WHERE p.inbox ="
    " d.inbox AND p.inbox <> p.shared_inbox AND ((b.blocker_id = s.actor_id AND b.blocked_id ="
    " p.id) OR (b.blocked_id = s.actor_id AND b.blocker_id = p.id)))))"
    " ORDER BY d.id"
)
