"""Locks, pins and removals in groups, as they show on a note; LockedComment is one of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import load
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.reactions import Pin

DEEPEST = 100


class LockedComment(Model):
    """A comment that takes no answers, nor does what is below it; threads have it in GroupPost."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.OneToOneRelation[Note] = fields.OneToOneField(
        "rubric.Note", related_name="comment_lock"
    )
    note_id: int
    reason = fields.CharField(max_length=500, default="")
    at = fields.DatetimeField(default=now)

    class Meta:
        table = "locked_comment"


@dataclass(frozen=True)
class Lock:
    """That a thread, the whole or a part of it, takes no answers, and why."""

    reason: str = ""
    is_whole: bool = False


async def settle_lock(note: Note, group: Actor, *, is_locked: bool, reason: str = "") -> None:
    """Close a note in a group to answers, or open it again."""
    if note.in_reply_to_uri:
        if is_locked:
            values = {"reason": reason[:500]}
            await LockedComment.update_or_create(note_id=note.id, defaults=values)
        else:
            await LockedComment.filter(note_id=note.id).delete()
        return
    row, _ = await GroupPost.get_or_create(
        note_id=note.id, defaults={"id": new_id(), "group_id": group.id, "active": note.id}
    )
    reasons = {"reason": reason[:500]} if row.standing is Standing.ACCEPTED else {}
    at = (row.locked_at or now()) if is_locked else None
    await GroupPost.filter(id=row.id).update(locked_at=at, **reasons)


async def settle_pin(note: Note, group: Actor, *, is_pinned: bool) -> None:
    """Show a note first in a group, or no longer."""
    threads = GroupPost.filter(note_id=note.id, group_id=group.id)
    if is_pinned:
        await Pin.get_or_create(actor_id=group.id, note_id=note.id, defaults={"id": new_id()})
        await threads.filter(pinned_at=None).update(pinned_at=now())
    else:
        await Pin.filter(actor_id=group.id, note_id=note.id).delete()
        await threads.update(pinned_at=None)


async def lock_on(note: Note) -> Lock | None:
    """Return what keeps answers from a note: a lock on its thread, on it, or on what is above."""
    if note.group_id is None:
        return None
    rows = await sql.rows(
        "SELECT reason, 1 AS whole FROM group_post WHERE note_id = ? AND locked_at IS NOT NULL"
        " UNION ALL SELECT l.reason, 0 AS whole FROM locked_comment l WHERE l.note_id IN ("
        " WITH RECURSIVE up(id, above, depth) AS ("
        " SELECT id, in_reply_to_id, 1 FROM note WHERE id = ?"
        " UNION SELECT n.id, n.in_reply_to_id, u.depth + 1 FROM note n"
        " JOIN up u ON n.id = u.above WHERE u.depth < ?) SELECT id FROM up)",
        [note.thread_id or note.id, note.id, DEEPEST],
    )
    if not rows:
        return None
    return Lock(rows[0]["reason"], any(row["whole"] for row in rows))


async def removals_of(ids: Sequence[int]) -> dict[int, GroupPost]:
    """Return what groups said of those of these notes that they removed or refused, by note."""
    if not ids:
        return {}
    found = await load(
        GroupPost,
        f"note_id IN ({sql.marks(ids)}) AND standing IN ('removed', 'refused')",
        list(ids),
    )
    return {row.note_id: row for row in found}
