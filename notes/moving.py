"""Moving pictures, drawn anew frame by frame: an animated WebP, and a poster that stands still.

Copies of what moves on other servers come here; what is uploaded becomes a video (notes/loops.py).
"""

import io
import math
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from notes.orders import Done, Made
from notes.picture_reading import drawn
from notes.picture_writing import (
    Step,
    blurhash_of,
    colour_of,
    opaque,
    write_sizes,
)

MOST_SIDE = 720
MOST_DRAWN = 40_000_000  # pixels of all frames together, which wait in memory
SHORTEST_MS, LONGEST_MS = 20, 60_000
USUAL_MS = 100


def make_moving(picture: Image.Image, frames: int, made: Path, step: Step) -> Done:
    """Draw every frame, none of them longer than a minute, and write them in one file."""
    width, height = _size(picture, frames)
    stills, lengths = [], []
    for still, length in _frames(picture, frames, (width, height)):
        stills.append(still)
        lengths.append(length)
        step(0.7 * len(stills) / frames)
    into = io.BytesIO()
    stills[0].save(
        into,
        "WEBP",
        save_all=True,
        append_images=stills[1:],
        duration=lengths,
        loop=0,
        quality=70,
        method=2,
    )
    (made / "moving.webp").write_bytes(into.getvalue())
    first = opaque(stills[0])
    poster = write_sizes(first, made, lambda share: step(0.9 + share / 10), role="poster")
    return Done(
        files=(Made("moving.webp", "image", width, height), *poster),
        width=width,
        height=height,
        blurhash=blurhash_of(first),
        colour=colour_of(first),
        duration=sum(lengths) / 1000,
    )


def _size(picture: Image.Image, frames: int) -> tuple[int, int]:
    room = math.sqrt(MOST_DRAWN / frames / (picture.width * picture.height))
    factor = min(1.0, MOST_SIDE / max(picture.size), room)
    return max(1, round(picture.width * factor)), max(1, round(picture.height * factor))


def _frames(
    picture: Image.Image, frames: int, size: tuple[int, int]
) -> Iterator[tuple[Image.Image, int]]:
    for number in range(frames):
        picture.seek(number)
        picture.load()
        length = picture.info.get("duration") or USUAL_MS
        still = drawn(picture.copy(), lambda _: 1.0)
        still = still.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)
        yield still, round(min(max(float(length), SHORTEST_MS), LONGEST_MS))
