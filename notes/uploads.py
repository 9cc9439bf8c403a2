"""Taking in what someone here uploads: kept as it is until it is worked on.

`take_in` returns at once and leaves the rest to the job `notes.process`; what becomes of it is in
`state`, `progress` and `failure`. `keep_upload` waits for it, as a form without scripts has to.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.limits import count
from core.rows import insert_all
from core.settings import settings
from core.storage import Arrival, StorageTrouble, storage, suffix_of
from notes.attachments import Attachment, Media, State, load_files, load_media, unposted
from notes.captions import clean_captions
from notes.containers import container_of
from notes.files import drop, forget
from notes.hashes import refuse_blocked
from notes.kinds import HEAD, kind_of, moves
from notes.media_files import MediaFile, Role
from notes.orders import NEITHER, TooHeavy, Unfit
from notes.processing import RAW, process, put_work
from notes.workshop import Broken

LONGEST_ALT = 1500
MEGABYTE = 1024 * 1024
WAIT_S = 20
HALF_AN_HOUR = 1800

File = bytes | Path | Arrival  # in memory, anywhere on this disk, or come in for the storage


async def count_upload(account_id: int) -> None:
    """Count an upload of someone; raise TooMany after as many as the settings allow."""
    most = settings().limits.uploads_per_half_hour
    await count(f"uploads:{account_id}", most=most, seconds=HALF_AN_HOUR)


async def take_in(owner: Actor, file: File, *, alt: str = "") -> Attachment:
    """Keep an upload, and put down the work on it. Raises Unfit with a sentence, StorageTrouble.

    Files are written before the row: a crash in between leaves a file, never a row without one.
    """
    async with _arrived(file) as arrival:
        await refuse_blocked([arrival.digest])
        media = await asyncio.to_thread(_checked, arrival.path, arrival.size)
        key = await arrival.keep(suffix_of(RAW))
    return await _put_down(owner, key, arrival.size, media, alt)


def head_of(file: File) -> bytes:
    """Return the first bytes of a file, which say what it is."""
    if isinstance(file, bytes):
        return file[:HEAD]
    with (file.path if isinstance(file, Arrival) else file).open("rb") as opened:
        return opened.read(HEAD)


@asynccontextmanager
async def _arrived(file: File) -> AsyncIterator[Arrival]:
    """Have a file where it can be looked at and kept; one that cannot be is not copied there."""
    if isinstance(file, Arrival):
        yield file
        return
    async with storage().arriving() as arrival:
        if isinstance(file, Path):
            size = (await asyncio.to_thread(file.stat)).st_size
            await asyncio.to_thread(_checked, file, size)
            await arrival.copy(file)
        else:
            await arrival.write(file)
        await arrival.settled()
        yield arrival


def _checked(path: Path, size: int) -> Media:
    """Tell what an upload is by its first bytes. Raises Unfit for what is neither, or too large."""
    head = head_of(path)
    if container_of(head) is not None:
        _check_size(Media.VIDEO, size)
        return Media.VIDEO
    kind = kind_of(head)
    if kind is None:
        raise Unfit(NEITHER)
    _check_size(Media.IMAGE, size)
    return Media.GIFV if moves(kind, path.read_bytes()) else Media.IMAGE


def _check_size(media: Media, size: int) -> None:
    most_film, most_picture = settings().media.max_video_mb, settings().media.max_image_mb
    if media is Media.VIDEO and size > most_film * MEGABYTE:
        raise TooHeavy(f"This video is larger than {most_film} MB.")
    if media is not Media.VIDEO and size > most_picture * MEGABYTE:
        raise TooHeavy(f"This picture is larger than {most_picture} MB.")


async def _put_down(owner: Actor, key: str, size: int, media: Media, alt: str) -> Attachment:
    words = alt.strip()[:LONGEST_ALT]
    kept = Attachment(owner_id=owner.id, media=media, alt=words, state=State.WAITING)
    raw = {"role": Role.ORIGINAL, "key": key, "media_type": RAW, "size": size}
    kept.files = [MediaFile(attachment_id=kept.id, **raw)]
    async with in_transaction():
        await insert_all(Attachment, [kept])
        await insert_all(MediaFile, kept.files)
        await put_work(kept)
    return kept


async def keep_captions(video: Attachment, data: bytes, *, language: str) -> MediaFile:
    """Give a video captions in a language, in place of those it had. Raises NotCaptions."""
    cleaned = clean_captions(data)
    key = await storage().save(cleaned, suffix_of("text/vtt"))
    async with in_transaction():
        await drop_captions(video, language=language)
        return await MediaFile.create(
            attachment_id=video.id,
            role=Role.CAPTIONS,
            key=key,
            media_type="text/vtt",
            size=len(cleaned),
            language=language,
        )


async def drop_captions(video: Attachment, *, language: str) -> None:
    """Take the captions of a language from a video. Call in a transaction."""
    old = await MediaFile.filter(attachment_id=video.id, role=Role.CAPTIONS, language=language)
    await forget(old)


async def keep_upload(owner: Actor, data: bytes, *, alt: str = "") -> Attachment:
    """Keep an upload and wait for the work on it; what cannot be kept leaves nothing behind.

    It is not READY where that takes longer than a form should. Raises Unfit with a sentence.
    """
    kept = await settled(await take_in(owner, data, alt=alt))
    if kept.state is State.FAILED:
        async with in_transaction():
            await drop([kept.id])
        raise Unfit(kept.failure)
    return kept


async def settled(attachment: Attachment, *, seconds: float = WAIT_S) -> Attachment:
    """Return an upload as it is when the work on it is done, or after so long."""
    with suppress(TimeoutError, Broken, StorageTrouble):
        async with asyncio.timeout(seconds):
            await process({"id": attachment.id})
    return (await load_media("id = ?", [attachment.id]))[0]


async def waiting_uploads(owner: Actor, ids: list[int]) -> list[Attachment]:
    """Return those of these uploads that are the owner's and on no note yet, in this order."""
    found = await unposted().filter(id__in=ids, owner_id=owner.id)
    return sorted(await load_files(found), key=lambda each: ids.index(each.id))
