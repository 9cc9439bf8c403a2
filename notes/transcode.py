"""Drawing a video anew: H.264 and AAC of a size that everybody can play, upright."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from av.audio.resampler import AudioResampler
from av.bitstream import BitStreamFilterContext
from av.codec.context import Flags
from av.container import OutputContainer
from av.error import BlockingIOError as Waiting
from av.error import EOFError as Ended
from av.error import FFmpegError
from av.filter import Graph
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from notes.bright import NAMES, named, steps_for, write_table
from notes.footage import Footage, Stance
from notes.orders import Unfit
from notes.remux import LONG_SIDE, SHORT_SIDE
from notes.video_bounds import DAMAGED, MOST_RATE, RATE_SLACK, check_size

THREADS = 1
TICKS = 90_000  # in a second: fine enough for every camera's
SOUND_RATE = 48_000
SOUND_BITS = 128_000
MOST_UNREADABLE = Fraction(1, 10)
# Pictures of 1080 lines at their busiest; smaller ones take less by themselves.
_DRAWING = {
    "preset": "veryfast",
    "crf": "23",
    "maxrate": "5000000",
    "bufsize": "10000000",
    "profile": "high",
    "threads": str(THREADS),
}
# The encoder would sign its work.
_UNSIGNED = "filter_units=pass_types=1-5|7-8"
# Sound begins with the pictures, and stays with them over gaps.
_IN_TIME = {"async": "1000", "first_pts": "0"}

_TURNS: dict[Stance, tuple[tuple[str, str], ...]] = {
    (1, 0, 0, 1): (),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}


def size_within(width: Fraction, height: Fraction) -> tuple[int, int]:
    """Return even sides within 1920 by 1080, or 1080 by 1920 for what stands, never larger."""
    long, short = max(width, height), min(width, height)
    factor = min(Fraction(1), LONG_SIDE / long, SHORT_SIDE / short)
    return _even(width * factor), _even(height * factor)


def _even(side: Fraction) -> int:
    return max(2, 2 * int(side / 2))


class _Decoder:
    """A decoder that puts up with a few packets nobody can read."""

    def __init__(self, stream: Any) -> None:
        self._context = stream.codec_context
        self._context.thread_count = THREADS
        self._packets = self._unreadable = 0

    def frames(self, packet: "Packet[Any]") -> list[Any]:
        """Decode a packet; an empty one brings what is held back. Raises Unfit."""
        self._packets += 1
        try:
            frames = self._context.decode(packet)
        except Ended:
            return []
        except FFmpegError as error:
            self._unreadable += 1
            if self._unreadable > 5 + self._packets * MOST_UNREADABLE:
                raise Unfit(DAMAGED) from error
            return []
        return [each for each in frames if each.pts is not None and each.time_base]


class Drawn:
    """The pictures: decoded, stood upright, made small enough, encoded."""

    def __init__(self, source: VideoStream, target: OutputContainer, footage: Footage) -> None:
        self._decoder = _Decoder(source)
        self._footage = footage
        self._size = size_within(*footage.shown)
        self._encoder = Encoder(target, self._size, min(footage.rate, Fraction(MOST_RATE)))
        self._way: Way | None = None
        self._table: Path | None = None
        if footage.transfer in NAMES:
            self._table = Path(target.name).with_suffix(".cube")
            write_table(footage.transfer, self._table)

    def feed(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]":
        """Decode a packet, and pass on what is drawn by now. Raises Unfit."""
        for frame in self._decoder.frames(packet):
            yield from self._draw(frame)

    def finish(self) -> "Iterator[Packet[Any]]":
        """Pass on what is still being drawn."""
        yield from self._encoder.finish()

    def _draw(self, frame: VideoFrame) -> "Iterator[Packet[Any]]":
        moment = _moment(frame) - self._footage.start
        if not self._encoder.wants(moment):
            return
        if self._way is None or not self._way.takes(frame):
            check_size(frame.width, frame.height)
            self._way = Way(
                frame,
                self._footage.stance,
                self._size,
                is_interlaced=self._footage.is_interlaced,
                transfer=self._footage.transfer,
                table=self._table,
            )
        for drawn in self._way.through(frame):
            yield from self._encoder.draw(drawn, moment)


def _moment(frame: Any) -> Fraction:
    return Fraction(frame.pts * frame.time_base)


class Way:
    """What happens to a frame between its decoder and the encoder: upright, of one size."""

    def __init__(
        self,
        frame: VideoFrame,
        stance: Stance,
        size: tuple[int, int],
        *,
        is_interlaced: bool = False,
        transfer: int = 0,
        table: Path | None = None,
    ) -> None:
        self._taken = _shape(frame)
        self._graph = Graph()
        self._graph.threads = THREADS
        self._begin = last = self._graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=Fraction(1, TICKS),
        )
        steps = [
            *([("bwdif", "mode=send_frame")] if is_interlaced else []),
            *_TURNS[stance],
            *([("setparams", named(transfer))] if table else []),
            ("scale", f"{size[0]}:{size[1]}:flags=bicubic:out_range=tv"),
            *(steps_for(table) if table else []),
            ("setsar", "1"),
            ("format", "yuv420p"),
            ("buffersink", ""),
        ]
        for name, arguments in steps:
            step = self._graph.add(name, arguments or None)
            last.link_to(step)
            last = step
        self._end = last
        self._graph.configure()

    def takes(self, frame: VideoFrame) -> bool:
        """Tell whether a frame is like those before it; some films change in the middle."""
        return _shape(frame) == self._taken

    def through(self, frame: VideoFrame) -> Iterator[VideoFrame]:
        """Send a frame on its way, and return what arrives."""
        self._begin.push(frame)
        while True:
            try:
                made = self._end.pull()
            except (Waiting, Ended):
                return
            if isinstance(made, VideoFrame):
                yield made


def _shape(frame: VideoFrame) -> tuple[int, int, str]:
    return frame.width, frame.height, frame.format.name


class Encoder:
    """H.264 into an MP4; `draw` takes upright yuv420p frames of one size."""

    def __init__(self, target: OutputContainer, size: tuple[int, int], rate: Fraction) -> None:
        width, height = size
        options = _DRAWING | {"g": str(max(1, round(rate * 4)))}
        self._stream = target.add_stream(
            "libx264", rate=rate, options=options, width=width, height=height, pix_fmt="yuv420p"
        )
        self._stream.codec_context.time_base = Fraction(1, TICKS)
        self._unsigned: BitStreamFilterContext | None = None
        self._last = -TICKS

    def wants(self, moment: Fraction) -> bool:
        """Tell whether a frame is to be seen at this second; more than sixty in one are not."""
        ticks = round(moment * TICKS)
        return ticks >= 0 and ticks - self._last >= TICKS / (MOST_RATE * RATE_SLACK * RATE_SLACK)

    def draw(self, frame: VideoFrame, moment: Fraction) -> "Iterator[Packet[Any]]":
        """Encode a frame to be seen at this second, if it is wanted."""
        if not self.wants(moment):
            return
        ticks = round(moment * TICKS)
        self._last = ticks
        frame.pts, frame.dts, frame.time_base = ticks, None, Fraction(1, TICKS)
        frame.pict_type = 0
        yield from self._passed(self._stream.encode(frame))

    def finish(self) -> "Iterator[Packet[Any]]":
        """Pass on what is still held back."""
        yield from self._passed(self._stream.encode())

    def _passed(self, packets: "list[Packet[Any]]") -> "Iterator[Packet[Any]]":
        for packet in packets:
            # Only now does the stream say how it is encoded.
            if self._unsigned is None:
                self._unsigned = BitStreamFilterContext(_UNSIGNED, self._stream)
            time_base = packet.time_base
            for each in self._unsigned.filter(packet):
                each.time_base = time_base
                each.stream = self._stream
                yield each


class Spoken:
    """The sound: decoded, brought down to two channels, encoded as AAC."""

    def __init__(self, source: Any, target: OutputContainer, footage: Footage) -> None:
        self._decoder = _Decoder(source)
        self._start = footage.start
        self._end = footage.seconds + 1
        layout = "mono" if footage.sound and footage.sound.channels == 1 else "stereo"
        self._stream: Any = target.add_stream("aac", rate=SOUND_RATE)
        self._stream.codec_context.layout = layout
        self._stream.codec_context.bit_rate = SOUND_BITS
        self._stream.codec_context.flags |= Flags.bitexact  # it would sign its work
        self._resampler = AudioResampler(
            format="fltp", layout=layout, rate=SOUND_RATE, options=_IN_TIME
        )

    def feed(self, packet: "Packet[Any]") -> "Iterator[Packet[Any]]":
        """Decode a packet, and pass on what is encoded by now. Raises Unfit."""
        for frame in self._decoder.frames(packet):
            moment = _moment(frame) - self._start
            # A gap is filled with silence, so a leap into the future would fill the disk.
            if -1 < moment < self._end:
                frame.pts = round(moment * frame.sample_rate)
                frame.time_base = Fraction(1, frame.sample_rate)
                yield from self._encode(frame)

    def finish(self) -> "Iterator[Packet[Any]]":
        """Pass on what is still held back."""
        yield from self._encode(None)
        yield from self._stream.encode()

    def _encode(self, frame: Any) -> "Iterator[Packet[Any]]":
        for made in self._resampler.resample(frame):
            yield from self._stream.encode(made)
