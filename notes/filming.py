"""What the workbench does with a video, or with a picture that moves: an MP4 and its poster.

Runs only in the process that has no network and may not grow (notes/workbench.py).
"""

from collections.abc import Callable
from pathlib import Path

from notes import images
from notes.containers import HEAD, container_of
from notes.loops import Small, Still, make_loop
from notes.orders import Done, Made, MakePicture, MakeVideo, Order
from notes.picture_writing import blurhash_of, colour_of, write_sizes
from notes.video import Video, make_video, poster_of
from notes.video_bounds import Bounds

NAME = "video.mp4"
POSTER = "poster"
FILMED = 0.95  # of the work; the rest is the poster

Step = Callable[[float], None]


def work(order: Order, source: Path, made: Path, step: Step) -> Done:
    """Make a video. Raises Unfit with a sentence."""
    if not isinstance(order, MakeVideo):
        raise TypeError(f"{order} is no order of a video")
    try:
        video = _filmed(order, source, made / NAME, _each_percent(step))
    except (Still, Small):
        return images.work(MakePicture(), source, made, step)
    poster = poster_of(video.path, order.cover_at)
    files = write_sizes(poster, made, lambda share: step(FILMED + 0.05 * share), role=POSTER)
    return Done(
        files=(Made(NAME, "video", video.width, video.height), *files),
        media="gifv" if order.is_loop else "video",
        width=video.width,
        height=video.height,
        blurhash=blurhash_of(poster),
        colour=colour_of(poster),
        duration=video.seconds,
        frame_rate=f"{video.rate.numerator}/{video.rate.denominator}",
        channels=video.channels,
    )


def _filmed(order: MakeVideo, source: Path, target: Path, step: Step) -> Video:
    """A loop whose cover is changed later comes back as the video that was made of it."""
    bounds = Bounds(order.most_seconds, order.most_megabytes)
    with source.open("rb") as file:
        is_film = container_of(file.read(HEAD)) is not None
    if order.is_loop and not is_film:
        return make_loop(source, target, bounds, step)
    return make_video(source, target, bounds, step)


def _each_percent(step: Step) -> Step:
    told = -1

    def tell(share: float) -> None:
        nonlocal told
        if int(share * 100) > told:
            told = int(share * 100)
            step(FILMED * share)

    return tell
