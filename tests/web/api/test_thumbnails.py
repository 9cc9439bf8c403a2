"""The picture that an app sends to stand for what it uploads."""

import asyncio
import io
import struct
import zlib
from urllib.parse import urlsplit

import pytest
from aiohttp import FormData
from PIL import Image, PngImagePlugin
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.settings import settings, use
from notes.attached import attachment_of
from notes.attachments import Attachment, load_media
from notes.hashes import block
from notes.media_files import MediaFile, Role
from notes.note import Note
from notes.processing import change
from tests.conftest import replaced
from tests.notes.films import film, gif

PATH = "/api/v2/media"
MARK = b"planted-mark-7c1e"


def picture(colour="teal", size=(400, 300), form="PNG", **more):
    """A plain picture."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, form, **more)
    return made.getvalue()


def form(file=None, thumbnail=None, **fields):
    """What an app sends."""
    made = FormData(fields, default_to_multipart=True)
    for name, data in (("file", file), ("thumbnail", thumbnail)):
        if data is not None:
            made.add_field(name, data, filename="../../x", content_type="image/png")
    return made


@pytest.fixture
async def app(settle, client):
    """The app of Mei."""
    return await client(await settle("mei"))


@pytest.fixture
def a_film(tmp_path):
    """A second of film, red above and blue below."""
    return film(tmp_path / "film.mp4").read_bytes()


async def ready(app, made):
    """Ask until it is ready, as clients do; bounded by the time-out of tests."""
    while made["url"] is None:
        status, made = await app.ask("GET", f"/api/v1/media/{made['id']}")
        assert status in (200, 206), made
    return made


async def uploaded(app, path=PATH, **sent):
    status, made = await app.ask("POST", path, data=form(**sent))
    assert status in (200, 202), made
    return await ready(app, made)


async def seen_at(app, url):
    """The picture behind an address, and its bytes."""
    parts = urlsplit(url)
    async with app.session.get(f"{parts.path}?{parts.query}") as response:
        assert response.status == 200, url
        data = await response.read()
    return Image.open(io.BytesIO(data)).convert("RGB"), data


def is_near(pixel, colour):
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


GREEN = (0, 128, 0)


@pytest.mark.parametrize("path", [PATH, "/api/v1/media"])
async def test_a_video_has_the_poster_its_app_sent(app, a_film, path):
    made = await uploaded(app, path, file=a_film, thumbnail=picture("green"))

    shown, _ = await seen_at(app, made["preview_url"])
    film = await Attachment.get()
    assert made["type"] == "video"
    assert is_near(shown.getpixel((9, 9)), GREEN)
    assert made["meta"]["small"]["size"] == "400x300"
    assert made["meta"]["original"]["width"] == 160
    assert is_near(bytes.fromhex(film.colour[1:]), GREEN)


async def test_the_poster_that_was_sent_stands_everywhere(app, a_film, browser, remote):
    made = await uploaded(app, file=a_film, thumbnail=picture("green"))
    posted = await app.post("/api/v1/statuses", media_ids=[made["id"]], status="Six o'clock")

    [sent] = await MediaFile.filter(role=Role.PREVIEW, media_type="image/jpeg", width=400)
    page = await (await browser.get(f"/n/{posted['id']}")).text()
    found = await load_media("id = ?", [int(made["id"])])
    document = attachment_of(found[0], await Note.get(id=posted["id"]))

    assert f'poster="/media/{sent.key}"' in page
    assert document["icon"]["url"].endswith(sent.key)
    assert (document["icon"]["width"], document["icon"]["mediaType"]) == (400, "image/jpeg")


async def test_a_loop_has_it_too_and_of_what_moves_only_the_first_frame_is_read(app):
    moving = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), each) for each in ("green", "red", "blue")]
    frames[0].save(moving, "GIF", save_all=True, append_images=frames[1:], duration=100)

    made = await uploaded(app, file=gif((64, 64), 4, 100), thumbnail=moving.getvalue())

    shown, _ = await seen_at(app, made["preview_url"])
    assert made["type"] == "gifv"
    assert is_near(shown.getpixel((9, 9)), GREEN)
    assert shown.format is None
    assert await MediaFile.filter(role=Role.PREVIEW).count() == 2


async def test_of_a_picture_only_the_preview_is_another(app):
    made = await uploaded(app, file=picture("red"), thumbnail=picture("green", (200, 200)))

    small, _ = await seen_at(app, made["preview_url"])
    large, _ = await seen_at(app, made["url"])
    assert is_near(small.getpixel((9, 9)), GREEN)
    assert is_near(large.getpixel((9, 9)), (255, 0, 0))
    assert made["meta"]["small"]["size"] == "200x200"
    assert made["meta"]["original"]["size"] == "400x300"


async def test_it_is_given_and_exchanged_later(app, a_film):
    made = await uploaded(app, file=a_film)
    at = f"/api/v1/media/{made['id']}"
    before = made["preview_url"]

    _, first = await app.ask("PUT", at, data=form(thumbnail=picture("red")))
    status, second = await app.ask(
        "PUT", at, data=form(thumbnail=picture("green"), description="Red")
    )
    _, third = await app.ask("PUT", at, json={"description": "Blue"})

    shown, _ = await seen_at(app, second["preview_url"])
    assert status == 200
    assert len({before.partition("?")[0], first["preview_url"].partition("?")[0]}) == 2
    assert is_near(shown.getpixel((9, 9)), GREEN)
    assert second["description"] == "Red"
    assert third["preview_url"].partition("?")[0] == second["preview_url"].partition("?")[0]
    assert await MediaFile.filter(role=Role.PREVIEW).count() == 4


async def test_a_cover_chosen_here_takes_its_place(app, a_film, settle_down):
    made = await uploaded(app, file=a_film, thumbnail=picture("green"))
    film = await Attachment.get()

    async with in_transaction():
        await change(film, turn=0, crop=None, cover_at=0.5)
    await settle_down()
    _, made = await app.ask("GET", f"/api/v1/media/{made['id']}")

    shown, _ = await seen_at(app, made["preview_url"])
    assert not is_near(shown.getpixel((9, 9)), GREEN)


async def test_MED_06_a_thumbnail_tells_nothing(app):
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", MARK.decode())
    exif = Image.Exif()
    exif[0x010E] = MARK.decode()
    for sent in (
        picture(pnginfo=words),
        picture(form="JPEG", exif=exif, comment=MARK),
        picture(form="PNG") + MARK,
    ):
        assert MARK in sent
        made = await uploaded(app, file=picture(), thumbnail=sent)

        for each in await MediaFile.filter(role=Role.PREVIEW, attachment_id=made["id"]):
            path = settings().data("media") / each.key
            assert MARK not in await asyncio.to_thread(path.read_bytes)


def flood(width, height):
    """A PNG of few bytes that would unpack to very many."""

    def chunk(kind, body):
        end = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + end

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


BAD = {
    "words": b"no picture",
    "MED-05 svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "MED-04 html": b"<html><script>alert(1)</script>",
    "MED-02 flood": flood(20_000, 20_000),
    "damaged": picture("red", (400, 300), "JPEG")[:200],
    "film": None,
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_MED_04_a_thumbnail_that_is_no_picture_refuses_it_all(app, a_film, name, method):
    bad = BAD[name] or a_film
    mei = await Actor.get(name="mei")
    made = await Attachment.create(owner_id=mei.id) if method == "PUT" else None
    sent = form(thumbnail=bad, description="new") if made else form(file=picture(), thumbnail=bad)

    status, body = await app.ask(method, f"/api/v1/media/{made.id}" if made else PATH, data=sent)

    assert status == 422
    assert body["error"].startswith("Validation failed: This picture") or "This is no" in str(body)
    assert await MediaFile.all().count() == 0
    assert await Attachment.filter(alt="new").count() == 0
    assert await Attachment.all().count() == (1 if made else 0)


@pytest.fixture
def sparing(here):
    """An instance that takes two uploads of somebody in half an hour, pictures of a megabyte."""
    use(replaced(here, "limits", uploads_per_half_hour=2))
    use(replaced(settings(), "media", max_image_mb=1))


async def test_one_with_too_many_bytes_is_refused_with_a_sentence(sparing, settle, client):
    app = await client(await settle("mei"))

    heavy = b"\xff\xd8\xff" + bytes(1024 * 1024)
    refused = await app.ask("POST", PATH, data=form(file=picture(), thumbnail=io.BytesIO(heavy)))

    assert refused == (413, {"error": "This picture is larger than 1 MB."})
    assert await Attachment.all().count() == 0


async def test_MED_10_a_blocked_one_is_refused(app):
    await uploaded(app, file=picture("red"), thumbnail=picture("green"))
    made = await MediaFile.filter(role=Role.PREVIEW).order_by("width").first()
    await block(made.key.rpartition("/")[2].partition(".")[0])

    status, body = await app.ask(
        "POST", PATH, data=form(file=picture("red"), thumbnail=picture("green"))
    )

    assert status == 422
    assert "may not be shared here" in body["error"]


async def test_a_file_that_is_refused_leaves_no_thumbnail(app, settle_down):
    status, _ = await app.ask("POST", PATH, data=form(file=b"none", thumbnail=picture("green")))
    await settle_down()

    assert status == 422
    assert await MediaFile.all().count() == 0
    assert [each for each in settings().data("media").rglob("*.jpg") if each.is_file()] == []


async def test_thumbnails_count_as_uploads(early, sparing, settle, client):
    app = await client(await settle("mei"))
    made = await uploaded(app, file=picture())
    at = f"/api/v1/media/{made['id']}"

    answers = [await app.ask("PUT", at, data=form(thumbnail=picture("green"))) for _ in range(2)]

    assert [each[0] for each in answers] == [200, 429]


async def test_MED_11_a_thumbnail_of_a_note_for_few_is_for_them(app, browser, a_film):
    made = await uploaded(app, file=a_film, thumbnail=picture("green"))
    await app.post(
        "/api/v1/statuses", media_ids=[made["id"]], status="For few", visibility="direct"
    )

    for each in await MediaFile.filter(role=Role.PREVIEW):
        assert (await browser.get(f"/media/{each.key}")).status == 404


async def test_MED_09_it_goes_with_its_upload(app, a_film, settle_down):
    made = await uploaded(app, file=a_film, thumbnail=picture("green"))

    await app.ask("DELETE", f"/api/v1/media/{made['id']}")
    await settle_down()

    assert await MediaFile.all().count() == 0
    assert [each for each in settings().data("media").rglob("*.jpg") if each.is_file()] == []
