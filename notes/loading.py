"""Who may load a file: whoever may see a note it hangs on, or holds an address we signed."""

import time
from enum import StrEnum
from weakref import WeakKeyDictionary

from cachetools import TTLCache
from tortoise.expressions import Q

from actors.actor import Actor
from core import sql
from core.rows import load, load_ids
from core.secret import is_stamp, stamp
from core.storage import Storage, storage
from notes.attachments import Attachment
from notes.media_files import Role
from notes.note import Note
from notes.visibility import visible_to

MOST = 500
STAMP = "media"

# Faces are asked for with every page, and who changes theirs gets another address.
_faces: WeakKeyDictionary[Storage, TTLCache[str, bool]] = WeakKeyDictionary()


class Access(StrEnum):
    """Whether a file is for everyone, for this viewer, or for nobody who asks like this."""

    OPEN = "open"
    NARROW = "narrow"
    NONE = "none"


async def access_to(key: str, viewer: Actor | None) -> Access:
    """Tell who may load a file of ours; of several notes with one file, one that allows it is
    enough (security.md MED-11, PRIV-01). What came in is shown to its owner alone."""
    rows = await _shown_as(key)
    notes = list((await load_ids(Note, (row.note_id for row in rows))).values())
    authors = await load_ids(Actor, (note.author_id for note in notes))
    for note in notes:
        note.author = authors[note.author_id]
    if await visible_to(None, notes) or await _is_face(key):
        return Access.OPEN
    if viewer is None:
        return Access.NONE
    is_mine = any(row.note_id is None and row.owner_id == viewer.id for row in rows)
    if is_mine or await visible_to(viewer, notes) or await _came_from(viewer, key):
        return Access.NARROW
    return Access.NONE


def signed_path(key: str, *, seconds: int) -> str:
    """Write the path of a file that whoever holds it may load for a while (product.md 5.1, 5)."""
    until = str(int(time.time()) + seconds)
    return f"/media/{key}?until={until}&stamp={stamp(STAMP, f'{key} {until}')}"


def is_signed(key: str, until: str, given: str) -> bool:
    """Tell whether we signed this path and it still holds."""
    is_number = until.isascii() and until.isdigit() and len(until) < 12
    return is_number and int(until) > time.time() and is_stamp(STAMP, f"{key} {until}", given)


async def _shown_as(key: str) -> list[Attachment]:
    """Return the attachments that show a file."""
    return await load(
        Attachment,
        "id IN (SELECT attachment_id FROM media_file WHERE key = ? AND role <> ?) LIMIT ?",
        [key, Role.ORIGINAL.value, MOST],
    )


async def _came_from(viewer: Actor, key: str) -> bool:
    found = await sql.rows(
        "SELECT 1 AS one FROM media_file f JOIN attachment a ON a.id = f.attachment_id"
        " WHERE f.key = ? AND a.owner_id = ? AND f.media_type <> ? LIMIT 1",
        [key, viewer.id, "application/octet-stream"],
    )
    return bool(found)


async def _is_face(key: str) -> bool:
    """Tell whether someone who lives here shows this file as their portrait or banner."""
    faces = _faces.setdefault(storage(), TTLCache(10_000, 60))
    if key in faces:
        return True
    path = f"/media/{key}"
    found = await Actor.filter(
        Q(avatar=path) | Q(header=path), local_name__gt="", gone_at=None, suspended_at=None
    ).exists()
    if found:
        faces[key] = True
    return found
