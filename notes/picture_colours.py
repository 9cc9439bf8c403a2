"""What a picture says of its colours, as one ICC profile: its own, or one of the figures it gives.

Imported in the workbench alone (notes/workbench.py).
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageCms

Row = tuple[float, float, float]
Matrix = tuple[Row, Row, Row]

# White first, then red, green and blue, as x and y.
SRGB = (0.3127, 0.329, 0.64, 0.33, 0.3, 0.6, 0.15, 0.06)
D50: Row = (0.9642, 1.0, 0.8249)  # the white of every ICC profile
BRADFORD: Matrix = (
    (0.8951, 0.2664, -0.1614),
    (-0.7502, 1.7135, 0.0367),
    (0.0389, -0.0685, 1.0296),
)
SCREEN = 0.45455  # the gamma that programs write for what is meant to be sRGB
ALIKE = 0.05  # a gamma that is nearer than this looks the same
SAME_PLACE = 0.002
GREATEST_GAMMA, LEAST_GAMMA = 10.0, 0.05
NO_HDR = (1, 6, 13, 14, 15)  # transfers of HEIF that a screen shows like those of sRGB
_BAD = (ArithmeticError, LookupError, TypeError, ValueError, struct.error)


def profile_of(picture: Image.Image) -> bytes | None:
    """Return the ICC profile of a picture that is not in sRGB already, or None.

    A profile goes before the word that it is sRGB, and that before gamma and primaries.
    """
    info: Mapping[Any, Any] = picture.info
    if profile := info.get("icc_profile"):
        return bytes(profile)
    try:
        if picture.format == "PNG" and "srgb" not in info:
            return _made(info.get("gamma"), info.get("chromaticity"))
        if nclx := info.get("nclx_profile"):
            return _made(None, _places_in(nclx))
    except _BAD:  # figures that stand for no colours change nothing
        return None
    return None


def _places_in(nclx: Mapping[str, Any]) -> Sequence[float] | None:
    if nclx["transfer_characteristics"] not in NO_HDR:
        return None
    names = (f"color_primary_{each}_{axis}" for each in _ORDER for axis in "xy")
    return [float(nclx[name]) for name in names]


_ORDER = ("white", "red", "green", "blue")


def _made(gamma: float | None, places: Sequence[float] | None) -> bytes | None:
    """Write a profile; None where it would be sRGB, or as good as that."""
    bends = gamma is not None and abs(gamma / SCREEN - 1) > ALIKE
    lies = places is not None and any(
        abs(one - other) > SAME_PLACE for one, other in zip(places, SRGB, strict=True)
    )
    if bends and gamma is not None and not LEAST_GAMMA <= gamma <= GREATEST_GAMMA:
        raise ValueError("no gamma of a picture")
    if not (bends or lies):
        return None
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    if bends and gamma is not None:
        for name in (b"rTRC", b"gTRC", b"bTRC"):
            _put(profile, name, struct.pack(">4s4xHxx5i", b"para", 3, *_fixed(_power(gamma))))
    if lies and places is not None:
        columns = zip(*_primaries(places), strict=True)
        for name, column in zip((b"rXYZ", b"gXYZ", b"bXYZ"), columns, strict=True):
            _put(profile, name, struct.pack(">4s4x3i", b"XYZ ", *_fixed(column)))
    return bytes(profile)


def _put(profile: bytearray, name: bytes, value: bytes) -> None:
    """Write over a tag of a profile with one of the same size."""
    for number in range(struct.unpack_from(">I", profile, 128)[0]):
        tag, start, size = struct.unpack_from(">4sII", profile, 132 + 12 * number)
        if tag == name and size == len(value):
            profile[start : start + size] = value
            return
    raise LookupError(name)


def _power(gamma: float) -> Sequence[float]:
    """Return the figures of a curve (ax + b)^g that is a power and nothing else."""
    return (1 / gamma, 1.0, 0.0, 1.0, 0.0)


def _fixed(values: Sequence[float]) -> list[int]:
    return [round(value * 65536) for value in values]


def _primaries(places: Sequence[float]) -> Matrix:
    """Return red, green and blue as columns of XYZ, seen under the white of profiles."""
    white, *colours = (_xyz(*places[at : at + 2]) for at in (0, 2, 4, 6))
    red, green, blue = colours
    columns = (*zip(red, green, blue, strict=True),)
    matrix: Matrix = (columns[0], columns[1], columns[2])
    shares = _times(_inverse(matrix), white)
    seen, wanted = _times(BRADFORD, white), _times(BRADFORD, D50)
    scale = [one / other for one, other in zip(wanted, seen, strict=True)]
    back = _inverse(BRADFORD)
    adapted = []
    for colour, share in zip((red, green, blue), shares, strict=True):
        cones = _times(BRADFORD, _scaled(colour, (share, share, share)))
        adapted.append(_times(back, _scaled(cones, scale)))
    rows = (*zip(*adapted, strict=True),)
    return (rows[0], rows[1], rows[2])


def _xyz(x: float, y: float) -> Row:
    return (x / y, 1.0, (1 - x - y) / y)


def _scaled(row: Row, by: Sequence[float]) -> Row:
    return (row[0] * by[0], row[1] * by[1], row[2] * by[2])


def _times(matrix: Matrix, column: Row) -> Row:
    one, two, three = (sum(a * b for a, b in zip(row, column, strict=True)) for row in matrix)
    return (one, two, three)


def _inverse(matrix: Matrix) -> Matrix:
    (a, b, c), (d, e, f), (g, h, i) = matrix
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return (
        ((e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole),
        ((f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole),
        ((d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole),
    )
