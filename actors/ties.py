"""Wishes, PrivateNote, Endorsement: what someone here keeps about a person, known to them alone."""

from collections.abc import Iterable
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import load

LONGEST_NOTE = 2000


class Wishes(Model):
    """What a reader wants of someone they follow: to be told of notes, and only some languages."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    reader_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    person_id: int
    tells = fields.BooleanField(default=False)
    languages: Any = fields.JSONField(default=list)

    class Meta:
        table = "wishes"
        unique_together = [("reader", "person")]
        indexes = [("person_id",)]


class PrivateNote(Model):
    """A line somebody here wrote about a person, for themselves."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    writer: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    writer_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    person_id: int
    text = fields.TextField()

    class Meta:
        table = "private_note"
        unique_together = [("writer", "person")]
        indexes = [("person_id",)]


class Endorsement(Model):
    """A person somebody here shows on their own page, as one worth following."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    actor_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    person_id: int
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "endorsement"
        unique_together = [("actor", "person")]
        indexes = [("person_id",)]


async def wish(reader: Actor, person: Actor, **columns: Any) -> None:
    """Keep what a reader wants of someone they follow."""
    if columns:
        await Wishes.update_or_create(reader_id=reader.id, person_id=person.id, defaults=columns)


async def write_note(writer: Actor, person: Actor, text: str) -> None:
    """Keep a line about someone; an empty one takes it away."""
    if not text.strip():
        await PrivateNote.filter(writer_id=writer.id, person_id=person.id).delete()
        return
    await PrivateNote.update_or_create(
        writer_id=writer.id, person_id=person.id, defaults={"text": text[:LONGEST_NOTE]}
    )


async def endorse(actor: Actor, person: Actor) -> None:
    """Show someone on one's own page."""
    await Endorsement.get_or_create(actor_id=actor.id, person_id=person.id)


async def unendorse(actor: Actor, person: Actor) -> None:
    """Show them no longer."""
    await Endorsement.filter(actor_id=actor.id, person_id=person.id).delete()


async def wishes_of(readers: Iterable[int], person_id: int) -> list[Wishes]:
    """Return what these readers want of someone's notes: one query, none without readers."""
    ids = set(readers)
    found = await load(Wishes, "person_id = ?", [person_id]) if ids else []
    return [row for row in found if row.reader_id in ids]


def is_unwanted(wishes: Wishes, language: str) -> bool:
    """Tell whether a note is in none of the languages a reader wants; unknown ones are wanted."""
    return (
        bool(wishes.languages and language) and language.partition("-")[0] not in wishes.languages
    )


async def notes_about(writer: Actor, people: Iterable[int]) -> dict[int, str]:
    """Return what someone wrote about these people, by their ids."""
    ids = list(people)
    rows = await sql.rows(
        f"SELECT person_id, text FROM private_note WHERE writer_id = ?"  # noqa: S608  marks alone
        f" AND person_id IN ({sql.marks(ids)})",
        [writer.id, *ids],
    )
    return {row["person_id"]: row["text"] for row in rows}
