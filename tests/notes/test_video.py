"""Videos that are too much, not what they say, or say more than they should."""

import os
import random
import struct
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from notes.bright import shown
from notes.containers import Container, container_of
from notes.footage import survey
from notes.kinds import kind_of, moves
from notes.loops import make_loop
from notes.orders import Unfit
from notes.remux import pictures_fit
from notes.transcode import size_within
from notes.video import Video, make_video, poster_of
from notes.video_bounds import Bounds
from tests.notes.films import BLUE, RED, box, boxes, film, gif, song

BOUNDS = Bounds(seconds=300, megabytes=100)
SAMPLES = (b"moov", b"trak", b"mdia", b"minf", b"stbl")
TOLD = {
    "comment": "PLANTED words",
    "title": "PLANTED title",
    "location": "+37.7749-122.4194/PLANTED",
    "com.apple.quicktime.location.ISO6709": "+37.7749-122.4194/PLANTED",
    "make": "PLANTED phone",
    "creation_time": "2024-05-06T07:08:09.000000Z",
    "handler_name": "PLANTED handler",
}


def made(source: Path, bounds: Bounds = BOUNDS) -> Video:
    return make_video(source, source.with_name("made.mp4"), bounds, lambda _: None)


def refusal(source: Path, bounds: Bounds = BOUNDS) -> str:
    """Return why a file is refused; to see that takes neither long nor much memory."""
    began = time.process_time()
    with pytest.raises(Unfit) as refused:
        made(source, bounds)
    assert time.process_time() - began < 5
    return str(refused.value)


def changed(source: Path, path: tuple[bytes, ...], place: int, form: str, *values: int) -> Path:
    """Write other numbers into the first box of this path."""
    data = bytearray(source.read_bytes())
    struct.pack_into(form, data, boxes(bytes(data), *path)[0][0] + place, *values)
    source.write_bytes(bytes(data))
    return source


def streams(video: Video) -> list[tuple[str, str]]:
    with av.open(str(video.path)) as source:
        return [(each.type, each.codec_context.name) for each in source.streams]


def near(colour: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 50 for a, b in zip(colour, wanted, strict=True))


@pytest.mark.parametrize("kind", ["mp4", "mov", "mkv"])
def test_what_fits_is_copied_and_not_drawn_anew(tmp_path, kind):
    source = film(tmp_path / f"a.{kind}", sound="aac")

    video = made(source)

    assert video.is_copied
    assert streams(video) == [("video", "h264"), ("audio", "aac")]
    assert (video.width, video.height, video.rate, video.channels) == (160, 120, 30, 2)
    assert video.seconds == pytest.approx(1, abs=0.05)
    assert packets(source) == packets(video.path)


def packets(path: Path) -> list[int]:
    """The sizes of the pictures; those of a copy differ by the encoder's remark in the first."""
    with av.open(str(path)) as source:
        return [each.size for each in source.demux(source.streams.video[0]) if each.size][1:]


def test_the_full_range_of_telephones_is_copied_and_its_poster_has_its_colours(tmp_path):
    video = made(film(tmp_path / "a.mp4", pixels="yuvj420p", options={"color_range": "pc"}))

    assert video.is_copied
    assert near(poster_of(video.path, 0.5).getpixel((80, 50)), RED)


@pytest.mark.parametrize(
    ("name", "codec", "sound", "layout"),
    [
        ("a.mp4", "libx265", "aac", "5.1"),
        ("a.webm", "libvpx-vp9", "libopus", "stereo"),
        ("a.mp4", "libsvtav1", "aac", "mono"),
        ("a.mov", "mpeg4", "pcm_s16le", "stereo"),
        ("a.mkv", "libvpx-vp9", "libmp3lame", "stereo"),
        ("a.mp4", "libx265", None, ""),
    ],
)
def test_what_does_not_play_everywhere_is_drawn_anew(tmp_path, name, codec, sound, layout):
    video = made(film(tmp_path / name, codec=codec, sound=sound, layout=layout))

    assert not video.is_copied
    assert streams(video) == [("video", "h264")] + ([("audio", "aac")] if sound else [])
    assert video.channels == {"5.1": 2, "stereo": 2, "mono": 1, "": 0}[layout]
    assert video.seconds == pytest.approx(1, abs=0.1)
    with av.open(str(video.path)) as source:
        assert source.streams.video[0].pix_fmt == "yuv420p"


