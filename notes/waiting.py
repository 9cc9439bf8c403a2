"""Waiting: notes that stay on this server until their author has confirmed an address."""

from tortoise import fields
from tortoise.models import Model

from core.ids import new_id
from notes.note import Audience, Note


class Waiting(Model):
    """What a note is to become; until then its own audience is this server (product.md 3.1)."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.OneToOneRelation[Note] = fields.OneToOneField("rubric.Note", related_name=False)
    note_id: int
    audience = fields.CharEnumField(Audience, max_length=10)

    class Meta:
        table = "waiting_note"
