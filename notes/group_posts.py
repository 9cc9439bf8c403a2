"""GroupPost: a thread in a group: let in, waiting in its queue, refused, locked or pinned."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from actors.groups import settings_of
from core.clock import now
from core.ids import new_id
from core.names import quiet_name
from core.plain import text_of
from core.rows import load_one
from notes.note import Audience, Note

MOST_FLAIR = 3  # on one thread


class Standing(StrEnum):
    """What a group made of a thread: in a remote group ours are PENDING until it passes them on."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REMOVED = "removed"


NOT_INSIDE = (Standing.PENDING, Standing.REFUSED, Standing.REMOVED)


@dataclass(frozen=True)
class Inside:
    """That a note goes into a group: `audience` is whom the group shows it to, None as the note
    says; what waits for approval is held. `flair` are marks that the group has."""

    group: Actor
    audience: Audience | None
    standing: Standing
    is_held: bool = False
    is_comment: bool = False
    flair: tuple[str, ...] = ()


class GroupPost(Model):
    """A note that begins a thread in a group, once for each note; comments have only `note.group`.

    `active` is the id of its newest comment, by which a group is sorted. `letter` is the Create
    that brought it, kept as it came while it waits, to be passed on. `title` is the first line of a
    note that has no title of its own. `reason` says why it was refused or removed, by whom
    (`by_id`). A locked thread takes no comments.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.OneToOneRelation[Note] = fields.OneToOneField(
        "rubric.Note", related_name="group_post"
    )
    note_id: int
    group: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="threads"
    )
    group_id: int
    standing = fields.CharEnumField(Standing, max_length=10, default=Standing.ACCEPTED)
    title = fields.CharField(max_length=200, default="", db_default="")
    reason = fields.CharField(max_length=500, default="")
    by_id = fields.BigIntField(null=True)
    letter: Any = fields.JSONField(null=True)
    flair: Any = fields.JSONField(default=list)
    active = fields.BigIntField(default=0)
    locked_at = fields.DatetimeField(null=True)
    pinned_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "group_post"
        indexes = [("group_id", "standing", "note_id"), ("group_id", "standing", "active")]


async def begin(note: Note, inside: Inside, *, letter: Any = None) -> None:
    """Write that a note begins a thread in a group; comments stand in their thread."""
    if inside.is_comment:
        return
    await GroupPost.get_or_create(
        note_id=note.id,
        defaults={
            "id": new_id(),
            "group_id": inside.group.id,
            "standing": inside.standing,
            "title": "" if note.title else first_line(note.content),
            "letter": letter,
            "flair": list(inside.flair),
            "active": note.id,
        },
    )


async def carry(note: Note, names: Sequence[str]) -> None:
    """Let a thread from elsewhere carry the flair that its author gave it; of a group here only
    what that group has."""
    post = await post_of(note)
    if post is None:
        return
    group = await Actor.get(id=post.group_id)
    found = await known_flair(group, names) if group.is_local else list(names)
    if found != list(post.flair or []):
        await GroupPost.filter(id=post.id).update(flair=found[:MOST_FLAIR])


async def known_flair(group: Actor, names: Sequence[str]) -> list[str]:
    """Return those of these marks that a group has, as it writes them, at most three."""
    marks = (await settings_of(group)).flair
    ours = {str(each.get("name", "")).casefold(): str(each.get("name", "")) for each in marks or []}
    wanted = dict.fromkeys(each.strip().casefold() for each in names)
    return [ours[each] for each in wanted if each in ours][:MOST_FLAIR]


async def stir(note: Note) -> None:
    """Note that a thread has a new comment, by which groups are sorted."""
    await GroupPost.filter(note_id=note.thread_id, active__lt=note.id).update(active=note.id)


async def post_of(note: Note) -> GroupPost | None:
    """Find what a group made of the thread that a note begins."""
    return await load_one(GroupPost, "note_id = ?", [note.id])


async def is_locked(note: Note) -> bool:
    """Tell whether the thread of a note takes no more comments."""
    return await GroupPost.exists(note_id=note.thread_id, locked_at__isnull=False)


async def group_of(note: Note) -> Actor | None:
    """Return the group a note is in, if any."""
    return await load_one(Actor, "id = ?", [note.group_id]) if note.group_id else None


def first_line(content: str) -> str:
    """Take a title out of a note that has none: its first line without whom it names (10.2)."""
    for line in text_of(content[:4000]).splitlines():
        words = [each for each in line.split() if not each.startswith(("@", "!"))]
        if words:
            return quiet_name(" ".join(words), 120)
    return ""
