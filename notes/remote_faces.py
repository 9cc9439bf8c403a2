"""Portraits and banners of people elsewhere: fetched when somebody looks, like pictures of notes.

Each is kept as an attachment of its owner that hangs on no note and has a `remote_url`, so that the
bounds of the cache, and whoever purges a person or a server, treat it as everything from elsewhere.
"""

from collections.abc import Collection

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.secret import is_stamp, stamp
from core.settings import settings
from notes.attachments import Attachment, Media, load_media
from notes.files import drop

AVATAR, HEADER = "avatar", "header"
PURPOSE = "remote face"


def face_path(actor: Actor, which: str) -> str:
    """Write where a portrait or banner is loaded from: ours, unless the operator wants links."""
    address = _address(actor, which)
    if not address or address.startswith("/") or settings().media.remote_mode == "link":
        return address
    return f"/media/remote/faces/{actor.id}/{which}/{stamp(PURPOSE, _text(actor, which))[:32]}"


def is_face_path(actor: Actor, which: str, mark: str) -> bool:
    """Tell whether we wrote this address for what they show now (MED-12)."""
    is_theirs = which in (AVATAR, HEADER) and "://" in _address(actor, which)
    return is_theirs and is_stamp(PURPOSE, _text(actor, which), mark, length=32)


async def face_of(actor: Actor, which: str) -> Attachment:
    """Return the attachment of a portrait or banner; those that they no longer show are dropped."""
    url, shown = _address(actor, which), (actor.avatar, actor.header)
    faces, old = await _faces_of(actor, shown)
    if url in faces and not old:
        return faces[url]
    async with in_transaction():
        # Who looks at the same time waits here, and then finds what was made. The whole row is
        # read: Tortoise locks nothing where only some columns are asked for.
        await Actor.filter(id=actor.id).select_for_update().first()
        faces, old = await _faces_of(actor, shown)
        await drop(old)
        if url in faces:
            return faces[url]
        face = await Attachment.create(owner_id=actor.id, media=Media.IMAGE, remote_url=url)
        face.files = []
        return face


async def _faces_of(
    actor: Actor, shown: Collection[str]
) -> tuple[dict[str, Attachment], list[int]]:
    """Return one attachment for each address that is shown, and the ids of all others."""
    found = await load_media("owner_id = ? AND note_id IS NULL AND remote_url <> ''", [actor.id])
    kept = {each.remote_url: each for each in found if each.remote_url in shown}
    numbers = {each.id for each in kept.values()}
    return kept, [each.id for each in found if each.id not in numbers]


def _address(actor: Actor, which: str) -> str:
    return actor.header if which == HEADER else actor.avatar


def _text(actor: Actor, which: str) -> str:
    return f"{actor.id} {which} {_address(actor, which)}"
