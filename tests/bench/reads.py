"""Reading: what a page or a document takes of the server, asked again and again."""

import asyncio
import itertools
from collections.abc import Sequence

from tests.bench.load import get, send
from tests.bench.machine import cpu_seconds, spread
from tests.walks.processes import Browser, Server

RUNS, EACH = 5, 500
AS2 = "application/activity+json"


async def measure_reads(server: Server, name: str) -> list[str]:
    """Ask for what is asked for most, and say what each kind took."""
    async with Browser(server) as browser:
        await browser.sign_in(name)
        cookies = browser.cookies()
    kinds = {
        "home page of a member": get(server.domain, "/", cookie=cookies),
        "first page for a visitor": get(server.domain, "/"),
        "actor document": get(server.domain, "/actor", accept=AS2),
        "health": get(server.domain, "/healthz"),
    }
    return [
        f"{kind}: {spread(await measured(server, request), 'ms of CPU each')}"
        for kind, request in kinds.items()
    ]


async def measured(server: Server, request: bytes) -> Sequence[float]:
    """Return the milliseconds of CPU that a request takes of the server, run by run."""
    await _some(server, request, 20)
    figures = []
    for _ in range(RUNS):
        used = cpu_seconds(server.pid)
        await _some(server, request, EACH)
        figures.append((cpu_seconds(server.pid) - used) / EACH * 1000)
    return figures


async def _some(server: Server, request: bytes, many: int) -> None:
    statuses = await send(server.port, itertools.repeat(request, many), connections=8)
    assert statuses == {200: many}, statuses
    await asyncio.sleep(0)
