"""Lines: what an operator sees of the letters to each server, however many wait.

No statement here reads more than so many letters: numbers end at MOST_COUNTED, and servers are
found by jumping from one to the next along an index.
"""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

import msgspec

from actors.domains import DOUBTFUL, NEVER
from core import metrics, sql
from core.clock import milliseconds
from outbox.letters import BULK, FIRM, SOON
from outbox.sent import State

MOST_COUNTED = 1_000
MOST_SORTED = 10_000
MOST_MEASURED = 100_000
LANES = {SOON: "soon", FIRM: "firm", BULK: "bulk", DOUBTFUL: "doubtful"}

_COLUMNS = (
    "d.host, d.reached_at, d.failing_since, d.failures, d.pause, d.wait_until,"
    " d.next_at, d.lease_until, d.crashes, d.is_rejected, d.is_unavailable, d.error, d.code,"
    " d.erred_at"
)


class Show(StrEnum):
    """Which servers to list: those with letters in a state, or those that fail."""

    WAITING = "waiting"
    FAILING = "failing"
    PARKED = "parked"
    STOPPED = "stopped"


class Line(msgspec.Struct, frozen=True):
    """A server and its letters; moments are in milliseconds since 1970, numbers end at a bound."""

    host: str
    reached_at: int
    failing_since: int
    failures: int
    pause: int
    wait_until: int
    next_at: int
    lease_until: int
    crashes: int
    is_rejected: bool
    is_unavailable: bool
    error: str
    code: int
    erred_at: int
    waiting: int
    parked: int
    stopped: int

    @property
    def is_planned(self) -> bool:
        """Whether somebody is to look for letters to it."""
        return self.next_at < NEVER


class Waiting(NamedTuple):
    """A letter as the operator sees it: what kind of act, to which letterbox, how it went."""

    id: int
    kind: str
    inbox: str
    lane: int
    attempts: int
    due: int
    code: int
    error: str


async def hosts_with(state: State, *, after: str = "", most: int) -> list[str]:
    """Name servers that have letters in a state, along the alphabet."""
    chosen = f"state = '{state.value}'"
    found = await sql.rows(
        "WITH RECURSIVE line(host) AS ("  # noqa: S608  a value of our own enum
        f"SELECT MIN(host) FROM delivery WHERE {chosen} AND host > ?"
        f" UNION ALL SELECT (SELECT MIN(y.host) FROM delivery y WHERE y.{chosen}"
        " AND y.host > line.host) FROM line WHERE line.host IS NOT NULL)"
        " SELECT host FROM line WHERE host IS NOT NULL LIMIT ?",
        (after, most),
    )
    return [row["host"] for row in found]


async def hosts_failing(*, after: tuple[int, str] = (0, ""), most: int) -> list[str]:
    """Name servers that fail, the longest first, after one of them."""
    found = await sql.rows(
        "SELECT host FROM domain WHERE failing_since > 0 AND (failing_since, host) > (?, ?)"
        " ORDER BY failing_since, host LIMIT ?",
        (*after, most),
    )
    return [row["host"] for row in found]


async def lines_of(hosts: Sequence[str]) -> list[Line]:
    """Tell how letters to these servers go, in the order they are named."""
    counted = ", ".join(f"({_count(state)}) AS {state.value}" for state in _SHOWN)
    found = await sql.rows(
        f"SELECT {_COLUMNS}, {counted} FROM domain d"  # noqa: S608  question marks
        f" WHERE d.host IN ({sql.marks(hosts)})",
        list(hosts),
    )
    by_host = {row["host"]: msgspec.convert(row, Line, strict=False) for row in found}
    return [by_host[host] for host in hosts if host in by_host]


_SHOWN = (State.WAITING, State.PARKED, State.STOPPED)


def _count(state: State) -> str:
    return (
        "SELECT COUNT(*) FROM (SELECT 1 FROM delivery x"  # noqa: S608  constants
        f" WHERE x.host = d.host AND x.state = '{state.value}' LIMIT {MOST_COUNTED + 1}) AS counted"
    )


async def count_failing() -> int:
    """Count the servers that fail, up to a bound."""
    found = await sql.rows(
        "SELECT COUNT(*) AS many FROM"  # noqa: S608  a constant
        f" (SELECT 1 FROM domain WHERE failing_since > 0 LIMIT {MOST_COUNTED + 1}) AS counted"
    )
    return int(found[0]["many"])


async def letters_in(
    host: str, state: State, *, after: tuple[int, int, int] = (-1, 0, 0), most: int
) -> list[Waiting]:
    """List letters to a server: those that wait in the order they go, others as they were written.

    `after` is lane, due and id of the one before; where nothing waits the id alone counts.
    """
    if state == State.WAITING:
        place, values = "(d.lane, d.due, d.id) > (?, ?, ?)", list(after)
        order = "d.lane, d.due, d.id"
    else:
        place, values, order = "d.id > ?", [after[2]], "d.id"
    found = await sql.rows(
        "SELECT d.id, s.kind, d.inbox, d.lane, d.attempts, d.due, d.code, d.error"  # noqa: S608
        " FROM delivery d JOIN sent s ON s.id = d.sent_id"
        f" WHERE d.host = ? AND d.state = '{state.value}' AND {place} ORDER BY {order} LIMIT ?",
        (host, *values, most),
    )
    return [Waiting(**row) for row in found]


async def kinds_in(host: str, state: State, *, up_to: int) -> Counter[str]:
    """Count the kinds of what is in a line, of letters written up to `up_to`; at most MOST_SORTED
    and one of them."""
    found = await sql.rows(
        "SELECT s.kind, COUNT(*) AS many FROM (SELECT sent_id FROM delivery"  # noqa: S608
        f" WHERE host = ? AND state = '{state.value}' AND id <= ? LIMIT {MOST_SORTED + 1}) AS w"
        " JOIN sent s ON s.id = w.sent_id GROUP BY s.kind ORDER BY 2 DESC, 1",
        (host, up_to),
    )
    return Counter({row["kind"]: int(row["many"]) for row in found})


async def measure() -> None:
    """Tell the operator how letters wait, and which servers fail; runs by the clock."""
    now = milliseconds()
    for lane, name in LANES.items():
        [row] = await sql.rows(
            "SELECT MIN(next_at) AS first FROM domain WHERE next_lane = ?", [lane]
        )
        metrics.letters_late.labels(name).set(max(now - (row["first"] or now), 0) / 1000)
    metrics.letters_waiting.set(await _many(State.WAITING))
    metrics.letters_parked.set(await _many(State.PARKED))
    [row] = await sql.rows(
        "SELECT COUNT(*) AS failing, SUM(CASE WHEN pause > 0 THEN 1 ELSE 0 END) AS shut,"
        " SUM(CASE WHEN is_unavailable THEN 1 ELSE 0 END) AS lost"
        " FROM domain WHERE failing_since > 0"
    )
    shut, lost = int(row["shut"] or 0), int(row["lost"] or 0)
    metrics.servers.labels("failing").set(row["failing"] - shut)
    metrics.servers.labels("open").set(shut - lost)
    metrics.servers.labels("unavailable").set(lost)


async def _many(state: State) -> int:
    [row] = await sql.rows(
        "SELECT COUNT(*) AS many FROM (SELECT 1 FROM delivery"  # noqa: S608  our own enum
        f" WHERE state = '{state.value}' LIMIT {MOST_MEASURED}) AS counted"
    )
    return int(row["many"])
