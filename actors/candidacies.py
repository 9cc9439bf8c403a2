"""Candidacy: a member who would run a group whose moderators are gone (product.md 3.3)."""

from collections.abc import Sequence

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id


class Candidacy(Model):
    """That a member asked for the role, and what they said for it; it goes once it is decided."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    group: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="candidacies_in"
    )
    group_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="candidacies"
    )
    person_id: int
    words = fields.CharField(max_length=1000, default="")
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "group_candidacy"
        unique_together = [("group", "person")]
        indexes = [("person_id",)]


async def candidates_of(group: Actor) -> list[Candidacy]:
    """List who asked for the role, the first first, with who they are."""
    return (await candidates_among([group])).get(group.id, [])[:100]


async def candidates_among(groups: Sequence[Actor]) -> dict[int, list[Candidacy]]:
    """List the same for several groups at once, by their ids; who has left is none."""
    found: dict[int, list[Candidacy]] = {}
    rows = Candidacy.filter(group_id__in=[each.id for each in groups]).order_by("id")
    for row in await rows.select_related("person"):
        if row.person.is_present:
            found.setdefault(row.group_id, []).append(row)
    return found
