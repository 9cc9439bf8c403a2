"""The picture that stands for a video: at a second its author chose, or a good early one."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from av.container import InputContainer
from av.video.frame import VideoFrame
from PIL import Image, ImageStat

from notes.footage import Stance, stance_of
from notes.orders import Unfit
from notes.video_bounds import DAMAGED

EARLY = (0.0, 0.5, 1.0, 2.0, 3.0)
GOOD_ENOUGH = 0.7  # of the liveliest of them: the first one wins
TINY = (64, 64)

_TRANSPOSED = Image.Transpose
_TURNS: dict[Stance, Image.Transpose] = {
    (-1, 0, 0, 1): _TRANSPOSED.FLIP_LEFT_RIGHT,
    (1, 0, 0, -1): _TRANSPOSED.FLIP_TOP_BOTTOM,
    (-1, 0, 0, -1): _TRANSPOSED.ROTATE_180,
    (0, 1, -1, 0): _TRANSPOSED.ROTATE_270,
    (0, -1, 1, 0): _TRANSPOSED.ROTATE_90,
    (0, 1, 1, 0): _TRANSPOSED.TRANSPOSE,
    (0, -1, -1, 0): _TRANSPOSED.TRANSVERSE,
}


def frame_at(source: InputContainer, at: float) -> Image.Image:
    """Return the frame that is seen at a second, the last one for a second behind the end."""
    last: VideoFrame | None = None
    for frame in _frames(source, max(at, 0.0)):
        if last is not None and frame.time > at:
            break
        last = frame
    if last is None:
        raise Unfit(DAMAGED)
    return _upright(last)


def good_frame(source: InputContainer) -> Image.Image:
    """Return one of the first seconds that is neither dark nor empty."""
    frames = list(_early(source))
    if not frames:
        raise Unfit(DAMAGED)
    lively = [_liveliness(each) for each in frames]
    enough = max(lively) * GOOD_ENOUGH
    return _upright(
        next(each for each, value in zip(frames, lively, strict=True) if value >= enough)
    )


def _early(source: InputContainer) -> Iterator[VideoFrame]:
    wanted = list(EARLY)
    for frame in _frames(source, 0.0):
        if frame.time >= wanted[0]:
            yield frame
            while wanted and frame.time >= wanted[0]:
                wanted.pop(0)
        if not wanted:
            return


def _frames(source: InputContainer, at: float) -> Iterator[VideoFrame]:
    """Decode from the key frame before a second."""
    picture: Any = source.streams.video[0]
    picture.codec_context.thread_count = 1
    if at > 0:
        source.seek(round(Fraction(at) / picture.time_base), stream=picture)
    for frame in source.decode(picture):
        if frame.pts is not None:
            yield frame


def _liveliness(frame: Any) -> float:
    grey: Image.Image = frame.to_image(width=TINY[0], height=TINY[1]).convert("L")
    return float(ImageStat.Stat(grey).stddev[0])


def _upright(frame: Any) -> Image.Image:
    turn = _TURNS.get(stance_of(frame))
    picture: Image.Image = frame.to_image()
    return picture if turn is None else picture.transpose(turn)
