"""Proposal: a change of the policy, talked about and decided in the open (product.md 7)."""

from datetime import datetime
from typing import Any

import msgspec
from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from moderation.governance import Numbers
from moderation.reading import Draft
from moderation.sections import Sections
from moderation.states import OPENED, UNDECIDED, ProposalState
from moderation.vocabulary import Reserved
from notes.note import Note


class Proposal(Model):
    """A policy somebody wants in force, what it is based on, and how far it has come.

    `simulation` is there once the job that tries it is done; everyone reads it, and `samples`, ids
    of notes that its filters met, staff alone. `numbers` are those of the preset when it was
    published. `due_at` is when the clock takes the
    next step. `tally` is there once a vote has closed, and then no ballots are. An emergency
    (`is_emergency`) is in force first, until `expires_at`; `emergency` is the one a proposal is to
    make last. `revision` keeps two people from writing over each other, `text_number` counts texts.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    revision = fields.IntField(default=0)
    state = fields.CharEnumField(ProposalState, max_length=20, default=ProposalState.DRAFT)
    proposer: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="proposals"
    )
    proposer_id: int
    title = fields.CharField(max_length=200)
    summary = fields.TextField(default="")
    reason = fields.TextField(default="")
    language = fields.CharField(max_length=20, default="en")
    document: Any = fields.JSONField()
    based_on = fields.IntField()
    text_number = fields.IntField(default=1)
    is_wording = fields.BooleanField(default=False)
    simulation: Any = fields.JSONField(null=True)
    samples: Any = fields.JSONField(null=True)
    numbers: Any = fields.JSONField(null=True)
    idea_id = fields.BigIntField(null=True)
    is_suggested = fields.BooleanField(default=False)
    thread: fields.ForeignKeyNullableRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name="proposals", null=True, on_delete=fields.SET_NULL
    )
    thread_id: int | None
    due_at = fields.DatetimeField(null=True)
    opened_at = fields.DatetimeField(null=True)
    discussed_at = fields.DatetimeField(null=True)
    frozen_at = fields.DatetimeField(null=True)
    vote_began_at = fields.DatetimeField(null=True)
    vote_ended_at = fields.DatetimeField(null=True)
    decided_at = fields.DatetimeField(null=True)
    in_force_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    electorate = fields.IntField(default=0)
    quorum = fields.IntField(default=0)
    tally: Any = fields.JSONField(null=True)
    ballot_reasons: Any = fields.JSONField(default=list)
    receipts: Any = fields.JSONField(default=list)
    answer = fields.TextField(default="")
    departing = fields.TextField(default="")
    answered_by: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="proposals_answered", null=True
    )
    answered_by_id: int | None
    ended_because = fields.TextField(default="")
    veto_ground = fields.CharEnumField(Reserved, max_length=20, null=True)
    version = fields.IntField(null=True)
    review_by = fields.DateField(null=True)
    review_suggested_at = fields.DatetimeField(null=True)
    is_emergency = fields.BooleanField(default=False)
    expires_at = fields.DatetimeField(null=True)
    emergency: fields.ForeignKeyNullableRelation["Proposal"] = fields.ForeignKeyField(
        "rubric.Proposal", related_name="made_lasting", null=True
    )
    emergency_id: int | None
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "proposal"
        indexes = [
            ("state", "due_at"),
            ("proposer_id", "id"),
            ("emergency_id",),
            ("thread_id",),
            ("answered_by_id",),
        ]

    @property
    def is_open(self) -> bool:
        """Whether everyone can read it and it is not decided yet."""
        return self.state in OPENED

    @property
    def is_undecided(self) -> bool:
        """Whether it can still be withdrawn or stopped."""
        return self.state in UNDECIDED

    @property
    def is_public(self) -> bool:
        """Whether it was ever published."""
        return self.opened_at is not None

    @property
    def page(self) -> str:
        """The path of its page."""
        return f"/policy/proposals/{self.id}"

    @property
    def sections(self) -> Sections:
        """The policy as it would be."""
        return msgspec.convert(self.document, Sections)

    @property
    def draft(self) -> Draft:
        """Its policy as a draft of the next version."""
        return Draft(self.sections, self.based_on)

    @property
    def kept_numbers(self) -> Numbers:
        """The numbers it was published under; only what was published has them."""
        return msgspec.convert(self.numbers, Numbers)


class ProposalText(Model):
    """A text a proposal has had, the first and each amendment, never changed."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    proposal: fields.ForeignKeyRelation[Proposal] = fields.ForeignKeyField(
        "rubric.Proposal", related_name="texts"
    )
    proposal_id: int
    number = fields.IntField()
    document: Any = fields.JSONField()
    summary = fields.TextField(default="")
    why = fields.TextField(default="")
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "proposal_text"
        unique_together = [("proposal_id", "number")]


class Sponsor(Model):
    """Somebody who wants a proposal to be talked about; they need not agree with it."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    proposal: fields.ForeignKeyRelation[Proposal] = fields.ForeignKeyField(
        "rubric.Proposal", related_name="sponsors"
    )
    proposal_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="sponsored"
    )
    actor_id: int
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "proposal_sponsor"
        unique_together = [("proposal_id", "actor_id")]
        indexes = [("actor_id",)]


def put_text(proposal: Proposal, sections: Sections, based_on: int) -> None:
    """Have a proposal say this; unsaved."""
    proposal.document = msgspec.to_builtins(sections)
    proposal.based_on = based_on


def latest_of(*moments: datetime | None) -> datetime:
    """Return the last of these moments that is one."""
    return max(each for each in moments if each is not None)
