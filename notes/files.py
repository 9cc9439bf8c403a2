"""Files of pictures: gone when no note needs them any more."""

import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.emojis import HERE, Emoji
from core import sql
from core.clock import now
from core.jobs import Lane, put
from core.storage import NotStored, storage
from notes.attachments import Attachment, unposted
from notes.drafts import DraftMedia
from notes.media_files import MediaFile, Role
from notes.note import Note

UNUSED = timedelta(hours=24)
WRITTEN_ANEW = timedelta(hours=1)  # so long an app may take to post again what it deleted


async def drop(attachments: Sequence[int]) -> None:
    """Remove attachments with their files; the files go by a job, after the change is safe.

    Call in a transaction.
    """
    files = MediaFile.filter(attachment_id__in=list(attachments))
    await forget(await files)
    await Attachment.filter(id__in=list(attachments)).delete()


async def set_aside(note: Note) -> None:
    """Take the uploads off a note that goes, for its author alone to post them anew for a while.

    Call in a transaction.
    """
    touched = now() - UNUSED + WRITTEN_ANEW
    held = Attachment.filter(note_id=note.id, remote_url="")
    await held.update(note_id=None, position=0, created_at=touched)


async def forget(files: Sequence[MediaFile]) -> None:
    """Remove rows of files, and by a job the files themselves; call in a transaction."""
    if not files:
        return
    ids = [each.id for each in files]
    await sql.rows(f"DELETE FROM media_file WHERE id IN ({sql.marks(ids)})", ids)  # noqa: S608
    keys = sorted({each.key for each in files})
    await put("notes.delete_files", {"keys": keys, "at": time.time()}, lane=Lane.LATER)


async def forget_originals(attachments: Sequence[int]) -> None:
    """Let go of what came in, once the note is out; call in its transaction."""
    of_these = MediaFile.filter(attachment_id__in=list(attachments), role=Role.ORIGINAL)
    await forget(await of_these)


async def forget_preview(attachment: int) -> None:
    """Let go of what an app sent to stand for an upload; call in a transaction."""
    await forget(await MediaFile.filter(attachment_id=attachment, role=Role.PREVIEW))


async def delete_unused(payload: Mapping[str, Any]) -> None:
    """Delete these files, but for those that another note still shows: equal bytes are kept once
    (security.md MED-09). Job `notes.delete_files`.

    What was written once more since it was let go, `at` some second, comes with a row that may not
    be there yet; if none comes, `notes.forgotten` finds it.
    """
    for key in payload["keys"]:
        if not await is_used(key) and not await _came_again(key, payload.get("at")):
            await storage().delete(key)


async def _came_again(key: str, at: float | None) -> bool:
    if at is None:
        return False
    try:
        written = await storage().written_at(key)
    except NotStored:
        return False
    return written.timestamp() >= at


async def sweep() -> None:
    """Drop uploads that were never posted and stand in no draft; runs by the clock."""
    drafted = Subquery(DraftMedia.all().values("attachment_id"))
    forgotten = unposted().filter(remote_url="", created_at__lt=now() - UNUSED)
    old = await forgotten.exclude(id__in=drafted).limit(500)
    async with in_transaction():
        await drop([each.id for each in old])


async def is_used(key: str) -> bool:
    """Tell whether a row speaks of a file: of a note, an emoji, or a portrait or banner here."""
    if await MediaFile.exists(key=key) or await Emoji.exists(host=HERE, url=key):
        return True
    path = f"/media/{key}"
    return await Actor.filter(Q(avatar=path) | Q(header=path)).exists()
