"""Large files in pieces: over connections that break, one hand at a time."""

import asyncio
import base64
import hashlib
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine

from core.clock import now
from core.settings import settings, use
from notes import arriving
from notes.arriving import Arrival, writing
from notes.attachments import Attachment
from rubric.worker import work_others
from tests.conftest import account_of, replaced
from tests.web.conftest import shut
from tests.web.test_compose import picture

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = TUS | {"Content-Type": "application/offset+octet-stream"}


class Sender:
    """Uploads as a script of our pages does."""

    def __init__(self, browser):
        self.browser = browser

    async def ask(self, method, path, data=None, **headers):
        given = {name.replace("_", "-"): str(value) for name, value in headers.items()}
        given = {"X-CSRF-Token": self.browser.token} | given
        return await self.browser._ask(method, path, data=data, headers=given)

    async def announce(self, length, **headers):
        return await self.ask("POST", "/uploads", Upload_Length=length, **TUS, **headers)

    async def send(self, path, data, offset, **headers):
        return await self.ask("PATCH", path, data, Upload_Offset=offset, **(PIECE | headers))

    async def offset(self, path):
        return int((await self.ask("HEAD", path, **TUS)).headers["Upload-Offset"])


@pytest.fixture
def sparing(here):
    """An instance that bears one megabyte on its way, and two uploads in half an hour."""
    use(replaced(here, "limits", arriving_mb=1, uploads_per_half_hour=2))


@pytest.fixture
async def mei(settle, browser):
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


@pytest.fixture
def sender(browser, mei):
    return Sender(browser)


@pytest.fixture
def data():
    return picture(size=(300, 200))


async def test_what_the_server_can_is_asked_without_a_version(sender):
    answer = await sender.ask("OPTIONS", "/uploads")

    assert answer.status == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert answer.headers["Tus-Max-Size"] == str(100 * 1024 * 1024)


async def test_a_file_comes_in_pieces_and_becomes_an_attachment(sender, mei, data):
    begun = await sender.announce(len(data), Upload_Metadata="filename cC5wbmc=")
    path = begun.headers["Location"]

    first = await sender.send(path, data[:100], 0)
    looked = await sender.ask("HEAD", path, **TUS)
    last = await sender.send(path, data[100:], 100)

    assert (begun.status, first.status, last.status) == (201, 204, 204)
    assert first.headers["Upload-Offset"] == "100"
    assert (looked.headers["Upload-Length"], looked.headers["Cache-Control"]) == (
        str(len(data)),
        "no-store",
    )
    assert looked.headers["Upload-Metadata"] == "filename cC5wbmc="
    kept = await Attachment.get(owner_id=mei.id, note_id=None)
    assert last.headers["Upload-Media"] == str(kept.id)
    assert (await ready()).width == 300
    assert list(settings().data("arriving").iterdir()) == []


async def test_the_last_answer_may_be_lost(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    made = (await sender.send(path, data, 0)).headers["Upload-Media"]

    looked = await sender.ask("HEAD", path, **TUS)

    assert looked.headers["Upload-Offset"] == str(len(data))
    assert looked.headers["Upload-Media"] == made
    assert await Attachment.all().count() == 1


async def test_a_server_that_ended_after_the_last_byte_finishes_when_asked(sender, mei, data):
    path = (await sender.announce(len(data))).headers["Location"]
    with writing(await Arrival.get()) as hand:
        await hand.add(data)

    answer = await sender.send(path, b"", len(data))

    assert answer.status == 204
    assert answer.headers["Upload-Media"] == str((await Attachment.get()).id)


async def broken(browser, path, data, offset, announced):
    """Send a piece over a connection that breaks before all of it came."""
    host, port = browser.base.removeprefix("http://").split(":")
    _reader, writer = await asyncio.open_connection(host, int(port))
    lines = [
        f"PATCH {path} HTTP/1.1",
        f"Host: {host}:{port}",
        f"Cookie: session={browser.cookie('session')}",
        f"X-CSRF-Token: {browser.token}",
        "Tus-Resumable: 1.0.0",
        "Content-Type: application/offset+octet-stream",
        f"Upload-Offset: {offset}",
        f"Content-Length: {announced}",
    ]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + data)
    await writer.drain()
    return writer


