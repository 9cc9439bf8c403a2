"""Pictures that are too much, not what they say, or say more than they should."""

import asyncio
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from notes import images
from notes.gif import frames_in_gif
from notes.orders import Done, MakePicture, Shape, Unfit
from notes.picture_reading import MEGABYTE
from notes.workshop import Workshop

FORMATS = ["JPEG", "PNG", "WEBP", "AVIF", "GIF"]


def saved(picture: Image.Image, form: str, **more: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, form, **more)
    return made.getvalue()


def gradient(width: int, height: int) -> Image.Image:
    """Red above, blue below."""
    picture = Image.new("RGB", (width, height), "red")
    picture.paste("blue", (0, height // 2, width, height))
    return picture


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def empty_png(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that would unpack to this many black pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    packer = zlib.compressobj(9)
    row = bytes(1 + width)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


class Picture:
    """What became of a picture: what is known of it, and its files."""

    def __init__(self, done: Done, folder: Path) -> None:
        self.width, self.height, self.colour = done.width, done.height, done.colour
        self.blurhash, self.done = done.blurhash, done
        self.files = {each.name: (folder / each.name).read_bytes() for each in done.files}

    @property
    def all_bytes(self) -> bytes:
        """Everything that could be served."""
        return b"".join(self.files.values())

    def of(self, suffix: str) -> list[Image.Image]:
        """The pictures of one form, the largest first."""
        names = [each.name for each in self.done.files if each.role != "original"]
        found = [opened(self.files[name]) for name in names if name.endswith(suffix)]
        return sorted(found, key=lambda each: -each.width)


async def _worked(data: bytes, order: MakePicture) -> Picture:
    with TemporaryDirectory() as folder:
        return await asyncio.to_thread(_work, data, order, Path(folder))


def _work(data: bytes, order: MakePicture, folder: Path) -> Picture:
    (folder / "source").write_bytes(data)
    (folder / "made").mkdir()
    try:
        done = images.work(order, folder / "source", folder / "made", lambda share: None)
    except Unfit:
        assert not list((folder / "made").iterdir())
        raise
    return Picture(done, folder / "made")


async def shrink(data: bytes, **order: Any) -> Picture:
    return await _worked(data, MakePicture(**order))


async def avatar(data: bytes) -> Picture:
    return await _worked(data, MakePicture(Shape.AVATAR))


async def header(data: bytes) -> Picture:
    return await _worked(data, MakePicture(Shape.HEADER))


async def confined(data: bytes, folder: Path, **order: Any) -> Done:
    """Have the child itself do it, which tells what it took."""

    async def bring(path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, data)

    async with Workshop(folder) as shop, shop.work(MakePicture(**order), bring) as work:
        return work.done


@pytest.mark.parametrize("form", [*FORMATS, "HEIF"])
async def test_a_picture_is_kept_in_four_sizes_and_two_forms(form: str) -> None:
    picture = await shrink(saved(gradient(2400, 1200), form))

    sizes = [(1920, 960), (960, 480), (480, 240), (240, 120)]
    assert (picture.width, picture.height) == sizes[0]
    for suffix, kind in (("jpg", "JPEG"), ("avif", "AVIF")):
        assert [(each.format, each.size) for each in picture.of(suffix)] == [
            (kind, size) for size in sizes
        ]
        red, green, blue = picture.of(suffix)[0].convert("RGB").getpixel((960, 100))
        assert red > 230
        assert max(green, blue) < 30


@pytest.mark.parametrize(
    ("size", "made"),
    [
        *(((800, 12000), (333, 5000)), ((9000, 1000), (5000, 556)), ((1000, 4000), (720, 2880))),
        *(((2400, 1000), (1920, 800)), ((600, 3000), (600, 3000))),
    ],
)
async def test_what_is_long_and_narrow_can_still_be_read(size, made) -> None:
    picture = await shrink(saved(gradient(*size), "JPEG"))

    assert (picture.width, picture.height) == made
    assert picture.of("jpg")[0].size == made


async def test_a_small_picture_is_not_made_larger() -> None:
    picture = await shrink(saved(gradient(30, 20), "PNG"))

    assert (picture.width, picture.height) == (30, 20)
    assert set(picture.files) == {"image-30.jpg", "image-30.avif"}


@pytest.mark.parametrize(
    ("turn", "size", "first"),
    [
        *((0, (400, 200), "red"), (90, (200, 400), "blue"), (180, (400, 200), "blue")),
        *((270, (200, 400), "red"), (-90, (200, 400), "red")),
    ],
)
async def test_a_picture_is_turned_clockwise_as_its_owner_wants(turn, size, first) -> None:
    picture = await shrink(saved(gradient(400, 200), "PNG"), turn=turn)

    (large, *_) = picture.of("jpg")
    assert large.size == (picture.width, picture.height) == size
    red, _, blue = large.convert("RGB").getpixel((5, 5))
    assert (red > blue) == (first == "red")


async def test_a_crop_is_cut_out_of_what_was_turned_and_keeps_its_sharpness() -> None:
    # Blue below: turned by 90 degrees it stands on the left.
    picture = await shrink(saved(gradient(4000, 2000), "JPEG"), turn=90, crop=(0.0, 0.0, 0.5, 0.25))

    assert (picture.width, picture.height) == (1000, 1000)
    assert picture.colour.startswith("#0000f")


async def test_what_later_changes_start_from_is_upright_and_whole() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = saved(gradient(400, 200), "JPEG", exif=exif)

    plain = await shrink(data)
    cut = await shrink(data, turn=90, crop=(0.25, 0.25, 0.5, 0.5))

    assert "original.jpg" not in plain.files  # the large form is as good
    assert opened(cut.files["original.jpg"]).size == plain.of("jpg")[0].size == (200, 400)
    again = await shrink(cut.files["original.jpg"], turn=90, crop=(0.25, 0.25, 0.5, 0.5))
    assert (again.width, again.height, again.colour) == (cut.width, cut.height, cut.colour)


@pytest.mark.parametrize(
    "crop", [(-1.0, 2.0, 5.0, 5.0), (1.0, 1.0, 0.0, 0.0), (0.5, 0.5, -1.0, 9.0)]
)
async def test_a_crop_out_of_bounds_is_brought_back(crop) -> None:
    picture = await shrink(saved(gradient(400, 200), "PNG"), crop=crop)

    assert 1 <= picture.width <= 400
    assert 1 <= picture.height <= 200


async def test_an_original_that_is_kept_has_its_size() -> None:
    picture = await shrink(saved(gradient(3000, 1500), "JPEG"), keeps_original=True)

    assert opened(picture.files["original.jpg"]).size == (3000, 1500)
    assert (picture.width, picture.height) == (1920, 960)


async def test_it_has_a_colour_and_a_blur_to_show_meanwhile() -> None:
    picture = await shrink(saved(Image.new("RGB", (64, 64), "#336699"), "PNG"))

    assert len(picture.blurhash) == 28
    assert [int(picture.colour[place : place + 2], 16) for place in (1, 3, 5)] == pytest.approx(
        [0x33, 0x66, 0x99], abs=3
    )


async def test_transparency_that_is_seen_is_kept() -> None:
    clear = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    full = Image.new("RGBA", (50, 50), (255, 0, 0, 255))

    forms = {"image-50.webp", "image-50.avif", "sent.jpg"}
    assert set((await shrink(saved(clear, "PNG"))).files) == forms
    assert set((await shrink(saved(full, "PNG"))).files) == {"image-50.jpg", "image-50.avif"}
    assert (await shrink(saved(clear, "PNG"))).colour == "#ffffff"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "CMYK", "YCbCr", "I;16", "RGBX"])
async def test_unusual_colours_are_read(mode: str) -> None:
    form = "JPEG" if mode in ("CMYK", "YCbCr", "RGBX") else "WEBP" if mode == "PA" else "PNG"

    picture = await shrink(saved(Image.new(mode, (20, 10)), form))

    assert (picture.width, picture.height) == (20, 10)


async def test_sixteen_bits_of_grey_are_scaled_and_not_cut() -> None:
    picture = await shrink(saved(Image.new("I;16", (20, 10), 0x8000), "PNG"))

    assert picture.colour == "#808080"


async def test_colours_are_brought_to_srgb() -> None:
    # A profile with two names exchanged: what it calls red is sRGB's green.
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = bytearray(profile)
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    swapped[red : red + 4], swapped[green : green + 4] = b"gXYZ", b"rXYZ"
    data = saved(Image.new("RGB", (20, 10), "#ff0000"), "PNG", icc_profile=bytes(swapped))

    assert (await shrink(data)).colour[3] == "f"


P3 = (0.3127, 0.329, 0.68, 0.32, 0.265, 0.69, 0.15, 0.06)


def chunks(*wanted: tuple[bytes, bytes]) -> PngImagePlugin.PngInfo:
    """Chunks of a PNG that stand before its pixels."""
    made = PngImagePlugin.PngInfo()
    for kind, body in wanted:
        made.add(kind, body)
    return made


def gamma(value: float) -> tuple[bytes, bytes]:
    return b"gAMA", struct.pack(">I", round(value * 100_000))


def primaries(places: tuple[float, ...]) -> tuple[bytes, bytes]:
    return b"cHRM", struct.pack(">8I", *(round(each * 100_000) for each in places))


def of_colour(colour: str | None) -> tuple[int, ...]:
    assert colour is not None
    return tuple(bytes.fromhex(colour[1:]))


IS_SRGB = (b"sRGB", b"\0")


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        # Half the light is 188 of sRGB's 255; the figures are those of the formula of sRGB.
        ([gamma(1.0)], (188, 137, 56)),
        ([gamma(1 / 1.8)], (146, 81, 10)),
        ([gamma(0.45455)], (128, 64, 10)),
        ([gamma(1.0), IS_SRGB], (128, 64, 10)),
        ([gamma(1.0), primaries(P3), IS_SRGB], (128, 64, 10)),
        ([primaries(P3)], (138, 59, 0)),
        # What stands for no colours at all changes nothing.
        ([gamma(0)], (128, 64, 10)),
        ([gamma(40_000)], (128, 64, 10)),
        ([primaries((0,) * 8)], (128, 64, 10)),
        ([primaries((0.3,) * 8)], (128, 64, 10)),
        ([primaries((40_000, 0.00001) * 4)], (128, 64, 10)),
    ],
)
async def test_a_png_with_a_gamma_or_primaries_looks_as_it_was_meant(
    said: list[tuple[bytes, bytes]], seen: tuple[int, ...]
) -> None:
    data = saved(Image.new("RGB", (20, 10), (128, 64, 10)), "PNG", pnginfo=chunks(*said))

    colour = of_colour((await shrink(data)).colour)

    assert all(abs(one - other) <= 1 for one, other in zip(colour, seen, strict=True)), colour


