"""Pictures of wider colours than a screen has, and those for brighter screens."""

import struct
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, ImageCms

from notes import images
from notes.bright import HLG, PQ
from notes.orders import MakePicture, Unfit
from notes.picture_points import Points, points_in_avif, points_in_png, points_in_profile
from notes.picture_reading import drawn, opened
from notes.primaries import PLACES, SRGB, between
from tests.federation.zoo import unhurried
from tests.notes.test_images import (
    IS_SRGB,
    P3,
    chunks,
    confined,
    gamma,
    of_colour,
    primaries,
    saved,
    shrink,
)

Colour = tuple[int, int, int]
WIDE, P3_COLOURS, SCREEN = 9, 12, 13
PLAIN = (128, 64, 10)


def flat(colour: Colour) -> Image.Image:
    return Image.new("RGB", (16, 16), colour)


def cicp(colours: int, transfer: int, matrix: int = 0) -> tuple[bytes, bytes]:
    return b"cICP", bytes([colours, transfer, matrix, 1])


def png(picture: Image.Image, colours: int, transfer: int) -> bytes:
    return saved(picture, "PNG", pnginfo=chunks(cicp(colours, transfer)))


def avif(picture: Image.Image, colours: int, transfer: int) -> bytes:
    """Pillow writes sRGB into the box of colours; here it says something else."""
    whole = saved(picture, "AVIF", quality=100, subsampling="4:4:4")
    place = whole.index(b"colrnclx") + 8
    return whole[:place] + struct.pack(">HH", colours, transfer) + whole[place + 4 :]


def heic(picture: Image.Image, colours: int, transfer: int) -> bytes:
    told = {"color_primaries": colours, "transfer_characteristics": transfer}
    return saved(picture, "HEIF", quality=100, chroma=444, **told)


Writer = Callable[[Image.Image, int, int], bytes]
WRITERS: list[Writer] = [png, avif, heic]


def described(colours: int, transfer: int) -> bytes:
    """A profile of sRGB that adds, in place of its copyright, that it means something else."""
    whole = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    entry = whole.index(b"cprt")
    (place,) = struct.unpack_from(">I", whole, entry + 4)
    told = struct.pack(">4s4x4B", b"cicp", colours, transfer, 0, 1)
    whole = whole[:place] + told + whole[place + len(told) :]
    return whole[:entry] + b"cicp" + whole[entry + 4 :]


def near(colour: str | None, wanted: Colour, most: int) -> bool:
    pairs = zip(of_colour(colour), wanted, strict=True)
    return all(abs(one - other) <= most for one, other in pairs)


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("told", "drawn", "seen"),
    [
        # The red of sRGB as Display P3 and as BT.2020 tell it.
        ((P3_COLOURS, SCREEN), (234, 51, 35), (255, 0, 0)),
        ((WIDE, SCREEN), (207, 74, 34), (255, 0, 0)),
        ((WIDE, 1), (207, 74, 34), (255, 0, 0)),
        ((P3_COLOURS, SCREEN), PLAIN, (138, 59, 0)),
        ((P3_COLOURS, 2), PLAIN, (138, 59, 0)),
        # Greens that no ordinary screen has become its own green.
        ((P3_COLOURS, SCREEN), (0, 255, 0), (0, 255, 0)),
        ((WIDE, SCREEN), (0, 255, 0), (0, 255, 0)),
        # Greys are greys by all primaries.
        ((WIDE, SCREEN), (119, 119, 119), (119, 119, 119)),
        ((1, 8), PLAIN, (188, 137, 56)),
        # Nothing, or nothing known, is told.
        ((1, SCREEN), PLAIN, PLAIN),
        ((2, 2), PLAIN, PLAIN),
        ((2, SCREEN), PLAIN, PLAIN),
        ((P3_COLOURS, 9), PLAIN, PLAIN),
    ],
)
async def test_colours_told_by_numbers_are_brought_to_srgb(
    write: Writer, told: tuple[int, int], drawn: Colour, seen: Colour
) -> None:
    picture = await shrink(write(flat(drawn), *told))

    assert near(picture.colour, seen, 4), picture.colour


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("transfer", "signal", "wanted"),
    [
        # Black, ten nits, a middle grey (37 nits), white paper (203 nits), and what shines.
        *((PQ, 0.0, 0), (PQ, 0.302, 61), (PQ, 0.413, 109), (PQ, 0.58, 191), (PQ, 0.9, 255)),
        *((HLG, 0.0, 0), (HLG, 0.38, 94), (HLG, 0.75, 192), (HLG, 1.0, 255)),
    ],
)
async def test_a_picture_for_bright_screens_is_brought_to_ordinary_ones(
    write: Writer, transfer: int, signal: float, wanted: int
) -> None:
    level = round(signal * 255)

    picture = await shrink(write(flat((level, level, level)), WIDE, transfer))

    assert near(picture.colour, (wanted, wanted, wanted), 4), picture.colour


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_what_is_brighter_stays_brighter_and_grey(transfer: int) -> None:
    ramp = Image.new("L", (256, 1))
    ramp.putdata(range(256))

    seen = drawn(opened(png(ramp.convert("RGB"), WIDE, transfer), most_megabytes=1), lambda _: 1.0)

    for channel in seen.split():
        levels = channel.tobytes()
        assert list(levels) == sorted(levels)
        assert (levels[0], levels[-1]) == (0, 255)
    colours = [seen.getpixel((x, 0)) for x in range(256)]
    assert all(max(each) - min(each) <= 3 for each in colours)


