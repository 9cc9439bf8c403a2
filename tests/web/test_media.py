"""Files: to whom, as what, and for how long."""

import io

import pytest
from PIL import Image

from actors.actor import Actor
from actors.profiles import change_profile
from core.settings import settings
from core.storage import storage
from notes.arriving import Arrival, announce, writing
from notes.attachments import Attachment
from notes.documents import document_of, parts_of
from notes.drafts import keep_draft
from notes.faces import keep_face
from notes.loading import signed_path
from notes.media_files import main_file, small_file
from notes.note import Audience
from notes.orders import Shape
from notes.uploads import keep_upload
from tests.conftest import PASSWORD, account_of
from tests.factories import addressed, followed, noted


def picture(colour="red"):
    """A small picture."""
    made = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(made, "PNG")
    return made.getvalue()


@pytest.fixture
async def ben(settle):
    """Someone who posts pictures."""
    return await settle("ben")


async def shown(author, audience=Audience.PUBLIC, colour="red"):
    """A picture on a note: its large and its small address, and the note."""
    upload = await keep_upload(author, picture(colour))
    note = await noted(author, audience=audience, has_media=True)
    await Attachment.filter(id=upload.id).update(note_id=note.id)
    large, small = main_file(upload.files), small_file(upload.files)
    return f"/media/{large.key}", f"/media/{small.key}", note


async def test_a_public_picture_is_for_everyone_and_kept_for_long(browser, ben):
    large, small, _ = await shown(ben)

    for path, kind in ((large, "image/jpeg"), (small, "image/jpeg")):
        answer = await browser.get(path)
        assert answer.status == 200
        assert answer.headers["Content-Type"] == kind
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert "ETag" in answer.headers


async def test_parts_and_unchanged_files_are_told_so(browser, ben):
    large, _, _ = await shown(ben)
    whole = await browser.get(large)

    part = await browser.get(large, Range="bytes=0-9")
    same = await browser.get(large, If_None_Match=whole.headers["ETag"])

    assert (part.status, part.headers["Content-Length"]) == (206, "10")
    assert same.status == 304


async def test_head_answers_without_a_body(browser, ben):
    large, _, _ = await shown(ben)

    answer = await browser._ask("HEAD", large)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "image/jpeg")


@pytest.mark.parametrize("audience", [Audience.FOLLOWERS, Audience.PEOPLE])
async def test_MED_11_a_picture_of_a_narrow_note_is_for_those_who_see_the_note(
    browsers, settle, ben, audience
):
    large, small, note = await shown(ben, audience)
    mei, cai = await settle("mei"), await settle("cai")
    await followed(mei, ben)
    await addressed(note, mei)
    friend, other, visitor = browsers(), browsers(), browsers()
    await friend.sign_in(await account_of(mei))
    await other.sign_in(await account_of(cai))

    for path in (large, small):
        seen = await friend.get(path)
        assert seen.status == 200
        assert seen.headers["Cache-Control"] == "private, no-store"
        assert (await other.get(path)).status == 404
        assert (await visitor.get(path)).status == 404


async def test_PRIV_02_a_forbidden_file_and_one_that_is_not_there_answer_alike(browser, ben):
    large, _, _ = await shown(ben, Audience.FOLLOWERS)
    await browser.get("/")

    forbidden = await browser.get(large)
    missing = await browser.get(large[:-12] + "000000000.jpg")

    assert forbidden.status == missing.status == 404
    assert len(await forbidden.text()) == len(await missing.text())
    assert [*forbidden.headers] == [*missing.headers]


async def test_a_file_that_an_open_note_shows_too_is_open(browser, ben, settle):
    large, _, _ = await shown(ben, Audience.PEOPLE)
    again, _, _ = await shown(await settle("cai"))

    assert large == again
    assert (await browser.get(large)).status == 200


