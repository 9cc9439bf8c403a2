"""Writing down what came of visits: all of a group in one transaction, with three statements."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Any

from actors.circuit import Circuit
from actors.domains import DOUBTFUL, NEVER, listen_for
from core import sql
from core.jobs import put_many
from outbox.letters import REJECTED, UNAVAILABLE
from outbox.sent import State
from outbox.visits import READY, SILENCED, Visit

_ENDED = "UPDATE delivery SET state = ?, attempts = ?, code = ?, error = ? WHERE id = ?"
# What was called back meanwhile must not begin to wait again.
_WAITS = (
    "UPDATE delivery SET due = ?, attempts = ?, code = ?, error = ?"
    " WHERE id = ? AND state = 'waiting'"
)
# `next_at < lease_until` says that a letter was written while we were there.
_LEFT = (
    "UPDATE domain SET lease_until = 0, crashes = 0, failures = ?, counted_since = ?,"  # noqa: S608
    " failing_since = ?, pause = ?, is_unavailable = ?, form = ?,"
    " wait_until = CASE WHEN wait_until > CAST(? AS BIGINT) THEN wait_until ELSE ? END,"
    " reached_at = CASE WHEN CAST(? AS BIGINT) > 0 THEN ? ELSE reached_at END,"
    " error = CASE WHEN CAST(? AS BIGINT) > 0 THEN ? ELSE error END,"
    " code = CASE WHEN CAST(? AS BIGINT) > 0 THEN ? ELSE code END,"
    " erred_at = CASE WHEN CAST(? AS BIGINT) > 0 THEN ? ELSE erred_at END,"
    " next_lane = CASE WHEN next_at < lease_until AND next_lane < ? THEN next_lane ELSE ? END,"
    " next_at = CASE WHEN CAST(? AS BIGINT) > 0 THEN ? WHEN next_at < lease_until THEN next_at"
    " ELSE COALESCE((SELECT MIN(y.due) FROM delivery y"
    f" WHERE y.host = domain.host AND {READY}), {NEVER}) END"
    " WHERE host = ? AND lease_until = ?"
)


async def record(visits: Sequence[Visit], now: int) -> None:
    """Write the outcomes and leave the servers; call in a transaction."""
    # In one order everywhere, so that no two transactions wait for each other.
    visits = sorted(visits, key=lambda visit: visit.host)
    await _record_letters(visits, now)
    for visit in visits:
        if visit.is_off or visit.circuit.is_lost(now):
            await _empty(visit)
    await sql.run_many(_LEFT, [_left(visit, now) for visit in visits])


async def _record_letters(visits: Sequence[Visit], now: int) -> None:
    ended: list[tuple[Any, ...]] = []
    waits: list[tuple[Any, ...]] = []
    lost: list[dict[str, int]] = []
    for visit in visits:
        for letter, outcome in visit.outcomes:
            row = (letter.attempts + 1, outcome.code, outcome.error, letter.id)
            if outcome.state == State.WAITING:
                waits.append((now + outcome.pause, *row))
            else:
                ended.append((outcome.state.value, *row))
            if outcome.is_lost:
                lost.append({"letter": letter.id})
    if ended:
        await sql.run_many(_ENDED, sorted(ended, key=itemgetter(-1)))
    if waits:
        await sql.run_many(_WAITS, sorted(waits, key=itemgetter(-1)))
    if lost:
        await put_many("outbox.readdress", lost)


async def _empty(visit: Visit) -> None:
    """Drop what waits for a server that policy rejects, or that was silent for too long."""
    await sql.rows(
        "UPDATE delivery SET state = 'stopped', error = ? WHERE host = ? AND state = 'waiting'",
        (REJECTED if visit.is_rejected else UNAVAILABLE, visit.host),
    )


def _left(visit: Visit, now: int) -> tuple[Any, ...]:
    circuit: Circuit = visit.circuit
    wait = visit.wait_until
    if circuit.is_open:
        wait = max(wait, circuit.next_probe(now))
    if circuit.is_doubtful:
        listen_for(visit.host)
    lane = DOUBTFUL if circuit.is_doubtful else visit.lane
    reached = now if visit.is_reached else 0
    error, code, erred = _trouble(visit, now)
    at = wait or (now if visit.has_more or visit.letters else 0)
    return (
        *(circuit.failures, circuit.counted_since, circuit.failing_since, circuit.pause),
        *(circuit.is_lost(now), visit.form, wait, wait, reached, reached),
        *(erred, error, erred, code, erred, erred),
        *(-1 if circuit.is_doubtful else lane, lane, at, at, visit.host, visit.lease_until),
    )


def _trouble(visit: Visit, now: int) -> tuple[str, int, int]:
    """Return what went wrong last, as it was written and numbered, and when; 0 where nothing did.

    What we stop ourselves, without a try, says nothing of the server.
    """
    for _letter, outcome in reversed(visit.outcomes):
        if outcome.state != State.DONE and outcome is not SILENCED:
            return outcome.error, outcome.code, now
    return "", 0, 0