@pytest.mark.parametrize("mode", ["L", "LA", "P", "RGBA"])
async def test_a_gamma_counts_in_every_mode_and_alpha_stays(mode: str) -> None:
    plain = Image.new("LA" if "A" in mode else "L", (20, 10), (128, 255) if "A" in mode else 128)
    data = saved(plain.convert(mode), "PNG", pnginfo=chunks(gamma(1.0)))

    assert (await shrink(data)).colour == "#bcbcbc"


async def test_a_profile_goes_before_gamma_and_a_grey_one_is_read_with_alpha() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = saved(
        Image.new("RGB", (20, 10), (128, 64, 10)),
        "PNG",
        icc_profile=srgb,
        pnginfo=chunks(gamma(1.0), primaries(P3)),
    )
    grey = saved(Image.new("LA", (20, 10), (128, 255)), "PNG", icc_profile=linear_grey())

    assert (await shrink(data)).colour == "#80400a"
    assert (await shrink(grey)).colour == "#bcbcbc"


def linear_grey() -> bytes:
    """A profile of grey whose figures are amounts of light."""
    white = struct.pack(">4s4x3i", b"XYZ ", 63190, 65536, 54061)
    straight = struct.pack(">4s4xI", b"curv", 0)
    tags = struct.pack(
        ">I4sII4sII", 2, b"wtpt", 156, len(white), b"kTRC", 156 + len(white), len(straight)
    )
    head = struct.pack(
        ">I4xI4s4s4s12x4s24xI3i48x",
        *(128 + len(tags) + len(white) + len(straight), 0x02400000),
        *(b"mntr", b"GRAY", b"XYZ ", b"acsp", 0, 63190, 65536, 54061),
    )
    return head + tags + white + straight


