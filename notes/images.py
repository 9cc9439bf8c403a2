"""Pictures: checked by what they hold, turned upright, stripped of what they tell, made small.

Runs in the workbench alone, which has no network and may not grow (notes/workbench.py).
"""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageOps

from notes.moving import make_moving
from notes.orders import Done, Made, MakePicture, Order, Shape, Unfit
from notes.picture_reading import BROKEN, drawn, frames_of, opened
from notes.picture_writing import (
    Step,
    blurhash_of,
    colour_of,
    encoded,
    large_scale,
    on_white,
    opaque,
    write,
    write_sizes,
)

AVATAR_SIDE = 400
HEADER_SIZE = (1500, 500)
EMOJI_SIDE = 128
LEAST_SHARE = 0.01
ORIGINAL, SENT = "original", "sent"


def work(order: Order, source: Path, made: Path, step: Step) -> Done:
    """Make a picture as it was ordered. Raises Unfit."""
    if not isinstance(order, MakePicture):
        raise TypeError(f"{order} is about no picture")
    try:
        return _made(order, source.read_bytes(), made, step)
    except Unfit:
        raise
    except BROKEN as error:
        raise Unfit("This picture is damaged and cannot be read.") from error


def _made(order: MakePicture, data: bytes, made: Path, step: Step) -> Done:
    picture = opened(data, most_megabytes=order.most_megabytes)
    match order.shape:
        case Shape.AVATAR:
            return _face(_avatar(picture), made)
        case Shape.HEADER:
            return _face(_header(picture), made)
        case Shape.EMOJI:
            return _face(_emoji(picture).convert("RGBA"), made, "webp")
        case Shape.PREVIEW:
            return _preview(picture, made, step)
    frames = frames_of(picture, data)
    if frames > 1:
        return make_moving(picture, frames, made, step)
    return _for_note(order, picture, made, step)


def _for_note(order: MakePicture, picture: Image.Image, made: Path, step: Step) -> Done:
    whole = opaque(drawn(picture, _scale_for(order), order.turn % 360))
    step(0.3)
    large = _bounded(_cut(whole, order.crop))
    files = write_sizes(large, made, lambda share: step(0.3 + 0.7 * share))
    return Done(
        files=(*files, *_to_send(large, made), *_original(order, whole, made)),
        width=large.width,
        height=large.height,
        blurhash=blurhash_of(large),
        colour=colour_of(large),
    )


def _to_send(large: Image.Image, made: Path) -> tuple[Made, ...]:
    """Lay what is transparent on white for servers that read nothing but JPEG."""
    if large.mode == "RGB":
        return ()
    return (write(on_white(large), made, f"{SENT}.jpg", SENT),)


def _scale_for(order: MakePicture) -> Callable[[tuple[int, int]], float]:
    """Tell how small a picture may be read so that what is cut out of it still has its size."""
    if order.keeps_original:
        return lambda _: 1.0
    _, _, width, height = _checked(order.crop)
    return lambda size: large_scale(size[0] * width, size[1] * height)


def _original(order: MakePicture, whole: Image.Image, made: Path) -> tuple[Made, ...]:
    """Write what later changes are made from; the large form does where nothing was cut off."""
    is_whole = order.turn % 360 == 0 and order.crop is None and large_scale(*whole.size) == 1
    if is_whole:
        return ()
    base = whole if order.keeps_original else _bounded(whole)
    # Later changes are counted from the picture upright, not from the one that was turned.
    base = base.rotate(order.turn, expand=True) if order.turn % 360 else base
    suffix = "jpg" if base.mode == "RGB" else "webp"
    return (write(base, made, f"{ORIGINAL}.{suffix}", ORIGINAL),)


def _cut(picture: Image.Image, crop: tuple[float, float, float, float] | None) -> Image.Image:
    if crop is None:
        return picture
    left, top, width, height = _checked(crop)
    x, y = round(left * picture.width), round(top * picture.height)
    right = max(x + 1, round((left + width) * picture.width))
    bottom = max(y + 1, round((top + height) * picture.height))
    return picture.crop((x, y, min(right, picture.width), min(bottom, picture.height)))


def _checked(
    crop: tuple[float, float, float, float] | None,
) -> tuple[float, float, float, float]:
    """Keep a crop within the picture, and at least a hundredth of each side."""
    left, top, width, height = crop or (0.0, 0.0, 1.0, 1.0)
    left = min(max(left, 0.0), 1 - LEAST_SHARE)
    top = min(max(top, 0.0), 1 - LEAST_SHARE)
    return (
        *(left, top),
        *(min(max(width, LEAST_SHARE), 1 - left), min(max(height, LEAST_SHARE), 1 - top)),
    )


def _bounded(picture: Image.Image) -> Image.Image:
    factor = large_scale(*picture.size)
    if factor >= 1:
        return picture
    width, height = (max(1, round(side * factor)) for side in picture.size)
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _avatar(picture: Image.Image) -> Image.Image:
    read = drawn(picture, lambda size: AVATAR_SIDE / min(size))
    side = min(AVATAR_SIDE, *read.size)
    return ImageOps.fit(read, (side, side), Image.Resampling.LANCZOS)


def _header(picture: Image.Image) -> Image.Image:
    read = drawn(picture, lambda size: HEADER_SIZE[0] / min(size))
    factor = min(1.0, read.width / HEADER_SIZE[0], read.height / HEADER_SIZE[1])
    size = (max(1, round(HEADER_SIZE[0] * factor)), max(1, round(HEADER_SIZE[1] * factor)))
    return ImageOps.fit(read, size, Image.Resampling.LANCZOS)


def _emoji(picture: Image.Image) -> Image.Image:
    """Make it small enough to stand in a line; of one that moves, the first picture."""
    read = drawn(picture, lambda size: EMOJI_SIDE / max(size))
    read.thumbnail((EMOJI_SIDE, EMOJI_SIDE), Image.Resampling.LANCZOS)
    return read


def _preview(picture: Image.Image, made: Path, step: Step) -> Done:
    """Write what stands for something else: one frame, on white, as every app reads it."""
    whole = on_white(drawn(picture, lambda size: large_scale(*size)))
    large = _bounded(whole)
    return Done(
        files=write_sizes(large, made, step, role=Shape.PREVIEW),
        width=large.width,
        height=large.height,
        blurhash=blurhash_of(large),
        colour=colour_of(large),
    )


def _face(picture: Image.Image, made: Path, suffix: str = "") -> Done:
    """Write one file, in a form that every other server reads."""
    face = picture if suffix else opaque(picture)
    suffix = suffix or ("jpg" if face.mode == "RGB" else "webp")
    (made / f"face.{suffix}").write_bytes(encoded(face, suffix))
    return Done(
        files=(Made(f"face.{suffix}", "image", *face.size),),
        width=face.width,
        height=face.height,
        blurhash=blurhash_of(face),
        colour=colour_of(face),
    )
