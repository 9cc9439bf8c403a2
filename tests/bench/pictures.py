"""Pictures: what a large photograph takes of the workshop, and what readers notice meanwhile.

    python -m tests.bench.pictures

The photograph has 12 megapixels of noise at all scales, which is harder than most.
"""

import asyncio
import io
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops

from notes.orders import Done, MakePicture
from notes.workshop import Workshop
from tests.bench.machine import memory_mb, say_rates, spread
from tests.walks.processes import OPEN, Browser, Server

SIZE = (4032, 3024)
SCALES = ((8, 0.5), (40, 0.25), (200, 0.15), (1000, 0.08), (SIZE[0], 0.03))
RUNS, UPLOADS = 7, 4
READS, EVERY_S = 400, 0.02


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
    """Say how long a page takes, and the memory of the server, without and with uploads."""
    server = Server(folder, more=OPEN)
    await server.start()
    try:
        async with Browser(server) as browser:
            await browser.sign_up("mei")
            await browser.compose_with_picture("one", data, "Hills")  # everything is loaded once
            before = memory_mb(server.pid)
            idle = await _reads(browser)
            busy: list[float] = []
            while len(busy) < READS:  # a percentile of few reads is only their worst
                uploads = asyncio.create_task(_upload(browser, data))
                busy += await _reads(browser, until=uploads)
                await uploads
            after = memory_mb(server.pid)
        print(f"a page, p99 of {len(idle)} reads: {_p99(idle):.1f} ms when idle,")
        print(f"  {_p99(busy):.1f} ms of {len(busy)} while {UPLOADS} pictures are worked on,")
        print(f"  {_p99(busy) / _p99(idle):.2f} times as long (the goal is 1.2)")
        print(f"  the server's memory: {before:.0f} MB before, {after:.0f} MB after")
    finally:
        await server.stop()


async def _upload(browser: Browser, data: bytes) -> None:
    """Send UPLOADS pictures at once, each in a note of its own, as people without scripts do."""
    await asyncio.gather(
        *(
            browser.compose_with_picture(f"note {number}", data, "Hills")
            for number in range(UPLOADS)
        )
    )


async def _reads(browser: Browser, until: "asyncio.Task[None] | None" = None) -> list[float]:
    taken: list[float] = []
    while not until.done() if until else len(taken) < READS:
        began = time.perf_counter()
        page = await browser.get("/about")
        taken.append((time.perf_counter() - began) * 1000)
        assert page.status == 200
        await asyncio.sleep(EVERY_S)
    return taken


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