async def test_a_heic_with_primaries_and_no_profile_looks_as_it_was_meant() -> None:
    picture = Image.new("RGB", (64, 64), (128, 64, 10))
    plain = saved(picture, "HEIF", quality=100)
    wide = saved(picture, "HEIF", quality=100, color_primaries=12, transfer_characteristics=13)

    colours = [of_colour((await shrink(each)).colour) for each in (plain, wide)]

    assert all(abs(one - other) <= 3 for one, other in zip(colours[0], (128, 64, 10), strict=True))
    assert all(abs(one - other) <= 3 for one, other in zip(colours[1], (138, 59, 0), strict=True))


@pytest.mark.parametrize(
    ("orientation", "turned"),
    [(1, False), (2, False), (3, False), (4, False), (5, True), (6, True), (7, True), (8, True)],
)
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
async def test_pictures_are_turned_upright(form: str, orientation: int, turned: bool) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation

    picture = await shrink(saved(gradient(40, 20), form, exif=exif))

    assert (picture.width, picture.height) == ((20, 40) if turned else (40, 20))


async def test_an_avatar_is_a_square_from_the_middle() -> None:
    wide = Image.new("RGB", (1200, 400), "red")
    wide.paste("blue", (400, 0, 800, 400))

    picture = await avatar(saved(wide, "JPEG"))

    assert (picture.width, picture.height) == (400, 400)
    assert list(picture.files) == ["face.jpg"]
    assert picture.colour.startswith("#0000f")


