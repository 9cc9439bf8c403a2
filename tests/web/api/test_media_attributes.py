"""What apps say of the media of a status while they write or change it."""

import pytest
from aiohttp import FormData

from actors.actor import Actor
from core.settings import settings, use
from moderation.sections import Content
from moderation.vocabulary import AltText, Then
from notes.attachments import Attachment, State
from notes.media_files import MediaFile, Role
from tests.conftest import replaced
from tests.notes.films import film
from tests.walks.people import fan_of
from tests.web.api.test_thumbnails import BAD, GREEN, is_near, picture, seen_at, uploaded
from tests.web.test_compose import RULE, a_filter, with_policy


@pytest.fixture
async def app(settle, client):
    """The app of Mei."""
    return await client(await settle("mei"))


@pytest.fixture
def a_film(tmp_path):
    """A second of film, red above and blue below."""
    return film(tmp_path / "film.mp4").read_bytes()


def said(media, thumbnail=None, *, is_listed=True, **more):
    """A form as apps send it."""
    made = FormData(default_to_multipart=True)
    if is_listed:
        made.add_field("media_ids[]", media)
    made.add_field("media_attributes[][id]", media)
    for name in ("description", "focus"):
        if name in more:
            made.add_field(f"media_attributes[][{name}]", more.pop(name))
    if thumbnail:
        made.add_field(
            "media_attributes[][thumbnail]", thumbnail, filename="a.png", content_type="image/png"
        )
    for name, value in more.items():
        made.add_field(name, value)
    return made


async def published(app, data, **more):
    made = await uploaded(app, file=data)
    return await app.post("/api/v1/statuses", status="Hills", media_ids=[made["id"]], **more)


async def test_the_poster_of_a_published_video_is_exchanged_and_sent_on(
    app, a_film, remote, settle_down
):
    mei = await Actor.get(name="mei")
    await fan_of(mei, remote)
    note = await published(app, a_film)
    [before] = note["media_attachments"]

    status, changed = await app.ask(
        "PUT",
        f"/api/v1/statuses/{note['id']}",
        data=said(
            before["id"], picture("green"), status="Hills", focus="0.5,-0.5", description="Wind"
        ),
    )
    await settle_down()

    [after] = changed["media_attachments"]
    shown, _ = await seen_at(app, after["preview_url"])
    assert status == 200
    assert is_near(shown.getpixel((9, 9)), GREEN)
    assert after["description"] == "Wind"
    assert after["meta"]["focus"] == {"x": 0.5, "y": -0.5}
    [document] = remote.last("Update")["object"]["attachment"]
    assert document["icon"]["url"].partition("?")[0] == after["preview_url"].partition("?")[0]


async def test_a_new_status_takes_it_too(app):
    made = await uploaded(app, file=picture("red"))
    sent = said(made["id"], picture("green"), status="Hills", focus="0.1,0.2", description="Wind")

    status, note = await app.ask("POST", "/api/v1/statuses", data=sent)

    [shown] = note["media_attachments"]
    seen, _ = await seen_at(app, shown["preview_url"])
    assert (status, shown["description"]) == (200, "Wind")
    assert is_near(seen.getpixel((9, 9)), GREEN)
    assert shown["meta"]["focus"] == {"x": 0.1, "y": 0.2}


async def files():
    return sorted(each.key for each in await MediaFile.filter(role=Role.PREVIEW))


def on_disk():
    return sorted(each.name for each in settings().data("media").rglob("*.*") if each.is_file())


@pytest.mark.parametrize("name", BAD)
async def test_MED_04_what_is_no_picture_changes_nothing(app, a_film, name, settle_down):
    note = await published(app, picture("red"))
    [shown] = note["media_attachments"]
    await settle_down()
    kept, lie = await files(), on_disk()
    sent = said(shown["id"], BAD[name] or a_film, status="Lakes", focus="1,1", description="new")

    status, body = await app.ask("PUT", f"/api/v1/statuses/{note['id']}", data=sent)
    await settle_down()

    assert (status, body["error"][:17]) == (422, "Validation failed")
    assert (await files(), on_disk()) == (kept, lie)
    row = await Attachment.get(id=int(shown["id"]))
    assert (row.alt, row.focus_x) == ("", 0)
    assert "Hills" in (await app.get(f"/api/v1/statuses/{note['id']}"))["content"]


async def test_a_change_the_policy_refuses_shows_nothing_otherwise(app, settle_down):
    note = await published(app, picture("red"))
    [shown] = note["media_attachments"]
    with_policy(
        content=Content(alt_text=AltText.OFF), rules=(RULE,), filters=(a_filter(Then.REJECT),)
    )
    await settle_down()
    kept, lie = await files(), on_disk()
    sent = said(shown["id"], picture("green"), status="A spoon", focus="1,1")

    status, _ = await app.ask("PUT", f"/api/v1/statuses/{note['id']}", data=sent)
    await settle_down()

    assert status == 403
    assert (await files(), on_disk()) == (kept, lie)
    assert (await Attachment.get(id=int(shown["id"]))).focus_x == 0


async def test_MED_08_of_the_media_of_others_nothing_is_shown_otherwise(app, settle):
    ana = await settle("ana")
    theirs = await Attachment.create(owner_id=ana.id, state=State.READY)
    note = await published(app, picture("red"))
    sent = said(str(theirs.id), picture("green"), is_listed=False, status="Hills", focus="1,1")

    status, _ = await app.ask("PUT", f"/api/v1/statuses/{note['id']}", data=sent)

    row = await Attachment.get(id=theirs.id)
    assert status == 200
    assert (row.alt, row.focus_x) == ("", 0)
    assert await MediaFile.filter(attachment_id=theirs.id).count() == 0


@pytest.fixture
def sparing(here):
    """An instance that takes two uploads of somebody in half an hour."""
    use(replaced(here, "limits", uploads_per_half_hour=2))


async def test_thumbnails_count_as_uploads(early, sparing, app):
    note = await published(app, picture("red"))
    [shown] = note["media_attachments"]
    path = f"/api/v1/statuses/{note['id']}"

    answers = [
        (await app.ask("PUT", path, data=said(shown["id"], picture("green"), status="Hills")))[0]
        for _ in range(2)
    ]

    assert answers == [200, 429]
