"""Pictures: what a large photograph takes of the workshop, and what readers notice meanwhile.

    python -m tests.bench.pictures

The photograph has 12 megapixels of noise at all scales, which is harder than most.
"""

import asyncio
import io
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from PIL import Image, ImageChops

from notes.orders import Done, MakePicture
from notes.workshop import Workshop
from tests.bench.machine import memory_mb, say_rates, spread
from tests.walks.processes import OPEN, Browser, Server

SIZE = (4032, 3024)
SCALES = ((8, 0.5), (40, 0.25), (200, 0.15), (1000, 0.08), (SIZE[0], 0.03))
RUNS, UPLOADS, PEOPLE = 7, 4, 16  # nobody may send more than 30 in half an hour
READS, TURNS, STANDING_BACK = 500, 3, 19


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

    shop, runs = Workshop(folder), list[Done]()
    began = time.perf_counter()
    for _ in range(RUNS):
        async with shop.work(MakePicture(), bring) as work:
            runs.append(work.done)
    seconds = [each.cpu_seconds for each in runs]
    print(f"a 12 Mpx JPEG into {len(runs[0].files)} files: {spread(seconds, 's of CPU')}")
    print(f"  memory of the child: {spread([each.memory / 2**20 for each in runs], 'MiB')}")
    print(f"  one after the other: {RUNS / (time.perf_counter() - began):.2f} in a second")


async def measure_readers(data: bytes, folder: Path) -> None:
    """Say how long a page takes, and the memory of the server, without and with uploads, in turns.

    The reader has a process of its own. Those who upload sit at other machines in truth: this
    process stands back, so that they take as little as can be of the cores they share here.
    """
    server = Server(folder, more=OPEN)
    await server.start()
    reader = await _reader_of(server)
    os.nice(STANDING_BACK)
    idle, busy, notes = list[float](), list[float](), 0
    try:
        async with AsyncExitStack() as stack:
            people = [await stack.enter_async_context(Browser(server)) for _ in range(PEOPLE)]
            for number, browser in enumerate(people):
                await browser.sign_up(f"mei{number}")
            turns = itertools.cycle(
                people[first : first + UPLOADS] for first in range(0, PEOPLE, UPLOADS)
            )
            await _upload(next(turns), data)  # everything is loaded once
            await _reads(reader)
            before = memory_mb(server.pid)
            for _ in range(TURNS):
                idle += await _reads(reader)
                reading = asyncio.create_task(_reads(reader))
                while not reading.done():
                    await _upload(next(turns), data)
                    notes += UPLOADS
                busy += await reading
            after = memory_mb(server.pid)
        ratio = _p99(busy) / _p99(idle)
        print(f"a page, p99 of {len(idle)} reads: {_p99(idle):.1f} ms when idle,")
        print(f"  {_p99(busy):.1f} ms of {len(busy)} while {UPLOADS} pictures are worked on,")
        print(f"  {ratio:.2f} times as long (the goal is 1.2); {notes} pictures went through")
        print(f"  the medians: {statistics.median(idle):.1f} and {statistics.median(busy):.1f} ms;")
        print(f"  {os.getloadavg()[0]:.1f} wanted to work at a time, on {os.cpu_count()} cores")
        print(f"  the server's memory: {before:.0f} MB before, {after:.0f} MB after")
    finally:
        reader.kill()
        await reader.wait()
        await server.stop()


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


async def _upload(people: Sequence[Browser], data: bytes) -> None:
    """Have each of these send a picture at once, in a note, as people without scripts do."""
    await asyncio.gather(
        *(browser.compose_with_picture("Look!", data, "Hills") for browser in people)
    )


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
