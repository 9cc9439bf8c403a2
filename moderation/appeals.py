"""Appeal: someone disagrees with a decision about them, and somebody else looks again."""

from datetime import datetime

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from moderation.decisions import Decision
from moderation.states import AppealState, Inadmissible


class Appeal(Model):
    """One chance to disagree: opened with the decision, once more only with new facts.

    `number` is 1, or 2 for the second; `is_same_person` says that the only moderator there is
    heard it; `passed_at` that its window closed unused; `panel_drawn_at` that a panel was asked.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    revision = fields.IntField(default=0)
    decision: fields.ForeignKeyRelation[Decision] = fields.ForeignKeyField(
        "rubric.Decision", related_name="appeals"
    )
    decision_id: int
    number = fields.IntField(default=1)
    state = fields.CharEnumField(AppealState, max_length=20, default=AppealState.OPEN_WINDOW)
    window_ends_at = fields.DatetimeField()
    words = fields.TextField(default="")
    new_facts = fields.TextField(default="")
    filed_at = fields.DatetimeField(null=True)
    decide_by = fields.DatetimeField(null=True)
    overdue_at = fields.DatetimeField(null=True)
    reviewer: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="appeals_heard", null=True
    )
    reviewer_id: int | None
    panel_drawn_at = fields.DatetimeField(null=True)
    is_same_person = fields.BooleanField(default=False)
    refused_as = fields.CharEnumField(Inadmissible, max_length=20, null=True)
    reasons = fields.TextField(default="")
    settled_at = fields.DatetimeField(null=True)
    passed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "appeal"
        unique_together = [("decision", "number")]
        indexes = [
            ("state", "window_ends_at"),
            ("state", "decide_by"),
            ("filed_at", "id"),
            ("reviewer_id",),
        ]


def opened(decision: Decision, window_ends_at: datetime) -> Appeal:
    """Open the window in which the person concerned may disagree."""
    return Appeal(id=new_id(), decision_id=decision.id, window_ends_at=window_ends_at)
