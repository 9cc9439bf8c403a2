"""What we keep of other servers' pictures: how much, since when, and what goes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tortoise.transactions import in_transaction

from core import metrics, sql
from core.settings import settings
from notes.attachments import Attachment, load_media
from notes.files import forget
from notes.media_files import MediaFile

GIGABYTE = 1_000_000_000
BATCH = 200
# Room is made for a while at a time, not for one picture.
EMPTIED_TO = 0.9

_THEIRS = (
    "FROM media_file f JOIN attachment a ON a.id = f.attachment_id WHERE a.seen_at IS NOT NULL"
)


@dataclass(frozen=True)
class Held:
    """What is kept of one kind of media."""

    kind: str
    files: int
    size: int


async def held() -> list[Held]:
    """Count the copies that are kept, by kind: files and bytes."""
    rows = await sql.rows(
        f"SELECT a.media AS kind, COUNT(*) AS files, SUM(f.size) AS size {_THEIRS}"
        " GROUP BY a.media ORDER BY a.media"
    )
    return [Held(row["kind"], row["files"], int(row["size"] or 0)) for row in rows]


async def oldest_seen() -> datetime | None:
    """Tell when the copy that goes first was last looked at."""
    found = await Attachment.exclude(seen_at=None).order_by("seen_at").first()
    return found.seen_at if found else None


async def keep_within_bounds() -> None:
    """Let go what was not looked at for the longest, until the rest fits; by the clock."""
    most = settings().media.remote_cache_gb * GIGABYTE
    size = await _measured()
    if size <= most:
        return
    while (excess := size - int(most * EMPTIED_TO)) > 0 and (oldest := await _oldest()):
        size -= await let_go(_enough(oldest, excess))
    await _measured()


async def let_go(attachments: Sequence[Attachment]) -> int:
    """Drop the copies of these attachments, which are fetched again when somebody looks."""
    ids = [each.id for each in attachments]
    async with in_transaction():
        files = await MediaFile.filter(attachment_id__in=ids)
        await forget(files)
        await Attachment.filter(id__in=ids).update(seen_at=None, cached_at=None)
    return sum(each.size for each in files)


async def _oldest() -> list[Attachment]:
    return await load_media("seen_at IS NOT NULL ORDER BY seen_at, id LIMIT ?", [BATCH])


def _enough(oldest: Sequence[Attachment], excess: int) -> list[Attachment]:
    """Take no more of them, from the first, than make that much room; one at the least."""
    taken: list[Attachment] = []
    for each in oldest:
        taken.append(each)
        excess -= sum(file.size for file in each.files)
        if excess <= 0:
            break
    return taken


async def _measured() -> int:
    found = await held()
    metrics.cached_files.set(sum(each.files for each in found))
    metrics.cached_bytes.set(sum(each.size for each in found))
    return sum(each.size for each in found)
