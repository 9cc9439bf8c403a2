"""Reading a picture: no more than its head at first, then upright, in sRGB, without what it tells.

Imported in the workbench alone (notes/workbench.py).
"""

import io
import math
import re
import struct
import warnings
import zlib
from collections.abc import Callable

# Each by its name: Pillow would load more when it needs it, and then there are no files any more.
from PIL import (
    AvifImagePlugin,
    GifImagePlugin,
    Image,
    ImageCms,
    ImageOps,
    ImagePalette,
    ImageSequence,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)
from pillow_heif import options as heif
from pillow_heif import register_heif_opener

from notes.gif import frames_in_gif
from notes.kinds import HEAD, Kind, kind_of
from notes.orders import NO_PICTURE, Unfit
from notes.picture_colours import Colours, colours_of, note_colours, on_a_screen
from notes.picture_points import Points

LOADED = (
    *(AvifImagePlugin, GifImagePlugin, JpegImagePlugin, MpoImagePlugin, PngImagePlugin),
    *(WebPImagePlugin, TiffImagePlugin, ImageOps, ImagePalette, ImageSequence),
)

MEGABYTE = 1024 * 1024
MOST_PIXELS = 33_177_600  # 7680 by 4320
MOST_MOVING_PIXELS = 4_000_000
MOST_FRAMES = 300
MOST_PASSES = 64  # a progressive JPEG has about ten; thousands keep a reader busy for minutes

# Pillow only warns of a picture that would fill the memory (MED-02).
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
heif.THUMBNAILS = False
heif.AUX_IMAGES = False
heif.DEPTH_IMAGES = False
heif.DECODE_THREADS = 1
register_heif_opener()
Image.preinit()

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
_MARK = re.compile(rb"\xff([\xc0-\xcf\xd8-\xfe])")
_BEGIN, _END, _PASS = b"\xd8", b"\xd9", b"\xda"


def opened(data: bytes, *, most_megabytes: int) -> Image.Image:
    """Read no more than the head of a picture, and see whether the rest may be read (MED-02)."""
    kind = kind_of(data[:HEAD])
    if kind is None:
        raise Unfit(NO_PICTURE)
    if len(data) > most_megabytes * MEGABYTE:
        raise Unfit(f"This picture is larger than {most_megabytes} MB.")
    if kind is Kind.JPEG and _has_endless_passes(data):
        raise Unfit("This picture would take too long to read.")
    try:
        picture: Image.Image = Image.open(io.BytesIO(data), formats=(kind.value,))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unfit("This picture has more than 33 million pixels.") from error
    except BROKEN as error:
        raise Unfit(NO_PICTURE) from error
    _check_size(picture, frames_of(picture, data))
    note_colours(picture, data)
    return picture


def _has_endless_passes(data: bytes) -> bool:
    """Count the passes of a JPEG as its reader will, from mark to mark.

    What stands in a remark, or behind the end as the film of a telephone's moving photo does, is
    none.
    """
    passes = at = 0
    while (mark := _MARK.search(data, at)) and mark[1] != _END:
        at = mark.end()
        if mark[1] != _BEGIN:
            at += max(2, int.from_bytes(data[at : at + 2]))
        passes += mark[1] == _PASS
        if passes > MOST_PASSES:
            return True
    return False


def _check_size(picture: Image.Image, frames: int) -> None:
    pixels = picture.width * picture.height
    if pixels > MOST_PIXELS:
        raise Unfit("This picture has more than 33 million pixels.")
    if frames > 1 and pixels > MOST_MOVING_PIXELS:
        raise Unfit("A moving picture may have at most 4 million pixels.")
    if frames > MOST_FRAMES:
        raise Unfit("A moving picture may have at most 300 frames.")


def frames_of(picture: Image.Image, data: bytes) -> int:
    """Count frames; the further pictures that phones put into a JPEG or a HEIC are no frames."""
    match picture.format:
        case "GIF":
            return frames_in_gif(data, MOST_FRAMES)
        case "PNG" | "WEBP" | "AVIF":
            return int(getattr(picture, "n_frames", 1))
    return 1


def drawn(
    picture: Image.Image, factor_of: Callable[[tuple[int, int]], float], turn: int = 0
) -> Image.Image:
    """Decode at about a scale, upright, in sRGB, with none of what came along (MED-06).

    `factor_of` is given the size as it will stand, upright and turned clockwise by `turn` degrees.
    """
    stance = orientation_of(picture)
    lies = (stance in (5, 6, 7, 8)) != (turn in (90, 270))
    colours = colours_of(picture)
    width, height = picture.size
    factor = factor_of((height, width) if lies else (width, height))
    made = _in_srgb(_within(_in_colour(picture), factor), colours)
    made = turned(made, stance, turn)
    made.info = {}
    return made


def turned(picture: Image.Image, stance: int, turn: int) -> Image.Image:
    """Put a picture upright, and then turn it clockwise by 0, 90, 180 or 270 degrees."""
    upright = picture.transpose(TURNS[stance]) if stance in TURNS else picture
    more = {90: 6, 180: 3, 270: 8}.get(turn % 360)
    return upright.transpose(TURNS[more]) if more else upright


def orientation_of(picture: Image.Image) -> int:
    """Return how a picture lies, 1 to 8 as EXIF counts; 1 where nothing can be read of it."""
    try:
        return int(picture.getexif().get(_ORIENTATION, 1))
    except BROKEN:  # a damaged note about a picture that may be sound
        return 1


def _in_colour(picture: Image.Image) -> Image.Image:
    """Leave only colours that can be made smaller without harm."""
    if picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        return picture if "transparency" not in picture.info else picture.convert("RGBA")
    if picture.mode.startswith(("I", "F")):  # 16 bits of grey; Pillow would cut, not scale
        return picture.point(lambda value: value / 256).convert("L")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")


def _within(picture: Image.Image, factor: float) -> Image.Image:
    """Make smaller by a factor, never larger; a JPEG not yet read is read at about that size."""
    if factor >= 1:
        return picture
    width, height = (max(1, math.floor(side * factor + 0.5)) for side in picture.size)
    picture.draft(picture.mode, (width, height))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _in_srgb(picture: Image.Image, colours: Colours | None) -> Image.Image:
    mode = "RGBA" if picture.mode == "RGBA" else "RGB"
    if not colours:
        return picture.convert(mode)
    if isinstance(colours, Points):
        return on_a_screen(picture.convert(mode), colours)
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(colours))
        seen = ImageCms.profileToProfile(
            _as_described(picture, source.profile.xcolor_space.strip()),
            source,
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, *BROKEN):  # a profile nobody can read changes nothing
        return picture.convert(mode)
    if seen is None:
        return picture.convert(mode)
    if mode == "RGBA":
        seen.putalpha(picture.getchannel("A"))
    return seen


def _as_described(picture: Image.Image, space: str) -> Image.Image:
    """Return the colours of a picture in the mode its profile is about; no profile is of alpha."""
    if space == "GRAY":
        return picture.convert("L")
    return picture.convert("RGB") if picture.mode in ("L", "RGBA") else picture
