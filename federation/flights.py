"""Asking once for what several want at the same time, and remembering what failed."""

import asyncio
import copy
import time
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from cachetools import TTLCache

from federation.allowance import OverBudget
from federation.errors import FederationError, Unreachable

Found = TypeVar("Found")

_BUSY = 5.0


class Flights(Generic[Found]):
    """One question per key at a time; a failure answers the same question for a while (SIG-14)."""

    def __init__(
        self,
        *,
        failure_ttl_s: float = 60,
        most_failures: int = 10_000,
        at_once: int = 200,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._failures: TTLCache[str, FederationError] = TTLCache(
            most_failures, failure_ttl_s, timer=timer
        )
        self._flying: dict[str, asyncio.Task[Found]] = {}
        self._at_once = at_once

    async def ask(self, key: str, question: Callable[[], Awaitable[Found]]) -> Found:
        """Ask, or share the answer of who asks already; raises as the question does.

        Raises Unreachable when too many different questions are open.
        """
        if (failure := self._failures.get(key)) is not None:
            raise copy.copy(failure)
        task = self._flying.get(key)
        if task is None:
            if len(self._flying) >= self._at_once:
                raise Unreachable(f"too many open questions to ask {key}", retry_after=_BUSY)
            task = self._flying[key] = asyncio.create_task(self._fly(key, question))
        # Who gives up waiting must not take the answer away from the others.
        return await asyncio.shield(task)

    def forget(self, key: str) -> None:
        """Let the next question about this key be asked, whatever the last answer was."""
        self._failures.pop(key, None)

    async def _fly(self, key: str, question: Callable[[], Awaitable[Found]]) -> Found:
        try:
            return await question()
        except OverBudget:
            # That says something about who asked, and nothing about the key.
            raise
        except FederationError as error:
            # A copy, for the error itself holds every frame that it passed through.
            self._failures[key] = copy.copy(error)
            raise
        finally:
            del self._flying[key]
