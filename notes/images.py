"""Pictures: checked by what they hold, turned upright, stripped of what they tell, made small."""

import asyncio
import io
import math
import struct
import warnings
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import blurhash
from PIL import Image, ImageCms, ImageOps

from notes.gif import frames_in_gif

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
MOST_BYTES = 16 * 1024 * 1024  # security.md 2
MOST_PIXELS = 33_177_600  # 7680 by 4320
MOST_MOVING_PIXELS = 4_000_000
MOST_FRAMES = 300
MOST_PASSES = 64  # a progressive JPEG has about ten; thousands keep a reader busy for minutes
LARGE_SIDE = 1920
SMALL_WIDTH = 480
AVATAR_SIDE = 400
HEADER_SIZE = (1500, 500)
SMALL_FACTOR = 0.4  # the small form of an avatar or header

# Pillow only warns of a picture that would fill the memory (MED-02).
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)

# What Pillow's readers raise over broken files.
BROKEN = (
    *(OSError, SyntaxError, ValueError, TypeError, EOFError, LookupError, ArithmeticError),
    *(AttributeError, RuntimeError, MemoryError, struct.error, zlib.error, Warning),
    Image.DecompressionBombError,
)
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112

# A JPEG is made smaller as it is read; another form may take 600 MB: one of those at a time.
_JPEG = b"\xff\xd8\xff"
_PASS = b"\xff\xda"
_jpegs = ThreadPoolExecutor(2, thread_name_prefix="jpegs")
_others = ThreadPoolExecutor(1, thread_name_prefix="pictures")


class NotAPicture(ValueError):
    """These bytes are no picture we take; the text is a sentence for the person who sent them."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is kept: a large form, a small one, and what to show until they are there."""

    large: bytes
    large_type: str
    width: int
    height: int
    small: bytes
    small_type: str
    small_width: int
    small_height: int
    blurhash: str
    colour: str


async def shrink(data: bytes) -> Picture:
    """Make a picture for a note; of one that moves, the first frame. Raises NotAPicture."""
    return await _in_pool(_for_note, data)


async def avatar(data: bytes) -> Picture:
    """Make a square from the middle of a picture. Raises NotAPicture."""
    return await _in_pool(_for_avatar, data)


async def header(data: bytes) -> Picture:
    """Make a wide strip from the middle of a picture. Raises NotAPicture."""
    return await _in_pool(_for_header, data)


async def _in_pool(make: Callable[[bytes], Picture], data: bytes) -> Picture:
    pool = _jpegs if data.startswith(_JPEG) else _others
    return await asyncio.get_running_loop().run_in_executor(pool, _made, make, data)


def _made(make: Callable[[bytes], Picture], data: bytes) -> Picture:
    try:
        return make(data)
    except NotAPicture:
        raise
    except BROKEN as error:
        raise NotAPicture("This picture is damaged and cannot be read.") from error


def _for_note(data: bytes) -> Picture:
    large = _drawn(data, lambda size: LARGE_SIDE / max(size))
    return _written(large, _within(large, SMALL_WIDTH / large.width))


def _for_avatar(data: bytes) -> Picture:
    drawn = _drawn(data, lambda size: AVATAR_SIDE / min(size))
    side = min(AVATAR_SIDE, *drawn.size)
    large = ImageOps.fit(drawn, (side, side), Image.Resampling.LANCZOS)
    return _written(large, _within(large, SMALL_FACTOR))


def _for_header(data: bytes) -> Picture:
    drawn = _drawn(data, lambda size: HEADER_SIZE[0] / min(size))
    factor = min(1.0, drawn.width / HEADER_SIZE[0], drawn.height / HEADER_SIZE[1])
    size = (max(1, round(HEADER_SIZE[0] * factor)), max(1, round(HEADER_SIZE[1] * factor)))
    large = ImageOps.fit(drawn, size, Image.Resampling.LANCZOS)
    return _written(large, _within(large, SMALL_FACTOR))


def _opened(data: bytes) -> Image.Image:
    """Read no more than the head of a picture, and see whether the rest may be read (MED-02)."""
    if len(data) > MOST_BYTES:
        raise NotAPicture("This picture is larger than 16 MB.")
    if data.startswith(_JPEG) and data.count(_PASS) > MOST_PASSES:
        raise NotAPicture("This picture would take too long to read.")
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NotAPicture("This picture has more than 33 million pixels.") from error
    except BROKEN as error:
        raise NotAPicture("This is no JPEG, PNG, WebP, AVIF or GIF picture.") from error
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS:
        raise NotAPicture("This picture has more than 33 million pixels.")
    frames = _frames(picture, data)
    if frames > 1 and pixels > MOST_MOVING_PIXELS:
        raise NotAPicture("A moving picture may have at most 4 million pixels.")
    if frames > MOST_FRAMES:
        raise NotAPicture("A moving picture may have at most 300 frames.")
    return picture


