"""Small films for tests: what cameras, phones and those who mean harm would send."""

import io
import os
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image, ImageDraw

RED, BLUE = (200, 30, 30), (30, 30, 200)
QUICK = {
    "libx264": {"preset": "ultrafast", "threads": "1"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none:pools=none"},
    "libsvtav1": {"preset": "13", "svtav1-params": "lp=1"},
    "libvpx-vp9": {"cpu-used": "8", "deadline": "realtime", "threads": "1"},
}
TICK = Fraction(1, 90_000)


def picture(number: int, size: tuple[int, int]) -> Image.Image:
    """Red above, blue below, and a white bar that moves."""
    width, height = size
    drawn = Image.new("RGB", size, RED)
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, height // 2, width, height), fill=BLUE)
    left = number * 4 % width
    pen.rectangle((left, 0, left + 3, height // 4), fill="white")
    return drawn


def film(
    path: Path,
    *,
    codec: str = "libx264",
    size: tuple[int, int] = (160, 120),
    frames: int = 30,
    rate: int = 30,
    pixels: str = "yuv420p",
    moments: Sequence[float] | None = None,
    sound: str | None = None,
    layout: str = "stereo",
    turned: int = 0,
    mirrored: bool = False,
    metadata: dict[str, str] | None = None,
    chapter: str = "",
    note: bytes = b"",
    options: dict[str, str] | None = None,
    container: dict[str, str] | None = None,
    aspect: tuple[int, int] = (1, 1),
    draw: Callable[[int, tuple[int, int]], Image.Image] = picture,
) -> Path:
    """Write a film; `turned` is the display matrix's angle clockwise, `note` goes into a stream of
    text beside it, `moments` are the seconds of its pictures."""
    with _no_more_pressing(), av.open(str(path), "w", container_options=container or {}) as target:
        target.metadata.update(metadata or {})
        stream = target.add_stream(codec, rate=rate, options=QUICK.get(codec, {}) | (options or {}))
        stream.width, stream.height = size
        stream.pix_fmt = pixels
        stream.sample_aspect_ratio = Fraction(*aspect)
        stream.metadata.update(metadata or {})
        if moments:
            stream.codec_context.time_base = TICK
        if turned or mirrored:
            stream.set_display_rotation(-turned, hflip=mirrored)
        heard = _sound(target, sound, layout) if sound else None
        if chapter:
            length = round(1000 * frames / rate)
            named = {"title": chapter}
            target.set_chapters(
                [
                    {
                        "id": 1,
                        "start": 0,
                        "end": length,
                        "time_base": Fraction(1, 1000),
                        "metadata": named,
                    }
                ]
            )
        data = target.add_mux_stream("mov_text") if note else None
        for number in range(frames):
            frame = av.VideoFrame.from_image(draw(number, size)).reformat(format=pixels)
            if moments:
                frame.pts, frame.time_base = round(moments[number] / TICK), TICK
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
        if heard:
            for frame in _tone(heard.codec_context, frames / rate):
                target.mux(heard.encode(frame))
            target.mux(heard.encode())
        if data is not None:
            packet = av.Packet(struct.pack(">H", len(note)) + note)
            packet.stream, packet.pts, packet.dts, packet.duration = data, 0, 0, 500
            packet.time_base = Fraction(1, 1000)
            target.mux(packet)
    return path


def song(path: Path) -> Path:
    """Write a second of sound and nothing to see."""
    with av.open(str(path), "w") as target:
        stream = _sound(target, "aac", "stereo")
        for frame in _tone(stream.codec_context, 1):
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return path


@contextmanager
def _no_more_pressing() -> Iterator[None]:
    """Take back what SVT-AV1 does where it runs as root: it puts the thread that calls it before
    everything else on the machine. A browser that inherits this locks the machine up."""
    policy, parameters = os.sched_getscheduler(0), os.sched_getparam(0)
    try:
        yield
    finally:
        os.sched_setscheduler(0, policy, parameters)


def _sound(target, codec, layout):
    rate = 48_000
    stream = target.add_stream(codec, rate=rate)
    stream.codec_context.layout = layout
    if codec not in ("flac",) and not codec.startswith("pcm"):
        stream.codec_context.bit_rate = 96_000
    return stream


def _tone(context, seconds: float) -> Iterator[av.AudioFrame]:
    """A square wave in the first channel and silence in the others."""
    samples, done = 1024, 0
    channels = len(context.layout.channels)
    while done < seconds * context.sample_rate:
        frame = av.AudioFrame(format="s16p", layout=context.layout.name, samples=samples)
        for number in range(channels):
            wave = [6000 * (1 if (done + n) // 60 % 2 else -1) for n in range(samples)]
            values = wave if number == 0 else [0] * samples
            frame.planes[number].update(struct.pack(f"<{samples}h", *values))
        frame.sample_rate, frame.pts, frame.time_base = (
            context.sample_rate,
            done,
            Fraction(1, context.sample_rate),
        )
        done += samples
        yield frame


def box(kind: bytes, body: bytes) -> bytes:
    """One box of an MP4."""
    return struct.pack(">I4s", 8 + len(body), kind) + body


def boxes(data: bytes, *names: bytes) -> list[tuple[int, int]]:
    """Where the body of each box along this path begins and ends."""
    found, place = [], 0
    while place + 8 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, place)
        if size < 8:
            break
        if kind == names[0]:
            begin, end = place + 8, place + size
            inner = boxes(data[begin:end], *names[1:]) if names[1:] else [(0, end - begin)]
            found += [(begin + low, begin + high) for low, high in inner]
        place += size
    return found


def gif(size: tuple[int, int], frames: int, each_ms: int) -> bytes:
    """A GIF that moves."""
    made = io.BytesIO()
    drawn = [picture(number, size) for number in range(frames)]
    drawn[0].save(made, "GIF", save_all=True, append_images=drawn[1:], duration=each_ms, loop=0)
    return made.getvalue()