@pytest.mark.parametrize(
    ("size", "made"), [((4000, 3000), (1500, 500)), ((300, 300), (300, 100)), ((1, 900), (1, 1))]
)
async def test_a_header_is_a_strip_from_the_middle(
    size: tuple[int, int], made: tuple[int, int]
) -> None:
    picture = await header(saved(gradient(*size), "PNG"))

    assert (picture.width, picture.height) == made


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (3, 2)])
@pytest.mark.parametrize("make", [shrink, avatar, header])
async def test_odd_shapes_are_no_problem(
    make: Callable[[bytes], object], size: tuple[int, int]
) -> None:
    picture = await make(saved(Image.new("RGB", size), "PNG"))  # type: ignore[misc]

    assert isinstance(picture, Picture)


# MED-02: what would fill the memory is refused by its head.


async def test_MED_02_a_flood_of_pixels_is_refused_and_never_unpacked(tmp_path) -> None:
    bomb = empty_png(20_000, 20_000)
    small = await confined(saved(gradient(8, 8), "PNG"), tmp_path)

    for make in (shrink, avatar, header):
        with pytest.raises(Unfit, match="33 million pixels"):
            await make(bomb)
    with pytest.raises(Unfit, match="33 million pixels"):
        await confined(bomb, tmp_path)

    assert len(bomb) < 500_000
    assert small.memory < 100_000_000


