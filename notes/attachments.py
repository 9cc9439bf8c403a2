"""Attachment: a picture or video and its description."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from notes.note import Note


class Media(StrEnum):
    """What an attachment is, in the client API's words."""

    IMAGE = "image"
    VIDEO = "video"
    GIFV = "gifv"
    AUDIO = "audio"
    UNKNOWN = "unknown"


class Attachment(Model):
    """A file of a note; `file` and `small_file` are keys in the storage, empty for remote ones.

    Not yet on a note while `note` is empty; then it is its owner's alone (security.md MED-08).
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
    position = fields.SmallIntField(default=0)
    media = fields.CharEnumField(Media, max_length=10, default=Media.IMAGE)
    media_type = fields.CharField(max_length=100, default="")
    file = fields.CharField(max_length=200, default="")
    small_file = fields.CharField(max_length=200, default="")
    small_type = fields.CharField(max_length=100, default="")
    remote_url = fields.CharField(max_length=2000, default="")
    poster_url = fields.CharField(max_length=2000, default="")
    alt = fields.TextField(default="")
    width = fields.IntField(default=0)
    height = fields.IntField(default=0)
    size = fields.IntField(default=0)
    duration = fields.FloatField(null=True)
    blurhash = fields.CharField(max_length=170, default="")
    colour = fields.CharField(max_length=7, default="")
    focus_x = fields.FloatField(default=0)
    focus_y = fields.FloatField(default=0)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "attachment"
        indexes = [("note_id", "position"), ("file",), ("small_file",), ("owner_id",)]
