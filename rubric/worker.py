"""Takes up due jobs, several at a time, and stops gently."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from structlog.contextvars import bound_contextvars

from core import jobs, metrics, sql
from core.jobs import Taken, Wake
from core.settings import settings
from federation.errors import Unreachable
from inbox.handle import handle_many
from rubric.work import CLOCK, JOBS
from web.pages.health import health

LETTERS = "inbox.handle"
# What may take minutes has hands of its own, and pictures do not wait behind videos: how many.
MEDIA = {"notes.process": 3, "notes.process_video": 1}
FINISH_S = 5.0
IDLE_SECONDS = 2.0

log = structlog.get_logger()


class Worker:
    """Works until `stop`: letters in groups on one road, everything else side by side."""

    def __init__(self, wake: Wake) -> None:
        self._wakes = (
            wake.beside(only=[LETTERS]),
            wake.beside(but=[LETTERS, *MEDIA]),
            *(wake.beside(only=[name]) for name in MEDIA),
        )
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until stopped; what is in hand is finished."""
        if not sql.is_postgres():
            await jobs.free_leases()
        async with asyncio.TaskGroup() as group:
            group.create_task(self._letters())
            group.create_task(self._others())
            for bell, (name, most) in zip(self._wakes[2:], MEDIA.items(), strict=True):
                group.create_task(self._media(bell, name, most))
            for seconds, function in CLOCK:
                group.create_task(self._clock(seconds, function))

    def stop(self) -> None:
        """Take nothing more; `run` returns when what is in hand is done."""
        self._stopping.set()
        for wake in self._wakes:
            wake.call()

    async def _letters(self) -> None:
        while not self._stopping.is_set():
            if not await self._safely(work_letters):
                await self._wakes[0].wait(IDLE_SECONDS)

    async def _others(self) -> None:
        hands = await self._side_by_side(
            self._wakes[1],
            settings().jobs.at_once,
            lambda most: jobs.take(most, but=(LETTERS, *MEDIA)),
        )
        await asyncio.gather(*hands)

    async def _media(self, bell: Wake, name: str, most: int) -> None:
        """Work on uploads; what takes long is broken off when the server stops, and given back."""
        hands = await self._side_by_side(bell, most, lambda free: jobs.take(free, only=name))
        if not hands:
            return
        _, open_ones = await asyncio.wait(hands, timeout=FINISH_S)
        for hand in open_ones:
            hand.cancel()
        numbers = [hands[hand] for hand in open_ones]
        await asyncio.gather(*open_ones, return_exceptions=True)
        await jobs.hand_back(numbers)

    async def _side_by_side(
        self, wake: Wake, most: int, take: Callable[[int], Awaitable[list[Taken]]]
    ) -> dict[asyncio.Task[None], int]:
        """Do so many jobs at a time until stopped; return what is in hand then, with its number."""
        hands: dict[asyncio.Task[None], int] = {}

        async def take_up() -> int:
            taken = await take(most - len(hands))
            for job in taken:
                hand = asyncio.create_task(attempt(job))
                hands[hand] = job.id
                hand.add_done_callback(hands.pop)
            return len(taken)

        while not self._stopping.is_set():
            is_idle = not await self._safely(take_up)
            if len(hands) >= most:
                await asyncio.wait(set(hands), return_when=asyncio.FIRST_COMPLETED)
            elif is_idle:
                await wake.wait(IDLE_SECONDS)
        return hands

    async def _safely(self, work: Callable[[], Awaitable[int]]) -> int:
        """Do some work; while the database cannot, say so and wait for better times."""
        try:
            done = await work()
        except sql.trouble():
            log.exception("worker.database")
            await asyncio.sleep(IDLE_SECONDS)
            return 0
        health().beat("worker")
        return done

    async def _clock(self, seconds: float, function: Callable[[], Awaitable[None]]) -> None:
        while not self._stopping.is_set():
            await guarded(function)
            try:
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()
            except TimeoutError:
                continue


async def work_letters() -> int:
    """Handle one group of letters; one that fails in a way we did not foresee fails alone."""
    taken = await jobs.take(settings().jobs.batch, only=LETTERS)
    if taken and not await guarded(lambda: handle_many(taken)):
        for job in taken:
            await attempt(job)
    return len(taken)


async def work_others() -> int:
    """Do one group of all other jobs, one after another; tests use it, and the command line."""
    taken = await jobs.take(settings().jobs.batch, but=LETTERS)
    for job in taken:
        await attempt(job)
    return len(taken)


async def attempt(job: Taken) -> None:
    """Do one job and end it, or give it back for a later try: one of the two places that catch
    everything (style.md 8)."""
    outcome, began = "done", time.monotonic()
    jobs.take_in_hand(job)
    try:
        with bound_contextvars(job=job.name, job_id=job.id):
            await _do(job)
    except Unreachable as error:
        outcome = "later"
        await jobs.again(job, str(error), after_seconds=error.retry_after)
    except Exception as error:
        outcome = "failed"
        log.exception("job.failed", job=job.name, job_id=job.id, attempts=job.attempts)
        await jobs.again(job, repr(error))
    metrics.jobs_done.labels(job.name, outcome).inc()
    metrics.job_seconds.labels(job.name).inc(time.monotonic() - began)


async def guarded(function: Callable[[], Awaitable[None]]) -> bool:
    """Run what must not end the worker; False when it failed."""
    try:
        await function()
    except Exception:
        log.exception("worker.failed")
        return False
    return True


async def _do(job: Taken) -> None:
    if job.name == LETTERS:
        await handle_many([job])
        return
    function = JOBS.get(job.name)
    if function is None:
        await jobs.park(job, f"nobody knows the job {job.name}")
        return
    await function(job.read())
    await jobs.done([job.id])
