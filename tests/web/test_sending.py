"""Files are sent alike from a folder and from a bucket: whole, by parts, and not again."""

import os

import pytest

from core.settings import use
from core.storage import storage
from notes.attachments import Attachment
from notes.loading import signed_path
from notes.media_files import MediaFile, Role
from notes.note import Audience
from tests.conftest import replaced
from tests.factories import noted

pytestmark = pytest.mark.parametrize("media_table", ["local", "s3"], indirect=True)
SIZE = 2_500_000


@pytest.fixture
def film():
    """More than is sent at a time."""
    return os.urandom(SIZE)


@pytest.fixture
async def open_path(settle, film):
    """A video everybody may see."""
    return f"/media/{await on_a_note(await settle('ben'), film)}"


async def on_a_note(author, film, audience=Audience.PUBLIC):
    """Put a video on a note and return its key."""
    key = await storage().save(film, "mp4")
    note = await noted(author, audience=audience, has_media=True)
    shown = await Attachment.create(owner_id=author.id, note_id=note.id, media="video")
    await MediaFile.create(
        attachment_id=shown.id, role=Role.VIDEO, key=key, media_type="video/mp4", size=len(film)
    )
    return key


async def test_a_whole_file_says_all_about_itself(wire, open_path, film):
    async with wire.get(open_path) as answer:
        body = await answer.read()

    assert (answer.status, body) == (200, film)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Range" in answer.headers["Access-Control-Expose-Headers"]
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-1", 0, 2),
        ("bytes=0-", 0, SIZE),
        ("bytes=1048570-1048580", 1_048_570, 1_048_581),
        ("bytes=2499999-", SIZE - 1, SIZE),
        ("bytes=100-99999999", 100, SIZE),
        ("bytes=-10", SIZE - 10, SIZE),
        ("bytes=-99999999", 0, SIZE),
    ],
)
async def test_a_part_is_sent_as_what_it_is(wire, open_path, film, asked, start, end):
    async with wire.get(open_path, headers={"Range": asked}) as answer:
        body = await answer.read()

    assert answer.status == 206
    assert answer.headers["Content-Range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["Content-Length"] == str(end - start)
    assert body == film[start:end]


@pytest.mark.parametrize("asked", ["bytes=2500000-", "bytes=9999999-99999999", "bytes=-0"])
async def test_a_part_beyond_the_end_is_refused(wire, open_path, asked):
    async with wire.get(open_path, headers={"Range": asked}) as answer:
        body = await answer.read()

    assert (answer.status, body) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=-"]
)
async def test_what_is_no_single_part_is_answered_with_all(wire, open_path, asked):
    async with wire.get(open_path, headers={"Range": asked}) as answer:
        await answer.read()

    assert (answer.status, answer.headers["Content-Length"]) == (200, str(SIZE))


async def test_who_has_it_already_is_told_so(wire, open_path):
    async with wire.head(open_path) as answer:
        tag = answer.headers["ETag"]

    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        async with wire.get(open_path, headers={"If-None-Match": given}) as answer:
            assert (answer.status, await answer.read()) == (304, b"")
            assert answer.headers["ETag"] == tag
    async with wire.get(open_path, headers={"If-None-Match": '"other"'}) as answer:
        assert answer.status == 200


async def test_a_part_of_another_file_is_not_sent(wire, open_path):
    async with wire.head(open_path) as answer:
        tag = answer.headers["ETag"]

    for given, status in ((tag, 206), ('"other"', 200), ("Tue, 01 Dec 2026 10:00:00 GMT", 200)):
        asked = {"Range": "bytes=0-9", "If-Range": given}
        async with wire.get(open_path, headers=asked) as answer:
            assert answer.status == status


async def test_head_says_the_same_without_the_bytes(wire, open_path):
    async with wire.head(open_path, headers={"Range": "bytes=0-9"}) as part:
        assert (part.status, part.headers["Content-Length"]) == (206, "10")
    async with wire.head(open_path) as whole:
        assert (whole.status, whole.headers["Content-Length"]) == (200, str(SIZE))
        assert await whole.read() == b""


async def test_MED_11_a_file_of_a_narrow_note_is_sent_to_no_cache(wire, settle, film):
    key = await on_a_note(await settle("ben"), film, Audience.FOLLOWERS)

    async with wire.get(f"/media/{key}") as refused:
        assert refused.status == 404
    headers = {"Range": "bytes=0-9"}
    async with wire.get(signed_path(key, seconds=60), headers=headers) as answer:
        assert (answer.status, await answer.read()) == (206, film[:10])
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_a_file_that_was_lost_is_missing_and_not_broken(wire, open_path):
    await storage().delete(open_path.removeprefix("/media/"))

    async with wire.get(open_path) as answer:
        assert answer.status == 404


async def test_ORG_03_no_accept_makes_activitypub_of_a_file(wire, open_path):
    for accept in ("application/activity+json", "application/ld+json", "text/html"):
        async with wire.get(open_path, headers={"Accept": accept}) as answer:
            assert answer.headers["Content-Type"] == "video/mp4"


@pytest.fixture
async def redirecting(here):
    """An instance that sends browsers to its bucket."""
    changed = replaced(here, "media", s3=replaced(here.media, "s3", redirect=True).s3)
    use(changed)
    return changed


async def test_public_files_may_be_loaded_from_the_bucket_itself(
    redirecting, wire, settle, film, media_table
):
    ben = await settle("ben")
    seen, narrow = await on_a_note(ben, film), await on_a_note(ben, film[1:], Audience.FOLLOWERS)

    async with wire.get(f"/media/{seen}", allow_redirects=False) as answer:
        status = answer.status
    async with wire.get(f"/media/{seen}", headers={"Range": "bytes=0-9"}) as there:
        part = await there.read()
    async with wire.get(signed_path(narrow, seconds=60), allow_redirects=False) as kept:
        await kept.read()

    # From a folder there is nowhere to send anybody.
    assert status == (200 if media_table.storage == "local" else 302)
    assert (there.status, part) == (206, film[:10])
    assert kept.status == 200
    if status == 302:
        assert answer.headers["Location"].startswith(media_table.s3.endpoint)
        assert answer.headers["Cache-Control"] == "public, max-age=1800"
