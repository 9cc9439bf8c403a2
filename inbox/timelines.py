"""HomeEntry: home, local, federated and tag views: what a reader sees, newest first."""

from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.broker import Topic, publish
from core.ids import new_id
from notes.note import Note
from notes.visibility import HERE


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
        indexes = [("note_id",)]


async def put_in_homes(readers: Sequence[int], note_id: int) -> None:
    """Bring a note, or a boost, to these homes, once, and tell those who are connected."""
    await _put(readers, note_id)
    await publish(Topic.NOTE, id=note_id)


async def fill_home(reader: Actor, author: Actor, most: int = 40) -> None:
    """Put an author's newest notes for all here into the home of somebody who just followed."""
    newest = (
        await Note.filter(
            author_id=author.id, audience__in=HERE, deleted_at=None, in_reply_to_uri=""
        )
        .order_by("-id")
        .limit(most)
        .values("id")
    )
    for row in newest:
        await _put([reader.id], row["id"])


async def take_from_home(reader: Actor, author: Actor) -> None:
    """Take an author's notes and boosts out of a home, as after an unfollow or a block."""
    await sql.rows(
        "DELETE FROM home_entry WHERE reader_id = ? AND note_id IN"
        " (SELECT id FROM note WHERE author_id = ?)",
        [reader.id, author.id],
    )


async def _put(readers: Sequence[int], note_id: int) -> None:
    await sql.run_many(
        "INSERT INTO home_entry (id, reader_id, note_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        [(new_id(), reader, note_id) for reader in readers],
    )
