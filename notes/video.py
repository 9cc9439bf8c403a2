"""A video made fit to be shown: looked through, copied or drawn anew, stripped of what it tells.

Runs only in the process that has no network and may not grow (notes/workbench.py).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Protocol

import av
from av.container import InputContainer, OutputContainer
from av.packet import Packet
from PIL import Image

from notes.containers import Container
from notes.footage import BROKEN, Footage, opened, survey
from notes.orders import Unfit
from notes.poster import frame_at, good_frame
from notes.remux import CannotCopy, Copied, pictures_fit, sound_fits
from notes.transcode import Drawn, Spoken
from notes.video_bounds import DAMAGED, Bounds

Progress = Callable[[float], None]
"""Told how much is done, from 0 to 1."""

_NO_BOUNDS = Bounds(seconds=86_400, megabytes=10_000)
_MP4 = {"movflags": "+faststart", "fflags": "+bitexact", "brand": "mp42"}


@dataclass(frozen=True, slots=True)
class Video:
    """A video as it is kept: an MP4 that begins to play before all of it is there.

    Width and height are as shown; one without channels is silent.
    """

    path: Path
    width: int
    height: int
    seconds: float
    rate: Fraction
    bytes: int
    is_copied: bool
    channels: int


class _Track(Protocol):
    def feed(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]": ...
    def finish(self) -> "Iterator[Packet[Any]]": ...


def make_video(source: Path, target: Path, bounds: Bounds, progress: Progress) -> Video:
    """Make the MP4 that is shown of an upload. Raises Unfit with a sentence."""
    footage = survey(source, bounds)
    may_copy = pictures_fit(footage)
    try:
        _rewrite(footage, target, progress, is_copied=may_copy)
    except CannotCopy:
        may_copy = False
        _rewrite(footage, target, progress, is_copied=False)
    made = checked(target, is_copied=may_copy)
    if made.seconds < footage.seconds * Fraction(9, 10) - Fraction(1, 2):
        raise Unfit(DAMAGED)
    return made


def poster_of(video: Path, at: float | None = None) -> Image.Image:
    """Return the frame of a video of ours at a second, or a good early one, upright."""
    with opened(video, Container.MOV) as source:
        return good_frame(source) if at is None else frame_at(source, at)


def _rewrite(footage: Footage, target: Path, progress: Progress, *, is_copied: bool) -> None:
    with opened(footage.path, footage.container) as source, written(target) as film:
        tracks = _tracks(source, film, footage, is_copied=is_copied)
        done = 0
        for packet in source.demux([source.streams[index] for index in tracks]):
            for made in tracks[packet.stream_index].feed(packet):
                film.mux(made)
            if packet.stream_index == footage.picture_index and packet.size:
                done += 1
                progress(min(1.0, done / footage.frames))
        for track in tracks.values():
            for made in track.finish():
                film.mux(made)


@contextmanager
def written(target: Path) -> Iterator[OutputContainer]:
    """Write an MP4 that says nothing of where it comes from. Raises Unfit."""
    try:
        with av.open(str(target), "w", format="mp4", container_options=_MP4) as film:
            yield film
    except (Unfit, CannotCopy):
        raise
    except BROKEN as error:
        raise Unfit(DAMAGED) from error


def _tracks(
    source: InputContainer, film: OutputContainer, footage: Footage, *, is_copied: bool
) -> dict[int, _Track]:
    """Say by stream what becomes of its packets; streams that are not here are left out."""
    picture: Any = source.streams[footage.picture_index]
    tracks: dict[int, _Track] = {
        picture.index: (Copied if is_copied else Drawn)(picture, film, footage)
    }
    if footage.sound_index is not None and footage.sound is not None:
        sound: Any = source.streams[footage.sound_index]
        kept = Copied if sound_fits(footage.sound) else Spoken
        tracks[sound.index] = kept(sound, film, footage)
    return tracks


def checked(target: Path, *, is_copied: bool) -> Video:
    """Look at what was made as if somebody had sent it. Raises Unfit when it is none."""
    made = survey(target, _NO_BOUNDS)
    width, height = made.shown
    return Video(
        path=target,
        width=int(width),
        height=int(height),
        seconds=round(float(made.seconds), 3),
        rate=made.rate,
        bytes=target.stat().st_size,
        is_copied=is_copied,
        channels=made.sound.channels if made.sound else 0,
    )
