"""A process that takes in and gives out 100 MB, and prints by how many bytes it grew."""

import asyncio
import resource
import sys
from pathlib import Path

from core.settings import S3
from core.storage import Storage, open_storage, storage_in
from core.stores import s3_store

HUNDRED = 100


def place(named: str, folder: Path) -> Storage:
    """The storage that is named: a folder, or the S3 server at a URL."""
    if named == "local":
        return open_storage(folder / "media")
    table = S3(endpoint=named, bucket="pictures", access_key="us", secret="ours")
    return storage_in(s3_store(table, "."), folder / "incoming")


async def carry(kept: Storage) -> None:
    """Bring a video in and out."""
    async with kept.arriving() as arrival:
        for _ in range(HUNDRED):
            await arrival.write(bytes(1_000_000))
        key = await arrival.keep("mp4")
    size = 0
    async for piece in kept.pieces(key, 0, await kept.size(key)):
        size += len(piece)
    assert size == HUNDRED * 1_000_000


def peak() -> int:
    """The most memory this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def main() -> None:
    """Carry little first, so that what is loaded once does not count."""
    kept = place(sys.argv[1], Path(sys.argv[2]))
    await kept.read(await kept.save(bytes(6_000_000), "mp4"))
    before = peak()
    await carry(kept)
    print(peak() - before)


asyncio.run(main())