def _frames(picture: Image.Image, data: bytes) -> int:
    """Count frames; the further pictures that phones put into a JPEG are no frames."""
    match picture.format:
        case "GIF":
            return frames_in_gif(data, MOST_FRAMES)
        case "PNG" | "WEBP" | "AVIF":
            return int(getattr(picture, "n_frames", 1))
    return 1


def _drawn(data: bytes, factor_of: Callable[[tuple[int, int]], float]) -> Image.Image:
    """Decode at about a scale, upright, in sRGB, with none of what came along (MED-06)."""
    opened = _opened(data)
    turn = TURNS.get(_orientation(opened))
    profile = opened.info.get("icc_profile")
    drawn = _in_srgb(_within(_in_colour(opened), factor_of(opened.size)), profile)
    drawn = drawn.transpose(turn) if turn is not None else drawn
    drawn.info = {}
    return drawn


def _orientation(opened: Image.Image) -> int:
    try:
        return int(opened.getexif().get(_ORIENTATION, 1))
    except BROKEN:  # a damaged note about a picture that may be sound
        return 1


def _in_colour(opened: Image.Image) -> Image.Image:
    """Leave only colours that can be made smaller without harm."""
    if opened.mode in ("RGB", "RGBA", "CMYK", "L"):
        return opened if "transparency" not in opened.info else opened.convert("RGBA")
    if opened.mode.startswith(("I", "F")):  # 16 bits of grey; Pillow would cut, not scale
        return opened.point(lambda value: value / 256).convert("L")
    return opened.convert("RGBA" if opened.has_transparency_data else "RGB")


def _within(picture: Image.Image, factor: float) -> Image.Image:
    """Make smaller by a factor, never larger; a JPEG not yet read is read at about that size."""
    if factor >= 1:
        return picture
    width, height = (max(1, math.floor(side * factor + 0.5)) for side in picture.size)
    picture.draft(picture.mode, (width, height))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if not profile:
        return picture.convert(mode)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        seen = ImageCms.profileToProfile(
            picture, source, ImageCms.createProfile("sRGB"), outputMode=mode
        )
    except (ImageCms.PyCMSError, *BROKEN):  # a profile nobody can read changes nothing
        return picture.convert(mode)
    return seen if seen is not None else picture.convert(mode)


def _written(large: Image.Image, small: Image.Image) -> Picture:
    large, small = _opaque(large), _opaque(small)
    kind = "image/jpeg" if large.mode == "RGB" else "image/webp"
    flat = _on_white(small)
    return Picture(
        large=_encoded(large, kind),
        large_type=kind,  # JPEG where it can be: Pixelfed drops notes with formats it lacks
        width=large.width,
        height=large.height,
        small=_encoded(small, "image/webp"),
        small_type="image/webp",
        small_width=small.width,
        small_height=small.height,
        blurhash=_blurhash(flat),
        colour=_colour(flat),
    )


def _opaque(picture: Image.Image) -> Image.Image:
    """Drop transparency that nobody sees."""
    if picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (255, 255):
        return picture.convert("RGB")
    return picture


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _encoded(picture: Image.Image, kind: str) -> bytes:
    made = io.BytesIO()
    if kind == "image/jpeg":
        picture.save(made, "JPEG", quality=82, progressive=True, comment=b"")
    else:
        picture.save(made, "WEBP", quality=80, method=4)
    return made.getvalue()


def _blurhash(picture: Image.Image) -> str:
    tiny = picture.resize((32, max(1, min(32, round(32 * picture.height / picture.width)))))
    row = 3 * tiny.width
    raw = tiny.tobytes()
    rows = [
        [raw[place : place + 3] for place in range(begin, begin + row, 3)]
        for begin in range(0, len(raw), row)
    ]
    return str(blurhash.encode(rows, components_x=4, components_y=3))


def _colour(picture: Image.Image) -> str:
    return "#" + picture.resize((1, 1), Image.Resampling.BOX).tobytes().hex()
