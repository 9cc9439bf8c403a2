"""Films and pictures for bright screens (PQ, HLG) shown on ordinary ones: by a table made here.

Runs only in the process that has no network and may not grow (notes/workbench.py). What is white on
paper stays a light grey, what shines is brought down to white, and colours that ordinary screens
lack go to the nearest that they have. A player that knew nothing of it would show all of it pale.
"""

import math
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path

from notes.primaries import BT2020, Places, between, times

SIDE = 33  # of the table
PAPER = 203.0  # nits of what is white on paper (ITU-R BT.2408)
SHINING = 1000.0 / PAPER  # the brightest that still is told apart
GAMMA = 1 / 2.4

PQ, HLG = 16, 18
"""How the numbers of a picture stand for light, as ffmpeg counts; others are ordinary."""
NAMES = {PQ: "smpte2084", HLG: "arib-std-b67"}

Light = tuple[float, float, float]
Curve = Callable[[float], float]


def write_table(transfer: int, file: Path) -> None:
    """Write what becomes of each colour, red running fastest."""
    lines = (
        " ".join(f"{each:.5f}" for each in map(_filmed, light))
        for light in lights(transfer, BT2020)
    )
    written = f"LUT_3D_SIZE {SIDE}\n" + "\n".join(lines) + "\n"
    file.write_bytes(written.encode())  # to load another encoding is too late by now


def lights(transfer: int, places: Places) -> Iterator[Light]:
    """Return the light of an ordinary screen for each colour of a table, red running fastest."""
    curve, glow = (_pq, _as_it_is) if transfer == PQ else (_hlg, _glowing)
    steps = [curve(number / (SIDE - 1)) for number in range(SIDE)]
    turn = None if places == BT2020 else between(places, BT2020)
    for blue, green, red in product(steps, steps, steps):
        light = (red, green, blue)
        yield dimmed(glow(times(turn, light) if turn else light))


def named(transfer: int) -> str:
    """Write what a picture is: films say it in one of several places."""
    return f"color_primaries=bt2020:color_trc={NAMES[transfer]}:colorspace=bt2020nc"


def steps_for(table: Path) -> Iterator[tuple[str, str]]:
    """Name the filters that bring a picture of BT.2020 to BT.709, in the order they come."""
    yield "format", "gbrp10le"
    yield "lut3d", f"file={table}:interp=tetrahedral"
    # From here on it is an ordinary picture.
    yield "setparams", "color_primaries=bt709:color_trc=bt709"
    yield "scale", "out_color_matrix=bt709:out_range=tv"


def shown(light: Light) -> Light:
    """Return what a film tells an ordinary screen for a light of BT.2020, 1.0 being PAPER."""
    red, green, blue = map(_filmed, dimmed(light))
    return red, green, blue


def dimmed(light: Light) -> Light:
    """Return the light of BT.709 for one of BT.2020, brought down to what ordinary screens have.

    Colours that they lack have parts below nothing or above one.
    """
    red, green, blue = light
    there = (
        1.660491 * red - 0.587641 * green - 0.072850 * blue,
        -0.124550 * red + 1.132900 * green - 0.008349 * blue,
        -0.018151 * red - 0.100579 * green + 1.118730 * blue,
    )
    # Colours of wider primaries than BT.2020 have a light below nothing.
    bright = max(0.0, 0.2627 * red + 0.6780 * green + 0.0593 * blue)
    gain = (1 + bright / SHINING**2) / (1 + bright)
    red, green, blue = (each * gain for each in there)
    return red, green, blue


def _filmed(light: float) -> float:
    return float(min(max(light, 0.0), 1.0) ** GAMMA)


def _pq(signal: float) -> float:
    """SMPTE ST 2084: a number of the picture → light."""
    root = signal ** (1 / 78.84375)
    share = max(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
    return float(10_000 * share ** (1 / 0.1593017578125)) / PAPER


def _hlg(signal: float) -> float:
    """ARIB STD-B67: a number of the picture → light of the scene, up to one."""
    if signal <= 0.5:
        return signal * signal / 3
    return (math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12


def _as_it_is(light: Light) -> Light:
    return light


def _glowing(light: Light) -> Light:
    """Show a scene as a screen of a thousand nits does."""
    red, green, blue = light
    bright = max(0.0, 0.2627 * red + 0.6780 * green + 0.0593 * blue)
    gain = SHINING * bright**0.2
    return red * gain, green * gain, blue * gain
