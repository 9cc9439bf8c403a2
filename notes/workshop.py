"""Where files of strangers are worked on: a child process for each, watched and never trusted.

One child works on one file and ends, so that nothing of one file can reach the next and no memory
stays behind. It is nice to everything else here. notes/benches.py has the children.
"""

import asyncio
import os
import shutil
import stat
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import msgspec
import structlog

from core import metrics
from core.storage import TYPES, StorageTrouble, named
from notes.benches import Benches, Child, NoChild
from notes.orders import MADE, SOURCE, Answer, Done, Full, Order, Refused, Step, Task, Unfit

MEGABYTE = 1024 * 1024
MOST_ANSWERS = 100_000
MOST_FILES = 64
LEFTOVER_S = 6 * 3600

log = structlog.get_logger()

Bring = Callable[[Path], Awaitable[None]]
OnStep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Bounds:
    """What one file may take: bytes of memory, seconds of CPU and of time, silent seconds."""

    memory: int
    cpu_seconds: int
    file_bytes: int
    seconds: float
    silent_seconds: float


BOUNDS = {  # by the tag of an order
    "picture": Bounds(1200 * MEGABYTE, 30, 64 * MEGABYTE, 300, 120),
    "probe": Bounds(1200 * MEGABYTE, 10, MEGABYTE, 30, 30),
    # Five minutes of the largest pictures we take are half an hour of work on a small machine.
    "video": Bounds(2000 * MEGABYTE, 3600, 512 * MEGABYTE, 3 * 3600, 300),
}

# How many files are worked on at a time: videos do not hold up pictures, nor do pictures from
# elsewhere, of which one page may want many, those of the people here. One core is left to the
# server, where there are two.
PLACES = {
    "picture": max(1, min(2, (os.cpu_count() or 1) - 1)),
    "probe": 1,
    "video": 1,
    "remote": 1,
}
REMOTE = "remote"


class Broken(Exception):
    """The child died, hung or spoke nonsense over a file; the text is for the log."""


@dataclass(frozen=True)
class Work:
    """What came of an order; the files lie in a folder until the context ends."""

    done: Done
    folder: Path

    def path_of(self, name: str) -> Path:
        """Return where a file that was made lies. Raises Broken for what is no such file."""
        path = self.folder / name
        is_name = name == path.name and name.rpartition(".")[2] in TYPES
        if not is_name or not _is_plain(path):
            raise Broken(f"{name!r} is no file that was made")
        return path


class Workshop:
    """Starts children, feeds them, and kills those that take too much or too long."""

    def __init__(self, folder: Path, bounds: dict[str, Bounds] | None = None) -> None:
        self._folder = folder
        self._bounds = bounds or BOUNDS
        self._places = {name: asyncio.Semaphore(most) for name, most in PLACES.items()}
        self.children: set[int] = set()
        """The children that work now, by their numbers."""
        self._benches = {kind: Benches(kind) for kind in self._bounds}
        self._in_hand: dict[int, asyncio.Task[None]] = {}

    @asynccontextmanager
    async def work(
        self, order: Order, bring: Bring, on_step: OnStep | None = None, *, place: str = ""
    ) -> AsyncIterator[Work]:
        """Have an order done on the file that `bring` puts at the path it is given.

        It waits for its turn at one of PLACES, without a name at that of its kind.

        Raises Unfit with a sentence for the person who sent it, Broken, and StorageTrouble.
        """
        tag = tag_of(order)
        async with self._places[place or tag]:
            with named("workshop"):
                folder = await asyncio.to_thread(self._new_folder)
            try:
                with named("workshop"):
                    await bring(folder / SOURCE)
                done = await self._done(order, folder, self._bounds[tag], on_step)
                if len(done.files) > MOST_FILES:
                    raise Broken(f"{len(done.files)} files were made")
                yield Work(done, folder / MADE)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def once(self, number: int, start: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do something about a thing, or wait for it where it is being done already.

        It goes on when whoever asked for it goes away.
        """
        if number not in self._in_hand:
            task = asyncio.create_task(start())
            self._in_hand[number] = task
            task.add_done_callback(lambda done: self._end(number, done))
        await asyncio.shield(self._in_hand[number])

    def _end(self, number: int, task: asyncio.Task[None]) -> None:
        del self._in_hand[number]
        if not task.cancelled():
            task.exception()  # it may be that nobody waits for it any more

    async def __aenter__(self) -> Self:
        """Open it; it is closed at the end of the block."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self.close()

    async def close(self) -> None:
        """Stop all work at once; the jobs of it are done when the server is there again."""
        for task in list(self._in_hand.values()):
            task.cancel()
        await asyncio.gather(*self._in_hand.values(), return_exceptions=True)
        for each in self._benches.values():
            await each.close()

    async def sweep(self) -> None:
        """Remove what a killed server left behind."""
        await asyncio.to_thread(self._sweep)

    def _sweep(self) -> None:
        for each in self._folder.glob("*") if self._folder.is_dir() else ():
            with suppress(FileNotFoundError):
                if each.stat().st_mtime < time.time() - LEFTOVER_S:
                    shutil.rmtree(each, ignore_errors=True)

    def _new_folder(self) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=self._folder))
        (folder / MADE).mkdir()
        return folder

    async def _done(
        self, order: Order, folder: Path, bounds: Bounds, on_step: OnStep | None
    ) -> Done:
        benches = self._benches[tag_of(order)]
        task = Task(
            order=order,
            folder=str(folder),
            memory=bounds.memory,
            cpu_seconds=bounds.cpu_seconds,
            file_bytes=bounds.file_bytes,
        )
        try:
            async with benches.child() as child:
                self.children.add(child.pid)
                try:
                    async with asyncio.timeout(bounds.seconds):
                        return await _conversation(child, task, bounds, on_step)
                finally:
                    self.children.discard(child.pid)
        except (TimeoutError, Broken, NoChild, msgspec.DecodeError, ValueError) as error:
            if isinstance(error, Unfit):
                raise
            metrics.children_broken.inc()
            log.warning("workshop.broken", why=repr(error), said=benches.said)
            raise Broken(repr(error)) from error


def tag_of(order: Order) -> str:
    """Name the kind of an order."""
    return str(type(order).__struct_config__.tag)


async def _conversation(child: Child, task: Task, bounds: Bounds, on_step: OnStep | None) -> Done:
    with suppress(ConnectionError):
        child.orders.write(msgspec.json.encode(task) + b"\n")
        await child.orders.drain()
    for _ in range(MOST_ANSWERS):
        line = b""
        with suppress(ConnectionError):
            async with asyncio.timeout(bounds.silent_seconds):
                line = await child.answers.readline()
        if not line:
            raise Broken(f"the child ended ({await child.end()})")
        match msgspec.json.decode(line, type=Answer):
            case Done() as done:
                return done
            case Refused(why):
                raise Unfit(why)
            case Full():
                raise StorageTrouble("there is no room for what is made")
            case Step(share):
                if on_step:
                    await on_step(min(max(share, 0.0), 1.0))
    raise Broken("the child says too much")


async def sweep() -> None:
    """Remove what a killed server left in its workshop; runs by the clock."""
    await workshop().sweep()


def _is_plain(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


_current: ContextVar[Workshop] = ContextVar("workshop")


def workshop() -> Workshop:
    """Return the workshop that `use_workshop` set for this process or this test."""
    return _current.get()


def use_workshop(chosen: Workshop) -> None:
    """Have files worked on there in everything that is started from here on."""
    _current.set(chosen)
