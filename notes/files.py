"""Files of pictures: gone when no note needs them any more."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tortoise.expressions import Q

from actors.actor import Actor
from core.clock import now
from core.storage import storage
from notes.attachments import Attachment

UNUSED = timedelta(hours=24)


async def delete_unused(payload: Mapping[str, Any]) -> None:
    """Delete these files, but for those that another note still shows: equal bytes are kept once
    (security.md MED-09). Job `notes.delete_files`."""
    for key in payload["keys"]:
        if not await _is_used(key):
            await storage().delete(key)


async def sweep() -> None:
    """Drop uploads that were never posted; runs by the clock."""
    old = await Attachment.filter(note_id=None, created_at__lt=now() - UNUSED).limit(500)
    await Attachment.filter(id__in=[each.id for each in old]).delete()
    keys = [key for each in old for key in (each.file, each.small_file) if key]
    await delete_unused({"keys": keys})


async def _is_used(key: str) -> bool:
    if await Attachment.filter(Q(file=key) | Q(small_file=key)).exists():
        return True
    path = f"/media/{key}"
    return await Actor.filter(Q(avatar=path) | Q(header=path)).exists()
