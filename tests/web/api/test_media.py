"""Uploading by an app, from the file to the note."""

import io
from urllib.parse import urlsplit

import pytest
from aiohttp import FormData
from PIL import Image

from core.clock import now
from core.ids import new_id
from core.settings import settings, use
from notes.attachments import Attachment, Media, State
from notes.note import Note
from tests.conftest import replaced
from tests.factories import followed, noted, stranger

PATH = "/api/v2/media"


def picture(size=(640, 480)):
    """A plain PNG."""
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, "PNG")
    return made.getvalue()


def form(data, **fields):
    """What an app sends."""
    made = FormData()
    made.add_field("file", data, filename="../../x.png", content_type="image/png")
    for name, value in fields.items():
        made.add_field(name, value)
    return made


async def ready(app, made):
    """Ask until it is ready, as clients do; bounded by the time-out of tests."""
    while made["url"] is None:
        status, made = await app.ask("GET", f"/api/v1/media/{made['id']}")
        assert status in (200, 206), made
    return made


async def test_a_picture_is_uploaded_described_and_posted(settle, client):
    app = await client(await settle("mei"))

    status, made = await app.ask(
        "POST", PATH, data=form(picture(), description="Hills", focus="0.5,-0.5")
    )
    made = await ready(app, made)
    await app.ask("PUT", f"/api/v1/media/{made['id']}", json={"description": "High hills"})
    posted = await app.post("/api/v1/statuses", media_ids=[made["id"]])

    [shown] = posted["media_attachments"]
    assert status in (200, 202)
    assert shown["type"] == "image"
    assert shown["description"] == "High hills"
    assert shown["meta"]["original"]["size"] == "640x480"
    assert shown["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    assert shown["blurhash"]
    assert shown["url"].startswith("http")
    assert shown["preview_url"].startswith("http")
    async with app.session.get(urlsplit(shown["url"]).path) as file:
        assert file.status == 200
        assert file.headers["Content-Type"] == "image/jpeg"
    assert (await app.ask("GET", f"/api/v1/media/{made['id']}"))[0] == 404
    assert (await app.ask("DELETE", f"/api/v1/media/{made['id']}"))[0] == 422


async def test_an_older_client_waits_for_its_picture(settle, client):
    app = await client(await settle("mei"))

    status, made = await app.ask("POST", "/api/v1/media", data=form(picture()))

    assert status == 200
    assert made["url"]


@pytest.mark.parametrize("data", [b"<svg/>", b"no picture", picture()[:100]])
async def test_MED_04_what_is_no_picture_is_refused(settle, client, data):
    app = await client(await settle("mei"))

    status, body = await app.ask("POST", "/api/v1/media", data=form(data))

    assert status == 422
    assert body["error"].startswith("Validation failed: ")


async def test_a_file_has_to_come(settle, client):
    app = await client(await settle("mei"))

    assert (await app.ask("POST", PATH, data={"description": "x"}))[0] == 400


async def test_MED_08_uploads_of_others_are_not_there(settle, client):
    ana = await settle("ana")
    waiting = await Attachment.create(owner_id=ana.id, state=State.WAITING)
    app = await client(await settle("mei"))

    for method in ("GET", "PUT", "DELETE"):
        assert (await app.ask(method, f"/api/v1/media/{waiting.id}", json={}))[0] == 404
    assert (await (await client(ana)).ask("GET", f"/api/v1/media/{waiting.id}"))[0] == 206


@pytest.fixture
def sparing(here):
    """An instance that takes one upload of somebody in half an hour, of a megabyte."""
    use(replaced(here, "limits", uploads_per_half_hour=1))
    use(replaced(settings(), "media", max_image_mb=1))


async def test_what_is_too_large_is_refused_with_a_sentence(sparing, settle, client):
    app = await client(await settle("mei"))

    heavy = form(io.BytesIO(b"\xff\xd8\xff" + bytes(1024 * 1024)))

    refused = await app.ask("POST", PATH, data=heavy)
    assert refused == (413, {"error": "This picture is larger than 1 MB."})


async def test_uploads_are_counted_as_the_settings_say(early, sparing, settle, client):
    app = await client(await settle("mei"))

    answers = [await app.ask("POST", "/api/v2/media", data=form(picture())) for _ in range(2)]

    assert answers[0][0] in (200, 202)
    assert answers[1][0] == 429


async def test_an_upload_is_thrown_away(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    kept = await Attachment.create(owner_id=mei.id)

    assert await app.ask("DELETE", f"/api/v1/media/{kept.id}") == (200, {})
    assert await Attachment.all().count() == 0


async def test_a_description_that_would_have_to_be_cut_is_refused_before_anything_is_kept(
    settle, client
):
    mei = await settle("mei")
    app = await client(mei)
    kept = await Attachment.create(owner_id=mei.id, alt="Hills")
    longest, longer = "x" * 1500, "x" * 1501

    data = FormData({"description": longer})
    data.add_field("file", picture(), filename="x.png", content_type="image/png")
    new = await app.ask("POST", PATH, data=data)
    old = await app.ask("PUT", f"/api/v1/media/{kept.id}", json={"description": longer})
    before = (await Attachment.get()).alt
    fits, _ = await app.ask("PUT", f"/api/v1/media/{kept.id}", json={"description": f" {longest} "})

    for status, body in (new, old):
        assert (status, list(body["details"])) == (422, ["description"])
    assert (before, fits in (200, 206)) == ("Hills", True)
    assert (await Attachment.get()).alt == longest


async def test_pictures_of_ones_own_held_note_load_without_a_token(settle, client):
    mei = await settle("mei")
    app, nobody = await client(mei), await client()
    _, made = await app.ask("POST", PATH, data=form(picture()))
    made = await ready(app, made)
    _, status = await app.ask(
        "POST", "/api/v1/statuses", json={"status": "look", "media_ids": [made["id"]]}
    )
    await Note.filter(id=int(status["id"])).update(held_at=now())

    _, seen = await app.ask("GET", f"/api/v1/statuses/{status['id']}")

    address = urlsplit(seen["media_attachments"][0]["url"])
    assert (await nobody.send("GET", f"{address.path}?{address.query}")).status == 200
    assert (await nobody.send("GET", address.path)).status == 404


@pytest.mark.parametrize(("audience", "is_told"), [("public", True), ("followers", False)])
async def test_where_a_picture_lies_elsewhere_is_told_of_open_notes_alone(
    settle, client, audience, is_told
):
    lies = "https://far.example/a.jpg?signature=SECRET"
    jo, ada = await settle("jo"), await stranger("ada")
    await followed(jo, ada)
    note = await noted(ada, audience=audience, has_media=True)
    await Attachment.create(
        id=new_id(), owner_id=ada.id, note_id=note.id, media=Media.IMAGE, remote_url=lies
    )

    _, seen = await (await client(jo)).ask("GET", f"/api/v1/statuses/{note.id}")

    assert seen["media_attachments"][0]["remote_url"] == (lies if is_told else None)
