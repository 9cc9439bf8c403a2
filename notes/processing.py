"""What becomes of an upload: work in the workshop, its files and its state, by a job.

It is `notes.process`, and `notes.process_video` for what moves.

A picture that waits is WAITING with its job, in one transaction with it (notes/uploads.py). Whoever
needs it soon may call `process` as well: within one process the same work is done once. A child
that dies leaves the upload WAITING for the job's next try; the third time it is FAILED. Changes
(`change`) are made from the ORIGINAL, which lives, stripped, until the note is posted.

Videos, and pictures that move, have an order of their own; later changes are made from the MP4.
"""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tortoise.transactions import in_transaction

from core import sql
from core.jobs import LEASE_SECONDS, hold_on, put
from core.rows import exists, insert_all, load_locked, set_columns
from core.settings import settings
from core.storage import NotStored, digest_of, storage
from notes.attachments import MOVING, Attachment, Media, State, load_media
from notes.files import forget, forget_preview
from notes.hashes import is_blocked
from notes.media_files import MediaFile, Role, main_file, original_file
from notes.orders import Done, MakePicture, MakeVideo, Order, Unfit
from notes.storing import stored
from notes.workshop import Broken, Work, workshop

PROCESS, FILM = "notes.process", "notes.process_video"
RAW = "application/octet-stream"
SENT_ALONG = (Role.CAPTIONS, Role.PREVIEW)  # not made of the file itself
OF_ROLE = "attachment_id = ? AND role = ?"
MOST_TRIES = 3
TELLING_S = 0.5  # whoever waits asks no oftener; each word is a transaction
BROKEN = "This file could not be worked on; it may be damaged. Try another one."
GONE = "This file is no longer there. Add it again."


async def process(payload: Mapping[str, Any]) -> None:
    """Work on an upload until its files are as its owner wants them; both jobs of this module.

    Raises Broken and StorageTrouble where a later try may go better; the latter counts as none.
    """
    number = int(payload["id"])
    await workshop().once(number, lambda: _process(number))


async def change(
    attachment: Attachment,
    *,
    turn: int,
    crop: Sequence[float] | None,
    cover_at: float | None = None,
) -> None:
    """Have an upload turned, cut, or given another cover, counted from how it came in.

    Its old files are shown until the new ones are there; another cover takes the place of a preview
    that an app sent. Call in a transaction.
    """
    if cover_at != attachment.cover_at:
        await forget_preview(attachment.id)
    await Attachment.filter(id=attachment.id).update(
        turn=turn % 360,
        crop=list(crop) if crop else None,
        cover_at=cover_at,
        state=State.WAITING,
        progress=0,
        tries=0,
        failure="",
    )
    await put_work(attachment)


async def put_work(attachment: Attachment) -> None:
    """Put down the work on an upload; videos have hands of their own. Call in a transaction."""
    await put(FILM if attachment.media in MOVING else PROCESS, {"id": attachment.id})


def order_for(attachment: Attachment) -> Order:
    """Write the order for an upload, by what it is and what its owner wants."""
    media = settings().media
    if attachment.media in MOVING:
        return MakeVideo(
            most_seconds=media.max_video_seconds,
            most_megabytes=media.max_video_mb,
            cover_at=attachment.cover_at,
            is_loop=attachment.media == Media.GIFV,
        )
    crop = attachment.crop
    return MakePicture(
        turn=attachment.turn,
        crop=(crop[0], crop[1], crop[2], crop[3]) if crop else None,
        keeps_original=media.keep_original,
        most_megabytes=media.max_image_mb,
    )


async def _process(number: int) -> None:
    """Go on until nothing was changed meanwhile."""
    while True:
        found = await load_media("id = ?", [number])
        if not found or found[0].state not in (State.WAITING, State.WORKING):
            return
        await _work_on(found[0])


async def _work_on(attachment: Attachment) -> None:
    source = original_file(attachment.files) or main_file(attachment.files)
    if source is None:
        await _fail(attachment, GONE)
        return
    if not await begin(attachment):
        return

    async def bring(path: Path) -> None:
        await _bring(source.key, path)

    told_at = time.monotonic()

    async def on_step(share: float) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= TELLING_S:
            told_at = time.monotonic()
            await _tell(attachment, share)

    try:
        async with _held(), workshop().work(order_for(attachment), bring, on_step) as work:
            await _keep(attachment, work)
    except Unfit as error:
        await _fail(attachment, str(error))
    except Broken:
        await _count_try(attachment)
        raise


async def begin(attachment: Attachment) -> bool:
    """Say that work goes on; False where another process has just ended it."""
    begun = "UPDATE attachment SET state = ?, progress = 0 WHERE id = ? AND state IN (?, ?)"
    values = [State.WORKING, attachment.id, State.WAITING, State.WORKING]
    return bool(await sql.rows(f"{begun} RETURNING id", values))