def test_drawing_a_film_leaves_the_tests_no_more_pressing_than_before(tmp_path):
    film(tmp_path / "a.mp4", codec="libsvtav1")

    assert os.sched_getscheduler(0) == os.SCHED_OTHER


def test_pictures_that_fit_are_copied_beside_sound_that_does_not(tmp_path):
    video = made(film(tmp_path / "a.mkv", sound="libopus"))

    assert video.is_copied
    assert streams(video) == [("video", "h264"), ("audio", "aac")]


@pytest.mark.parametrize(
    ("pixels", "options"),
    [("yuv444p", {}), ("yuv422p", {}), ("yuv420p10le", {}), ("yuv420p", {"flags": "+ildct"})],
)
def test_h264_that_few_can_play_is_drawn_anew(tmp_path, pixels, options):
    assert not made(film(tmp_path / "a.mp4", pixels=pixels, options=options)).is_copied


def test_a_video_begins_to_play_before_all_of_it_is_there(tmp_path):
    for name, codec in (("a.mp4", "libx264"), ("b.mp4", "libx265")):
        data = made(film(tmp_path / name, codec=codec, sound="aac")).path.read_bytes()

        assert 0 < data.find(b"moov") < data.find(b"mdat")


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize(
    ("turned", "mirrored", "size", "above"),
    [
        (0, False, (160, 120), "top"),
        (90, False, (120, 160), "right"),
        (180, False, (160, 120), "bottom"),
        (270, False, (120, 160), "left"),
        (0, True, (160, 120), "top"),
    ],
)
def test_a_video_stands_upright(tmp_path, codec, turned, mirrored, size, above):
    source = film(tmp_path / "a.mp4", codec=codec, turned=turned, mirrored=mirrored, frames=6)

    video = made(source)
    poster = poster_of(video.path, 0)

    assert video.is_copied == (codec == "libx264")
    assert (video.width, video.height) == poster.size == size
    width, height = size
    edges = {
        "top": (width // 2, height - 5),
        "right": (5, height // 2),
        "bottom": (width // 2, 5),
        "left": (width - 5, height // 2),
    }
    # What was above is red, so the side across from it is blue.
    assert near(poster.getpixel(edges[above]), BLUE)


def test_a_mirrored_video_is_shown_as_its_camera_meant_it(tmp_path):
    for codec in ("libx264", "mpeg4"):
        source = film(tmp_path / "a.mp4", codec=codec, mirrored=True, frames=6)

        poster = poster_of(made(source).path, 0)

        # The white bar begins at the left, above.
        assert near(poster.getpixel((158, 10)), (255, 255, 255))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ((1920, 1080), (1920, 1080)),
        ((1080, 1920), (1080, 1920)),
        ((3840, 2160), (1920, 1080)),
        ((2160, 3840), (1080, 1920)),
        ((2160, 2160), (1080, 1080)),
        ((1921, 700), (1920, 698)),
        ((161, 91), (160, 90)),
        ((16, 2160), (14, 1920)),
    ],
)
def test_sides_are_even_and_within_1080_lines(given, kept):
    assert size_within(Fraction(given[0]), Fraction(given[1])) == kept


def test_a_video_of_odd_sides_loses_a_line(tmp_path):
    video = made(film(tmp_path / "a.webm", codec="libvpx-vp9", size=(161, 91), frames=4))

    assert (video.width, video.height) == (160, 90)


def test_pixels_that_are_not_square_become_square(tmp_path):
    source = film(tmp_path / "a.mp4", size=(160, 120), aspect=(3, 2))

    assert (made(source).width, made(source).height) == (240, 120)


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_pictures_keep_their_moments_when_they_come_at_odd_ones(tmp_path, codec):
    moments = [0, 0.1, 0.2, 0.25, 0.3, 0.9, 1, 1.4, 1.45, 1.5, 1.55, 2.0]

    video = made(film(tmp_path / "a.mp4", codec=codec, frames=12, moments=moments))

    with av.open(str(video.path)) as source:
        seen = [round(float(frame.time), 2) for frame in source.decode(video=0)]
    assert seen == moments


def test_sound_stays_with_its_pictures(tmp_path):
    source = film(tmp_path / "a.mkv", codec="libvpx-vp9", sound="libopus", frames=60)

    video = made(source)

    with av.open(str(video.path)) as opened:
        heard = [f for f in opened.decode(audio=0)]
    assert heard[0].time == pytest.approx(0, abs=0.05)
    assert heard[-1].time == pytest.approx(2, abs=0.1)


def test_what_its_author_cut_off_is_not_in_the_copy(tmp_path):
    source = film(tmp_path / "a.mp4", frames=60, options={"g": "60"})
    data = source.read_bytes()
    # An edit that begins at the second second, in a list where there was one from the beginning.
    place = boxes(data, b"moov", b"trak", b"edts", b"elst")[0][0]
    (length,) = struct.unpack_from(">I", data, place + 8)
    (begin,) = struct.unpack_from(">I", data, place + 12)
    source = changed(
        source, (b"moov", b"trak", b"edts", b"elst"), 8, ">II", length // 2, begin + 15_360
    )

    video = made(source)

    assert not video.is_copied
    assert video.seconds == pytest.approx(1, abs=0.1)


def test_progress_grows_to_the_whole(tmp_path):
    source = film(tmp_path / "a.mp4", codec="libx265")
    told: list[float] = []

    make_video(source, tmp_path / "made.mp4", BOUNDS, told.append)

    assert told == sorted(told)
    assert told[-1] == 1


def test_a_poster_shows_the_second_its_author_chose(tmp_path):
    colours = ["black", "red", "lime", "blue"]

    def draw(number, size):
        return Image.new("RGB", size, colours[number // 10])

    video = made(film(tmp_path / "a.mp4", frames=40, rate=10, draw=draw))

    for at, wanted in ((1.5, (255, 0, 0)), (2.0, (0, 255, 0)), (99, (0, 0, 255))):
        assert near(poster_of(video.path, at).getpixel((50, 50)), wanted)


def test_a_poster_is_neither_dark_nor_empty_when_its_author_chose_none(tmp_path):
    def draw(number, size):
        if number < 15:
            return Image.new("RGB", size, "black")
        return Image.effect_noise(size, 80).convert("RGB")

    video = made(film(tmp_path / "a.mp4", frames=40, rate=10, draw=draw))

    assert poster_of(video.path).convert("L").getextrema()[1] > 100


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.mp4", "libx264"), ("a.mov", "libx264"), ("a.mkv", "libx264"), ("a.mp4", "libx265")],
)
def test_MED_06_nothing_is_told_of_where_when_and_with_what(tmp_path, name, codec):
    source = film(
        tmp_path / name,
        codec=codec,
        sound="aac",
        metadata=TOLD,
        chapter="PLANTED chapter",
        note=b"PLANTED at +37.7749" if name != "a.mkv" else b"",
        container={"movflags": "use_metadata_tags"} if name != "a.mkv" else {},
    )
    source.write_bytes(source.read_bytes() + box(b"uuid", b"<x:xmpmeta>PLANTED</x:xmpmeta>"))
    assert b"PLANTED" in source.read_bytes()

    video = made(source)

    data = video.path.read_bytes()
    for each in (b"PLANTED", b"37.77", b"xmp", b"x264", b"x265", b"Lav", b"SVT"):
        assert each not in data
    assert streams(video) == [("video", "h264"), ("audio", "aac")]
    mvhd = boxes(data, b"moov", b"mvhd")[0][0]
    assert struct.unpack_from(">II", data, mvhd + 4) == (0, 0)


def test_MED_06_remarks_within_the_pictures_stay_behind(tmp_path):
    source = film(tmp_path / "a.mp4")
    assert b"x264 - core" in source.read_bytes()

    video = made(source)

    assert video.is_copied
    assert b"x264 - core" not in video.path.read_bytes()


def test_MED_03_too_many_pictures_in_a_second_are_refused(tmp_path):
    source = film(tmp_path / "a.mp4", rate=1000, frames=500, size=(32, 32))

    assert refusal(source) == "This video has more than 60 pictures in a second."


def test_MED_03_what_lasts_no_time_is_refused(tmp_path):
    one = film(tmp_path / "a.mp4", frames=1)
    none = changed(film(tmp_path / "b.mp4"), (*SAMPLES, b"stts"), 8, ">II", 30, 0)

    assert refusal(one) == refusal(none) == "This video is too short to be seen."


def test_MED_03_a_thousand_million_seconds_are_refused(tmp_path):
    source = changed(film(tmp_path / "a.mp4"), (*SAMPLES, b"stts"), 8, ">II", 30, 10**9)

    assert refusal(source) == "This video is longer than 300 seconds."


def test_MED_03_a_head_that_lies_of_its_length_changes_nothing(tmp_path):
    source = changed(film(tmp_path / "a.mp4"), (b"moov", b"mvhd"), 16, ">I", 2**32 - 1)

    assert made(source).seconds == 1


def test_MED_03_twenty_thousand_pictures_are_refused(tmp_path):
    still = Image.new("RGB", (16, 16))
    source = film(
        tmp_path / "a.mkv",
        codec="mpeg4",
        size=(16, 16),
        frames=600,
        rate=120,
        draw=lambda *_: still,
    )

    assert refusal(source, Bounds(9, 100)) == "This video has too many pictures."
    assert BOUNDS.frames < 20_000


def test_MED_03_the_settings_bound_seconds_and_bytes(tmp_path):
    source = film(tmp_path / "a.mp4", frames=90)

    assert refusal(source, Bounds(1, 100)) == "This video is longer than 1 seconds."
    source.write_bytes(source.read_bytes() + bytes(2 * 1024 * 1024))
    assert refusal(source, Bounds(300, 1)) == "This video is larger than 1 MB."


def test_MED_03_a_second_too_many_is_refused_and_the_last_of_the_sound_is_not(tmp_path):
    full = film(tmp_path / "a.mp4", frames=10, rate=5, sound="aac", size=(64, 48))
    longer = film(tmp_path / "b.mp4", frames=15, rate=5, size=(64, 48))

    assert made(full, Bounds(2, 100)).seconds == pytest.approx(2, abs=0.1)
    assert refusal(longer, Bounds(2, 100)) == "This video is longer than 2 seconds."


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
@pytest.mark.parametrize(
    ("size", "kept"), [((3840, 2160), (1920, 1080)), ((2160, 3840), (1080, 1920))]
)
def test_the_largest_videos_lie_or_stand(tmp_path, codec, size, kept):
    source = film(tmp_path / "a.mp4", codec=codec, size=size, frames=3)

    video = made(source)

    assert (video.width, video.height) == kept


@pytest.mark.parametrize("lies", [False, True])
def test_MED_02_more_pixels_than_anybody_shows_are_refused(tmp_path, lies):
    source = film(tmp_path / "a.mp4", size=(4096, 2304), frames=2)
    if lies:  # the head says little, the pictures are what they are
        said = source.read_bytes()
        said = said.replace(struct.pack(">HH", 4096, 2304), struct.pack(">HH", 160, 120))
        source.write_bytes(said)

    assert refusal(source) == "This video is larger than 3840 x 2160 pixels."


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (b"stts", (4, ">I", 0xFFFFFFF0)),
        (b"stsz", (4, ">II", 1, 0xFFFFFFF0)),
        (b"stsz", (4, ">II", 1, 100_000_000)),
        (b"stsz", (8, ">I", 0x7FFFFFFF)),
        (b"stco", (8, ">I", 3)),
    ],
)
def test_MED_03_an_index_that_is_wrong_is_refused(tmp_path, table, values):
    source = changed(film(tmp_path / "a.mp4"), (*SAMPLES, table), *values)

    assert refusal(source).endswith(("cannot be read.", "before its end.", "to be seen."))


@pytest.mark.parametrize(
    ("name", "container"), [("a.mp4", {}), ("a.mp4", {"movflags": "+faststart"}), ("a.mkv", {})]
)
def test_a_video_that_is_cut_short_is_refused(tmp_path, name, container):
    source = film(tmp_path / name, frames=150, sound="aac", container=container)
    data = source.read_bytes()
    source.write_bytes(data[: len(data) // 2])

    assert refusal(source) in (
        "This video breaks off before its end.",
        "This video is damaged and cannot be read.",
    )


def test_a_video_that_is_mostly_noise_is_refused(tmp_path):
    source = film(tmp_path / "a.mp4", codec="libx265", frames=90)
    data = bytearray(source.read_bytes())
    begin, end = boxes(bytes(data), b"mdat")[0]
    chance = random.Random(1)
    for place in range(begin, end):
        data[place] = chance.randrange(256)
    source.write_bytes(bytes(data))

    assert refusal(source) == "This video is damaged and cannot be read."


NONE = "This is no MP4, MOV, WebM or Matroska video."


@pytest.mark.parametrize(
    ("begin", "why"),
    [
        (b"GIF89a<script>", NONE),
        (b"%PDF-1.7\n", NONE),
        (b"<html><script>alert(1)</script>", NONE),
        (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", NONE),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", NONE),
        (b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n", NONE),
        (b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"/>', NONE),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", NONE),
        (b"RIFF\x00\x00\x00\x00AVI LIST", NONE),
        (b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00", NONE),
        (b"", NONE),
        (b"\x00\x00\x00\x18ftyp", "This video is damaged and cannot be read."),
        (b"\x1a\x45\xdf\xa3" + b"\xff" * 90, "This video is damaged and cannot be read."),
    ],
)
def test_MED_04_SSRF_07_what_is_no_video_is_refused_whatever_its_name_says(tmp_path, begin, why):
    source = tmp_path / "a.mp4"
    source.write_bytes(begin)

    assert refusal(source) == why


def test_MED_04_a_video_behind_another_beginning_is_refused(tmp_path):
    source = film(tmp_path / "a.mp4")
    source.write_bytes(b"GIF89a" + source.read_bytes())

    assert refusal(source) == NONE


def test_MED_04_what_hangs_on_a_video_is_left_behind(tmp_path):
    source = film(tmp_path / "a.mp4")
    more = b"<script>alert('HANGING ON')</script>PK\x03\x04" + box(b"free", b"HANGING ON")
    source.write_bytes(source.read_bytes() + more)

    assert b"HANGING ON" not in made(source).path.read_bytes()


def test_MED_04_the_name_of_a_video_means_nothing(tmp_path):
    source = film(tmp_path / "a.webm", codec="libvpx-vp9").rename(tmp_path / "holiday.jpg")

    assert made(source).width == 160


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "ffv1"), ("a.mov", "mjpeg")])
def test_MED_01_codecs_that_are_not_on_the_list_are_refused(tmp_path, name, codec):
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    source = film(tmp_path / name, codec=codec, pixels=pixels, frames=4)

    assert refusal(source) == "This video is written in a way that cannot be read here."


def test_MED_01_sound_that_is_not_on_the_list_is_refused(tmp_path):
    source = film(tmp_path / "a.mov", sound="pcm_mulaw", frames=4)

    assert refusal(source).startswith("The sound of this video is written in a way")


def test_MED_01_a_video_cannot_have_other_files_read(tmp_path):
    """The alias of an old MOV says that its pictures lie in another file."""
    source = film(tmp_path / "a.mov", frames=10)
    data = source.read_bytes()
    (tmp_path / "other").write_bytes(data)
    begin, end = boxes(data, b"mdat")[0]
    hollow = data[:begin] + bytes(end - begin) + data[end:]
    place = boxes(data, b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref")[0]
    source.write_bytes(_in_place(hollow, place, alias(tmp_path / "other")))

    # One who lets it reads the other file, so the trap is a trap.
    with av.open(str(source), options={"enable_drefs": "1", "use_absolute_path": "1"}) as opened:
        assert len(list(opened.decode(video=0))) == 10
    assert refusal(source) == "This video is too short to be seen."


def alias(path: Path) -> bytes:
    """The body of a table of references with one to a file by its whole path."""
    name = str(path).encode()
    name += bytes(len(name) % 2)
    told = bytes(10) + bytes([4]) + b"disk".ljust(27, b"\0") + bytes(12)
    told += bytes([5]) + b"other".ljust(63, b"\0") + bytes(16) + struct.pack(">HH", 1, 1)
    told += bytes(16) + struct.pack(">HH", 2, len(name)) + name + struct.pack(">HH", 0xFFFF, 0)
    return struct.pack(">II", 0, 1) + box(b"alis", bytes(4) + told)


def _in_place(data: bytes, place: tuple[int, int], body: bytes) -> bytes:
    """Put another body into a box, and tell all boxes around it."""
    begin, end = place
    grown = bytearray(data[:begin] + body + data[end:])
    for depth in range(1, 7):
        path = (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref")[:depth]
        low = boxes(data, *path)[0][0]
        (size,) = struct.unpack_from(">I", data, low - 8)
        struct.pack_into(">I", grown, low - 8, size + len(body) - (end - begin))
    return bytes(grown)


def test_sound_without_pictures_is_refused(tmp_path):
    source = song(tmp_path / "a.m4a")
    assert refusal(source) == NONE

    source.write_bytes(source.read_bytes().replace(b"M4A ", b"isom"))
    assert refusal(source).startswith("This file holds sound and no pictures")


def test_what_is_damaged_at_random_is_read_or_refused(tmp_path):
    chance = random.Random(3)
    whole = film(tmp_path / "a.mp4", frames=10, sound="aac").read_bytes()

    for _ in range(60):
        data = bytearray(whole)
        for _ in range(chance.choice([1, 3, 20])):
            data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "b.mp4").write_bytes(bytes(data))
        try:
            assert made(tmp_path / "b.mp4").bytes < 10 * len(whole)
        except Unfit:
            continue


def test_a_gif_that_moves_becomes_a_silent_video(tmp_path):
    source = tmp_path / "a.gif"
    source.write_bytes(gif((161, 120), 20, 50))

    video = make_loop(source, tmp_path / "a.mp4", BOUNDS, lambda _: None)

    assert streams(video) == [("video", "h264")]
    assert (video.width, video.height, video.rate) == (160, 120, 20)
    assert video.seconds == pytest.approx(1, abs=0.05)
    assert near(poster_of(video.path, 0.5).getpixel((150, 50)), RED)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
def test_every_kind_of_moving_picture_goes_on_moving(tmp_path, form):
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("#00ff00", "#ff0000", "#0000ff")]
    source = tmp_path / "a"
    frames[0].save(source, form, save_all=True, append_images=frames[1:], duration=200)
    data = source.read_bytes()
    assert moves(kind_of(data), data)

    video = make_loop(source, tmp_path / "a.mp4", BOUNDS, lambda _: None)

    assert video.seconds == pytest.approx(0.6, abs=0.01)
    assert near(poster_of(video.path, 0.3).getpixel((10, 10)), (255, 0, 0))


@pytest.mark.parametrize(
    ("size", "frames", "ms", "why"),
    [
        ((20, 20), 1, 50, "This picture does not move."),
        ((20, 20), 301, 50, "A moving picture may have at most 300 frames."),
        ((2100, 2000), 2, 50, "A moving picture may have at most 4 million pixels."),
        ((20, 20), 20, 20_000, "This video is longer than 300 seconds."),
    ],
)
def test_MED_03_a_gif_that_is_too_much_is_refused(tmp_path, size, frames, ms, why):
    source = tmp_path / "a.gif"
    source.write_bytes(gif(size, frames, ms))

    with pytest.raises(Unfit, match=why):
        make_loop(source, tmp_path / "a.mp4", BOUNDS, lambda _: None)


def test_containers_are_told_by_their_first_bytes():
    assert container_of(b"\x00\x00\x00\x20ftypisom") is Container.MOV
    assert container_of(b"\x00\x00\x00\x08wide\x00\x00") is Container.MOV
    assert container_of(b"\x1a\x45\xdf\xa3\x01") is Container.MATROSKA
    assert container_of(b"\xff\xd8\xff\xe0\x00\x10JFIF") is None


def test_a_high_bit_rate_is_not_copied(tmp_path):
    def noise(number, size):
        return Image.effect_noise(size, 120).convert("RGB")

    source = film(tmp_path / "a.mp4", size=(640, 480), frames=12, options={"crf": "1"}, draw=noise)

    assert not pictures_fit(survey(source, BOUNDS))


@pytest.mark.parametrize("rate", [90, 120, 240])
def test_MED_03_more_than_sixty_pictures_in_a_second_are_refused(tmp_path, rate):
    source = film(tmp_path / "a.mp4", rate=rate, frames=rate, size=(64, 48))

    assert refusal(source) == "This video has more than 60 pictures in a second."


def grey(level: int) -> Callable[[int, tuple[int, int]], Image.Image]:
    return lambda _, size: Image.new("RGB", size, (level, level, level))


@pytest.mark.parametrize(
    ("transfer", "signal", "wanted"),
    [
        # Black, ten nits, white paper (203 nits), and what shines.
        ("smpte2084", 0.0, 0),
        ("smpte2084", 0.302, 72),
        ("smpte2084", 0.58, 193),
        ("smpte2084", 0.9, 255),
        ("arib-std-b67", 0.0, 0),
        ("arib-std-b67", 0.38, 103),
        ("arib-std-b67", 0.75, 194),
        ("arib-std-b67", 1.0, 255),
    ],
)
def test_films_for_bright_screens_are_brought_to_ordinary_ones(tmp_path, transfer, signal, wanted):
    named = f":colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    source = film(
        tmp_path / "a.mp4",
        codec="libx265",
        pixels="yuv420p10le",
        frames=5,
        draw=grey(round(signal * 255)),
        options={"x265-params": f"log-level=none:pools=none{named}"},
    )

    video = made(source)

    assert poster_of(video.path).getpixel((80, 60)) == pytest.approx((wanted,) * 3, abs=5)
    assert not video.is_copied


def test_a_film_for_bright_screens_is_never_copied_as_it_is(tmp_path):
    bright = film(tmp_path / "a.mp4", options={"x264-params": "transfer=smpte2084"})

    assert not made(bright).is_copied


def test_what_shines_in_colour_stays_coloured(tmp_path):
    light = shown((3.0, 0.4, 0.3))

    assert light[0] == 1.0
    assert light[1] < 0.5 > light[2]
