"""Storing what the workshop made: the file first, then the row that says so."""

import asyncio

from core.storage import TYPES, storage
from notes.media_files import MediaFile, Role
from notes.orders import Made
from notes.workshop import Work


async def stored(work: Work, made: Made, role: Role) -> MediaFile:
    """Store one file that came of an order; its row belongs to nothing yet and is not written."""
    path, suffix = work.path_of(made.name), made.name.rpartition(".")[2]
    return MediaFile(
        role=role,
        key=await storage().save_file(path, suffix),
        media_type=TYPES[suffix],
        width=made.width,
        height=made.height,
        size=(await asyncio.to_thread(path.stat)).st_size,
    )
