"""Short films for the demo: a window that wanders over a drawn picture for a few seconds."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

import av
from PIL import Image

from rubric.demo_pictures import painted

RATE, FRAMES = 25, 100
UPRIGHT, WIDE = (540, 960), (960, 540)
CLOSER = 0.75  # how much of the picture is seen where the window is nearest

Size = tuple[int, int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Film:
    """A film of the story: what it shows, what is told of it, and what is said in it (WebVTT)."""

    scene: str
    alt: str
    captions: str = ""
    size: Size = UPRIGHT


def filmed(film: Film, seed: int = 0) -> bytes:
    """Draw four seconds as MP4, in the kind of video that is kept as it comes."""
    picture = Image.open(io.BytesIO(painted(film.scene, seed)))
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        stream.width, stream.height = film.size
        stream.pix_fmt = "yuv420p"
        for box in _wandering(picture.size, film.size):
            seen = picture.resize(film.size, Image.Resampling.BILINEAR, box=box)
            frame = av.VideoFrame.from_image(seen)  # type: ignore[no-untyped-call]
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return made.getvalue()


def _wandering(picture: Size, size: Size) -> Iterator[Box]:
    """Go from the left, seen whole, to the right and nearer."""
    fits = min(picture[0] / size[0], picture[1] / size[1])
    for number in range(FRAMES):
        part = number / (FRAMES - 1)
        part = part * part * (3 - 2 * part)  # sets out gently and arrives gently
        scale = fits * (1 - (1 - CLOSER) * part)
        width, height = size[0] * scale, size[1] * scale
        left, top = (picture[0] - width) * part, (picture[1] - height) / 2
        yield left, top, left + width, top + height
