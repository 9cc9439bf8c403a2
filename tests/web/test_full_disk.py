"""A disk that takes no more: it is named, no word is lost, and uploads wait for room."""

import io
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import FormData

from core.settings import settings
from core.storage import StorageTrouble, open_storage
from notes import filming, images
from notes.attachments import State, load_media
from notes.doorstep import Doorstep, leave
from notes.orders import SOURCE, Full, MakePicture, MakeVideo, Refused
from notes.processing import process
from notes.uploads import settled, take_in
from notes.workbench import answer_of
from tests.conftest import account_of
from tests.notes.films import film
from tests.notes.test_images import gradient, saved
from tests.web.test_compose import picture
from tests.web.test_tus import Sender

MEGABYTE = 1024 * 1024
SAID = "There is no room for this file just now. What you wrote is kept; add it again later."


@contextmanager
def full(most: int = 4 * MEGABYTE) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk without room for more."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def heavy() -> bytes:
    """A picture of six megabytes."""
    return picture() + os.urandom(6 * MEGABYTE)


def lying() -> list[str]:
    """What lies in the folder of files, whole or half."""
    return [each.name for each in settings().data("media").rglob("*") if each.is_file()]


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser, before the empty form."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    browser.session.headers["Accept-Language"] = "en"
    await browser.get("/compose")
    return actor


@pytest.mark.parametrize("pieces", [[bytes(4096), b"tea"], [bytes(3 * MEGABYTE)]])
async def test_what_cannot_be_written_is_trouble_and_leaves_nothing(tmp_path, pieces):
    kept = open_storage(tmp_path / "media")

    async def come() -> None:
        async with kept.arriving() as arrival:
            for each in pieces:
                await arrival.write(each)
            await arrival.settled()

    with full(4096), pytest.raises(StorageTrouble):
        await come()

    assert os.listdir(tmp_path / "media" / "incoming") == []


async def test_a_copy_that_cannot_be_written_is_trouble_and_leaves_nothing(tmp_path):
    kept, file = open_storage(tmp_path / "media"), tmp_path / "film"
    file.write_bytes(bytes(5 * MEGABYTE))

    with full(), pytest.raises(StorageTrouble):
        await kept.save_file(file, "mp4")

    assert os.listdir(tmp_path / "media" / "incoming") == []


async def test_the_words_of_a_form_stay_and_the_file_is_named(browser, mei):
    made = FormData(default_to_multipart=True)
    made.add_field("csrf", browser.token)
    made.add_field("files", io.BytesIO(heavy()), filename="p.png", content_type="image/png")
    made.add_field("text", "Kept words")
    made.add_field("step", "save")

    with full():
        answer = await browser.upload("/compose", made)

    assert answer.status == 422
    assert SAID in (text := await answer.text())
    assert "Kept words" in text
    assert lying() == []


async def test_a_piece_is_kept_as_far_as_there_was_room_and_goes_on_later(browser, mei):
    sender, data = Sender(browser), heavy()
    path = (await sender.announce(len(data))).headers["Location"]

    with full():
        answer = await sender.send(path, io.BytesIO(data), 0)
    here = await sender.offset(path)
    last = await sender.send(path, io.BytesIO(data[here:]), here)

    assert (answer.status, "Retry-After" in answer.headers) == (503, True)
    assert 3 * MEGABYTE < here <= 4 * MEGABYTE
    assert last.status == 204
    assert "Upload-Media" in last.headers


async def test_what_is_left_at_the_doorstep_without_room_is_trouble_and_leaves_nothing(here):
    files = [b"small", heavy()]

    with full(), pytest.raises(StorageTrouble):
        await leave("visit", {"text": "Hm"}, files)

    assert os.listdir(settings().data("doorstep")) == []
    assert not await Doorstep.exists()


async def test_work_whose_files_find_no_place_is_done_when_there_is_one(mei):
    kept = await take_in(mei, saved(gradient(1000, 500), "JPEG"))
    incoming = settings().data("media", "incoming")
    incoming.rmdir()
    incoming.touch()

    waiting = await settled(kept)
    incoming.unlink()
    await process({"id": kept.id})

    assert waiting.state in (State.WAITING, State.WORKING)
    [ready] = await load_media("id = ?", [kept.id])
    assert (ready.state, ready.tries) == (State.READY, 0)


@pytest.mark.parametrize("kind", ["film", "picture"])
def test_a_workbench_tells_a_full_disk_from_a_damaged_file(tmp_path, kind):
    """`/dev/full` takes nothing, and what is made goes there."""
    (tmp_path / "made").mkdir()
    if kind == "film":
        work, order = filming.work, MakeVideo(most_seconds=300, most_megabytes=100)
        film(tmp_path / "film.mp4").rename(tmp_path / SOURCE)
        (tmp_path / "made" / filming.NAME).symlink_to("/dev/full")
    else:
        work, order = images.work, MakePicture()
        (tmp_path / SOURCE).write_bytes(saved(gradient(160, 120), "JPEG"))
        (tmp_path / "made" / "image-160.avif").symlink_to("/dev/full")

    without_room = answer_of(work, order, tmp_path, io.BytesIO())
    (tmp_path / SOURCE).write_bytes(b"neither")
    damaged = answer_of(work, order, tmp_path, io.BytesIO())

    assert without_room == Full()
    assert isinstance(damaged, Refused)
