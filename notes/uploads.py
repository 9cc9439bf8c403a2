"""Taking in a picture that someone here uploads: checked, stripped, kept in two sizes."""

from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.ids import new_id
from core.storage import storage, suffix_of
from notes.attachments import Attachment, Media, load_files
from notes.images import Picture, shrink
from notes.media_files import MediaFile, Role

LONGEST_ALT = 1500


async def keep_upload(owner: Actor, data: bytes, *, alt: str = "") -> Attachment:
    """Keep an upload that waits for its note; raises NotAPicture with a sentence.

    Files are written before the row: a crash in between leaves a file, never a row without one.
    """
    picture = await shrink(data)
    file = await storage().save(picture.large, suffix_of(picture.large_type))
    small_file = await storage().save(picture.small, suffix_of(picture.small_type))
    async with in_transaction():
        kept = await Attachment.create(
            id=new_id(),
            owner_id=owner.id,
            alt=alt.strip()[:LONGEST_ALT],
            **_columns(picture),
        )
        await MediaFile.create(
            attachment_id=kept.id,
            role=Role.IMAGE,
            key=file,
            media_type=picture.large_type,
            width=picture.width,
            height=picture.height,
            size=len(picture.large),
        )
        await MediaFile.create(
            attachment_id=kept.id,
            role=Role.IMAGE,
            key=small_file,
            media_type=picture.small_type,
            width=picture.small_width,
            height=picture.small_height,
            size=len(picture.small),
        )
    return (await load_files([kept]))[0]


async def waiting_uploads(owner: Actor, ids: list[int]) -> list[Attachment]:
    """Return those of these uploads that are the owner's and on no note yet, in this order."""
    found = await Attachment.filter(id__in=ids, owner_id=owner.id, note_id=None)
    return sorted(await load_files(found), key=lambda each: ids.index(each.id))


def _columns(picture: Picture) -> dict[str, Any]:
    return {
        "media": Media.IMAGE,
        "media_type": picture.large_type,
        "width": picture.width,
        "height": picture.height,
        "size": len(picture.large),
        "blurhash": picture.blurhash,
        "colour": picture.colour,
    }
