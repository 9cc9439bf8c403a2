"""Mention: who is named in a note, and who else it is addressed to."""

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.ids import new_id
from notes.note import Note


class Mention(Model):
    """Someone the note is for; `is_silent` when addressed but not named, and so not told.

    `is_blind` is silent too, and nobody else learns of it; they are told, for only we can know.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="mentions"
    )
    note_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="mentions"
    )
    actor_id: int
    is_silent = fields.BooleanField(default=False)
    is_blind = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "mention"
        unique_together = [("note", "actor")]
        indexes = [("actor_id", "note_id")]
