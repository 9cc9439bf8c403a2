"""The web application with database, workers and way out around it, until a signal ends it."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import structlog
from aiohttp import web

from core.jobs import Wake
from core.settings import Settings, SettingsError
from outbox.carry import Carrier
from rubric.alone import serving
from rubric.instance import opened
from rubric.welcome import first_words
from rubric.worker import Worker
from web.app import build_app, build_metrics
from web.deadlines import PunctualRunner
from web.pages.health import Health, use_health

GRACE_SECONDS = 15

log = structlog.get_logger()


async def serve(chosen: Settings) -> None:
    """Serve until SIGTERM or SIGINT; listens only when everything is ready (reliability.md 6)."""
    asked_to_stop = asyncio.Event()
    health = Health()
    use_health(health)
    with serving(chosen):
        async with opened(chosen) as wake, _working(wake), _listening(chosen):
            health.is_ready = True
            print(await first_words(), flush=True)
            _on_signals(asked_to_stop)
            await asked_to_stop.wait()
            health.is_ready = False
    log.info("stopped")


@asynccontextmanager
async def _working(wake: Wake) -> AsyncIterator[None]:
    """Run the workers; on leaving they take nothing more and get GRACE_SECONDS to finish."""
    worker, stopping = Worker(wake), asyncio.Event()
    tasks = [asyncio.create_task(worker.run()), asyncio.create_task(Carrier().run(stopping))]
    try:
        yield
    finally:
        worker.stop()
        stopping.set()
        _, unfinished = await asyncio.wait(tasks, timeout=GRACE_SECONDS)
        for task in unfinished:
            # Leases end by themselves, so what is cut off here is done again.
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def _listening(chosen: Settings) -> AsyncIterator[None]:
    runners = [await _listen(build_app(), chosen.server.bind)]
    if chosen.metrics.bind:
        runners.append(await _listen(build_metrics(), chosen.metrics.bind))
    try:
        yield
    finally:
        for runner in runners:
            await runner.cleanup()


async def _listen(app: web.Application, bind: str) -> web.AppRunner:
    runner = PunctualRunner(app, shutdown_timeout=3)
    await runner.setup()
    host, _, port = bind.rpartition(":")
    try:
        await web.TCPSite(runner, host.strip("[]") or None, int(port), backlog=1024).start()
    except (OSError, ValueError) as error:
        await runner.cleanup()
        raise SettingsError(f"server.bind: cannot listen at {bind}: {error}") from error
    return runner


def _on_signals(event: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, event.set)
