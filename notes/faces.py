"""Portraits and banners: one file each, made in the workshop from what somebody sent."""

import asyncio
import hashlib
from pathlib import Path

from core.storage import storage
from notes.hashes import refuse_blocked
from notes.kinds import HEAD, kind_of
from notes.orders import NO_PICTURE, MakePicture, Shape, Unfit
from notes.processing import BROKEN
from notes.workshop import Broken, workshop


async def keep_face(data: bytes, shape: Shape) -> str:
    """Keep a portrait or a banner, and return its path on this server. Raises Unfit."""
    if kind_of(data[:HEAD]) is None:
        raise Unfit(NO_PICTURE)
    await refuse_blocked([await asyncio.to_thread(_digest, data)])

    async def bring(path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, data)

    try:
        async with workshop().work(MakePicture(shape=shape), bring) as work:
            name = work.done.files[0].name
            face = await asyncio.to_thread(work.path_of(name).read_bytes)
            await refuse_blocked([await asyncio.to_thread(_digest, face)])
            key = await storage().save(face, name.rpartition(".")[2])
    except Broken as error:
        raise Unfit(BROKEN) from error
    return f"/media/{key}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
