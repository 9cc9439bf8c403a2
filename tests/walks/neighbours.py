"""A second instance of ours in the same process, with settings, database and address of its own."""

import asyncio
import contextvars
import socket
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from core.settings import Settings
from outbox.carry import Carrier
from rubric.instance import opened
from rubric.worker import work_letters, work_others
from tests import postgres, tables
from tests.conftest import database_name, settings_in
from web.app import build_app

Found = TypeVar("Found")


class Neighbour:
    """Everything that is done "there" runs in a context that knows only that instance."""

    def __init__(self, chosen: Settings, context: contextvars.Context) -> None:
        self.settings = chosen
        self._context = context

    async def do(self, work: Coroutine[Any, Any, Found]) -> Found:
        """Let something be done there."""
        return await asyncio.create_task(work, context=self._context)

    async def work(self) -> int:
        """Do what is due there, once."""
        return await self.do(_worked())


@asynccontextmanager
async def neighbour(folder: Path) -> AsyncIterator[Neighbour]:
    """Open a second instance, listening at its own address."""
    domain = f"localhost:{_free_port()}"
    chosen = settings_in(_with_tables(folder), domain=domain)
    # Not a copy of ours, in which its database would be opened in the place of this one.
    there = Neighbour(chosen, contextvars.Context())
    instance = opened(chosen)
    await there.do(instance.__aenter__())
    runner = web.AppRunner(build_app(), access_log=None)
    await there.do(runner.setup())
    host, _, port = domain.rpartition(":")
    await there.do(web.TCPSite(runner, host, int(port)).start())
    try:
        yield there
    finally:
        await there.do(runner.cleanup())
        await there.do(instance.__aexit__(None, None, None))
        if postgres.is_wanted():
            postgres.drop(database_name(folder))


def _with_tables(folder: Path) -> Path:
    if postgres.is_wanted():
        tables.in_postgres(database_name(folder))
    else:
        tables.in_sqlite(folder / "rubric.db")
    folder.mkdir(exist_ok=True)
    return folder


async def settled(*instances: Neighbour) -> None:
    """Do all work here and there until nothing is left."""
    for _ in range(60):
        did = await _worked()
        for each in instances:
            did += await each.work()
        if not did:
            return
    raise AssertionError("the work never ended")


async def _worked() -> int:
    return await work_letters() + await work_others() + await Carrier().carry_due()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
