"""Short films for the demo, drawn in a process of their own: `python -m rubric.demo_films`.

A window wanders over a drawn picture for a few seconds. No other module imports this one, for the
server loads nothing that reads or writes videos.
"""

import io
import sys
from collections.abc import Iterator

import av
from PIL import Image

from rubric.demo_pictures import painted

RATE, FRAMES = 25, 100
CLOSER = 0.75  # how much of the picture is seen where the window is nearest

Size = tuple[int, int]
Box = tuple[float, float, float, float]


def main() -> None:
    """Write the film of a scene, a width and a height to standard output."""
    scene, width, height = sys.argv[1:]
    sys.stdout.buffer.write(filmed(scene, (int(width), int(height))))


def filmed(scene: str, size: Size) -> bytes:
    """Draw four seconds as MP4, in the kind of video that is kept as it comes."""
    picture = Image.open(io.BytesIO(painted(scene)))
    made = io.BytesIO()
    with av.open(made, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast"})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        for box in _wandering(picture.size, size):
            seen = picture.resize(size, Image.Resampling.BILINEAR, box=box)
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


if __name__ == "__main__":
    main()
