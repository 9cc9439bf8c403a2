"""MediaFile: one stored form of a picture or video, the only place that says which files we keep.

An attachment from elsewhere has rows here only while copies of it are cached. `load_media` of
notes/attachments.py brings attachments with their files; the choosing of one is down here.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import load

SMALL_WIDTH = 480


class Role(StrEnum):
    """What a file is of its attachment.

    ORIGINAL is what came in: while work on it waits the very bytes, with all that they tell, as
    `application/octet-stream`; later, where the operator keeps originals, without any of it. It is
    never shown to anybody but its owner. IMAGE and VIDEO are what we made and show; POSTER is
    a picture of a video, in several sizes as an image is; CAPTIONS have a language. SENT is what
    other servers get of a picture that none of them reads everywhere as it is shown here. PREVIEW
    is what an app sent to stand for it, in sizes as well; of what moves it stands for POSTER.
    """

    ORIGINAL = "original"
    IMAGE = "image"
    POSTER = "poster"
    VIDEO = "video"
    CAPTIONS = "captions"
    SENT = "sent"
    PREVIEW = "preview"


class MediaFile(Model):
    """A file of an attachment: `key` in the storage, `size` in bytes (0 where nobody counted)."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    # No word for the way back: `Attachment.files` is a plain list that `load_media` fills.
    attachment: fields.ForeignKeyRelation[Model] = fields.ForeignKeyField(
        "rubric.Attachment", related_name=False
    )
    attachment_id: int
    role = fields.CharEnumField(Role, max_length=10)
    key = fields.CharField(max_length=200)
    media_type = fields.CharField(max_length=100)
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    size = fields.BigIntField(default=0)
    language = fields.CharField(max_length=35, default="")
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "media_file"
        indexes = [("attachment_id",), ("key",)]


async def files_of(attachments: Iterable[int]) -> dict[int, list[MediaFile]]:
    """Return the files of each of these attachments, small ones first: one query."""
    ids = list(attachments)
    found: dict[int, list[MediaFile]] = {number: [] for number in ids}
    if ids:
        of_these = f"attachment_id IN ({sql.marks(ids)})"
        for each in await load(MediaFile, f"{of_these} ORDER BY width, id", ids):
            found[each.attachment_id].append(each)
    return found


def of_role(files: Sequence[MediaFile], *roles: Role) -> list[MediaFile]:
    """Leave only files of these roles."""
    return [each for each in files if each.role in roles]


def posters_of(files: Sequence[MediaFile]) -> list[MediaFile]:
    """Return the forms of what stands for an attachment: as it was sent, else the poster."""
    return of_role(files, Role.PREVIEW) or of_role(files, Role.POSTER)


def main_file(files: Sequence[MediaFile]) -> MediaFile | None:
    """Choose what an attachment is shown as at its largest: of pictures a JPEG, and where there is
    none (what is transparent, what moves), the widest WebP."""
    shown = of_role(files, Role.VIDEO) or of_role(files, Role.IMAGE)
    jpegs = [each for each in shown if each.media_type == "image/jpeg"]
    plain = [each for each in shown if each.media_type != "image/avif"]
    return max(jpegs or plain or shown, key=lambda each: each.width, default=None)


def sent_file(files: Sequence[MediaFile]) -> MediaFile | None:
    """Choose what an attachment is sent to other servers as: Pixelfed drops all media of a note
    with formats it lacks, so of pictures always a JPEG."""
    return next(iter(of_role(files, Role.SENT)), None) or main_file(files)


def small_file(files: Sequence[MediaFile]) -> MediaFile | None:
    """Choose what stands for an attachment in a list: a picture of about SMALL_WIDTH in a form
    that everything reads."""
    pictures = posters_of(files) or of_role(files, Role.IMAGE)
    plain = [each for each in pictures if each.media_type != "image/avif"]
    return min(plain, key=_distance, default=None)


def _distance(file: MediaFile) -> tuple[int, bool]:
    return abs(file.width - SMALL_WIDTH), file.media_type != "image/jpeg"


def poster_file(files: Sequence[MediaFile]) -> MediaFile | None:
    """Choose what other servers show of a video before it plays: its largest poster that every
    one of them reads."""
    posters = [each for each in posters_of(files) if each.media_type == "image/jpeg"]
    return max(posters, key=lambda each: each.width, default=None)


def original_file(files: Sequence[MediaFile]) -> MediaFile | None:
    """Return what came in, while it is kept."""
    return next(iter(of_role(files, Role.ORIGINAL)), None)
