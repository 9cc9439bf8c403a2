"""GroupPost: a thread in a group: let in, waiting in its queue, refused, locked or pinned."""

from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from notes.note import Note


class Standing(StrEnum):
    """What a group made of a thread: in a remote group ours are PENDING until it passes them on."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    REMOVED = "removed"


class GroupPost(Model):
    """A note that begins a thread in a group, once for each note; comments have only `note.group`.

    `active` is the id of its newest comment, by which a group is sorted. `letter` is the Create
    that brought it, kept as it came while it waits, to be passed on. `reason` says why it was
    refused or removed, by whom (`by_id`). A locked thread takes no comments.
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
