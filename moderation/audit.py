"""What those who run the place did: written down with it, and never changed (ADM-02)."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id


class StaffAct(Model):
    """Who did what to what, what it was before and after, and why.

    `address` is where they sat; `about` names the thing by its kind and id, `case:1`.
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


async def newest_acts(*, before: int | None = None, most: int = 50) -> list[StaffAct]:
    """Return what was done at all, the newest first."""
    found = StaffAct.all().order_by("-id").limit(most)
    if before is not None:
        found = found.filter(id__lt=before)
    return await found.select_related("actor")
