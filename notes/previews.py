"""The picture that an app sends to stand for an upload: of a video, in place of our own poster.

It is made like any picture, without all that it tells; of one that moves it is the first frame. Of
what moves, other servers and pages show it; of a picture only the lists of apps do.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tortoise.transactions import in_transaction

from core.jobs import put
from core.rows import insert_all
from core.settings import settings
from core.storage import digest_of
from notes.attachments import MOVING, Attachment
from notes.files import forget_preview
from notes.hashes import refuse_blocked
from notes.kinds import HEAD, kind_of
from notes.media_files import MediaFile, Role
from notes.orders import NO_PICTURE, MakePicture, Shape, TooHeavy, Unfit
from notes.processing import BROKEN
from notes.storing import stored
from notes.workshop import Broken, workshop

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Preview:
    """Files that are stored and belong to nothing yet, and what shows until they are loaded."""

    files: Sequence[MediaFile]
    blurhash: str
    colour: str


@dataclass(frozen=True)
class Look:
    """How media are to be shown from now on: where they matter most, and what stands for them."""

    focus: tuple[float, float] | None = None
    preview: Preview | None = None


async def make_preview(data: bytes) -> Preview:
    """Make the files of a preview. Raises Unfit with a sentence, TooHeavy for too many bytes."""
    most = settings().media.max_image_mb
    if kind_of(data[:HEAD]) is None:
        raise Unfit(NO_PICTURE)
    if len(data) > most * MEGABYTE:
        raise TooHeavy(f"This picture is larger than {most} MB.")
    await refuse_blocked([await asyncio.to_thread(lambda: hashlib.sha256(data).hexdigest())])

    async def bring(path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, data)

    order = MakePicture(shape=Shape.PREVIEW, most_megabytes=most)
    try:
        async with workshop().work(order, bring) as work:
            files = [await stored(work, each, Role.PREVIEW) for each in work.done.files]
            preview = Preview(files, work.done.blurhash[:170], work.done.colour[:7])
    except Broken as error:
        raise Unfit(BROKEN) from error
    try:
        await refuse_blocked([digest_of(each.key) for each in files])
    except Unfit:
        await throw_away(preview)
        raise
    return preview


async def keep_preview(attachment: Attachment, preview: Preview) -> None:
    """Let a preview stand for an upload, in place of the one it had."""
    for each in preview.files:
        each.attachment_id = attachment.id
    async with in_transaction():
        await forget_preview(attachment.id)
        await insert_all(MediaFile, preview.files)
        if attachment.media in MOVING:
            shown = {"blurhash": preview.blurhash, "colour": preview.colour}
            await Attachment.filter(id=attachment.id).update(**shown)


async def show_so(attachment: Attachment, look: Look) -> None:
    """Show media otherwise from now on; what a look does not say stays. Call in a transaction."""
    if look.focus:
        x, y = look.focus
        await Attachment.filter(id=attachment.id).update(focus_x=x, focus_y=y)
    if look.preview:
        await keep_preview(attachment, look.preview)


async def throw_away(preview: Preview) -> None:
    """Let go of a preview of which nothing came."""
    await put("notes.delete_files", {"keys": sorted({each.key for each in preview.files})})