@pytest.mark.parametrize(("width", "height"), [(7681, 4320), (40_000, 1_000), (8_000, 8_000)])
async def test_MED_02_even_a_little_too_many_pixels_are_refused(width: int, height: int) -> None:
    with pytest.raises(Unfit, match="33 million pixels"):
        await shrink(empty_png(width, height))


@pytest.mark.parametrize("form", ["PNG", "WEBP", "JPEG"])
async def test_MED_02_the_most_pixels_are_taken_within_bounds(form: str, tmp_path) -> None:
    most = saved(Image.new("RGB", (7680, 4320), "#336699"), form)

    done = await confined(most, tmp_path)

    assert (done.width, done.height) == (1920, 1080)
    assert done.memory < 700_000_000
    assert done.cpu_seconds < 10


async def test_MED_02_too_many_bytes_are_refused_unread() -> None:
    with pytest.raises(Unfit, match="16 MB"):
        await shrink(saved(gradient(10, 10), "JPEG") + bytes(16 * MEGABYTE))


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP", "AVIF"])
async def test_a_moving_picture_goes_on_moving_and_has_a_still_poster(form: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("#00ff00", "#ff0000", "#0000ff")]
    data = saved(frames[0], form, save_all=True, append_images=frames[1:], duration=200)

    picture = await shrink(data)

    moving = opened(picture.files["moving.webp"])
    assert (moving.format, moving.n_frames, moving.info["loop"]) == ("WEBP", 3, 0)
    moving.seek(1)
    moving.load()
    assert moving.info["duration"] == 200
    assert moving.convert("RGB").getpixel((5, 5))[0] > 200
    assert picture.colour[3] == "f"
    assert getattr(picture.of("poster-20.jpg")[0], "n_frames", 1) == 1
    assert picture.done.duration == pytest.approx(0.6)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
async def test_MED_02_moving_pictures_have_limits_of_their_own(form: str) -> None:
    many = [Image.new("RGB", (2, 2), (n % 251, n // 251 * 99, 0)) for n in range(301)]
    wide = [Image.new("RGB", (2001, 2000), (n, 0, 0)) for n in (0, 200)]
    more = {"lossless": True} if form == "WEBP" else {}

    def moving(frames: list[Image.Image]) -> bytes:
        return saved(frames[0], form, save_all=True, append_images=frames[1:], **more)

    with pytest.raises(Unfit, match="300 frames"):
        await shrink(moving(many))
    with pytest.raises(Unfit, match="4 million pixels"):
        await shrink(moving(wide))
    assert await shrink(moving(many[:300]))


async def test_MED_03_a_jpeg_of_endless_passes_is_refused_unread() -> None:
    whole = saved(gradient(400, 400), "JPEG", progressive=True)
    last = whole[whole.rindex(b"\xff\xda") : -2]

    with pytest.raises(Unfit, match="too long"):
        await shrink(whole[:-2] + last * 100 + whole[-2:])
    assert await shrink(whole)


async def test_a_photo_with_a_film_behind_it_is_none_of_endless_passes() -> None:
    """As telephones write them: what looks like a pass within the film, or in a remark, is none."""
    like = b"\xff\xda\x00\x0c" * 500
    whole = saved(gradient(400, 400), "JPEG", comment=like, exif=b"Exif\x00\x00" + like)

    assert await shrink(whole + bytes(1000) + like)


def test_frames_are_counted_up_to_a_limit_and_in_broken_files_too() -> None:
    frames = [Image.new("L", (2, 2), n) for n in range(10)]
    gif = saved(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert frames_in_gif(gif, 300) == 10
    assert frames_in_gif(gif, 5) == 6
    assert all(frames_in_gif(gif[:end], 300) <= 10 for end in range(len(gif)))


# MED-04, MED-05: only what it holds says what it is.


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"x", b"GIF89a", b"\xff\xd8\xff", b"<html><script>alert(1)</script>", b"%PDF-1.7"),
        *(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"RIFF\x00\x00\x00\x00WAVEfmt "),
        *(
            b"BM" + bytes(60),
            b"II*\x00" + bytes(60),
            b"\x00\x00\x01\x00" + bytes(60),
            b"P6 1 1 255 abc",
        ),
    ],
)
async def test_MED_04_other_things_are_refused(data: bytes) -> None:
    with pytest.raises(Unfit):
        await shrink(data)


@pytest.mark.parametrize("form", ["TIFF", "BMP", "ICO", "JPEG2000", "PPM", "TGA", "PDF", "EPS"])
async def test_MED_04_formats_off_the_list_are_refused(form: str) -> None:
    with pytest.raises(Unfit, match="no JPEG, PNG"):
        await shrink(saved(gradient(16, 16), form))


@pytest.mark.parametrize(
    "tail", [b"<script>alert(1)</script>", b"%PDF-1.7 polyglot", b"PK\x03\x04 archive"]
)
@pytest.mark.parametrize("form", FORMATS)
async def test_MED_04_what_hangs_on_behind_is_cut_off(form: str, tail: bytes) -> None:
    picture = await shrink(saved(gradient(64, 64), form) + tail)

    assert tail not in picture.all_bytes
    assert picture.of("jpg")[0].format == "JPEG"


@pytest.mark.parametrize(
    "svg",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>',
        b"\x1f\x8b\x08\x00" + bytes(40),
    ],
)
async def test_MED_05_svg_is_refused(svg: bytes) -> None:
    for make in (shrink, avatar, header):
        with pytest.raises(Unfit, match="no JPEG, PNG"):
            await make(svg)


