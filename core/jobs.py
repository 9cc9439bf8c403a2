"""The Job table: work put down with a change, taken up with a lease, done at least once."""

import asyncio
import random
import time
from collections.abc import Collection, Mapping, Sequence
from contextvars import ContextVar
from enum import IntEnum
from typing import Any

import msgspec
from tortoise import fields
from tortoise.models import Model

from core import metrics, sql
from core.ids import new_id
from core.rows import exists

LEASE_SECONDS = 90
COMMIT_S = 0.05
MOST_COUNTED = 100_000
PAUSES = (15, 60, 300, 1200, 3600, 3600, 10800)  # reliability.md 4: eight tries over six hours


class Lane(IntEnum):
    """What goes first when there is more work than hands."""

    SOON = 0
    USUAL = 1
    LATER = 2


class Job(Model):
    """Something to do; the row goes when it is done, and stays, parked, when it cannot be done.

    `due` is in milliseconds since 1970; taking a job moves it to the end of its lease.
    """

    id = fields.BigIntField(primary_key=True, generated=False)
    name = fields.CharField(max_length=60)
    payload = fields.BinaryField()
    lane = fields.SmallIntField(default=Lane.USUAL.value)
    attempts = fields.SmallIntField(default=0)
    due = fields.BigIntField()
    leased = fields.BooleanField(default=False)
    parked = fields.BooleanField(default=False)
    error = fields.TextField(default="")

    class Meta:
        table = "job"
        # The second keeps one kind of work quick to find, however much of another kind waits.
        # The third leads to what is due in a lane without reading all that is due.
        indexes = [
            ("parked", "due"),
            ("parked", "name", "lane", "id"),
            ("parked", "lane", "due", "id"),
        ]


class Taken(msgspec.Struct, frozen=True):
    """A job in somebody's hands until its lease ends."""

    id: int
    name: str
    payload: bytes
    attempts: int

    def read(self) -> dict[str, Any]:
        """Return the payload as it was put."""
        return dict(msgspec.json.decode(self.payload))


