"""Like, Bookmark, Pin: what people do with a note; a boost is a Note of its own."""

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from notes.note import Note


class Like(Model):
    """Someone likes a note; the author is told."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="likes"
    )
    actor_id: int
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="likes"
    )
    note_id: int
    emoji = fields.CharField(max_length=100, default="")
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "like"
        unique_together = [("actor", "note")]
        indexes = [("note_id", "id"), ("actor_id", "id")]


class Bookmark(Model):
    """Someone keeps a note for later; nobody is told."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="bookmarks"
    )
    actor_id: int
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="bookmarks"
    )
    note_id: int
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "bookmark"
        unique_together = [("actor", "note")]
        indexes = [("actor_id", "id"), ("note_id",)]


class Pin(Model):
    """A note its author, or a group's moderator, wants seen first: the featured collection."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="pins"
    )
    actor_id: int
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="pins"
    )
    note_id: int
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "pin"
        unique_together = [("actor", "note")]
        indexes = [("note_id",)]


async def count_boost(note: Note, by: int) -> None:
    """Count a boost that came or went."""
    await Note.filter(id=note.id).update(boosts_count=F("boosts_count") + by)


async def count_like(note: Note, by: int) -> None:
    """Count a like that came or went."""
    await Note.filter(id=note.id).update(likes_count=F("likes_count") + by)
