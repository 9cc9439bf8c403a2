"""Ballots: secret, changeable until the vote closes, and gone once they are counted.

A row names its voter only by a stamp and holds its choice only sealed, both made with the secret of
this machine, which lies outside the database. Whatever a database shows of rows beside that (their
order, when they were written, how long they are) tells nobody's choice and nobody's reason.
"""

from collections.abc import Iterable

import msgspec
from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.ids import new_id
from core.secret import stamp
from moderation.envelopes import Envelope
from moderation.proposals import Proposal
from moderation.states import Choice

MOST_REASON = 500
LENGTH = 4_096  # what is said at most takes less, with every character escaped as JSON may


class Elector(Model):
    """Who may vote on a proposal: written down when its vote opens, so that nobody is added."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    proposal: fields.ForeignKeyRelation[Proposal] = fields.ForeignKeyField(
        "rubric.Proposal", related_name="electors"
    )
    proposal_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="votes_open_to"
    )
    actor_id: int

    class Meta:
        table = "elector"
        unique_together = [("proposal_id", "actor_id")]
        indexes = [("actor_id",)]


class Ballot(Model):
    """What somebody on the roll wants; `voter` is a stamp that only this machine can make.

    `sealed` is of one length, whatever it says.
    """

    voter = fields.CharField(max_length=64, primary_key=True)
    proposal: fields.ForeignKeyRelation[Proposal] = fields.ForeignKeyField(
        "rubric.Proposal", related_name="ballots"
    )
    proposal_id: int
    sealed = fields.BinaryField()

    class Meta:
        table = "ballot"
        indexes = [("proposal_id",)]


class Said(msgspec.Struct, frozen=True):
    """What a ballot says."""

    choice: Choice
    reason: str = ""


ENVELOPE = Envelope("sealed ballot", LENGTH, Said)


def said_by(ballot: Ballot) -> Said:
    """Open a ballot: to show it to its voter, or to count it."""
    return ENVELOPE.open(bytes(ballot.sealed), ballot.voter)


def voter_of(proposal_id: int, actor_id: int) -> str:
    """Return what somebody's ballot is kept under."""
    return stamp("ballot", f"{proposal_id} {actor_id}")


def receipt_of(voter: str) -> str:
    """Return what a voter finds in the list of counted ballots; it tells no choice."""
    return stamp("ballot receipt", voter)[:16]


async def ballot_of(proposal: Proposal, actor: Actor) -> Said | None:
    """Return what somebody's own ballot says while the vote is open."""
    found = await Ballot.get_or_none(voter=voter_of(proposal.id, actor.id))
    return said_by(found) if found else None


async def is_on_roll(proposal: Proposal, actor: Actor) -> bool:
    """Tell whether somebody may vote on this proposal."""
    return await Elector.exists(proposal_id=proposal.id, actor_id=actor.id)


def voters_of(proposal: Proposal, actors: Iterable[int]) -> list[str]:
    """Return what the ballots of these people are kept under."""
    return [voter_of(proposal.id, each) for each in actors]
