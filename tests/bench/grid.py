"""The grid: a page with 24 covers, by its bytes and by what it takes of the server."""

import asyncio
import gzip
import tempfile
import urllib.request
from pathlib import Path

from actors.accounts import Role
from actors.actor import Actor
from actors.registration import create_account
from core.settings import load, use
from notes.attachments import Attachment
from notes.media_files import MediaFile
from notes.media_files import Role as Part
from notes.note import Shows
from rubric.instance import opened
from tests.bench.load import get
from tests.bench.machine import spread
from tests.bench.reads import measured
from tests.factories import noted
from tests.walks.processes import PASSWORD, Server
from web.render import STATIC

CARDS = 24
SIZES = (240, 480, 960, 1920)
KINDS = {"image/avif": "avif", "image/jpeg": "jpg"}


async def main() -> None:
    """Print the row of the grid."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder, "grid"))
        await _prepare(server)
        await server.start()
        try:
            for line in await _measure(server):
                print(line)
        finally:
            await server.stop()


async def _prepare(server: Server) -> None:
    chosen = load(server.config)
    use(chosen)
    async with opened(chosen):
        account = await create_account("mei", "mei@example.org", PASSWORD, role=Role.ADMIN)
        for number in range(CARDS + 1):
            await _pictured(account.actor, number)


async def _pictured(author: Actor, number: int) -> None:
    title = f"The ferry of day {number}"
    note = await noted(author, "<p>Early.</p>", title=title, has_media=True, shows=Shows.PHOTOS)
    picture = await Attachment.create(
        note_id=note.id,
        owner_id=author.id,
        alt="Hills in the mist of a morning, the nearest one dark green",
        width=3000,
        height=4000,
        blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
    )
    for width in SIZES:
        for media_type, ending in KINDS.items():
            await MediaFile.create(
                attachment_id=picture.id,
                role=Part.IMAGE,
                key=f"{number:02}/{'0123456789abcdef' * 3}{width}.{ending}",
                media_type=media_type,
                width=width,
                height=width * 4 // 3,
            )


async def _measure(server: Server) -> list[str]:
    page = await asyncio.to_thread(_read, f"{server.base}/local")
    packed = len(gzip.compress(page))
    beside = sum(
        len(gzip.compress((STATIC / name).read_bytes()))
        for name in ("rubric.css", "look.js", "pages.js")
    )
    figures = await measured(server, get(server.domain, "/local"))
    return [
        f"grid page with {page.count(b'<picture>')} covers: {spread(figures, 'ms of CPU each')}",
        f"grid page: {len(page)} bytes, {packed} compressed,"
        f" {packed + beside} with its style and scripts",
    ]


def _read(url: str) -> bytes:
    request = urllib.request.Request(url, headers={"Accept": "text/html"})  # noqa: S310  loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        body: bytes = answer.read()
    return body


if __name__ == "__main__":
    asyncio.run(main())
