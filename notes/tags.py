"""Tag: hashtags, and which notes carry them."""

import re

from tortoise import fields
from tortoise.models import Model

from core.ids import new_id
from notes.note import Note

LONGEST = 100


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


def tag_name(text: str) -> str:
    """Read the name of a tag, with or without its #; empty when no tag can be called so."""
    name = text.strip().removeprefix("#").casefold()
    is_one = len(name) <= LONGEST and any(each.isalpha() for each in name)
    return name if is_one and not _NO_TAG.search(name) else ""


_NO_TAG = re.compile(r"[\s#/?&<>\"'@]")


async def tag_called(shown: str) -> Tag:
    """Return a tag, made if it is not there; `shown` is without its #."""
    name = shown.casefold()[:200]
    tag, _ = await Tag.get_or_create(name=name, defaults={"id": new_id(), "shown": shown[:200]})
    return tag


async def tag_note(note: Note, shown: str) -> None:
    """Put a tag on a note, once; `shown` is without its #."""
    tag = await tag_called(shown)
    await NoteTag.get_or_create(note_id=note.id, tag_id=tag.id, defaults={"id": new_id()})
