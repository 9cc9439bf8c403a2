"""List, ListMember: people sorted by their reader, who alone knows of it."""

from collections.abc import Sequence
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.clock import now
from core.paging import Page, Slice, cut, window
from core.rows import load_ids

MOST_LISTS = 100
MOST_MEMBERS = 1000
LONGEST_TITLE = 200


class RepliesPolicy(StrEnum):
    """Which answers of its people a list shows: to anyone followed, to each other, or none."""

    FOLLOWED = "followed"
    LIST = "list"
    NONE = "none"


class List(Model):
    """People somebody reads together; an exclusive one keeps their notes out of home."""

    id = fields.IntField(primary_key=True)
    owner: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    owner_id: int
    title = fields.CharField(max_length=LONGEST_TITLE)
    replies_policy = fields.CharEnumField(RepliesPolicy, max_length=10, default=RepliesPolicy.LIST)
    is_exclusive = fields.BooleanField(default=False)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "list"
        indexes = [("owner_id",)]


class ListMember(Model):
    """Somebody stands in a list."""

    id = fields.IntField(primary_key=True)
    list: fields.ForeignKeyRelation[List] = fields.ForeignKeyField(
        "rubric.List", related_name=False
    )
    list_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    person_id: int

    class Meta:
        table = "list_member"
        unique_together = [("list", "person")]
        indexes = [("person_id",)]


class ListsFull(ValueError):
    """There are as many lists, or people in one, as there may be; the text says so."""


async def lists_of(owner: Actor, *, holding: Actor | None = None) -> list[List]:
    """Return somebody's lists in the order they were made, or those that a person stands in."""
    found = List.filter(owner_id=owner.id).order_by("id")
    if holding is not None:
        rows = await ListMember.filter(person_id=holding.id).values("list_id")
        found = found.filter(id__in=[row["list_id"] for row in rows])
    return await found


async def make_list(
    owner: Actor, title: str, policy: RepliesPolicy, *, is_exclusive: bool = False
) -> List:
    """Make a list; raises ListsFull."""
    if await List.filter(owner_id=owner.id).count() >= MOST_LISTS:
        raise ListsFull(f"There can be at most {MOST_LISTS} lists")
    return await List.create(
        owner_id=owner.id, title=title, replies_policy=policy, is_exclusive=is_exclusive
    )


async def put_in(found: List, people: Sequence[int]) -> None:
    """Put people into a list, each once; raises ListsFull."""
    if await ListMember.filter(list_id=found.id).count() + len(people) > MOST_MEMBERS:
        raise ListsFull(f"There can be at most {MOST_MEMBERS} people in a list")
    for number in people:
        await ListMember.get_or_create(list_id=found.id, person_id=number)


async def take_out(found: List, people: Sequence[int]) -> None:
    """Take people out of a list."""
    await ListMember.filter(list_id=found.id, person_id__in=list(people)).delete()


async def members_of(found: List, page: Page | None) -> Slice[Actor]:
    """List who stands in a list, the last put in first; without a page, all of them."""
    if page is None:
        page = Page(limit=MOST_MEMBERS)
    end, ends = window("id", page)
    rows = await sql.rows(
        f"SELECT id, person_id FROM list_member WHERE list_id = ?{end}",  # noqa: S608
        [found.id, *ends],
    )
    people = {row["id"]: row["person_id"] for row in rows}
    cut_at = cut(list(people), page)
    actors = await load_ids(Actor, people.values())
    kept = [actors[people[each]] for each in cut_at.rows if people[each] in actors]
    return cut_at.holding([each for each in kept if each.is_present])
