"""Idea: what somebody wishes for, of the program or of the rules, and what the team says."""

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from moderation.states import IdeaKind, IdeaState
from notes.note import Note


class Idea(Model):
    """A wish with its support; `release` is the one it came with, `proposal_id` what it became."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    revision = fields.IntField(default=0)
    kind = fields.CharEnumField(IdeaKind, max_length=10)
    state = fields.CharEnumField(IdeaState, max_length=10, default=IdeaState.OPEN)
    author: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="ideas"
    )
    author_id: int
    title = fields.CharField(max_length=200)
    text = fields.TextField(default="")
    language = fields.CharField(max_length=20, default="en")
    supports = fields.IntField(default=0)
    answer = fields.TextField(default="")
    release = fields.CharField(max_length=40, default="")
    answered_by: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="ideas_answered", null=True
    )
    answered_by_id: int | None
    answered_at = fields.DatetimeField(null=True)
    proposal_id = fields.BigIntField(null=True)
    thread: fields.ForeignKeyNullableRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="ideas", null=True, on_delete=fields.SET_NULL
    )
    thread_id: int | None
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "idea"
        indexes = [
            ("state", "id"),
            ("kind", "id"),
            ("author_id",),
            ("thread_id",),
            ("answered_by_id",),
        ]

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"/ideas/{self.id}"


class IdeaSupport(Model):
    """Somebody here who wants an idea too."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    idea: fields.ForeignKeyRelation[Idea] = fields.ForeignKeyField(
        "rubric.Idea", related_name="supporters"
    )
    idea_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="ideas_supported"
    )
    actor_id: int
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "idea_support"
        unique_together = [("idea_id", "actor_id")]
        indexes = [("actor_id",)]