async def test_what_shines_in_colour_stays_coloured_and_alpha_stays() -> None:
    glowing = Image.new("RGBA", (16, 16), (190, 90, 80, 255))
    glowing.paste((190, 90, 80, 0), (0, 0, 8, 16))

    (large, *_) = (await shrink(png(glowing, WIDE, PQ))).of("webp")

    assert large.getpixel((2, 2))[3] == 0
    red, green, blue, alpha = large.getpixel((13, 8))
    assert alpha == 255
    assert red > 240
    assert max(green, blue) < 100


async def test_bright_pictures_know_primaries_of_their_own() -> None:
    # An orange within sRGB, told by each: the same is seen.
    light = (0.5, 0.2, 0.05)
    seen = set()
    for number in (1, WIDE, P3_COLOURS):
        rows = between(SRGB, PLACES[number])
        told = [sum(a * b for a, b in zip(row, light, strict=True)) for row in rows]
        signals = [round(255 * pq(203 * each)) for each in told]
        seen.add(of_colour((await shrink(png(flat((*signals,)), number, PQ))).colour))

    for each in seen:
        assert each == pytest.approx((168, 111, 56), abs=6)


def pq(nits: float) -> float:
    power = (nits / 10_000) ** 0.1593017578125
    return float(((0.8359375 + 18.8515625 * power) / (1 + 18.6875 * power)) ** 78.84375)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF", "HEIF"])
async def test_a_profile_may_say_that_it_is_for_bright_screens(form: str) -> None:
    level = (148, 148, 148)

    bright = await shrink(saved(flat(level), form, icc_profile=described(WIDE, PQ)))
    plain = await shrink(saved(flat(level), form, icc_profile=described(WIDE, SCREEN)))

    assert near(bright.colour, (191, 191, 191), 4)
    assert near(plain.colour, level, 4)


async def test_numbers_of_a_png_go_before_its_profile_and_all_other_figures() -> None:
    swapped = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = swapped.replace(b"rXYZ", b"tmp ").replace(b"gXYZ", b"rXYZ").replace(b"tmp ", b"gXYZ")

    async def seen(*told: tuple[bytes, bytes], profile: bytes | None = None) -> str | None:
        more = {"icc_profile": profile} if profile else {}
        data = saved(flat((255, 0, 0)), "PNG", pnginfo=chunks(*told), **more)
        return (await shrink(data)).colour

    assert near(await seen(profile=swapped), (0, 255, 0), 80)
    assert near(await seen(cicp(1, SCREEN), profile=swapped), (254, 0, 0), 2)
    assert near(await seen(cicp(2, 2), profile=swapped), (0, 255, 0), 80)
    others = (gamma(1.0), primaries(P3), IS_SRGB)
    data = saved(flat(PLAIN), "PNG", pnginfo=chunks(*others, cicp(P3_COLOURS, SCREEN)))
    assert near((await shrink(data)).colour, (138, 59, 0), 1)


async def test_a_profile_goes_before_the_numbers_of_other_files() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    told = {"color_primaries": P3_COLOURS, "transfer_characteristics": SCREEN}

    data = saved(flat(PLAIN), "HEIF", quality=100, icc_profile=srgb, **told)

    assert near((await shrink(data)).colour, PLAIN, 4)


async def test_moving_pictures_have_their_colours_too() -> None:
    frames = [flat(PLAIN), flat((10, 10, 10))]
    data = saved(
        frames[0],
        "PNG",
        save_all=True,
        append_images=frames[1:],
        pnginfo=chunks(cicp(P3_COLOURS, SCREEN)),
    )

    picture = await shrink(data)

    assert "moving.webp" in picture.files
    assert near(picture.colour, (138, 59, 0), 4), picture.colour


async def test_a_bright_picture_costs_little_more(tmp_path: Path) -> None:
    data = png(Image.new("RGB", (4000, 3000), (120, 140, 90)), WIDE, PQ)

    done = await confined(data, tmp_path)

    assert done.memory < 250_000_000
    assert done.cpu_seconds < 5


# MED-01: whatever the boxes, chunks and tags say, nothing goes wrong.

