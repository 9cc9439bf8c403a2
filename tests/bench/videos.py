"""Videos: how many seconds of one are made in a second, and what the child takes for it.

    python -m tests.bench.videos

The source is five seconds of 1080 lines at 30 pictures a second, drifting noise and a bar.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from PIL import Image, ImageChops

from notes.orders import Done, MakeVideo
from notes.workshop import Workshop
from tests.bench.machine import say_rates, spread
from tests.notes.films import film, picture

SIZE, FRAMES, RATE = (1920, 1080), 150, 30
SECONDS = FRAMES / RATE
RUNS = 3
ORDER = MakeVideo(most_seconds=300, most_megabytes=100)


def camera(path: Path, codec: str, **options: str) -> Path:
    """Write what a camera would."""
    ground = Image.effect_noise((480, 270), 50).resize(SIZE).convert("RGB")

    def draw(number: int, size: tuple[int, int]) -> Image.Image:
        drawn = ImageChops.offset(ground, number * 3, number)
        drawn.paste(picture(number, (640, 360)), (number * 8 % 1280, 300))
        return drawn

    return film(
        path,
        codec=codec,
        size=SIZE,
        frames=FRAMES,
        rate=RATE,
        sound="aac",
        draw=draw,
        options=options,
    )


async def measure(name: str, source: Path, folder: Path) -> None:
    """Have a video made again and again, and say what it took."""

    data = await asyncio.to_thread(source.read_bytes)

    async def bring(path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, data)

    runs = list[Done]()
    took = []
    async with Workshop(folder) as shop:
        for _ in range(RUNS):
            began = time.perf_counter()
            async with shop.work(ORDER, bring) as work:
                runs.append(work.done)
            took.append(time.perf_counter() - began)
    print(f"{name}, {SECONDS:g} s of 1080p30, {len(data) / 2**20:.1f} MiB:")
    cpu = [SECONDS / each.cpu_seconds for each in runs]
    print(f"  seconds of video in a second of CPU: {spread(cpu, '')}")
    print(f"  in a second of time: {spread([SECONDS / each for each in took], '')}")
    print(f"  memory of the child: {spread([each.memory / 2**20 for each in runs], 'MiB')}")


async def main() -> None:
    """Measure what is drawn anew, and what is copied."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for what, codec, options in (
            ("a video drawn anew", "libx265", {"crf": "26"}),
            ("a video copied", "libx264", {"maxrate": "6M", "bufsize": "6M", "b": "5M"}),
        ):
            source = await asyncio.to_thread(camera, folder / f"{codec}.mp4", codec, **options)
            await measure(what, source, folder / "shop")


if __name__ == "__main__":
    say_rates()
    asyncio.run(main())