async def broke(browser, path, file, data, offset, announced):
    """Have a piece arrive over a connection that breaks; the one before may still be let go of."""
    async with asyncio.timeout(60):
        while True:
            writer = await broken(browser, path, data, offset, announced)
            with suppress(TimeoutError):
                # Before it breaks: of a connection that is gone already nothing needs to be read.
                await until(file, offset + len(data), seconds=3)
                return await shut(writer)
            await shut(writer)


async def until(path, size, *, seconds=20):
    """Wait for the disk to have so many bytes."""
    async with asyncio.timeout(seconds):
        while not path.exists() or path.stat().st_size != size:  # noqa: ASYNC110  a disk has no bell
            await asyncio.sleep(0.02)


async def test_what_came_before_a_connection_broke_need_not_come_again(browser, sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    file = (await Arrival.get()).path

    for offset in (0, 50):
        await broke(browser, path, file, data[offset : offset + 50], offset, len(data) - offset)
    answer = await again(sender, path, data)

    assert answer.status == 204
    assert (await ready()).width == 300


async def ready():
    """Do the work on the one upload, and return it."""
    await work_others()
    return await Attachment.get()


async def again(sender, path, data):
    """Go on where the server says, once the broken connection let go."""
    async with asyncio.timeout(20):
        while True:
            offset = await sender.offset(path)
            answer = await sender.send(path, data[offset:], offset)
            if answer.status != 423:
                return answer
            await asyncio.sleep(0.05)


async def test_two_connections_cannot_write_one_file(browser, sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    file = (await Arrival.get()).path
    writer = await broken(browser, path, b"", 0, len(data))
    await until(file, 0)

    second = await sender.send(path, data, 0)
    writer.write(data)
    await writer.drain()
    await shut(writer)

    assert second.status == 423


async def test_pieces_sent_at_once_are_written_once(sender, mei, data):
    path = (await sender.announce(len(data))).headers["Location"]

    answers = await asyncio.gather(*(sender.send(path, data, 0) for _ in range(4)))

    assert sorted({each.status for each in answers} - {423, 409}) == [204]
    assert await Attachment.all().count() == 1


async def test_who_signs_in_again_goes_on(browsers, sender, mei, data):
    path = (await sender.announce(len(data))).headers["Location"]
    await sender.send(path, data[:100], 0)
    another = browsers()
    await another.sign_in(await account_of(mei))

    outside = await Sender(browsers()).ask("HEAD", path, **TUS)
    answer = await Sender(another).send(path, data[100:], 100)

    assert outside.status == 401
    assert answer.headers["Upload-Media"] == str((await Attachment.get()).id)


async def test_MED_08_nobody_touches_the_uploads_of_others(browsers, sender, settle, data):
    path = (await sender.announce(len(data))).headers["Location"]
    ben = browsers()
    await ben.sign_in(await account_of(await settle("ben")))

    statuses = [
        (await Sender(ben).ask("HEAD", path, **TUS)).status,
        (await Sender(ben).send(path, data, 0)).status,
        (await Sender(ben).ask("DELETE", path, **TUS)).status,
    ]

    assert statuses == [404, 404, 404]
    assert await sender.offset(path) == 0


async def test_an_offset_that_is_not_where_the_file_ends_is_refused(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    await sender.send(path, data[:10], 0)

    for offset in ("0", "11", "-1", "x", ""):
        answer = await sender.send(path, data[10:], offset)
        assert (answer.status, answer.headers["Upload-Offset"]) == (409, "10")


async def test_more_than_was_announced_is_taken_back(sender, data):
    path = (await sender.announce(len(data) - 1)).headers["Location"]

    answer = await sender.send(path, data, 0)

    assert answer.status == 413
    assert await sender.offset(path) == 0


async def test_a_file_that_is_too_large_is_refused_before_its_first_byte(sender):
    at_most = await sender.announce(100 * 1024 * 1024)
    too_large = await sender.announce(100 * 1024 * 1024 + 1)

    assert (at_most.status, too_large.status) == (201, 413)


async def test_an_empty_file_is_refused_and_leaves_nothing(sender):
    answer = await sender.announce(0)

    assert (answer.status, await answer.json()) == (422, {"error": "This file is empty."})
    assert await Arrival.all().count() == 0


async def test_a_member_has_so_much_on_its_way_and_no_more(sparing, sender):
    statuses = [(await sender.announce(600_000)).status for _ in range(2)]

    assert statuses == [201, 413]


@pytest.mark.parametrize("length", ["", "-1", "1e3", "many"])
async def test_a_length_that_is_none_is_refused(sender, length):
    assert (await sender.announce(length)).status == 400


async def test_another_version_is_refused(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    old = {"Tus-Resumable": "0.2.2"}

    answers = [
        await sender.ask("POST", "/uploads", Upload_Length=5, **old),
        await sender.ask("HEAD", path, **old),
        await sender.send(path, data, 0, **old),
        await sender.ask("DELETE", path, **old),
    ]

    assert [each.status for each in answers] == [412] * 4
    assert answers[0].headers["Tus-Version"] == "1.0.0"


async def test_a_piece_of_another_type_is_refused(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]

    assert (await sender.send(path, data, 0, **{"Content-Type": "image/png"})).status == 415


async def test_a_checksum_holds_or_the_piece_is_forgotten(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    good = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    bad = base64.b64encode(hashlib.sha256(b"else").digest()).decode()

    wrong = await sender.send(path, data, 0, Upload_Checksum=f"sha256 {bad}")
    unknown = await sender.send(path, data, 0, Upload_Checksum="crc32 AAAA")
    offset = await sender.offset(path)
    right = await sender.send(path, data, 0, Upload_Checksum=f"sha1 {good}")

    assert (wrong.status, unknown.status, offset, right.status) == (460, 400, 0, 204)


async def test_an_upload_is_removed(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    await sender.send(path, data[:100], 0)

    removed = await sender.ask("DELETE", path, **TUS)

    assert removed.status == 204
    assert (await sender.ask("HEAD", path, **TUS)).status == 404
    assert list(settings().data("arriving").iterdir()) == []


async def test_an_upload_that_does_not_grow_expires(sender, data):
    begun = await sender.announce(len(data))
    path = begun.headers["Location"]
    await sender.send(path, data[:100], 0)
    (settings().data("arriving") / "stray").write_bytes(b"left by a crash")

    await Arrival.all().update(touched_at=now() - timedelta(hours=25))
    answer = await sender.send(path, data[100:], 100)
    await arriving.sweep()

    assert begun.headers["Upload-Expires"].endswith("GMT")
    assert answer.status == 404
    assert not await Arrival.exists()
    assert list(settings().data("arriving").iterdir()) == []


async def test_what_is_no_picture_is_refused_with_a_sentence(sender):
    path = (await sender.announce(8)).headers["Location"]

    answer = await sender.send(path, b"%PDF-1.7", 0)

    assert answer.status == 422
    assert "picture" in (await answer.json())["error"]
    assert (await sender.ask("HEAD", path, **TUS)).status == 404


async def test_WEB_01_without_the_token_nothing_is_taken(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]

    begun = await sender.announce(5, X_CSRF_Token="made up")
    piece = await sender.send(path, data, 0, X_CSRF_Token="")
    cross = await sender.send(path, data, 0, Sec_Fetch_Site="cross-site")
    gone = await sender.ask("DELETE", path, X_CSRF_Token="x", **TUS)

    assert [each.status for each in (begun, piece, cross, gone)] == [403] * 4
    assert await sender.offset(path) == 0


async def test_uploads_are_counted(early, sparing, sender):
    assert [(await sender.announce(5)).status for _ in range(3)] == [201, 201, 429]


async def test_sweeping_leaves_what_grows(sender, data):
    path = (await sender.announce(len(data))).headers["Location"]
    await sender.send(path, data[:100], 0)

    with time_machine.travel(now() + timedelta(hours=23), tick=True):
        await arriving.sweep()

    assert await sender.offset(path) == 100
