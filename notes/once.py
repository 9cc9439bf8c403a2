"""Once: an app that asks twice for the same thing gets the same note (Idempotency-Key)."""

from datetime import timedelta
from hashlib import sha256

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.rows import insert
from notes.note import Note

LASTS = timedelta(hours=1)


class Repeated(Exception):
    """Another request with this key made its note a moment earlier."""


class Once(Model):
    """Which note an author's key made; of the key only a hash is kept."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    author: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    author_id: int
    key = fields.CharField(max_length=64)
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name=False
    )
    note_id: int
    made_at = fields.DatetimeField(default=now)

    class Meta:
        table = "once"
        unique_together = [("author", "key")]
        indexes = [("note_id",), ("made_at",)]


async def note_made_with(author: Actor, key: str) -> int | None:
    """Return the id of the note that this key made within the last hour."""
    found = await Once.get_or_none(author_id=author.id, key=_hash(key), made_at__gt=now() - LASTS)
    return found.note_id if found else None


async def remember(author: Actor, key: str, note: Note) -> None:
    """Tie a key to the note it makes, in the transaction that makes it; raises Repeated."""
    await Once.filter(author_id=author.id, key=_hash(key), made_at__lte=now() - LASTS).delete()
    values = {"author_id": author.id, "key": _hash(key), "note_id": note.id}
    if await insert(Once, values) is None:
        raise Repeated(key)


async def sweep() -> None:
    """Forget keys after their hour; runs by the clock."""
    await Once.filter(made_at__lte=now() - LASTS).delete()


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
