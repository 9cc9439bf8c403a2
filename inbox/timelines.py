"""HomeEntry: home, local, federated and tag views: what a reader sees, newest first."""

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.ids import new_id
from notes.note import Note


class HomeEntry(Model):
    """A note, or a boost, in a reader's home; written by the inbox when it comes."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="home"
    )
    reader_id: int
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="home_entries"
    )
    note_id: int

    class Meta:
        table = "home_entry"
        unique_together = [("reader", "note")]
