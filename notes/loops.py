"""Pictures that move, such as a GIF, as a silent video that is shown over and over.

Runs only in the process that has no network and may not grow (notes/workbench.py).
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import accumulate
from pathlib import Path

from av.video.frame import VideoFrame
from PIL import Image, ImageSequence

from notes.footage import UPRIGHT
from notes.gif import frames_in_gif
from notes.orders import Unfit
from notes.picture_reading import BROKEN, MOST_FRAMES, MOST_MOVING_PIXELS
from notes.transcode import Encoder, Way, size_within
from notes.video import Progress, Video, checked, written
from notes.video_bounds import LEAST_SIDE, MOST_RATE, Bounds

FORMATS = ("GIF", "WEBP", "PNG", "AVIF")
# What browsers do with pictures that are to stand for hardly any time.
SHORTEST_MS, USUAL_MS = 20, 100
DAMAGED = "This picture is damaged and cannot be read."


class Still(Unfit):
    """This picture says that it moves, and has one frame only."""


class Small(Unfit):
    """This picture moves and is smaller than any video."""


def make_loop(source: Path, target: Path, bounds: Bounds, progress: Progress) -> Video:
    """Make an MP4 of a moving picture. Raises Unfit with a sentence, Still and Small."""
    try:
        with Image.open(source, formats=FORMATS) as opened:
            count = _checked_count(opened, source)
            _draw(opened, count, target, bounds, progress)
    except Unfit:
        raise
    except BROKEN as error:
        raise Unfit(DAMAGED) from error
    return checked(target, is_copied=False)


def _checked_count(opened: Image.Image, source: Path) -> int:
    if opened.width * opened.height > MOST_MOVING_PIXELS:
        raise Unfit("A moving picture may have at most 4 million pixels.")
    if opened.format == "GIF":  # Pillow counts by reading each into objects of its own
        count = frames_in_gif(source.read_bytes(), MOST_FRAMES)
    else:
        count = int(getattr(opened, "n_frames", 1))
    if count > MOST_FRAMES:
        raise Unfit(f"A moving picture may have at most {MOST_FRAMES} frames.")
    if count < 2:
        raise Still("This picture does not move.")
    if min(opened.size) < LEAST_SIDE:
        raise Small("This picture is smaller than any video.")
    return count


def _draw(
    opened: Image.Image, count: int, target: Path, bounds: Bounds, progress: Progress
) -> None:
    size = size_within(Fraction(opened.width), Fraction(opened.height))
    lengths = _lengths(opened)
    moments = [0, *accumulate(lengths)]
    bounds.check_length(Fraction(moments[-1], 1000))
    rate = min(Fraction(MOST_RATE), Fraction(1000 * len(lengths), moments[-1]))
    with written(target) as film:
        encoder = Encoder(film, size, rate.limit_denominator(1001))
        way: Way | None = None
        for number, frame in enumerate(_frames(opened)):
            way = way or Way(frame, UPRIGHT, size)
            for drawn in way.through(frame):
                film.mux(list(encoder.draw(drawn, Fraction(moments[number], 1000))))
            progress((number + 1) / count)
        film.mux(list(encoder.finish()))


def _lengths(opened: Image.Image) -> list[int]:
    """Return for how many milliseconds each frame stands."""
    given = [_length(each) for each in ImageSequence.Iterator(opened)]
    return [each if each >= SHORTEST_MS else USUAL_MS for each in given]


def _length(frame: Image.Image) -> int:
    frame.load()  # WebP and AVIF say it only then
    return round(float(frame.info.get("duration", 0)))


def _frames(opened: Image.Image) -> Iterator[VideoFrame]:
    """Draw each frame on white: a video has no holes."""
    for each in ImageSequence.Iterator(opened):
        ground = Image.new("RGBA", each.size, "white")
        ground.alpha_composite(each.convert("RGBA"))
        yield VideoFrame.from_bytes(ground.tobytes(), ground.width, ground.height, "rgba")
