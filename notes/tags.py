"""Tag: hashtags, and which notes carry them."""

from tortoise import fields
from tortoise.models import Model

from core.ids import new_id
from notes.note import Note


class Tag(Model):
    """A hashtag; `name` is case-folded, `shown` as it was first written."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    name = fields.CharField(max_length=200, unique=True)
    shown = fields.CharField(max_length=200)

    class Meta:
        table = "tag"


class NoteTag(Model):
    """A note carries a tag."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="note_tags"
    )
    note_id: int
    tag: fields.ForeignKeyRelation[Tag] = fields.ForeignKeyField(
        "rubric.Tag", related_name="tagged"
    )
    tag_id: int

    class Meta:
        table = "note_tag"
        unique_together = [("note", "tag")]
        indexes = [("tag_id", "note_id")]


async def tag_note(note: Note, shown: str) -> None:
    """Put a tag on a note, once; `shown` is without its #."""
    name = shown.casefold()[:200]
    tag, _ = await Tag.get_or_create(name=name, defaults={"id": new_id(), "shown": shown[:200]})
    await NoteTag.get_or_create(note_id=note.id, tag_id=tag.id, defaults={"id": new_id()})
