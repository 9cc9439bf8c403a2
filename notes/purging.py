"""Taking files away at once, wherever they are shown: of somebody, of a server, or one by hash."""

from collections.abc import Sequence

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.jobs import Lane, put
from core.storage import TYPES, digest_of, key_for, storage
from notes.attachments import Attachment
from notes.files import drop
from notes.hashes import block
from notes.media_files import MediaFile
from notes.note import Note

BATCH = 200
OURS = "/media/"


async def purge_hash(digest: str, *, reason: str = "") -> int:
    """Take a file off every note, with all else that was made of the same; it cannot come back.

    Returns how many attachments went; raises ValueError for what is no SHA-256.
    """
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise ValueError(f"{digest!r} is no SHA-256 in small hexadecimal letters")
    await block(digest, reason=reason)
    keys = [key_for(digest, suffix) for suffix in TYPES]
    shown = await MediaFile.filter(key__in=keys).values("attachment_id")
    ids = sorted({row["attachment_id"] for row in shown})
    # What else was made of it is the same picture in other sizes.
    for row in await MediaFile.filter(attachment_id__in=ids).values("key"):
        await block(digest_of(row["key"]), reason=reason)
    await _take(ids)
    faces = [f"/media/{key}" for key in keys]
    await Actor.filter(avatar__in=faces).update(avatar="")
    await Actor.filter(header__in=faces).update(header="")
    for key in keys:
        await storage().delete(key)
    return len(ids)


async def purge_account(actor: Actor) -> int:
    """Take all pictures and videos of somebody, here or elsewhere, their portrait and banner too;
    returns how many hung on notes or were to."""
    return await _purge(Q(owner_id=actor.id), Q(id=actor.id))


async def purge_domain(host: str) -> int:
    """Take all pictures and videos of a server and of those below it, portraits and banners too;
    returns how many hung on notes or were copies of faces."""
    host = host.lower()
    return await _purge(
        Q(owner__host=host) | Q(owner__host__endswith=f".{host}"),
        Q(host=host) | Q(host__endswith=f".{host}"),
    )


async def _purge(whose: Q, people: Q) -> int:
    """Faces go first: what nobody shows any more is not fetched again."""
    count = 0
    await _unface(people)
    while rows := await Attachment.filter(whose).limit(BATCH).values("id"):
        await _take([row["id"] for row in rows])
        count += len(rows)
    return count


async def _unface(people: Q) -> None:
    """Let people show neither portrait nor banner, and remove those that lie here."""
    has_face = ~Q(avatar="") | ~Q(header="")
    while (
        rows := await Actor.filter(people, has_face).limit(BATCH).values("id", "avatar", "header")
    ):
        faces = [each for row in rows for each in (row["avatar"], row["header"])]
        keys = sorted({each.removeprefix(OURS) for each in faces if each.startswith(OURS)})
        async with in_transaction():
            await Actor.filter(id__in=[row["id"] for row in rows]).update(avatar="", header="")
            await put("notes.delete_files", {"keys": keys}, lane=Lane.LATER)


async def _take(ids: Sequence[int]) -> None:
    rows = await Attachment.filter(id__in=list(ids)).values("note_id")
    notes = {row["note_id"] for row in rows if row["note_id"]}
    async with in_transaction():
        await drop(list(ids))
        still = await Attachment.filter(note_id__in=list(notes)).values("note_id")
        bare = notes - {row["note_id"] for row in still}
        await Note.filter(id__in=list(bare)).update(has_media=False)
