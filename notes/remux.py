"""Copying what already fits: the same pictures and sound, and nothing that came along with them."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from av.bitstream import BitStreamFilterContext
from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from notes.bright import NAMES
from notes.footage import Footage, Sound
from notes.video_bounds import MOST_RATE, RATE_SLACK

LONG_SIDE, SHORT_SIDE = 1920, 1080
MOST_BITS = 8_000_000  # more than this does not flow over a telephone
MOST_SOUND_BITS = 256_000
PROFILES = frozenset({"Baseline", "Constrained Baseline", "Main", "High"})
PIXELS = frozenset({"yuv420p", "yuvj420p"})  # many telephones write the second: the full range
SOUND_RATES = frozenset({32_000, 44_100, 48_000})

# Pictures and what a reader needs for them: all else, such as notes of the camera, stays behind.
_ONLY_PICTURES = "filter_units=pass_types=1-5|7-8"


class CannotCopy(Exception):
    """The moments of what was to be copied make no sense; it has to be drawn anew."""


def pictures_fit(footage: Footage) -> bool:
    """Tell whether the pictures can be copied as they are."""
    long, short = max(footage.shown), min(footage.shown)
    return (
        footage.codec == "h264"
        and footage.pixel_format in PIXELS
        and footage.transfer not in NAMES
        and footage.profile in PROFILES
        and footage.pixel_aspect == 1
        and long <= LONG_SIDE
        and short <= SHORT_SIDE
        and footage.width % 2 == footage.height % 2 == 0
        and footage.rate <= MOST_RATE * RATE_SLACK
        and footage.bit_rate <= MOST_BITS
        and not footage.is_interlaced
        # What somebody cut off before sending would still be in the copy.
        and not footage.is_trimmed
    )


def sound_fits(sound: Sound) -> bool:
    """Tell whether the sound can be copied as it is."""
    return (
        sound.codec == "aac"
        and sound.profile == "LC"
        and sound.channels <= 2
        and sound.rate in SOUND_RATES
        and sound.bit_rate <= MOST_SOUND_BITS
    )


class Copied:
    """A stream on its way over, moved so that the film begins at zero."""

    def __init__(self, source: Stream, target: OutputContainer, footage: Footage) -> None:
        codec: Any = source.codec_context
        self._stream: Any = target.add_mux_stream(codec.codec.canonical_name)
        is_picture = source.type == "video"
        self._filter = BitStreamFilterContext(
            _ONLY_PICTURES if is_picture else "null", source, self._stream
        )
        self._shift = round(footage.start / (source.time_base or Fraction(1)))
        self._is_picture = is_picture
        self._last: int | None = None

    def feed(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]":
        """Pass a packet on; none comes out of one that is not to be heard. Raises CannotCopy."""
        if packet.is_discard or not packet.size:
            return
        if packet.pts is None or packet.dts is None:
            raise CannotCopy
        if not self._is_picture and packet.pts < self._shift:
            return  # sound from before the first picture
        packet.pts -= self._shift
        packet.dts -= self._shift
        if self._last is not None and packet.dts <= self._last:
            raise CannotCopy
        if self._last is None and not packet.is_keyframe:
            raise CannotCopy
        self._last = packet.dts
        time_base = packet.time_base
        for each in self._filter.filter(packet):
            each.time_base = time_base
            each.stream = self._stream
            yield each

    def finish(self) -> "Iterator[Packet[Any]]":
        """Nothing is held back."""
        yield from ()