AVIF = avif(flat(PLAIN), P3_COLOURS, SCREEN)
PNG = png(flat(PLAIN), P3_COLOURS, SCREEN)
PROFILE = described(P3_COLOURS, SCREEN)
MOVING = saved(
    flat(PLAIN), "AVIF", save_all=True, append_images=[flat((1, 2, 3))], duration=100, quality=60
)
READERS = (points_in_avif, points_in_png, points_in_profile)
TELLING = some.sampled_from((0, 1, 7, 8, 127, 128, 255))
CHANGES = some.lists(
    some.tuples(some.integers(0, 700), TELLING | some.integers(0, 255)), max_size=8
)


def changed(whole: bytes, changes: list[tuple[int, int]], end: int) -> bytes:
    made = bytearray(whole)
    for place, value in changes:
        if place < len(made):
            made[place] = value
    return bytes(made[: max(0, len(made) - end)])


def test_they_are_read_where_they_stand() -> None:
    wanted = Points(P3_COLOURS, SCREEN)

    assert [read(each) for read, each in zip(READERS, (AVIF, PNG, PROFILE), strict=True)] == [
        wanted
    ] * 3
    # Another writer lays the same boxes in another order.
    assert points_in_avif(heic(flat(PLAIN), WIDE, PQ)) == Points(WIDE, PQ)
    # Of a moving one, those of its track where its first picture stands nowhere else.
    assert points_in_avif(MOVING.replace(b"meta", b"free")) == Points(1, SCREEN)


@unhurried
@given(some.binary(max_size=600), some.sampled_from(READERS))
def test_MED_01_bytes_of_any_kind_tell_colours_or_nothing(
    data: bytes, read: Callable[[bytes], Points | None]
) -> None:
    for head in (b"", AVIF[:100], PNG[:40], PROFILE[:132], b"\0\0\0\1meta"):
        assert read(head + data) is None or isinstance(read(head + data), Points)


@unhurried
@given(some.sampled_from([AVIF, PNG, PROFILE, MOVING]), CHANGES, some.integers(0, 900))
def test_MED_01_damaged_boxes_tell_colours_or_nothing(
    whole: bytes, changes: list[tuple[int, int]], end: int
) -> None:
    data = changed(whole, changes, end)

    for read in READERS:
        points = read(data)
        assert points is None or (points.primaries < 65536 and points.transfer < 65536)


@unhurried
@given(some.sampled_from([AVIF, PNG, MOVING]), CHANGES)
def test_MED_01_damaged_pictures_are_made_or_refused(
    whole: bytes, changes: list[tuple[int, int]]
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "source").write_bytes(changed(whole, changes, 0))
        (folder / "made").mkdir()
        with suppress(Unfit):
            done = images.work(
                MakePicture(), folder / "source", folder / "made", lambda share: None
            )
            assert done.files


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def meta(owners: bytes, kept: bytes) -> bytes:
    first = box(b"pitm", bytes(4) + b"\0\1")
    return box(b"meta", bytes(4) + first + box(b"iprp", box(b"ipco", kept) + owners))


MANY = 1_500_000
COLR = box(b"colr", b"nclx" + struct.pack(">HHHB", P3_COLOURS, SCREEN, 6, 128))
OWNER = box(b"ipma", struct.pack(">IIHBB", 0, 1, 1, 1, 1))


@pytest.mark.parametrize(
    "data",
    [
        struct.pack(">I4s", 8, b"free") * MANY + meta(OWNER, COLR),
        meta(OWNER, box(b"free", b"") * MANY),
        meta(box(b"ipma", struct.pack(">II", 0, 0xFFFFFFFF) + b"\0\2\0" * MANY), COLR),
        meta(box(b"ipma", struct.pack(">II", 0, 0)) * MANY, COLR),
        meta(OWNER[:-1] + b"\0", COLR),
        meta(OWNER[:-1] + b"\x7f", COLR),
        meta(OWNER, COLR[:3] + b"\xff" + COLR[4:]),
        meta(OWNER, COLR[:3] + b"\x01" + COLR[4:]),
        meta(OWNER, COLR[:3] + b"\x07" + COLR[4:]),
        struct.pack(">I4sQ", 1, b"meta", 2**64 - 1) + meta(OWNER, COLR),
        b"\x89PNG\r\n\x1a\n" + (bytes(4) + b"teXt" + bytes(4)) * MANY,
        b"\x89PNG\r\n\x1a\n" + b"\xff\xff\xff\xffcICP" + bytes(40),
        bytes(128) + b"\xff\xff\xff\xff" + b"desc\0\0\0\0\0\0\0\0" * MANY,
        bytes(128) + b"\0\0\0\1cicp\xff\xff\xff\xff" + bytes(40),
    ],
    ids=range(14),
)
def test_MED_01_hostile_counts_and_sizes_cost_next_to_nothing(data: bytes) -> None:
    assert points_in_avif(meta(OWNER, COLR)) == Points(P3_COLOURS, SCREEN)
    began = time.process_time()

    assert [read(data) for read in READERS] == [None] * 3

    assert time.process_time() - began < 0.5
