"""Decision: what was done about something, under which rule, for how long, and why."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from moderation.cases import Case
from moderation.reports import Outcome
from moderation.states import DecisionState, Scope, Thing
from moderation.vocabulary import Category, Measure, PurgeNow

TAKEN_AWAY = (Measure.HIDE, Measure.REMOVE)


class Decision(Model):
    """One measure about one thing; nothing of it is published but what moderation/entries.py takes.

    `seen` keeps what the thing was when it was decided, without its words; `undo` what it takes
    to put it back. `outcome` and `to_reporters` answer the reports once it is in force. The ground
    is a rule with the version of the policy, or a law with its reference.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    revision = fields.IntField(default=0)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "rubric.Case", related_name="decisions"
    )
    case_id: int
    scope = fields.CharEnumField(Scope, max_length=20, default=Scope.SERVER)
    group_id = fields.BigIntField(null=True)
    state = fields.CharEnumField(DecisionState, max_length=20, default=DecisionState.DRAFT)
    thing = fields.CharEnumField(Thing, max_length=20)
    note_id = fields.BigIntField(null=True)
    actor: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="decisions_about", null=True
    )
    actor_id: int | None
    host = fields.CharField(max_length=255, default="")
    measure = fields.CharEnumField(Measure, max_length=20)
    minutes = fields.IntField(default=0)
    label = fields.CharField(max_length=500, default="")
    rule_id = fields.CharField(max_length=60, default="")
    policy_version = fields.IntField(null=True)
    rule_sha256 = fields.CharField(max_length=64, default="")
    law = fields.CharField(max_length=200, default="")
    law_reference = fields.CharField(max_length=500, default="")
    category = fields.CharEnumField(Category, max_length=60, default=Category.NONE)
    facts = fields.TextField(default="")
    explanation = fields.TextField(default="")
    summary = fields.TextField(default="")
    until = fields.DatetimeField(null=True)
    no_end_because = fields.TextField(default="")
    everywhere_now = fields.BooleanField(default=False)
    everywhere_because = fields.TextField(default="")
    purge_now = fields.CharEnumField(PurgeNow, max_length=20, null=True)
    is_spam = fields.BooleanField(default=False)
    outcome = fields.CharEnumField(Outcome, max_length=20, null=True)
    to_reporters = fields.TextField(default="")
    drafted_by: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="decisions_drafted"
    )
    drafted_by_id: int
    second_by: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="decisions_confirmed", null=True
    )
    second_by_id: int | None
    returned_because = fields.TextField(default="")
    issued_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    lifted_because = fields.TextField(default="")
    supersedes_id = fields.BigIntField(null=True)
    replaced_by_id = fields.BigIntField(null=True)
    is_undone = fields.BooleanField(default=False)
    appealable_until = fields.DatetimeField(null=True)
    final_at = fields.DatetimeField(null=True)
    deleted_elsewhere_at = fields.DatetimeField(null=True)
    purged_at = fields.DatetimeField(null=True)
    restored_as = fields.BigIntField(null=True)
    seen: Any = fields.JSONField(default=dict)
    undo: Any = fields.JSONField(default=dict)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "decision"
        indexes = [
            ("case_id", "id"),
            ("drafted_by_id",),
            ("second_by_id",),
            ("actor_id", "id"),
            ("note_id",),
            ("host",),
            ("state", "until"),
            ("issued_at", "id"),
            ("rule_id", "id"),
        ]

    @property
    def is_in_force(self) -> bool:
        """Whether its measure stands."""
        return self.state == DecisionState.IN_FORCE

    def deciders(self) -> frozenset[int]:
        """Return who decided it; they do not hear its appeal."""
        return frozenset(each for each in (self.drafted_by_id, self.second_by_id) if each)


def ends(decision: Decision) -> datetime | None:
    """Return when its measure ended, or is to end by itself."""
    return decision.ended_at or decision.until


async def is_hidden_by_decision(note_id: int, *, but: int = 0) -> bool:
    """Tell whether a decision in force keeps a note out of sight, another than this one."""
    found = Decision.filter(
        note_id=note_id, measure__in=list(TAKEN_AWAY), state=DecisionState.IN_FORCE
    )
    return await found.exclude(id=but).exists()
