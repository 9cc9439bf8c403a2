"""How many pictures a video has and how long they last, counted without decoding one (MED-03).

Runs only in the process that has no network and may not grow (notes/workbench.py).
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.stream import VideoStream

from notes.orders import Unfit
from notes.video_bounds import MOST_RATE, RATE_SLACK, SHORTEST, Bounds

MISSING = Fraction(9, 10)  # less than this of what the head promises is a file cut short


@dataclass(slots=True)
class Count:
    """What was counted of a picture stream; `last` is where picture and sound end."""

    frames: int = 0
    bytes: int = 0
    start: Fraction = Fraction(0)
    end: Fraction = Fraction(0)
    last: Fraction = Fraction(0)
    is_trimmed: bool = False

    @property
    def seconds(self) -> Fraction:
        return self.end - self.start

    def add(self, packet: "Packet[Any]") -> None:
        if packet.is_discard:
            self.is_trimmed = True
            return
        moment = _moment(packet)
        # Where nothing says how long the last picture stands, it stands as long as the others.
        usual = self.seconds / self.frames if self.frames else Fraction(0)
        self.start = min(self.start, moment) if self.frames else moment
        self.end = max(self.end, moment + (_lasting(packet) or usual))
        self.frames += 1
        self.bytes += packet.size


def _moment(packet: "Packet[Any]") -> Fraction:
    time = packet.pts if packet.pts is not None else packet.dts
    return Fraction(0) if time is None else time * packet.time_base


def _lasting(packet: "Packet[Any]") -> Fraction:
    return (packet.duration or 0) * packet.time_base


def counted(source: InputContainer, picture: VideoStream, sound: Any, bounds: Bounds) -> Count:
    """Count pictures without decoding one, and stop when there are too many. Raises Unfit."""
    count = Count()
    for packet in source.demux([each for each in (picture, sound) if each]):
        if not packet.size:
            continue
        count.last = max(count.last, _moment(packet) + _lasting(packet))
        if packet.stream_index != picture.index:
            continue
        count.add(packet)
        if count.frames > bounds.frames:
            raise Unfit("This video has too many pictures.")
        bounds.check_length(count.seconds)
    return count


def check_count(count: Count) -> None:
    """Refuse too few pictures, and too many at a time. Raises Unfit."""
    if count.frames < 2 or count.seconds < SHORTEST:
        raise Unfit("This video is too short to be seen.")
    if count.frames / count.seconds > MOST_RATE * RATE_SLACK and count.frames > MOST_RATE:
        raise Unfit(f"This video has more than {MOST_RATE} pictures in a second.")


def check_whole(source: InputContainer, picture: VideoStream, count: Count) -> None:
    """Refuse what is cut short: less is there than the head promises. Raises Unfit."""
    pictures = (picture.duration or 0) * (picture.time_base or Fraction(0))
    everything = Fraction(source.duration or 0, av.time_base)
    if count.seconds < pictures * MISSING - 1 or count.last < everything * MISSING - 1:
        raise Unfit("This video breaks off before its end.")
