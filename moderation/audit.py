"""What those who run the place did: written down with it, and never changed (ADM-02)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import first_id_of, new_id
from moderation.appeals import Appeal
from moderation.decisions import Decision
from moderation.policy import current

SHELL = "shell"


class StaffAct(Model):
    """Who did what to what, what it was before and after, and why.

    `address` is where they sat, and `shell` for what was done by the command; `about` names the
    thing by its kind and id, `case:1`.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.ForeignKeyNullableRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="staff_acts", null=True
    )
    actor_id: int | None
    act = fields.CharField(max_length=60)
    about = fields.CharField(max_length=300)
    before: Any = fields.JSONField(default=dict)
    after: Any = fields.JSONField(default=dict)
    reason = fields.TextField(default="")
    address = fields.CharField(max_length=64, default="")
    at = fields.DatetimeField(default=now)

    class Meta:
        table = "staff_act"
        indexes = [("actor_id", "id"), ("about", "id")]


async def write_down(
    actor_id: int | None,
    act: str,
    about: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
    address: str = "",
) -> StaffAct:
    """Write down an act, in the transaction that does it; nobody's act is that of the clock."""
    return await StaffAct.create(
        actor_id=actor_id,
        act=act,
        about=about,
        before=before or {},
        after=after or {},
        reason=reason,
        address=address,
    )


async def acts_about(about: str, *, most: int = 100) -> list[StaffAct]:
    """Return what was done about something, the newest first."""
    found = StaffAct.filter(about=about).order_by("-id").limit(most)
    return await found.select_related("actor")


@dataclass(frozen=True)
class Wanted:
    """Which acts to look for; what is empty is not asked. `kind` is the first word of an act."""

    actor_id: int | None = None
    kind: str = ""
    since: datetime | None = None
    until: datetime | None = None
    not_about: frozenset[str] = frozenset()


async def acts_like(wanted: Wanted, *, before: int | None = None, most: int = 50) -> list[StaffAct]:
    """Return what was done, the newest first, those of an id below `before`."""
    found = StaffAct.all().order_by("-id").limit(most).select_related("actor")
    if before is not None:
        found = found.filter(id__lt=before)
    if wanted.actor_id is not None:
        found = found.filter(actor_id=wanted.actor_id)
    if wanted.kind:
        found = found.filter(act__startswith=f"{wanted.kind}.")
    if wanted.since is not None:
        found = found.filter(id__gte=first_id_of(wanted.since))
    if wanted.until is not None:
        found = found.filter(id__lt=first_id_of(wanted.until))
    if wanted.not_about:
        found = found.exclude(about__in=sorted(wanted.not_about))
    return await found


async def names_of(cases: Collection[int]) -> frozenset[str]:
    """Return how acts name these cases, their decisions, and the appeals against them."""
    chosen = sorted(cases)
    decisions = await Decision.filter(case_id__in=chosen).values_list("id", flat=True)
    appeals = await Appeal.filter(decision__case_id__in=chosen).values_list("id", flat=True)
    kinds = (("case", chosen), ("decision", decisions), ("appeal", appeals))
    return frozenset(f"{kind}:{number}" for kind, numbers in kinds for number in numbers)


async def forget_addresses() -> None:
    """Forget from where acts older than `retention.logs_days` were done; runs by the clock."""
    if days := current().sections.retention.logs_days:
        old = StaffAct.filter(id__lt=first_id_of(now() - timedelta(days=days)))
        await old.exclude(address__in=["", SHELL]).update(address="")