# MED-06: nothing that came along with the pixels leaves with them.

MARK = b"MARKER-48.8583N-2.2945E"


def marked(form: str) -> bytes:
    exif = Image.Exif()
    exif[0x010E] = exif[0x010F] = exif[0x9286] = MARK.decode()
    exif.get_ifd(0x8825)[0x001D] = MARK.decode()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    more: dict[str, object] = {"exif": exif, "icc_profile": profile + MARK}
    xmp = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + MARK + b"</x:xmpmeta>"
    match form:
        case "JPEG":
            more |= {"comment": MARK, "xmp": xmp}
        case "PNG":
            notes = PngImagePlugin.PngInfo()
            notes.add_text("Comment", MARK.decode())
            notes.add_itxt("XML:com.adobe.xmp", xmp.decode())
            more["pnginfo"] = notes
        case "GIF":
            more = {"comment": MARK}
        case _:
            more["xmp"] = xmp
    return saved(gradient(700, 500), form, **more)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("make", [shrink, avatar, header])
async def test_MED_06_planted_marks_are_not_served(
    make: Callable[[bytes], object], form: str
) -> None:
    data = marked(form)
    assert MARK in data

    picture = await make(data)  # type: ignore[misc]

    for made in picture.files.values():
        assert MARK not in made
        assert b"MARKER" not in made
        assert not any(
            sign in made for sign in (b"Exif", b"EXIF", b"xmp", b"XMP ", b"ICC", b"iCCP")
        )
        assert set(opened(made).info) <= {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"),
            *("loop", "background", "timestamp", "duration"),
        }


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("share", [0.3, 0.7])
async def test_a_damaged_picture_is_refused_or_read_never_a_crash(form: str, share: float) -> None:
    whole = saved(Image.effect_noise((80, 80), 60).convert("RGB"), form)
    broken = whole[: int(len(whole) * share)]

    with pytest.raises(Unfit, match=r"\.$"):
        await shrink(broken)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # Pillow says so, and reads on
async def test_damaged_notes_about_a_picture_do_no_harm() -> None:
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff" + b"\xff" * 40
    profile = b"no profile at all"

    data = saved(gradient(40, 20), "JPEG", exif=exif, icc_profile=profile)

    assert (await shrink(data)).width == 40
