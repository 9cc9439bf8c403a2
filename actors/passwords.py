"""Passwords: hashed slowly, one at a time, and never the ones everybody tries first."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from actors.guessable import is_guessable
from core.limits import TooMany

SHORTEST = 10
LONGEST = 256
AT_ONCE = 1  # each takes 64 MiB while it works
MOST_WAITING = 32
PAUSE_SECONDS = 10

T = TypeVar("T")

# security.md ACC-01: argon2id, 64 MiB, three rounds, one lane.
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)


class BadPassword(ValueError):
    """The password is too short, too long, or among the first that anyone would try."""


async def hash_of(password: str) -> str:
    """Return what is kept of a password; raise TooMany when many wait already (DOS-14)."""
    return await _hands().do(_hasher.hash, password)


def check(password: str, about: Iterable[str] = ()) -> None:
    """Raise BadPassword for a password we do not take (security.md ACC-01).

    `about` holds what everyone knows of its owner: their name, their address.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadPassword(f"a password has {SHORTEST} to {LONGEST} characters")
    if is_guessable(password, about):
        raise BadPassword("this password is among the first that anyone would try")


async def is_right(kept: str | None, password: str) -> bool:
    """Compare; takes as long when there is no such account, so that nobody learns it (ACC-02)."""
    if len(password) > LONGEST:
        return False
    return await _hands().do(_verify, kept, password) and kept is not None


def is_old(kept: str) -> bool:
    """Tell whether a hash was made in a weaker way than we now do."""
    return _hasher.check_needs_rehash(kept)


def _verify(kept: str | None, password: str) -> bool:
    try:
        return _hasher.verify(kept or _nobodys(), password)
    except (VerificationError, InvalidHashError):
        return False


@lru_cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")


class _Hands:
    """A thread that hashes, and a queue before it that is not endless."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, "passwords")
        self._waiting = 0

    async def do(self, work: Callable[..., T], *given: str | None) -> T:
        """Have it done in a thread; raise TooMany when the queue is full."""
        if self._waiting >= MOST_WAITING:
            raise TooMany(PAUSE_SECONDS)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)
        finally:
            self._waiting -= 1


@lru_cache
def _hands() -> _Hands:
    return _Hands()
