"""Pictures: what a large photograph takes of the workshop, and what readers notice meanwhile.

    python -m tests.bench.pictures

The photograph has 12 megapixels of noise at all scales, which is harder than most.
"""

import asyncio
import functools
import io
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from pathlib import Path

import aiohttp
from PIL import Image, ImageChops

from actors.registration import create_account
from actors.tokens import make_token
from core.settings import load, use
from notes.orders import Done, MakePicture
from notes.workshop import Workshop
from rubric.instance import opened
from tests.bench.machine import memory_mb, say_rates, spread
from tests.walks.processes import OPEN, PASSWORD, Browser, Server

SIZE = (4032, 3024)
SCALES = ((8, 0.5), (40, 0.25), (200, 0.15), (1000, 0.08), (SIZE[0], 0.03))
RUNS, UPLOADS, PEOPLE = 7, 4, 16  # nobody may send more than 30 in half an hour
READS, TURNS, STANDING_BACK = 500, 6, 19
ASKING_S = 1.0
PACE_S = 2.5  # longer than four pictures take

Step = Callable[[], Awaitable[None]]
Beside = Callable[[], AbstractAsyncContextManager[None]]


def photograph() -> bytes:
    """A JPEG of 12 megapixels."""
    colours = []
    for _ in range(3):
        light = Image.new("L", SIZE)
        for width, share in SCALES:
            noise = Image.effect_noise((width, width * 3 // 4), 90).resize(SIZE)
            light = ImageChops.add(light, noise.point(lambda value, share=share: value * share))
        colours.append(light)
    made = io.BytesIO()
    Image.merge("RGB", colours).save(made, "JPEG", quality=90)
    return made.getvalue()


async def measure_work(data: bytes, folder: Path) -> None:
    """Say what the child takes for one picture into all its sizes."""

    async def bring(path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, data)

    runs = list[Done]()
    began = time.perf_counter()
    async with Workshop(folder) as shop:
        for _ in range(RUNS):
            async with shop.work(MakePicture(), bring) as work:
                runs.append(work.done)
    seconds = [each.cpu_seconds for each in runs]
    print(f"a 12 Mpx JPEG into {len(runs[0].files)} files: {spread(seconds, 's of CPU')}")
    print(f"  memory of the child: {spread([each.memory / 2**20 for each in runs], 'MiB')}")
    print(f"  one after the other: {RUNS / (time.perf_counter() - began):.2f} in a second")


async def measure_readers(data: bytes, folder: Path) -> None:
    """Say how long a page takes, and the memory of the server, without and with uploads, in turns:
    first by apps, which send and ask now and then whether it is done, beside nothing; then by forms
    without scripts, beside as many notes without pictures, as both have whole pages made.

    The reader has a process of its own. Those who upload sit at other machines in truth: this
    process stands back, so that they take as little as can be of the cores they share here.
    """
    server = Server(folder, more=OPEN)
    tokens = await _prepare(server)
    await server.start()
    reader = await _reader_of(server)
    os.nice(STANDING_BACK)
    try:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession(server.base))
            people = [await stack.enter_async_context(Browser(server)) for _ in tokens]
            for number, browser in enumerate(people):
                await browser.sign_in(f"mei{number}")
            apps = itertools.cycle(
                functools.partial(_by_app, session, each, data) for each in tokens
            )
            forms = itertools.cycle(functools.partial(_by_form, each, data) for each in people)
            words = itertools.cycle(functools.partial(_by_form, each, None) for each in people)
            await _measure("apps", _going(apps), nullcontext, reader, server.pid)
            pace = PACE_S
            await _measure("forms", _going(forms, pace), _going(words, pace), reader, server.pid)
    finally:
        reader.kill()
        await reader.wait()
        await server.stop()


def _going(steps: Iterator[Step], pace: float = 0) -> Beside:
    """Return what keeps four at it while it lasts, each once in so many seconds."""

    async def one(number: int, over: asyncio.Event) -> None:
        await asyncio.sleep(number * pace / UPLOADS)
        while not over.is_set():
            waiting = asyncio.create_task(asyncio.sleep(pace))
            await next(steps)()
            await waiting

    @asynccontextmanager
    async def going() -> AsyncIterator[None]:
        over = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(UPLOADS):
                group.create_task(one(number, over))
            try:
                yield
            finally:
                over.set()

    return going


async def _prepare(server: Server) -> list[str]:
    """Make those who upload; return the tokens of their apps."""
    chosen = load(server.config)
    use(chosen)
    async with opened(chosen):
        return [
            await make_token(
                await create_account(f"mei{number}", f"mei{number}@example.org", PASSWORD),
                ["read", "write"],
                "bench",
            )
            for number in range(PEOPLE)
        ]


async def _measure(
    name: str, uploads: Beside, otherwise: Beside, reader: asyncio.subprocess.Process, pid: int
) -> None:
    without, meanwhile = list[float](), list[float]()
    for each in (uploads, otherwise):  # everything is loaded once
        async with each():
            await _reads(reader)
    before = memory_mb(pid)
    for _ in range(TURNS):
        async with otherwise():
            without += await _reads(reader)
        async with uploads():
            meanwhile += await _reads(reader)
    print(f"{UPLOADS} pictures at a time by {name}; {len(without)} reads each")
    print(f"  a page, p99: {_p99(without):.1f} ms without, {_p99(meanwhile):.1f} ms meanwhile,")
    print(f"  {_p99(meanwhile) / _p99(without):.2f} times as long (the goal is 1.2)")
    print(f"  medians: {statistics.median(without):.1f} and {statistics.median(meanwhile):.1f} ms;")
    print(f"  {os.getloadavg()[0]:.1f} wanted to work at a time, on {os.cpu_count()} cores")
    print(f"  the server's memory: {before:.0f} MB before, {memory_mb(pid):.0f} MB after")


async def _reader_of(server: Server) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.reader", str(server.port), "/about"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def _reads(reader: asyncio.subprocess.Process) -> list[float]:
    assert reader.stdin
    assert reader.stdout
    reader.stdin.write(f"{READS}\n".encode())
    taken: list[float] = json.loads(await reader.stdout.readline())
    return taken


async def _by_app(session: aiohttp.ClientSession, token: str, data: bytes) -> None:
    """Send a picture as apps do, and ask until it is done."""
    known = {"Authorization": f"Bearer {token}"}
    form = aiohttp.FormData()
    form.add_field("file", data, filename="hills.jpg", content_type="image/jpeg")
    async with session.post("/api/v2/media", data=form, headers=known) as answer:
        assert answer.status in (200, 202), await answer.text()
        number, status = (await answer.json())["id"], answer.status
    while status != 200:
        await asyncio.sleep(ASKING_S)
        async with session.get(f"/api/v1/media/{number}", headers=known) as answer:
            status = answer.status
            assert status in (200, 206), await answer.text()


async def _by_form(browser: Browser, data: bytes | None) -> None:
    """Write a note, with a picture if there is one, as people without scripts do."""
    if data:
        await browser.compose_with_picture("Look!", data, "Hills")
        return
    page = await browser.send(await browser.get("/compose"), "/compose", text="Hm", step="again")
    await browser.send(page, "/compose", step="publish")


def _p99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99)]


async def main() -> None:
    """Measure both."""
    data = await asyncio.to_thread(photograph)
    with tempfile.TemporaryDirectory() as folder:
        await measure_work(data, Path(folder, "shop"))
        await measure_readers(data, Path(folder, "server"))


if __name__ == "__main__":
    say_rates()
    asyncio.run(main())
