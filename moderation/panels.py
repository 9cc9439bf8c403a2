"""Panel: members drawn by lot who look at an appeal, and what each of them says, sealed.

As with ballots, a verdict is kept under a stamp that only this machine can make, and destroyed when
it is counted; so is the list of who sat. What is left are numbers and reasons.
"""

from typing import Any

import msgspec
from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.secret import stamp
from moderation.appeals import Appeal
from moderation.envelopes import Envelope
from moderation.states import Verdict
from moderation.vocabulary import Panel as Effect

MOST_REASON = 1_000
LENGTH = 8_192  # what is said at most takes less, with every character escaped as JSON may


class Panel(Model):
    """The lot drawn about one appeal, with size and effect as the policy had them on that day.

    `seed` is what the lot follows from (moderation/panel_lot.py); `sat` are stamps of whoever was
    asked, so that nobody is asked twice about one decision. `reasons` are pairs of a verdict and
    words, in no order, once it is over; `is_carried` tells whether more than half of all seats
    said the same.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    appeal: fields.OneToOneRelation[Appeal] = fields.OneToOneField(
        "rubric.Appeal", related_name="panel"
    )
    appeal_id: int
    size = fields.IntField()
    effect = fields.CharEnumField(Effect, max_length=20)
    seed = fields.CharField(max_length=64)
    drawn_at = fields.DatetimeField(default=now)
    closes_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    upheld = fields.IntField(default=0)
    overturned = fields.IntField(default=0)
    is_carried = fields.BooleanField(default=False)
    reasons: Any = fields.JSONField(default=list)
    sat: Any = fields.JSONField(default=list)

    class Meta:
        table = "panel"
        indexes = [("closed_at", "id")]


class Seat(Model):
    """Somebody who was asked; gone when the panel is over. `is_held` until it passes to another."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    panel: fields.ForeignKeyRelation[Panel] = fields.ForeignKeyField(
        "rubric.Panel", related_name="seats"
    )
    panel_id: int
    actor: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="panel_seats"
    )
    actor_id: int
    asked_at = fields.DatetimeField(default=now)
    is_held = fields.BooleanField(default=True)

    class Meta:
        table = "panel_seat"
        unique_together = [("panel", "actor")]
        indexes = [("actor_id",)]


class SealedVerdict(Model):
    """What somebody on a panel says; `voter` is a stamp, `sealed` of one length."""

    voter = fields.CharField(max_length=64, primary_key=True)
    panel: fields.ForeignKeyRelation[Panel] = fields.ForeignKeyField(
        "rubric.Panel", related_name="verdicts"
    )
    panel_id: int
    sealed = fields.BinaryField()

    class Meta:
        table = "sealed_verdict"
        indexes = [("panel_id",)]


class Said(msgspec.Struct, frozen=True):
    """What a verdict says."""

    verdict: Verdict
    reason: str


ENVELOPE = Envelope("sealed verdict", LENGTH, Said)


def said_in(row: SealedVerdict) -> Said:
    """Open a verdict: to show it to who gave it, or to count it."""
    return ENVELOPE.open(bytes(row.sealed), row.voter)


def voter_of(panel_id: int, actor_id: int) -> str:
    """Return what somebody's verdict is kept under."""
    return stamp("verdict", f"{panel_id} {actor_id}")


def seat_of(decision_id: int, actor_id: int) -> str:
    """Return the stamp of somebody who was asked about a decision."""
    return stamp("panel seat", f"{decision_id} {actor_id}")[:22]


async def verdict_of(panel: Panel, actor: Actor) -> Said | None:
    """Return what somebody said on a panel that is not over."""
    found = await SealedVerdict.get_or_none(voter=voter_of(panel.id, actor.id))
    return said_in(found) if found else None


async def panel_about(appeal_id: int) -> Panel | None:
    """Return the panel that was asked about an appeal."""
    return await Panel.get_or_none(appeal_id=appeal_id)


async def seats_held_by(actor: Actor) -> list[Panel]:
    """Return the panels somebody sits on now."""
    return await Panel.filter(
        closed_at=None, seats__actor_id=actor.id, seats__is_held=True
    ).order_by("id")
