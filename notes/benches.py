"""Processes that have read what one kind of work needs, and split a child off for each file.

To start Python and read all that for every picture costs a tenth of a second of CPU, and holds the
server up for some milliseconds, in which nobody is answered. A bench is started when it is wanted
and sent home when it was not for a while; what is said to it stands in notes/workbench.py.
"""

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

IDLE_S = 60.0
PATIENCE_S = 30.0
_ENVIRONMENT = {"LANG": "C.UTF-8", "MALLOC_ARENA_MAX": "2"}
_TAIL = 2000


class NoChild(Exception):
    """No child came, or it went unseen."""


@dataclass
class _Bench:
    """A process that runs: how it is asked, and the end of what it complained of."""

    process: asyncio.subprocess.Process
    asked: socket.socket
    said: bytes = b""
    talk: asyncio.Lock = field(default_factory=asyncio.Lock)
    reading: asyncio.Task[None] | None = None


@dataclass
class Child:
    """One that works on a file: its number, and the two ways of talking to it."""

    pid: int
    answers: asyncio.StreamReader
    orders: asyncio.StreamWriter
    bench: _Bench
    code: str | None = None

    async def end(self) -> str:
        """Kill it where it still lives; return the code it ended with, below nothing for a signal.

        It is empty where the bench is gone, and all its children with it.
        """
        if self.code is None:
            self.code = await _buried(self.bench, self.pid)
        return self.code


class Benches:
    """The benches of one kind of work, of which one stands at a time."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._bench: _Bench | None = None
        self._starting = asyncio.Lock()
        self._going_home: asyncio.TimerHandle | None = None
        self._visitors = 0
        self._closing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def child(self) -> AsyncIterator[Child]:
        """Have a child that waits for its order; it is killed at the end if it is still there.

        Raises NoChild.
        """
        self._visitors += 1
        try:
            bench = await self._standing()
            async with _stream(bench) as (answers, orders):
                child = Child(await _number_of(answers), answers, orders, bench)
                try:
                    yield child
                finally:
                    await child.end()
        finally:
            self._visitors -= 1
            self._rest()

    def _rest(self) -> None:
        if self._visitors == 0 and self._bench:
            self._going_home = asyncio.get_running_loop().call_later(IDLE_S, self._send_home)

    @property
    def said(self) -> str:
        """The end of what the bench and its children complained of."""
        return self._bench.said.decode("utf-8", "replace") if self._bench else ""

    async def close(self) -> None:
        """Send the bench home; what its children do ends with it."""
        if self._going_home:
            self._going_home.cancel()
        bench, self._bench = self._bench, None
        if bench:
            await _close(bench)
        await asyncio.gather(*self._closing)

    def _send_home(self) -> None:
        bench, self._bench = self._bench, None
        if bench:
            task = asyncio.create_task(_close(bench))
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def _standing(self) -> _Bench:
        if self._going_home:
            self._going_home.cancel()
        async with self._starting:
            if self._bench and _is_gone(self._bench):
                await _close(self._bench)
                self._bench = None
            if self._bench is None:
                self._bench = await _started(self._kind)
            return self._bench


@asynccontextmanager
async def _stream(
    bench: _Bench,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Ask for a child, which has the other end of this stream."""
    ours, theirs = socket.socketpair()
    with theirs:
        try:
            socket.send_fds(bench.asked, [b"start"], [theirs.fileno()])
        except OSError as error:
            ours.close()
            raise NoChild(f"the bench is gone: {error!r}") from error
    answers, orders = await asyncio.open_connection(sock=ours)
    try:
        yield answers, orders
    finally:
        orders.close()


async def _buried(bench: _Bench, pid: int) -> str:
    loop = asyncio.get_running_loop()
    with suppress(OSError, TimeoutError):
        async with bench.talk, asyncio.timeout(PATIENCE_S):
            await loop.sock_sendall(bench.asked, b"end %d" % pid)
            return (await loop.sock_recv(bench.asked, 100)).decode("ascii", "replace")
    return ""


def _is_gone(bench: _Bench) -> bool:
    with suppress(BlockingIOError):
        return bench.asked.recv(1, socket.MSG_PEEK) == b""
    return False


async def _started(kind: str) -> _Bench:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)
    with theirs:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", "notes.workbench", kind, str(os.getpid())),
            stdin=theirs.fileno(),
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            env=_ENVIRONMENT,
            cwd="/",
        )
    bench = _Bench(process, ours)
    bench.reading = asyncio.create_task(_read_tail(bench))
    return bench


async def _number_of(answers: asyncio.StreamReader) -> int:
    """Read what every child says first."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            return int(await answers.readline())
    except (TimeoutError, ValueError, OSError) as error:
        raise NoChild(f"no child came: {error!r}") from error


async def _read_tail(bench: _Bench) -> None:
    while bench.process.stderr and (more := await bench.process.stderr.read(_TAIL)):
        bench.said = (bench.said + more)[-_TAIL:]


async def _close(bench: _Bench) -> None:
    bench.asked.close()
    with suppress(ProcessLookupError):
        bench.process.kill()
    await bench.process.wait()
    if bench.reading:
        await bench.reading
