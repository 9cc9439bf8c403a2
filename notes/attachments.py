"""Attachment: a picture or video and its description; its files are in notes/media_files.py."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.queryset import QuerySet

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.rows import load
from notes.media_files import MediaFile, files_of
from notes.note import Note, Shows


class Media(StrEnum):
    """What an attachment is, in the client API's words."""

    IMAGE = "image"
    VIDEO = "video"
    GIFV = "gifv"
    AUDIO = "audio"
    UNKNOWN = "unknown"


class State(StrEnum):
    """How far the work on an upload is; what lives elsewhere is READY."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


MOVING = (Media.VIDEO, Media.GIFV)


class Attachment(Model):
    """A picture, video or sound of a note.

    Not yet on a note while `note` is empty; then it is its owner's alone (security.md MED-08).
    `failure` is a sentence in English that pages translate, `progress` counts to 100, `tries` the
    times that work on it broke off. What its owner wants changed: `turn` is in degrees clockwise,
    `crop` is left, top, width, height as fractions of what stands upright and turned, `cover_at`
    the second of a video that its poster shows. Width and height are as shown: upright, turned and
    cropped; `duration` is in seconds, `frame_rate` a fraction such as 30000/1001, `channels` are
    those of the sound. `seen_at` (when somebody here last saw it) and `cached_at` (when its copies
    came) are for what lives elsewhere. What belongs to an appeal is on no note, and never will be.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    owner: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="attachments"
    )
    owner_id: int
    note: fields.ForeignKeyNullableRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="attachments", null=True
    )
    note_id: int | None
    appeal_id = fields.BigIntField(null=True)
    position = fields.SmallIntField(default=0)
    media = fields.CharEnumField(Media, max_length=10, default=Media.IMAGE)
    media_type = fields.CharField(max_length=100, default="")
    remote_url = fields.CharField(max_length=2000, default="")
    poster_url = fields.CharField(max_length=2000, default="")
    alt = fields.TextField(default="")
    is_decorative = fields.BooleanField(default=False, db_default=False)
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    size = fields.IntField(default=0)
    duration = fields.FloatField(null=True)
    frame_rate = fields.CharField(max_length=15, default="", db_default="")
    channels = fields.SmallIntField(default=0, db_default=0)
    blurhash = fields.CharField(max_length=170, default="")
    colour = fields.CharField(max_length=7, default="")
    focus_x = fields.FloatField(default=0)
    focus_y = fields.FloatField(default=0)
    state = fields.CharEnumField(
        State, max_length=10, default=State.READY, db_default=State.READY.value
    )
    failure = fields.CharField(max_length=200, default="", db_default="")
    progress = fields.SmallIntField(default=0, db_default=0)
    tries = fields.SmallIntField(default=0, db_default=0)
    turn = fields.SmallIntField(default=0, db_default=0)
    crop = fields.JSONField[list[float] | None](null=True)
    cover_at = fields.FloatField(null=True)
    seen_at = fields.DatetimeField(null=True)
    cached_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    files: list[MediaFile]
    """Small ones first; there once `load_media` or `load_files` brought them."""

    class Meta:
        table = "attachment"
        indexes = [("note_id", "position"), ("owner_id",), ("seen_at",), ("appeal_id",)]


def unposted() -> QuerySet[Attachment]:
    """Choose what hangs on nothing yet: on no note and on no appeal (security.md MED-08)."""
    return Attachment.filter(note_id=None, appeal_id=None)


async def load_media(condition: str, values: Sequence[Any]) -> list[Attachment]:
    """Read attachments with their files: two queries; the condition is SQL of ours."""
    return await load_files(await load(Attachment, condition, values))


async def load_files(attachments: Sequence[Attachment]) -> list[Attachment]:
    """Bring the files of attachments that are read already: one query."""
    files = await files_of(each.id for each in attachments)
    for each in attachments:
        each.files = files[each.id]
    return list(attachments)


def shows_of(media: Iterable[Media]) -> Shows:
    """Tell what a note with these attachments shows; moving pictures without sound are pictures."""
    kinds = set(media)
    if Media.VIDEO in kinds:
        return Shows.VIDEO
    return Shows.PHOTOS if kinds & {Media.IMAGE, Media.GIFV} else Shows.TEXT
