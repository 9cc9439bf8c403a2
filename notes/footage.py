"""What a video file holds: looked through from end to end before anything is made of it.

Runs only in the process that has no network and may not grow (notes/workbench.py): the codecs
that read strangers' files are never loaded into the server.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

# PyAV loads these when it first meets a subtitle; in the workbench that is too late to read a file.
import av.subtitles.codeccontext
import av.subtitles.stream
import av.subtitles.subtitle
from av.container import InputContainer
from av.stream import Disposition, Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from notes.containers import HEAD, Container, container_of
from notes.counting import check_count, check_whole, counted
from notes.orders import Unfit
from notes.video_bounds import (
    DAMAGED,
    MOST_DECODED,
    Bounds,
    check_size,
)

MOST_STREAMS = 16
LOOKED_FOR = 200  # packets without a single picture in them

# Readers we trust with strangers' files; all others stay closed (MED-01).
PICTURE_CODECS = frozenset({"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "mpeg4"})
SOUND_CODECS = frozenset(
    {"aac", "mp3", "mp3float", "opus", "vorbis", "flac", "alac", "ac3", "eac3"}
    | {"pcm_s16le", "pcm_s16be", "pcm_s24le", "pcm_s24be", "pcm_f32le"}
)
# One way to open each container, and nothing else that a file could ask for.
_OPENING = {
    "protocol_whitelist": "none",
    "codec_whitelist": ",".join(sorted(PICTURE_CODECS | SOUND_CODECS)),
    "max_streams": str(MOST_STREAMS),
    "probesize": "5000000",
    "analyzeduration": "5000000",
}

# What PyAV raises over broken files.
BROKEN = (av.FFmpegError, ValueError, OSError, LookupError, ArithmeticError, MemoryError)


Stance = tuple[int, int, int, int]
"""The corner of a display matrix: a point (x, y) is shown at (a*x + c*y, b*x + d*y)."""
UPRIGHT: Stance = (1, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Sound:
    """What there is to hear; `bit_rate` is 0 where nothing says."""

    codec: str
    profile: str
    channels: int
    rate: int
    bit_rate: int


@dataclass(frozen=True, slots=True)
class Footage:
    """What a file turned out to hold: its first picture stream, counted, and one sound.

    `width` and `height` are as stored and `stance` says how to stand them upright; `start` is the
    moment of the first picture. `transfer` is how its numbers stand for light (notes/bright.py).
    `is_trimmed` tells of pictures in it that nobody is to see.
    """

    path: Path
    container: Container
    picture_index: int
    sound_index: int | None
    codec: str
    profile: str
    pixel_format: str
    transfer: int
    width: int
    height: int
    pixel_aspect: Fraction
    stance: Stance
    is_interlaced: bool
    is_trimmed: bool
    start: Fraction
    seconds: Fraction
    frames: int
    bit_rate: int
    sound: Sound | None

    @property
    def rate(self) -> Fraction:
        """Pictures in a second, as they really come."""
        return (self.frames / self.seconds).limit_denominator(1001)

    @property
    def shown(self) -> tuple[Fraction, Fraction]:
        """The sides of what is seen: upright, and with square pixels."""
        width, height = self.width * self.pixel_aspect, Fraction(self.height)
        return (width, height) if self.stance[0] else (height, width)


@contextmanager
def opened(path: Path, container: Container) -> Iterator[InputContainer]:
    """Open a file with the one reader of its kind. Raises Unfit for what cannot be read."""
    with path.open("rb") as file:
        try:
            with av.open(
                file, "r", format=container.value, options=_OPENING, metadata_errors="replace"
            ) as source:
                yield source
        except Unfit:
            raise
        except BROKEN as error:
            raise Unfit(DAMAGED) from error


def survey(path: Path, bounds: Bounds) -> Footage:
    """Look through a file, and refuse what is too much before it is decoded (MED-02, MED-03).

    Raises Unfit with a sentence.
    """
    container = _checked_kind(path, bounds)
    with opened(path, container) as source:
        picture = _picture_of(source)
        _check_claims(source, picture, bounds)
        sound = _sound_of(source)
        count = counted(source, picture, sound, bounds)
        check_count(count)
        check_whole(source, picture, count)
        source.seek(0)
        first = _first_frame(source, picture)
        return Footage(
            path=path,
            container=container,
            picture_index=picture.index,
            sound_index=sound.index if sound else None,
            codec=picture.codec_context.codec.canonical_name,
            profile=picture.profile or "",
            pixel_format=first.format.name,
            transfer=int(first.color_trc),
            width=first.width,
            height=first.height,
            pixel_aspect=picture.sample_aspect_ratio or Fraction(1),
            stance=stance_of(first),
            is_interlaced=first.interlaced_frame,
            is_trimmed=count.is_trimmed,
            start=count.start,
            seconds=count.seconds,
            frames=count.frames,
            bit_rate=int(count.bytes * 8 / count.seconds),
            sound=_sound(sound) if sound else None,
        )


def stance_of(frame: VideoFrame) -> Stance:
    """Return where the sides of a stored picture go, to the nearest right angle."""
    beside: Iterable[Any] = frame.side_data
    matrix = next((each for each in beside if each.type.name == "DISPLAYMATRIX"), None)
    if matrix is None:
        return UPRIGHT
    a, b, _, c, d = memoryview(bytes(matrix)).cast("i")[:5]
    if abs(a) + abs(d) >= abs(b) + abs(c):
        return _sign(a), 0, 0, _sign(d)
    return 0, _sign(b), _sign(c), 0


def _sign(value: int) -> int:
    return -1 if value < 0 else 1


def _checked_kind(path: Path, bounds: Bounds) -> Container:
    if path.stat().st_size > bounds.megabytes * 1024 * 1024:
        raise Unfit(f"This video is larger than {bounds.megabytes} MB.")
    with path.open("rb") as file:
        container = container_of(file.read(HEAD))
    if container is None:
        raise Unfit("This is no MP4, MOV, WebM or Matroska video.")
    return container


def _picture_of(source: InputContainer) -> VideoStream:
    if len(source.streams) > MOST_STREAMS:
        raise Unfit("This video holds too many streams.")
    moving = [each for each in source.streams.video if not _is_cover(each)]
    if not moving:
        if source.streams.audio:
            raise Unfit("This file holds sound and no pictures; only videos can be shown here.")
        raise Unfit(DAMAGED)
    picture = moving[0]
    if _codec_of(picture) not in PICTURE_CODECS:
        raise Unfit("This video is written in a way that cannot be read here.")
    return picture


def _is_cover(stream: VideoStream) -> bool:
    return Disposition.attached_pic in stream.disposition


def _codec_of(stream: Stream) -> str:
    context: Any = stream.codec_context
    return context.codec.name if context else ""


def _check_claims(source: InputContainer, picture: VideoStream, bounds: Bounds) -> None:
    """Refuse by what the head says; what it does not say is counted later."""
    check_size(picture.codec_context.width, picture.codec_context.height)
    picture.codec_context.options = {"max_pixels": str(MOST_DECODED)}
    bounds.check_length(Fraction(source.duration or 0, av.time_base))


def _sound_of(source: InputContainer) -> Any:
    """Return the first sound we can read; a video whose sound nobody can read is refused."""
    heard = source.streams.audio
    if not heard:
        return None
    readable = [each for each in heard if _codec_of(each) in SOUND_CODECS]
    if not readable:
        raise Unfit("The sound of this video is written in a way that cannot be read here.")
    return readable[0]


def _sound(stream: Any) -> Sound:
    context = stream.codec_context
    return Sound(
        codec=context.codec.canonical_name,
        profile=stream.profile or "",
        channels=context.channels,
        rate=context.sample_rate,
        bit_rate=context.bit_rate or 0,
    )


def _first_frame(source: InputContainer, picture: VideoStream) -> VideoFrame:
    picture.codec_context.thread_count = 1
    for number, packet in enumerate(source.demux(picture)):
        for frame in packet.decode():
            check_size(frame.width, frame.height)
            return frame
        if number > LOOKED_FOR:
            break
    raise Unfit(DAMAGED)
