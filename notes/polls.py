"""Poll, Vote: a question with fixed answers."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.ids import new_id
from notes.note import Note


class Poll(Model):
    """A note's question; `options` is a list of {"title": str, "votes": int}."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    note: fields.OneToOneRelation[Note] = fields.OneToOneField("rubric.Note", related_name="poll")
    note_id: int
    options: Any = fields.JSONField(default=list)
    is_multiple = fields.BooleanField(default=False)
    voters_count = fields.IntField(default=0)
    ends_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    is_told = fields.BooleanField(default=False)

    class Meta:
        table = "poll"


class Vote(Model):
    """One choice of one actor."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    poll: fields.ForeignKeyRelation[Poll] = fields.ForeignKeyField(
        "rubric.Poll", related_name="votes"
    )
    poll_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="votes"
    )
    actor_id: int
    choice = fields.SmallIntField()

    class Meta:
        table = "vote"
        unique_together = [("poll", "actor", "choice")]
