"""What stands for a note in a list: its cover, how many pictures it has, how long its video is.

Covers are made once. The key of each holds all that it shows, so that nothing has to be told when
something changes, and nobody is given what was made of other rows.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache

from core import sql
from core.settings import settings
from notes.attachments import Attachment, Media
from notes.media_files import MediaFile, files_of
from notes.note import Audience
from notes.visibility import OPEN
from web.building.media import media_view
from web.views.notes import MediaView

MOST_COVERS = 4000
MOVING = (Media.VIDEO, Media.GIFV)
FACELESS = (Media.AUDIO, Media.UNKNOWN)
SHOWN = (
    *("id", "media", "media_type", "remote_url", "poster_url", "alt"),
    *("width", "height", "blurhash", "focus_x", "focus_y", "duration"),
)
# Files come and go, and none is ever changed: which there are is told by how many and the newest.
FILES = "(SELECT COUNT(*) || ' ' || MAX(f.id) FROM media_file f WHERE f.attachment_id = a.id)"

Key = tuple[Any, ...]

_covers: LRUCache[Key, MediaView] = LRUCache(MOST_COVERS)


@dataclass(frozen=True)
class Face:
    """What a card shows of what is attached to a note."""

    cover: MediaView | None = None
    images: int = 0
    video_seconds: int | None = None


async def faces_of(audiences: Mapping[int, Audience]) -> dict[int, Face]:
    """Return the faces of notes, whose audiences are given by id: one query, or two."""
    media: dict[int, list[sql.Row]] = {number: [] for number in audiences}
    columns = ", ".join(f"a.{name}" for name in ("note_id", *SHOWN))
    asked = await sql.rows(
        f"SELECT {columns}, {FILES} AS files FROM attachment a"  # noqa: S608  names of ours
        f" WHERE a.note_id IN ({sql.marks(media)}) ORDER BY a.position, a.id",
        list(media),
    )
    for each in asked:
        media[each["note_id"]].append(each)
    # An album has a hundred files; a card shows those of its cover.
    first = {number: face for number, those in media.items() if (face := _first_of(those))}
    keys = {number: _key(row, audiences[number] in OPEN) for number, row in first.items()}
    covers = await _covers_of(first, keys)
    return {number: _face(those, covers.get(number)) for number, those in media.items()}


def _first_of(media: Sequence[sql.Row]) -> sql.Row | None:
    """Choose what stands for a note: of a sound or a link there must be a picture."""
    return next(
        (each for each in media if each["media"] not in FACELESS or each["poster_url"]), None
    )


def _key(row: sql.Row, is_open: bool) -> Key:
    media = settings().media
    return (*row.values(), is_open, media.base_url, media.remote_mode)


async def _covers_of(rows: Mapping[int, sql.Row], keys: Mapping[int, Key]) -> dict[int, MediaView]:
    made = {number: found for number, key in keys.items() if (found := _covers.get(key))}
    missing = {number: rows[number] for number in rows if number not in made}
    files = await files_of(row["id"] for row in missing.values())
    for number, row in missing.items():
        those = files[row["id"]]
        cover = made[number] = _made(row, those, is_open=keys[number][len(row)])
        if _written(those) == row["files"]:  # nobody changed them between the two questions
            _covers[keys[number]] = cover
    return made


def _made(row: sql.Row, files: list[MediaFile], *, is_open: bool) -> MediaView:
    shown = Attachment(**{name: row[name] for name in SHOWN})
    shown.files = files
    return media_view(shown, is_open=is_open)


def _written(files: Collection[MediaFile]) -> str | None:
    return f"{len(files)} {max(each.id for each in files)}" if files else None


def _face(media: Sequence[sql.Row], cover: MediaView | None) -> Face:
    """Tell how long a video is, and of pictures how many there are: those that move are some."""
    pictures = [each for each in media if each["media"] in (Media.IMAGE, Media.GIFV)]
    moving = next((each for each in media if each["media"] in MOVING), None)
    is_video = moving is not None and (moving["media"] == Media.VIDEO or len(pictures) == 1)
    return Face(
        cover=cover,
        images=len(pictures),
        video_seconds=round(moving["duration"] or 0) if moving and is_video else None,
    )
