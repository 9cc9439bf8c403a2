"""Files without a row, which go after a day, and rows without a file, which are reported."""

from collections.abc import Collection

import structlog

from core import metrics
from core.clock import now
from core.rows import load
from core.storage import NotStored, storage
from notes.files import UNUSED, is_used
from notes.media_files import MediaFile

BATCH = 1000

log = structlog.get_logger()


async def sweep() -> None:
    """Delete files that no row speaks of once they are a day old; count what is lost; by the
    clock."""
    old = now() - UNUSED
    await storage().drop_arrivals(old)
    there: set[str] = set()
    async for key, written_at in storage().files():
        there.add(key)
        if written_at < old and not await is_used(key):
            log.info("a forgotten file is deleted", key=key)
            await storage().delete(key)
    lost = await missing(there)
    metrics.lost_files.set(len(lost))
    if lost:
        log.warning("rows have no file", count=len(lost), first=lost[0])


async def missing(there: Collection[str]) -> list[str]:
    """Name the files that rows speak of and that are not among these.

    Each is looked for once more: what came in while files were counted is not lost.
    """
    suspected, after = dict[str, None](), 0
    while rows := await load(MediaFile, "id > ? ORDER BY id LIMIT ?", [after, BATCH]):
        after = rows[-1].id
        suspected |= {each.key: None for each in rows if each.key not in there}
    return [key for key in suspected if not await _is_there(key)]


async def _is_there(key: str) -> bool:
    try:
        await storage().size(key)
    except NotStored:
        return False
    return True
