"""Visits: a server is taken in hand with what is due for it.

The lease is on the server, not on each letter: nobody else calls there meanwhile, so its letters
keep their order, and a letter's row is written once, when it was answered. A lease that ends by
itself means that who held it died; what was not recorded is sent again, with the same bytes.
"""

from collections import deque
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from actors.circuit import CLOSED, Circuit
from core import sql
from outbox.outcomes import Outcome
from outbox.parcels import Parcel, Parcels
from outbox.sent import State

LEASE = 90_000
LETTERS = 8
# A process may be killed through no fault of a letter, so that alone parks nothing. From the third
# time in a row its lease is not freed at the next start, and it is longer each time.
FREED_UP_TO = 3
MOST_CRASHES = 5

SILENCED = Outcome(State.STOPPED, error="its author is suspended or gone")
PARKED = Outcome(State.PARKED, error=f"the process died {MOST_CRASHES} times while sending this")

# Of letters with one key only the oldest may go (reliability.md 3.9).
READY = (
    "y.state = 'waiting' AND (y.key = '' OR NOT EXISTS (SELECT 1 FROM delivery e"
    " WHERE e.host = y.host AND e.key = y.key AND e.state = 'waiting' AND e.sent_id < y.sent_id))"
)
_PAGE = (
    f"FROM delivery y WHERE y.host = h.value AND {READY} AND y.due <= ?"
    " ORDER BY y.lane, y.due, y.id LIMIT ?"
)
_COLUMNS = "x.id, x.sent_id, x.inbox, x.host, x.lane, x.attempts"
_PAGES_SQLITE = (
    f"SELECT {_COLUMNS} FROM json_each(?) h JOIN delivery x"  # noqa: S608  constants
    f" ON x.id IN (SELECT y.id {_PAGE}) ORDER BY x.lane, x.due, x.id"
)
_PAGES_POSTGRES = (
    f"SELECT {_COLUMNS} FROM unnest(?::text[]) AS h(value)"  # noqa: S608  constants
    f" CROSS JOIN LATERAL (SELECT y.* {_PAGE}) x ORDER BY x.lane, x.due, x.id"
)


class Letter(NamedTuple):
    """One letter on its way."""

    id: int
    sent_id: int
    inbox: str
    lane: int
    attempts: int


class Visit:
    """A server in our hands until the lease ends, with its letters and what came of them."""

    def __init__(self, row: dict[str, Any], line: int, lease_until: int) -> None:
        self.host: str = row["host"]
        self.form: str = row["form"]
        self.crashes: int = row["crashes"]
        self.is_rejected = bool(row["is_rejected"])
        self.is_unavailable = bool(row["is_unavailable"])
        self.circuit = _circuit(row) if row["failing_since"] else CLOSED
        self.line = line
        self.lane = line
        self.lease_until = lease_until
        self.letters: deque[Letter] = deque()
        self.parcels: dict[int, Parcel] = {}
        self.outcomes: list[tuple[Letter, Outcome]] = []
        self.has_more = False
        self.hands = 0
        self.wait_until = 0
        self.is_ended = False
        self.is_reached = False

    @property
    def is_off(self) -> bool:
        """Whether nothing may go there at all."""
        return self.is_rejected or self.is_unavailable

    @property
    def is_careful(self) -> bool:
        """Whether to send a single letter: the last one failed, or someone died here."""
        return self.circuit.is_doubtful or self.crashes > 0

    def note(self, letter: Letter, outcome: Outcome, now: int) -> None:
        """Keep what came of a letter, and what it says of its server."""
        was_open = self.circuit.is_open
        if outcome.is_down:
            self.circuit = self.circuit.after_failure(now)
        elif outcome.code:
            self.circuit = CLOSED
            self.is_reached = True
        if outcome.host_waits:
            self.wait_until = max(self.wait_until, now + outcome.host_waits)
        if outcome.is_down or outcome.host_waits:
            self.is_ended = True
        if was_open and outcome.is_down and outcome.state == State.WAITING:
            # A probe is no attempt: this letter waits for its server as the others do.
            letter = letter._replace(attempts=letter.attempts - 1)
            outcome = msgspec.structs.replace(outcome, pause=0)
        self.outcomes.append((letter, outcome))


def _circuit(row: dict[str, Any]) -> Circuit:
    return Circuit(row["failures"], row["counted_since"], row["failing_since"], row["pause"])


async def take(lane: int, most: int, now: int) -> list[Visit]:
    """Take servers in hand that are due in this lane; call in a transaction."""
    locked = " FOR UPDATE SKIP LOCKED" if sql.is_postgres() else ""
    found = await sql.rows(
        "UPDATE domain SET lease_until = ?, next_at = ?,"  # noqa: S608  two constants
        " crashes = CASE WHEN lease_until > 0 THEN crashes + 1 ELSE crashes END"
        " WHERE host IN (SELECT host FROM domain WHERE next_lane = ? AND next_at <= ?"
        f" AND lease_until <= ? ORDER BY next_at LIMIT ?{locked})"
        " RETURNING host, form, is_rejected, is_unavailable, crashes,"
        " failures, counted_since, failing_since, pause",
        (now + LEASE, now + LEASE, lane, now, now, most),
    )
    visits = [Visit(row, lane, now + LEASE) for row in found]
    for visit in visits:
        if visit.crashes:
            await _lengthen(visit)
    return visits


async def _lengthen(visit: Visit) -> None:
    until = visit.lease_until + LEASE * (2**visit.crashes - 1)
    await sql.rows(
        "UPDATE domain SET lease_until = ?, next_at = ? WHERE host = ? AND lease_until = ?",
        (until, until, visit.host, visit.lease_until),
    )
    visit.lease_until = until


async def free_leases(now: int) -> None:
    """Let the servers be visited that someone died with; only where one process owns all rows."""
    await sql.rows(
        "UPDATE domain SET lease_until = 1, next_at = ? WHERE lease_until > 1 AND crashes < ?",
        (now, FREED_UP_TO),
    )


async def load(visits: Sequence[Visit], parcels: Parcels, now: int) -> None:
    """Give each visit the letters that are due; what may not be sent is noted as stopped."""
    open_ones = {visit.host: visit for visit in visits if not visit.is_off}
    if not open_ones:
        return
    for row in await _pages(list(open_ones), now):
        letter = Letter(row["id"], row["sent_id"], row["inbox"], row["lane"], row["attempts"])
        open_ones[row["host"]].letters.append(letter)
    found = await parcels.of({x.sent_id for visit in open_ones.values() for x in visit.letters})
    for visit in open_ones.values():
        _prepare(visit, found)


async def _pages(hosts: list[str], now: int) -> list[sql.Row]:
    if sql.is_postgres():
        return await sql.rows(_PAGES_POSTGRES, (hosts, now, LETTERS))
    return await sql.rows(_PAGES_SQLITE, (msgspec.json.encode(hosts).decode(), now, LETTERS))


def _prepare(visit: Visit, parcels: dict[int, Parcel]) -> None:
    letters = list(visit.letters)
    visit.has_more = len(letters) == LETTERS
    visit.parcels = parcels
    if letters:
        visit.lane = letters[-1].lane
    for letter in letters:
        if letter.sent_id not in parcels:
            visit.outcomes.append((letter, SILENCED))
    letters = [letter for letter in letters if letter.sent_id in parcels]
    if visit.is_careful and letters:
        visit.has_more = visit.has_more or len(letters) > 1
        del letters[1:]
    if visit.crashes >= MOST_CRASHES and letters:
        visit.has_more = True
        visit.outcomes.append((letters.pop(), PARKED))
    visit.letters = deque(letters)
