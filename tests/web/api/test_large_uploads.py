"""Large files of forms: on the disk while they come, counted, and gone whatever happens."""

import asyncio
import io
import re
import tracemalloc

import pytest
from aiohttp import FormData

from core.settings import settings, use
from notes.attachments import Attachment
from tests.conftest import replaced
from tests.notes.films import film
from tests.web.test_full_disk import full, heavy
from web.parts import MOST_IN_MEMORY, MOST_WORDS, PIECE

PATH = "/api/v2/media"
MEGABYTE = 1024 * 1024
MARK = "8d1b6b2a"
HEAD = (
    f'--{MARK}\r\nContent-Disposition: form-data; name="file"; filename="a.mp4"\r\n'
    "Content-Type: video/mp4\r\n\r\n"
).encode()
TAIL = f"\r\n--{MARK}--\r\n".encode()
KIND = {"Content-Type": f"multipart/form-data; boundary={MARK}"}


@pytest.fixture
async def small_files(here):
    """Take in files of two megabytes at most."""
    use(replaced(here, "media", max_video_mb=2, max_image_mb=2))


def lying():
    """What lies in the folder of arrivals."""
    return list(settings().data("media", "incoming").glob("*"))


async def padded(path, megabytes):
    """A film with so many megabytes behind it that no player reads, piece by piece."""
    whole = film(path / "film.mp4").read_bytes()
    size = megabytes * MEGABYTE
    yield HEAD + whole + (size + 8).to_bytes(4, "big") + b"free"
    for _ in range(size // PIECE):
        yield bytes(PIECE)
    yield TAIL


async def much():
    """Words without an end in sight."""
    for _ in range(8):
        yield b"x" * (MOST_WORDS // 4)


async def until(is_so):
    """Wait until it is so; bounded by the time-out of tests."""
    while not is_so():  # noqa: ASYNC110  a folder rings no bell
        await asyncio.sleep(0.01)


async def gone():
    """Wait until nothing lies there."""
    await until(lambda: not lying())


async def test_DOS_a_video_of_40_megabytes_takes_few_of_memory(settle, client, tmp_path):
    app = await client(await settle("mei"))
    await app.ask("POST", PATH, data={"description": "what is needed once is there"})
    tracemalloc.start()

    status, made = await app.ask("POST", PATH, data=padded(tmp_path, 40), headers=KIND)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert status in (200, 202), made
    assert peak < 10 * MEGABYTE
    assert lying() == []


async def test_a_large_file_is_kept_like_a_small_one(settle, client, tmp_path):
    app = await client(await settle("mei"))

    status, made = await app.ask("POST", PATH, data=padded(tmp_path, 2), headers=KIND)
    while made["url"] is None:
        status, made = await app.ask("GET", f"/api/v1/media/{made['id']}")
        assert status in (200, 206), made

    assert made["type"] == "video"
    assert made["meta"]["original"]["duration"] == 1.0


@pytest.mark.parametrize("announced", [True, False])
async def test_more_than_the_largest_file_is_refused_while_it_comes(
    small_files, settle, client, tmp_path, announced
):
    app = await client(await settle("mei"))
    more = {"Content-Length": str(200 * MEGABYTE)} if announced else {}

    response = await app.send("POST", PATH, data=padded(tmp_path, 6), headers=KIND | more)

    assert response.status == 413
    assert re.fullmatch(
        r"Too large: at most \d+ MB can be sent at once", (await response.json())["error"]
    )
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    await gone()
    assert await Attachment.all().count() == 0


async def test_a_length_that_is_too_short_leaves_nothing(settle, client):
    app = await client(await settle("mei"))

    answer = await spoken(app, 2 * MEGABYTE, HEAD + bytes(4 * MEGABYTE) + TAIL)

    assert answer.startswith(b"HTTP/1.1 400")
    await gone()
    assert await Attachment.all().count() == 0


async def test_an_upload_that_breaks_off_leaves_nothing(settle, client):
    app = await client(await settle("mei"))
    _, writer = await dialled()
    writer.write(head_of(app, 40 * MEGABYTE) + HEAD + bytes(3 * MOST_IN_MEMORY))
    await writer.drain()
    await until(lying)

    writer.transport.abort()

    await gone()
    assert await Attachment.all().count() == 0


async def test_words_do_not_hide_a_large_file_in_memory(settle, client):
    app = await client(await settle("mei"))
    body = FormData(default_to_multipart=True)
    for number in range(5):
        body.add_field(f"{number}", "x" * (MOST_WORDS // 4))

    assert (await app.send("POST", PATH, data=body)).status == 413


async def test_only_a_form_with_files_may_be_large(settle, client):
    app = await client(await settle("mei"))
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    response = await app.send("POST", PATH, data=much(), headers=kind)

    assert response.status == 413


async def test_many_files_are_too_many(settle, client):
    app = await client(await settle("mei"))
    body = FormData()
    for number in range(80):
        body.add_field("file", bytes(MOST_IN_MEMORY // 8), filename=f"{number}.gif")

    assert (await app.send("POST", PATH, data=body)).status == 400
    assert lying() == []


async def dialled():
    """A connection to the server, without anything that would put lengths right."""
    host, _, port = settings().server.bind.partition(":")
    return await asyncio.open_connection(host, int(port))


def head_of(app, length):
    """The head of an upload with a length that need not be true."""
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: {settings().server.base_url.partition('://')[2]}\r\n"
        f"Authorization: Bearer {app.token}\r\nContent-Type: {KIND['Content-Type']}\r\n"
        f"Content-Length: {length}\r\nConnection: close\r\n\r\n"
    ).encode()


async def spoken(app, length, body):
    """Send bytes as they are, and return what is answered."""
    reader, writer = await dialled()
    writer.write(head_of(app, length) + body[:length])
    await writer.drain()
    answer = await reader.read(100)
    writer.transport.abort()
    return answer


async def test_where_there_is_no_room_an_app_is_told_to_try_later(settle, client):
    app = await client(await settle("mei"))
    made = FormData()
    made.add_field("file", io.BytesIO(heavy()), filename="p.png")

    with full():
        status, said = await app.ask("POST", PATH, data=made)

    assert (status, said["error"]) == (503, "Files are out of reach")
    assert lying() == []
    assert await Attachment.all().count() == 0
