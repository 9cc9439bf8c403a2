"""Storing what the workshop made: the file first, then the row that says so."""

from core.storage import TYPES, storage
from notes.media_files import MediaFile, Role
from notes.orders import Made
from notes.workshop import Work


async def stored(work: Work, made: Made, role: Role) -> MediaFile:
    """Store one file that came of an order; its row belongs to nothing yet and is not written."""
    suffix = made.name.rpartition(".")[2]
    async with storage().arriving() as arrival:
        await arrival.copy(work.path_of(made.name))
        return MediaFile(
            role=role,
            key=await arrival.keep(suffix),
            media_type=TYPES[suffix],
            width=made.width,
            height=made.height,
            size=arrival.size,
        )
