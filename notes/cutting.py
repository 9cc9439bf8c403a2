"""Which part of a picture is kept when it is cut: read, or reckoned from a shape."""

from notes.attachments import Attachment

SHAPES = {"3:4": 3 / 4, "1:1": 1.0, "4:3": 4 / 3}
LEAST = 0.05
Cut = list[float]


class BadCut(ValueError):
    """A picture cannot be cut like this; the text is a sentence for its owner."""


def cut_of(attachment: Attachment, *, turn: int, shape: str, written: str) -> Cut | None:
    """Return left, top, width and height as fractions of the whole picture, once turned.

    A shape is cut around the focal point; `free` is what was written; nothing keeps the whole, and
    `kept` what was cut before. Raises BadCut.
    """
    if shape == "kept":
        return _same(attachment, turn)
    if shape == "free":
        return _read(written)
    if shape in SHAPES:
        return _around(attachment, turn, SHAPES[shape])
    return None


def _same(attachment: Attachment, turn: int) -> Cut | None:
    """Keep a cut; after another turn it would be of something else."""
    return attachment.crop if turn % 360 == attachment.turn else None


def _read(written: str) -> Cut:
    try:
        parts = [round(float(each), 4) for each in written.split(",")]
        left, top, width, height = parts
    except ValueError as error:
        raise BadCut("This cut cannot be read. Choose it again.") from error
    is_within = left >= 0 and top >= 0 and left + width <= 1.001 and top + height <= 1.001
    if not is_within or width < LEAST or height < LEAST:
        raise BadCut("This cut cannot be read. Choose it again.")
    return [left, top, min(width, 1 - left), min(height, 1 - top)]


def _around(attachment: Attachment, turn: int, ratio: float) -> Cut | None:
    width, height = _whole(attachment, turn)
    if not width or not height:
        return None
    wide, high = min(1.0, ratio * height / width), min(1.0, width / height / ratio)
    if wide > 0.999 and high > 0.999:
        return None
    return [
        round(_begin((1 + attachment.focus_x) / 2, wide), 4),
        round(_begin((1 - attachment.focus_y) / 2, high), 4),
        round(wide, 4),
        round(high, 4),
    ]


def _begin(middle: float, length: float) -> float:
    return min(max(middle - length / 2, 0.0), 1.0 - length)


def _whole(attachment: Attachment, turn: int) -> tuple[float, float]:
    """Reckon the size of the whole picture after a turn from that of what is shown now."""
    _left, _top, wide, high = attachment.crop or (0.0, 0.0, 1.0, 1.0)
    width, height = attachment.width / wide, attachment.height / high
    is_on_its_side = (turn - attachment.turn) % 180 != 0
    return (height, width) if is_on_its_side else (width, height)