class Wake:
    """A bell: tells one sleeping worker of this process that there is something to do.

    `only` and `but` name the work that it is for, as `take` has them: of other work it is silent.
    """

    def __init__(self, *, only: Collection[str] = (), but: Collection[str] = ()) -> None:
        self._event = asyncio.Event()
        self._others: list[Wake] = []
        self._only = frozenset(only)
        self._but = frozenset(but)

    def beside(self, *, only: Collection[str] = (), but: Collection[str] = ()) -> "Wake":
        """Return another bell, for another worker, that is called whenever this one is."""
        other = Wake(only=only, but=but)
        self._others.append(other)
        return other

    def call(self, name: str = "") -> None:
        """Wake who waits for work of this name, or everyone; the clock makes up for a lost call."""
        if not name or (name not in self._but and (not self._only or name in self._only)):
            self._event.set()
        for other in self._others:
            other.call(name)

    async def wait(self, seconds: float) -> None:
        """Sleep until there is news, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return
        finally:
            self._event.clear()


_wake: ContextVar[Wake] = ContextVar("wake")


def use_wake(wake: Wake) -> None:
    """Make this the bell that `put` rings."""
    _wake.set(wake)


def ring(name: str) -> None:
    """Wake the workers of this process that take up such work, if there are any."""
    if wake := _wake.get(None):
        wake.call(name)
        if sql.is_postgres():
            # Until the commit nobody sees the job; SQLite makes whoever looks wait for it.
            asyncio.get_running_loop().call_later(COMMIT_S, wake.call, name)


async def put(
    name: str,
    payload: Mapping[str, Any] | bytes,
    *,
    lane: Lane = Lane.USUAL,
    after_seconds: float = 0,
) -> None:
    """Put down work, inside the caller's transaction; bytes are taken as the payload's JSON."""
    await put_many(name, [payload], lane=lane, after_seconds=after_seconds)


async def is_waiting(name: str, payload: bytes) -> bool:
    """Tell whether the same work waits already, by an index; what is parked waits for nobody."""
    found = Job.filter(parked=False, name=name, payload=payload, leased=False)
    return await found.exists()


async def put_many(
    name: str,
    payloads: Sequence[Mapping[str, Any] | bytes],
    *,
    lane: Lane = Lane.USUAL,
    after_seconds: float = 0,
) -> list[int]:
    """Put down many of one name with one statement, and return their ids."""
    due = _milliseconds() + int(after_seconds * 1000)
    ids = [new_id() for _ in payloads]
    await sql.run_many(
        "INSERT INTO job (id, name, payload, lane, attempts, due, leased, parked, error)"
        " VALUES (?, ?, ?, ?, 0, ?, ?, ?, '')",
        [
            (number, name, _packed(each), int(lane), due, False, False)
            for number, each in zip(ids, payloads, strict=True)
        ],
    )
    ring(name)
    return ids


async def still_waiting(jobs: Sequence[int]) -> list[int]:
    """Return those of these jobs that are not done."""
    found = await sql.rows(f"SELECT id FROM job WHERE id IN ({sql.marks(jobs)})", jobs)  # noqa: S608
    return [row["id"] for row in found]


async def take(most: int, *, only: str = "", but: str | Sequence[str] = "") -> list[Taken]:
    """Claim due work for LEASE_SECONDS, most urgent first; other processes skip it.

    `only` names the one kind of work wanted, or `but` those not wanted.
    """
    now = _milliseconds()
    names = [only] if only else [but] if isinstance(but, str) else list(but)
    # The plus keeps one kind of work from being looked for among all that is due.
    kind = "+due <= ? AND name = ?" if only else f"due <= ? AND name NOT IN ({sql.marks(names)})"
    due = f"parked = ? AND {kind}"
    which = (False, now, *names)
    if not sql.is_postgres():
        # With one writer a look is cheap, and to write nothing is not: most calls find nothing.
        await sql.settled()
        if not await exists("job", due, which):
            return []
    locked = " FOR UPDATE SKIP LOCKED" if sql.is_postgres() else ""
    if only:
        chosen = f"SELECT id FROM job WHERE {due} ORDER BY lane, id LIMIT ?{locked}"  # noqa: S608
        values: list[object] = [*which, most]
    else:
        chosen, values = _first_of_each_lane(due, locked), [*(*which, most) * len(Lane), most]
    found = await sql.rows(
        "UPDATE job SET due = ?, leased = ?, attempts = attempts + 1"  # noqa: S608  text of ours
        f" WHERE id IN ({chosen}) RETURNING id, name, payload, attempts",
        (now + LEASE_SECONDS * 1000, True, *values),
    )
    taken = [Taken(r["id"], r["name"], bytes(r["payload"]), r["attempts"]) for r in found]
    return sorted(taken, key=lambda job: job.id)


def _first_of_each_lane(condition: str, locked: str) -> str:
    """Write what finds the most urgent lane by lane, along an index: to put in order all that is
    due takes ever longer, the more of it there is."""
    lanes = " UNION ALL ".join(
        f"SELECT id, lane, due FROM (SELECT id, lane, due FROM job WHERE lane = {lane:d}"  # noqa: S608
        f" AND {condition} ORDER BY due, id LIMIT ?{locked}) AS lane_{lane:d}"
        for lane in Lane
    )
    return f"SELECT id FROM ({lanes}) AS first ORDER BY lane, due, id LIMIT ?"  # noqa: S608


async def done(jobs: Sequence[int]) -> None:
    """Remove finished work; call it in the transaction of the effect."""
    if jobs:
        await sql.rows(f"DELETE FROM job WHERE id IN ({sql.marks(jobs)})", jobs)  # noqa: S608


async def again(job: Taken, error: str, *, after_seconds: float | None = None) -> None:
    """Give work back for a later try, or park it for the operator when it has had its tries."""
    if job.attempts > len(PAUSES):
        await park(job, error)
        return
    pause = PAUSES[job.attempts - 1] * random.uniform(0.8, 1.2)  # noqa: S311  jitter, no secret
    due = _milliseconds() + int((after_seconds or pause) * 1000)
    await Job.filter(id=job.id).update(due=due, leased=False, error=error[:2000])


async def park(job: Taken, error: str) -> None:
    """Set work aside: nobody takes it up until an operator says so."""
    await Job.filter(id=job.id).update(parked=True, error=error[:2000])


_in_hand: ContextVar[int] = ContextVar("in_hand")


def take_in_hand(job: Taken) -> None:
    """Say which job the running task does, for `hold_on`."""
    _in_hand.set(job.id)


async def hold_on() -> None:
    """Begin the lease of the running task's job anew, for work that takes longer than one."""
    if number := _in_hand.get(0):
        due = _milliseconds() + LEASE_SECONDS * 1000
        await sql.rows("UPDATE job SET due = ? WHERE id = ? AND leased = ?", [due, number, True])


async def hand_back(jobs: Sequence[int]) -> None:
    """Return unstarted work at once, as when the server stops."""
    await Job.filter(id__in=list(jobs)).update(due=_milliseconds(), leased=False)


async def free_leases() -> None:
    """Return everything that was in hand when this process was killed.

    Only where no other process works on the same rows: with SQLite, at the start.
    """
    await Job.filter(leased=True).update(due=_milliseconds(), leased=False)


def _packed(payload: Mapping[str, Any] | bytes) -> bytes:
    return payload if isinstance(payload, bytes) else msgspec.json.encode(payload)


def _milliseconds() -> int:
    return int(time.time() * 1000)


async def measure() -> None:
    """Tell the operator how much is due, and since when; runs by the clock."""
    now = _milliseconds()
    for lane in Lane:
        [row] = await sql.rows(
            "SELECT COUNT(*) AS many, MIN(due) AS first FROM (SELECT due FROM job"
            " WHERE parked = ? AND lane = ? AND due <= ? ORDER BY due LIMIT ?) AS counted",
            (False, lane.value, now, MOST_COUNTED),
        )
        name = lane.name.lower()
        metrics.jobs_waiting.labels(name).set(row["many"])
        metrics.jobs_late.labels(name).set((now - (row["first"] or now)) / 1000)
    metrics.jobs_parked.set(await Job.filter(parked=True).count())
