"""What a picture says of its colours, and how it is shown on an ordinary screen.

Its own ICC profile, one made of the figures it gives, or that it is meant for bright screens.
Imported in the workbench alone (notes/workbench.py).
"""

import math
import struct
from collections.abc import Mapping, Sequence
from typing import Any

from PIL import Image, ImageCms, ImageFilter

from notes.bright import HLG, PQ, SIDE, lights
from notes.picture_points import Points, points_in_avif, points_in_png, points_in_profile
from notes.primaries import BT2020, PLACES, SRGB, in_profiles

SCREEN = 0.45455  # the gamma that programs write for what is meant to be sRGB
ALIKE = 0.05  # a gamma that is nearer than this looks the same
SAME_PLACE = 0.002
GREATEST_GAMMA, LEAST_GAMMA = 10.0, 0.05
BRIGHT = (PQ, HLG)
# Transfers, as ITU-T H.273 counts, that ordinary screens show like that of sRGB, and plain powers.
ORDINARY = (1, 2, 6, 7, 11, 12, 13, 14, 15)
GAMMAS = {4: 1 / 2.2, 5: 1 / 2.8, 8: 1.0}
KEPT = "colours of this picture"
_BAD = (ArithmeticError, LookupError, TypeError, ValueError, struct.error)

Colours = bytes | Points
"""An ICC profile, or what is meant for bright screens."""


def note_colours(picture: Image.Image, data: bytes) -> None:
    """Keep with a picture, and with its copies, what it and its file say of its colours."""
    picture.info[KEPT] = _told(picture, data)


def colours_of(picture: Image.Image) -> Colours | None:
    """Return what was kept with a picture; None where it is in sRGB, as far as anybody knows."""
    kept = picture.info.get(KEPT)
    return kept if isinstance(kept, bytes | Points) else None


def on_a_screen(picture: Image.Image, meant: Points) -> Image.Image:
    """Bring a picture in RGB or RGBA that is meant for bright screens to sRGB."""
    table = [
        _bent(each)
        for light in lights(meant.transfer, PLACES.get(meant.primaries, BT2020))
        for each in light
    ]
    return picture.filter(ImageFilter.Color3DLUT(SIDE, table))


def _told(picture: Image.Image, data: bytes) -> Colours | None:
    """A PNG's own numbers go before its profile, that before its word for sRGB, that before gamma.

    In other files a profile goes before numbers.
    """
    info: Mapping[Any, Any] = picture.info
    profile = info.get("icc_profile")
    try:
        if picture.format == "PNG" and (points := points_in_png(data)) and _makes_sense(points):
            return _of_points(points)
        if profile:
            points = points_in_profile(profile)
            return points if points and points.transfer in BRIGHT else bytes(profile)
        if picture.format == "PNG" and "srgb" not in info:
            return _made(info.get("gamma"), info.get("chromaticity"))
        points = _in_boxes(picture, data)
        return _of_points(points) if points and _makes_sense(points) else None
    except _BAD:  # figures that stand for no colours change nothing
        return None


def _in_boxes(picture: Image.Image, data: bytes) -> Points | None:
    if picture.format == "AVIF":
        return points_in_avif(data)
    if picture.format == "HEIF" and (nclx := picture.info.get("nclx_profile")):
        return Points(nclx["color_primaries"], nclx["transfer_characteristics"])
    return None


def _makes_sense(points: Points) -> bool:
    if points.transfer in BRIGHT:
        return True
    return points.transfer in (*ORDINARY, *GAMMAS) and points.primaries in PLACES


def _of_points(points: Points) -> Colours | None:
    if points.transfer in BRIGHT:
        return points
    return _made(GAMMAS.get(points.transfer), PLACES[points.primaries])


def _bent(light: float) -> float:
    """Return the number of sRGB for an amount of light.

    Also for one below nothing or above one: a table of them cut off would tint the greys beside.
    """
    size = abs(light)
    number = 12.92 * size if size <= 0.0031308 else 1.055 * size ** (1 / 2.4) - 0.055
    return math.copysign(number, light)


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
        columns = zip(*in_profiles(places), strict=True)
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
