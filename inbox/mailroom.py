"""Where letters are put down safely before anyone reads them, and how many may lie there."""

import asyncio
import hashlib
import time
from contextvars import ContextVar
from dataclasses import dataclass

from cachetools import TTLCache
from tortoise.transactions import in_transaction

from core import jobs, metrics, sql
from core.ids import new_id
from core.lately import Lately
from core.settings import settings

LOOK_EVERY_S = 1.0
LOOK_AT = 256
MOST_TAKEN = 100_000
MOST_COMPARED, COMPARE_AFTER_S = 10_000, 3600.0


@dataclass(frozen=True)
class Admitted:
    """A letter that was believed: `mark` is what it is known by, `host` who brought it."""

    mark: str
    job: str
    payload: bytes
    host: str
    fingerprint: bytes


class Mailroom:
    """Stores letters in groups, one transaction for all that came meanwhile."""

    def __init__(self) -> None:
        # A signature can be good for twice the window: from an hour ahead to an hour behind.
        window = 2 * settings().federation.signature_window_s
        self._taken = Lately(MOST_TAKEN, max(window, 1))
        self._compared = Lately(MOST_COMPARED, COMPARE_AFTER_S)
        self._waiting: TTLCache[str, list[int]] = TTLCache(10_000, 3600)
        self._looked: TTLCache[str, bool] = TTLCache(10_000, LOOK_EVERY_S)
        self._pending: list[Admitted] = []
        self._next: asyncio.Task[None] | None = None
        self._writing = asyncio.Lock()

    def has_had(self, fingerprint: bytes) -> bool:
        """Tell whether a letter with this very signature was stored here (SIG-16)."""
        return fingerprint in self._taken

    def is_news(self, claim: str) -> bool:
        """Tell whether this claim of a followers list came for the first time within an hour."""
        mark = hashlib.sha256(claim.encode()).digest()
        is_known = mark in self._compared
        self._compared.add(mark)
        return not is_known

    async def has_room_for(self, host: str) -> bool:
        """Tell whether fewer letters of a host wait than we take (reliability.md 4)."""
        most = settings().limits.inbox_queue_per_host
        waiting = self._waiting.get(host, [])
        # A look shortens the list to what truly waits, so that it does not grow with all that came.
        if len(waiting) >= min(most, LOOK_AT) and host not in self._looked:
            self._looked[host] = True
            waiting[:] = await jobs.still_waiting(waiting)
        return len(waiting) < most

    async def store(self, letter: Admitted) -> None:
        """Return once the letter is safely in the database, or was before (reliability.md 4)."""
        self._pending.append(letter)
        if self._next is None:
            self._next = asyncio.create_task(self._write())
        # Who hangs up must not take the others' letters away.
        await asyncio.shield(self._next)
        self._taken.add(letter.fingerprint)

    async def _write(self) -> None:
        async with self._writing:
            letters, self._pending, self._next = self._pending, [], None
            await self._keep(letters)

    async def _keep(self, letters: list[Admitted]) -> None:
        put: list[tuple[str, int]] = []
        async with in_transaction():
            fresh = await _unseen(letters)
            metrics.letters_again.inc(len(letters) - len(fresh))
            await sql.run_many(
                "INSERT INTO received (id, mark, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(new_id(), letter.mark, int(time.time())) for letter in fresh],
            )
            for name in {letter.job for letter in fresh}:
                alike = [letter for letter in fresh if letter.job == name]
                ids = await jobs.put_many(name, [letter.payload for letter in alike])
                put += zip((letter.host for letter in alike), ids, strict=True)
        for host, number in put:
            self._waiting.setdefault(host, []).append(number)


async def _unseen(letters: list[Admitted]) -> list[Admitted]:
    marks = [letter.mark for letter in letters]
    found = await sql.rows(
        f"SELECT mark FROM received WHERE mark IN ({sql.marks(marks)})",  # noqa: S608
        marks,
    )
    seen = {row["mark"] for row in found}
    fresh = {letter.mark: letter for letter in letters if letter.mark not in seen}
    return list(fresh.values())


_mailroom: ContextVar[Mailroom] = ContextVar("mailroom")


def mailroom() -> Mailroom:
    """Return the mailroom of this instance."""
    return _mailroom.get()


def use_mailroom(chosen: Mailroom) -> None:
    """Set the mailroom of everything that is started from here on."""
    _mailroom.set(chosen)