async def _bring(key: str, path: Path) -> None:
    """Put a stored file where a child may read it: a second name where the disk allows it."""
    lies = storage().path_of(key)
    try:
        if lies is None:
            await _fetch(key, path)
        else:
            await asyncio.to_thread(_link, lies, path)
    except (FileNotFoundError, NotStored) as error:
        raise Unfit(GONE) from error


async def _fetch(key: str, path: Path) -> None:
    with await asyncio.to_thread(path.open, "xb") as file:
        async for piece in storage().pieces(key, 0, await storage().size(key)):
            await asyncio.to_thread(file.write, piece)


def _link(lies: Path, path: Path) -> None:
    try:
        os.link(lies, path)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one without second names
        shutil.copyfile(lies, path)


async def _tell(attachment: Attachment, share: float) -> None:
    progress = int(share * 100)
    if progress >= attachment.progress + 5:
        attachment.progress = progress
        await set_columns(Attachment, attachment.id, {"progress": progress})


@asynccontextmanager
async def _held() -> AsyncIterator[None]:
    """Keep the lease of the job while work goes on, and while it waits for its turn."""
    beating = asyncio.create_task(_beat())
    try:
        yield
    finally:
        beating.cancel()


async def _beat() -> None:
    while True:
        await hold_on()
        await asyncio.sleep(LEASE_SECONDS / 3)


async def _keep(attachment: Attachment, work: Work) -> None:
    """Store what was made, then say so: files come before rows, as a crash leaves a file at most.

    Where the owner wanted something else meanwhile, what was made is kept, and the work goes on.
    """
    rows = [await stored(work, each, Role(each.role)) for each in work.done.files]
    for each, row in zip(work.done.files, rows, strict=True):
        row.attachment_id, row.language = attachment.id, each.language[:35]
    kept = _with_original(attachment, rows)
    if await is_blocked(digest_of(each.key) for each in rows):
        await _drop_files(rows)
        raise Unfit("This picture may not be shared here.")
    async with in_transaction():
        now = await load_locked(Attachment, attachment.id)
        if now is None:
            await _drop_files(rows)
            return
        is_wanted = (now.turn, now.crop, now.cover_at) == (
            *(attachment.turn, attachment.crop, attachment.cover_at),
        )
        if is_wanted and now.state is State.READY:  # another process was there before
            await _drop_files(rows)
            return
        await insert_all(MediaFile, kept)
        await forget([each for each in attachment.files if each.role not in SENT_ALONG])
        state = State.READY if is_wanted else State.WAITING
        said = {"state": state, "progress": 100, "failure": "", "tries": 0}
        has_preview = await exists("media_file", OF_ROLE, [attachment.id, Role.PREVIEW])
        look = {} if has_preview else _look(work.done)
        await set_columns(Attachment, attachment.id, said | _columns(work.done, kept) | look)


def _with_original(attachment: Attachment, rows: list[MediaFile]) -> list[MediaFile]:
    """Name what later changes start from: the largest form where the child wrote no other."""
    largest = main_file(rows)
    if any(each.role is Role.ORIGINAL for each in rows) or largest is None:
        return rows
    if largest.role is not Role.IMAGE:
        return rows
    original = MediaFile(
        attachment_id=attachment.id,
        role=Role.ORIGINAL,
        key=largest.key,
        media_type=largest.media_type,
        width=largest.width,
        height=largest.height,
        size=largest.size,
    )
    return [*rows, original]


def _columns(done: Done, files: Sequence[MediaFile]) -> dict[str, Any]:
    shown = main_file(files)
    return {
        "media": Media(done.media),
        "media_type": shown.media_type if shown else "",
        "size": shown.size if shown else 0,
        "width": done.width,
        "height": done.height,
        "duration": done.duration,
        "frame_rate": done.frame_rate[:15],
        "channels": done.channels,
    }


def _look(done: Done) -> dict[str, str]:
    return {"blurhash": done.blurhash[:170], "colour": done.colour[:7]}


async def _drop_files(rows: Sequence[MediaFile]) -> None:
    keys = sorted({each.key for each in rows})
    await put("notes.delete_files", {"keys": keys})


async def _count_try(attachment: Attachment) -> None:
    tries = attachment.tries + 1
    if tries >= MOST_TRIES:
        await _fail(attachment, BROKEN)
        return
    await Attachment.filter(id=attachment.id).update(state=State.WAITING, tries=tries, progress=0)


async def _fail(attachment: Attachment, why: str) -> None:
    """Say why, and keep nothing of what could not be read; what was shown before stays."""
    raw = [each for each in attachment.files if each.media_type == RAW]
    async with in_transaction():
        await Attachment.filter(id=attachment.id).update(
            state=State.FAILED, failure=why[:200], progress=0
        )
        await forget(raw)
