"""Taking in a picture that someone here uploads: kept as it is until it is worked on.

`take_in` returns at once and leaves the rest to the job `notes.process`; what becomes of it is in
`state`, `progress` and `failure`. `keep_upload` waits for it, as a form without scripts has to.
"""

import asyncio
import hashlib
from contextlib import suppress

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.ids import new_id
from core.jobs import put
from core.storage import storage, suffix_of
from notes.attachments import Attachment, State, load_files, load_media
from notes.files import drop
from notes.hashes import refuse_blocked
from notes.kinds import HEAD, kind_of
from notes.media_files import MediaFile, Role
from notes.orders import NO_PICTURE, Unfit
from notes.processing import PROCESS, RAW, process
from notes.workshop import Broken

LONGEST_ALT = 1500
MOST_BYTES = 16 * 1024 * 1024  # security.md 2
WAIT_S = 20


async def take_in(owner: Actor, data: bytes, *, alt: str = "") -> Attachment:
    """Keep an upload, and put down the work on it. Raises Unfit with a sentence.

    Files are written before the row: a crash in between leaves a file, never a row without one.
    """
    if kind_of(data[:HEAD]) is None:
        raise Unfit(NO_PICTURE)
    if len(data) > MOST_BYTES:
        raise Unfit("This picture is larger than 16 MB.")
    await refuse_blocked([await asyncio.to_thread(_digest, data)])
    key = await storage().save(data, suffix_of(RAW))
    async with in_transaction():
        kept = await Attachment.create(
            id=new_id(), owner_id=owner.id, alt=alt.strip()[:LONGEST_ALT], state=State.WAITING
        )
        await MediaFile.create(
            attachment_id=kept.id,
            role=Role.ORIGINAL,
            key=key,
            media_type=RAW,
            size=len(data),
        )
        await put(PROCESS, {"id": kept.id})
    return (await load_files([kept]))[0]


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
    with suppress(TimeoutError, Broken):
        async with asyncio.timeout(seconds):
            await process({"id": attachment.id})
    return (await load_media("id = ?", [attachment.id]))[0]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


async def waiting_uploads(owner: Actor, ids: list[int]) -> list[Attachment]:
    """Return those of these uploads that are the owner's and on no note yet, in this order."""
    found = await Attachment.filter(id__in=ids, owner_id=owner.id, note_id=None)
    return sorted(await load_files(found), key=lambda each: ids.index(each.id))
