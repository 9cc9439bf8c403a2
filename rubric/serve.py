"""The web application with database, workers and way out around it, until a signal ends it."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog
from aiohttp import web

from core.jobs import Wake
from core.settings import Settings, SettingsError
from moderation.adopting import say_what_waits
from outbox.carry import Carrier
from rubric.alone import serving
from rubric.instance import opened
from rubric.vigil import notify, watch
from rubric.welcome import first_words
from rubric.worker import Worker
from web.app import build_app, build_metrics
from web.deadlines import PunctualRunner
from web.pages.health import Health, use_health

GRACE_SECONDS = 14
CONNECTIONS_SECONDS = 3
LOOK_AFTER = 50_000  # objects made and not given back; the interpreter's own number is 700

log = structlog.get_logger()


async def serve(chosen: Settings, *, beside: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT; listens only when everything is ready (reliability.md 6).

    `beside` is the number of this process where several listen at one address: the first says the
    first words, each tells its metrics at a port of its own, counted up from the one in settings,
    and ends when what started them is gone, which holds the other end of its standard input. A
    second signal ends it at once, which is safe: what was not finished is done again.
    """
    _watch_children_by_number()
    asked_to_stop = _signalled()
    if beside is not None:
        _stop_when_alone(asked_to_stop)
    health = Health()
    use_health(health)
    with serving(chosen):
        async with opened(chosen) as wake, _working(wake) as crew, _doors(chosen, beside) as doors:
            _keep_what_stands()
            # Asked for before anybody relies on us: a connection lost here ends a start, no server.
            words = "" if beside else await first_words()
            say_what_waits()
            health.is_ready = True
            for each in doors:
                await each.open()
            print(words, end="\n" if words else "", flush=True)
            notify("READY=1")
            await crew.until(asked_to_stop)
            health.is_ready = False
            notify("STOPPING=1")
            crew.stop()
    log.info("stopped")


async def work(chosen: Settings) -> None:
    """Do what waits, and listen nowhere, until SIGTERM or SIGINT: a helping hand beside `serve`."""
    _watch_children_by_number()
    asked_to_stop = _signalled()
    with serving(chosen):
        async with opened(chosen) as wake, _working(wake) as crew:
            _keep_what_stands()
            log.info("working")
            notify("READY=1")
            await crew.until(asked_to_stop)
            crew.stop()
    log.info("stopped")


def _keep_what_stands() -> None:
    """Spare the collector what was made at the start and stays to the end: some 500,000 objects
    that it would walk through again and again; and let it look less often than for a script."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(LOOK_AFTER, 10, 10)


def _watch_children_by_number() -> None:
    """Have Python before 3.12 start no thread for each child, while which everybody waits."""
    if sys.version_info < (3, 12) and hasattr(os, "pidfd_open"):
        with suppress(OSError):  # where the system forbids it, threads have to do
            os.close(os.pidfd_open(os.getpid()))
            watcher = asyncio.PidfdChildWatcher()
            watcher.attach_loop(asyncio.get_running_loop())
            asyncio.set_child_watcher(watcher)


class Crew:
    """Those who work beside the web application, until they are told to stop."""

    def __init__(self, wake: Wake) -> None:
        worker, stopping = Worker(wake), asyncio.Event()
        self._ways_to_stop: tuple[Callable[[], None], ...] = (worker.stop, stopping.set)
        self._tasks = [
            asyncio.create_task(worker.run()),
            asyncio.create_task(Carrier().run(stopping)),
            asyncio.create_task(watch(stopping)),
        ]

    async def until(self, event: asyncio.Event) -> None:
        """Wait for an event; raises what one of them died of, so that the process ends too."""
        waiting: asyncio.Task[Any] = asyncio.create_task(event.wait())
        done, _ = await asyncio.wait([waiting, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        for task in done:
            task.result()

    def stop(self) -> None:
        """Have them take nothing more."""
        for stop in self._ways_to_stop:
            stop()

    async def go_home(self) -> None:
        """Wait until what is in hand is finished, at most GRACE_SECONDS."""
        _, unfinished = await asyncio.wait(self._tasks, timeout=GRACE_SECONDS)
        for task in unfinished:
            # Leases end by themselves, so what is cut off here is done again.
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def _working(wake: Wake) -> AsyncIterator[Crew]:
    crew = Crew(wake)
    try:
        yield crew
    finally:
        crew.stop()
        await crew.go_home()


class Door:
    """An application that is built and warm, and the address at which it will listen."""

    def __init__(self, app: web.Application, bind: str, key: str, *, shares: bool = False) -> None:
        self.runner = PunctualRunner(app, shutdown_timeout=CONNECTIONS_SECONDS)
        self._bind, self._key, self._shares = bind, key, shares

    async def open(self) -> None:
        """Listen from here on. Raises SettingsError with the key where that cannot be."""
        host, _, port = self._bind.rpartition(":")
        shares = self._shares or None
        try:
            await web.TCPSite(
                self.runner, host.strip("[]") or None, int(port), backlog=1024, reuse_port=shares
            ).start()
        except (OSError, ValueError) as error:
            why = f"{self._key}: cannot listen at {self._bind}: {error}"
            raise SettingsError(why) from error


@asynccontextmanager
async def _doors(chosen: Settings, beside: int | None) -> AsyncIterator[list[Door]]:
    doors = [Door(build_app(), chosen.server.bind, "server.bind", shares=beside is not None)]
    if chosen.metrics.bind:
        bind = _counted_up(chosen.metrics.bind, beside or 0)
        doors.append(Door(build_metrics(), bind, "metrics.bind"))
    try:
        for each in doors:
            await each.runner.setup()
        yield doors
    finally:
        for each in doors:
            await each.runner.cleanup()


def _counted_up(bind: str, by: int) -> str:
    host, _, port = bind.rpartition(":")
    return f"{host}:{int(port) + by}" if port.isdigit() else bind


def _stop_when_alone(event: asyncio.Event) -> None:
    loop, end = asyncio.get_running_loop(), sys.stdin.fileno()

    def stop() -> None:
        loop.remove_reader(end)
        event.set()

    loop.add_reader(end, stop)


def _signalled() -> asyncio.Event:
    event, loop = asyncio.Event(), asyncio.get_running_loop()

    def stop() -> None:
        event.set()
        for each in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(each, os._exit, 1)

    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop)
    return event