async def test_MED_08_an_upload_that_waits_is_its_owners_alone(browsers, ben, settle):
    upload = await keep_upload(ben, picture())
    owner, other = browsers(), browsers()
    await owner.sign_in(await account_of(ben))
    await other.sign_in(await account_of(await settle("cai")))

    assert (await owner.get(f"/media/{main_file(upload.files).key}")).status == 200
    assert (await other.get(f"/media/{main_file(upload.files).key}")).status == 404


async def test_faces_are_open_until_they_are_changed(browser, ben):
    key = await storage().save(picture("blue"), "png")
    await Actor.filter(id=ben.id).update(avatar=f"/media/{key}")

    assert (await browser.get(f"/media/{key}")).status == 200


async def test_a_file_nobody_shows_is_nobodys(browser, here):
    key = await storage().save(picture("green"), "png")

    assert (await browser.get(f"/media/{key}")).status == 404


async def test_servers_load_pictures_of_narrow_notes_by_an_address_we_signed(browser, ben):
    large, _, note = await shown(ben, Audience.FOLLOWERS)
    document = document_of(note, (await parts_of([note]))[note.id])

    url = document["attachment"][0]["url"]
    answer = await browser.get(url.removeprefix(browser.base))

    assert url.startswith(f"{browser.base}{large}?until=")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


async def test_MED_11_an_address_we_signed_ends_and_opens_nothing_else(browser, ben):
    large, small, _ = await shown(ben, Audience.FOLLOWERS)
    key = large.removeprefix("/media/")
    good = signed_path(key, seconds=60)

    over = await browser.get(signed_path(key, seconds=-1))
    moved = await browser.get(small + "?" + good.partition("?")[2])
    longer = await browser.get(good.replace("until=1", "until=2"))

    assert {over.status, moved.status, longer.status} == {404}
    assert (await browser.get(good)).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "/media/../rubric.db",
        "/media/..%2f..%2fetc%2fpasswd",
        "/media/%2e%2e/secret",
        "/media/aa/bb/aabb.jpg",
        "/media/aa/bb/aabb.svg",
        "/media//etc/passwd",
    ],
)
async def test_MED_07_a_path_that_is_no_key_opens_nothing(browser, here, path):
    answer = await browser.get_raw(path)

    assert answer.status in (400, 404)


async def test_ORG_02_a_file_is_never_taken_for_activitypub(browser, ben):
    large, _, _ = await shown(ben)

    answer = await browser.get(large, Accept="application/activity+json")

    assert answer.headers["Content-Type"] == "image/jpeg"


async def test_MED_09_the_files_of_a_deleted_note_are_gone(browser, ben, settle_down):
    large, _, note = await shown(ben)
    await browser.sign_in(await account_of(ben))
    await browser.get(note.page)

    await browser.post(f"{note.page}/delete")
    await settle_down()

    assert (await browser.get(large)).status == 404


def on_disk():
    """The files that are kept."""
    return sorted(each.name for each in settings().data("media").rglob("*.*") if each.is_file())


async def test_MED_09_the_disk_is_empty_after_an_account_is_closed(browser, ben, settle_down):
    """A note, an upload in a draft, one that waits, one half here, a portrait and a banner."""
    await shown(ben)
    await browser.sign_in(await account_of(ben))
    for columns in (
        {"avatar": await keep_face(picture(), Shape.AVATAR)},
        {"header": await keep_face(picture(), Shape.HEADER)},
    ):
        await change_profile(ben, **columns)
    drafted, _ = await keep_upload(ben, picture()), await keep_upload(ben, picture("blue"))
    await keep_draft(ben, {"text": "Later"}, [drafted.id])
    half = await announce(ben, 1000)
    with writing(half) as hand:
        await hand.add(b"half")
    portrait = (await Actor.get(id=ben.id)).avatar
    before = on_disk(), half.path.exists(), (await browser.get(portrait)).status

    await browser.post("/settings/account/close", {"close_password": PASSWORD})
    await settle_down()

    assert len(before[0]) > 6
    assert before[1:] == (True, 200)
    assert on_disk() == []
    assert not half.path.exists()
    assert (await browser.get(portrait)).status == 404
    assert not await Attachment.exists()
    assert not await Arrival.exists()
