"""Case: what is being looked at, by whom, and until when it has to be settled."""

from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from moderation.policy import current
from moderation.states import LIVE, CaseState, Scope, Source, Thing, WaitingFor


class Case(Model):
    """Everything about one person, group or server that is settled together.

    `target` is empty for a server, whose name is then in `host`; `group` is set where the group's
    own moderators act. `notes` are ids of those it was opened about, beside what was reported.
    `touched_at` is when its claimer last did something; `revision` keeps two moderators from
    writing over each other.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    revision = fields.IntField(default=0)
    scope = fields.CharEnumField(Scope, max_length=20, default=Scope.SERVER)
    group: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="cases_of_group", null=True
    )
    group_id: int | None
    thing = fields.CharEnumField(Thing, max_length=20, default=Thing.ACCOUNT)
    target: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="cases_about", null=True
    )
    target_id: int | None
    host = fields.CharField(max_length=255, default="")
    source = fields.CharEnumField(Source, max_length=20, default=Source.MEMBER)
    source_id = fields.CharField(max_length=100, default="")
    notes: Any = fields.JSONField(null=True)
    state = fields.CharEnumField(CaseState, max_length=20, default=CaseState.OPEN)
    claimed_by: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="cases_claimed", null=True
    )
    claimed_by_id: int | None
    touched_at = fields.DatetimeField(null=True)
    waiting_for = fields.CharEnumField(WaitingFor, max_length=20, null=True)
    waiting_reason = fields.TextField(default="")
    waiting_until = fields.DatetimeField(null=True)
    acknowledge_by = fields.DatetimeField()
    acknowledged_at = fields.DatetimeField(null=True)
    decide_by = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="cases_decided", null=True
    )
    decided_by_id: int | None
    no_breach = fields.TextField(default="")
    reopened_because = fields.TextField(default="")
    reopened_count = fields.IntField(default=0)
    merged_into: fields.ForeignKeyNullableRelation["Case"] = fields.ForeignKeyField(
        "rubric.Case", related_name="merged_cases", null=True
    )
    merged_into_id: int | None
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "moderation_case"
        indexes = [
            ("state", "decide_by", "id"),
            ("target_id", "id"),
            ("host", "id"),
            ("group_id", "id"),
            ("claimed_by_id", "id"),
            ("decided_by_id",),
            ("merged_into_id",),
        ]

    @property
    def is_live(self) -> bool:
        """Whether it waits to be settled."""
        return self.state in LIVE

    @property
    def is_overdue(self) -> bool:
        """Whether it waits for longer than the policy allows."""
        return self.is_live and self.decide_by < now()


class ProvisionalHide(Model):
    """A note put out of sight before anything is decided: for 72 hours at most, counted."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "rubric.Case", related_name="hides"
    )
    case_id: int
    note_id = fields.BigIntField()
    by: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="hides_made"
    )
    by_id: int
    reason = fields.TextField(default="")
    until = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "provisional_hide"
        indexes = [("ended_at", "until"), ("note_id",), ("by_id",), ("case_id",)]


class CaseWord(Model):
    """What a moderator wrote down for the others who work on a case; nobody else reads it."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    case: fields.ForeignKeyRelation[Case] = fields.ForeignKeyField(
        "rubric.Case", related_name="words"
    )
    case_id: int
    author: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="case_words"
    )
    author_id: int
    text = fields.TextField()
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "case_word"
        indexes = [("case_id", "id"), ("author_id",)]


def new_case(at: datetime) -> Case:
    """Begin a case: from here its clocks run, as long as the policy in force says."""
    wanted = current().sections.moderation
    return Case(
        id=new_id(),
        created_at=at,
        acknowledge_by=at + timedelta(hours=wanted.ack_hours),
        decide_by=at + timedelta(days=wanted.decide_days),
    )


def kind_of(actor: Actor) -> Thing:
    """Tell what a case about an actor is about."""
    return Thing.GROUP if actor.is_group else Thing.ACCOUNT


def name_of(case: Case) -> str:
    """Return what the audit log calls a case."""
    return f"case:{case.id}"


def state_of(case: Case) -> dict[str, str]:
    """Return what the audit log keeps of a case before and after an act."""
    return {"state": case.state.value, "claimed_by": str(case.claimed_by_id or "")}
