"""MutedThread, ThreadMark: threads one hears nothing of, and how far a private one was read."""

from collections.abc import Iterable

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.ids import new_id
from core.rows import exists
from notes.note import Note


class MutedThread(Model):
    """A reader wants to be told nothing of a thread; `thread_id` is that of its notes."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    reader_id: int
    thread_id = fields.BigIntField()

    class Meta:
        table = "muted_thread"
        unique_together = [("reader", "thread_id")]


class ThreadMark(Model):
    """Up to which note a reader read a private thread, and up to which they threw it away."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    reader: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    reader_id: int
    thread_id = fields.BigIntField()
    read_to = fields.BigIntField(default=0)
    gone_to = fields.BigIntField(default=0)

    class Meta:
        table = "thread_mark"
        unique_together = [("reader", "thread_id")]


async def mute_thread(reader: Actor, note: Note) -> None:
    """Be told nothing more of the thread of a note."""
    await MutedThread.get_or_create(reader_id=reader.id, thread_id=note.thread_id)


async def unmute_thread(reader: Actor, note: Note) -> None:
    """Be told of it again."""
    await MutedThread.filter(reader_id=reader.id, thread_id=note.thread_id).delete()


async def is_muted(reader: Actor, note: Note) -> bool:
    """Tell whether a reader wants to hear nothing of the thread of a note."""
    return await exists(
        "muted_thread", "reader_id = ? AND thread_id = ?", [reader.id, note.thread_id]
    )


async def last_of(reader: Actor, thread_id: int) -> int | None:
    """Return the newest note of a private thread that a reader wrote or got, unless thrown away."""
    rows = await sql.rows(
        "SELECT n.id FROM note n WHERE n.thread_id = ? AND n.audience = 'people'"
        " AND n.deleted_at IS NULL AND (n.author_id = ? OR EXISTS"
        " (SELECT 1 FROM mention WHERE note_id = n.id AND actor_id = ?)) AND n.id >"
        " COALESCE((SELECT gone_to FROM thread_mark WHERE reader_id = ? AND thread_id = ?), 0)"
        " ORDER BY n.id DESC LIMIT 1",
        [thread_id, reader.id, reader.id, reader.id, thread_id],
    )
    return rows[0]["id"] if rows else None


async def mark_read(reader: Actor, note: Note) -> None:
    """Have read a private thread up to this note, its last one."""
    await _mark(reader, note.thread_id, read_to=note.id)


async def mark_unread(reader: Actor, note: Note) -> None:
    """Have read it up to just before."""
    await _mark(reader, note.thread_id, read_to=note.id - 1)


async def throw_away(reader: Actor, note: Note) -> None:
    """See no more of a private thread until something newer comes."""
    await _mark(reader, note.thread_id, gone_to=note.id)


async def read_up_to(reader: Actor, threads: Iterable[int]) -> dict[int, int]:
    """Return up to which note a reader read these threads, where they said so."""
    ids = list(threads)
    rows = await sql.rows(
        f"SELECT thread_id, read_to FROM thread_mark WHERE reader_id = ?"  # noqa: S608
        f" AND read_to > 0 AND thread_id IN ({sql.marks(ids)})",
        [reader.id, *ids],
    )
    return {row["thread_id"]: row["read_to"] for row in rows}


async def _mark(reader: Actor, thread_id: int, **columns: int) -> None:
    await ThreadMark.update_or_create(
        reader_id=reader.id, thread_id=thread_id, defaults={**columns}
    )
