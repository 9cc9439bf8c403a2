"""Writing a picture in its sizes and forms, and what to show until they are there.

AVIF at this speed is smaller than WebP and costs less, so an opaque picture has no WebP; JPEG is
for those who read nothing else (docs/decisions/0019-pictures-as-avif-and-jpeg.md).
"""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import blurhash
from PIL import Image

from notes.orders import Made

WIDTHS = (960, 480, 240)
LARGE_SIDE = 1920
LEAST_LARGE_SIDE = 720  # what is long and narrow is still to be read
LONGEST_SIDE = 5000  # Pixelfed drops notes with longer ones
AVIF = {"quality": 55, "speed": 9, "max_threads": 1}
JPEG = {"quality": 82, "progressive": True, "comment": b""}
WEBP = {"quality": 80, "method": 2}
PLACE = "image"

Step = Callable[[float], None]


def large_scale(width: float, height: float) -> float:
    """Return by how much a picture is made smaller to be shown at its largest; 1 at the most.

    Its longer side becomes LARGE_SIDE; that of a strip may be longer, so that the other side stays
    LEAST_LARGE_SIDE.
    """
    long, short = max(width, height), min(width, height)
    strip = min(LEAST_LARGE_SIDE / short, LONGEST_SIDE / long)
    return min(1.0, max(LARGE_SIDE / long, strip))


def opaque(picture: Image.Image) -> Image.Image:
    """Drop transparency that nobody sees."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        return picture.convert("RGB")
    return picture


def write_sizes(
    large: Image.Image, made: Path, step: Step, *, role: str = PLACE
) -> tuple[Made, ...]:
    """Write a picture as large as it is and in all smaller WIDTHS, each made from the one before.

    Also for the poster of a video: `role` is then another one.
    """
    files: list[Made] = []
    for number, picture in enumerate(_chain(large), 1):
        kinds = ("avif", "jpg") if picture.mode == "RGB" else ("avif", "webp")
        files += [write(picture, made, f"{role}-{picture.width}.{kind}", role) for kind in kinds]
        step(1 - 0.5**number)
    return tuple(files)


def write(picture: Image.Image, made: Path, name: str, role: str) -> Made:
    """Write one file; the end of its name says which form."""
    (made / name).write_bytes(encoded(picture, name.rpartition(".")[2]))
    return Made(name, role, picture.width, picture.height)


def encoded(picture: Image.Image, suffix: str) -> bytes:
    """Return a picture as avif, jpg or webp, with nothing but its pixels."""
    into = io.BytesIO()
    match suffix:
        case "avif":
            picture.save(into, "AVIF", **AVIF)
        case "jpg":
            picture.save(into, "JPEG", **JPEG)
        case _:
            picture.save(into, "WEBP", **WEBP)
    return into.getvalue()


def blurhash_of(picture: Image.Image) -> str:
    """Return what to show until a picture is there; it takes white for what is transparent."""
    height = max(1, min(32, round(32 * picture.height / picture.width)))
    tiny = on_white(picture.resize((32, height), Image.Resampling.BOX))
    row, raw = 3 * tiny.width, tiny.tobytes()
    rows = [
        [raw[place : place + 3] for place in range(begin, begin + row, 3)]
        for begin in range(0, len(raw), row)
    ]
    return str(blurhash.encode(rows, components_x=4, components_y=3))


def colour_of(picture: Image.Image) -> str:
    """Return the average colour as `#rrggbb`."""
    return "#" + on_white(picture.resize((1, 1), Image.Resampling.BOX)).tobytes().hex()


def on_white(picture: Image.Image) -> Image.Image:
    """Lay a picture on white paper."""
    if picture.mode == "RGB":
        return picture
    whole = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", whole.size, "white"), whole).convert("RGB")


def _chain(large: Image.Image) -> Iterator[Image.Image]:
    yield large
    last = large
    for width in WIDTHS:
        if width < large.width:
            height = max(1, round(large.height * width / large.width))
            last = last.resize((width, height), _filter(last.width, width))
            yield last


def _filter(before: int, after: int) -> Image.Resampling:
    """Averaging whole squares is as good as anything, and a fifth of the work."""
    return Image.Resampling.LANCZOS if before % after else Image.Resampling.BOX
