"""Circle, CircleMember: people chosen by one author, who alone knows of it."""

from collections.abc import Collection

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import blocks_between
from core import sql
from core.clock import now
from core.ids import new_id
from core.paging import Page, Slice, cut, window
from core.rows import load_ids

MOST_CIRCLES = 100
MOST_MEMBERS = 1000
LONGEST_NAME = 80


class Circle(Model):
    """People an author shows some notes to; nobody in it is told (docs/decisions/0032)."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    owner: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    owner_id: int
    name = fields.CharField(max_length=LONGEST_NAME)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "circle"
        unique_together = [("owner", "name")]

    @property
    def page(self) -> str:
        """The path of its page, for its owner."""
        return f"/circles/{self.id}"


class CircleMember(Model):
    """Somebody stands in a circle."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    circle: fields.ForeignKeyRelation[Circle] = fields.ForeignKeyField(
        "rubric.Circle", related_name=False
    )
    circle_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    person_id: int

    class Meta:
        table = "circle_member"
        unique_together = [("circle", "person")]
        indexes = [("person_id",)]


class NotInCircles(ValueError):
    """A circle cannot be so; the text is a sentence for its owner."""


async def circles_of(owner: Actor, *, holding: Actor | None = None) -> list[Circle]:
    """Return somebody's circles in the order they were made, or those that a person stands in."""
    found = Circle.filter(owner_id=owner.id).order_by("id")
    if holding is not None:
        rows = await CircleMember.filter(person_id=holding.id).values("circle_id")
        found = found.filter(id__in=[row["circle_id"] for row in rows])
    return await found


async def circle_of(owner: Actor, number: int | None) -> Circle | None:
    """Return a circle, if it is this person's."""
    return await Circle.get_or_none(id=number, owner_id=owner.id) if number else None


async def make_circle(owner: Actor, name: str) -> Circle:
    """Make an empty circle; raises NotInCircles."""
    named = _named(name)
    if await Circle.filter(owner_id=owner.id).count() >= MOST_CIRCLES:
        raise NotInCircles(f"You have {MOST_CIRCLES} circles. Delete one of them first.")
    try:
        async with in_transaction():
            return await Circle.create(id=new_id(), owner_id=owner.id, name=named)
    except IntegrityError as error:
        raise NotInCircles("You have a circle of this name.") from error


async def rename_circle(circle: Circle, name: str) -> None:
    """Give a circle another name; raises NotInCircles."""
    named = _named(name)
    try:
        async with in_transaction():
            await Circle.filter(id=circle.id).update(name=named)
    except IntegrityError as error:
        raise NotInCircles("You have a circle of this name.") from error
    circle.name = named


async def delete_circle(circle: Circle) -> None:
    """Delete a circle; the notes that were for it stay with whom they were for."""
    await Circle.filter(id=circle.id).delete()


async def put_in_circle(circle: Circle, person: Actor) -> None:
    """Put somebody into a circle, once; raises NotInCircles."""
    if person.id == circle.owner_id:
        raise NotInCircles("You see your own notes anyway.")
    if person.is_group or not person.is_present:
        raise NotInCircles("Only people can be in a circle.")
    if await blocks_between(circle.owner_id, person.id):
        raise NotInCircles("There is a block between you and this person.")
    if await CircleMember.filter(circle_id=circle.id).count() >= MOST_MEMBERS:
        raise NotInCircles(f"There are {MOST_MEMBERS} people in this circle, as many as can be.")
    await CircleMember.get_or_create(
        circle_id=circle.id, person_id=person.id, defaults={"id": new_id()}
    )


async def take_out_of_circle(circle: Circle, people: Collection[int]) -> None:
    """Take people out of a circle; what was shown to them before stays shown."""
    await CircleMember.filter(circle_id=circle.id, person_id__in=list(people)).delete()


async def in_circle(circle: Circle, page: Page) -> Slice[Actor]:
    """List who stands in a circle, the last put in first."""
    end, ends = window("m.id", page)
    rows = await sql.rows(
        "SELECT m.id, m.person_id FROM circle_member m JOIN actor a ON a.id = m.person_id"  # noqa: S608
        f" WHERE m.circle_id = ? AND a.gone_at IS NULL{end}",
        [circle.id, *ends],
    )
    people = {row["id"]: row["person_id"] for row in rows}
    found = cut(list(people), page)
    actors = await load_ids(Actor, people.values())
    return found.holding([actors[people[each]] for each in found.rows if people[each] in actors])


async def part_in_circles(one: Actor, other: Actor) -> None:
    """Take two out of each other's circles, for there is a block between them."""
    await sql.rows(
        "DELETE FROM circle_member WHERE (person_id = ? AND circle_id IN"
        " (SELECT id FROM circle WHERE owner_id = ?)) OR (person_id = ? AND circle_id IN"
        " (SELECT id FROM circle WHERE owner_id = ?))",
        [other.id, one.id, one.id, other.id],
    )


async def part_from_server(owner_id: int, host: str) -> None:
    """Take everyone of a server, and of what lies under its name, out of somebody's circles."""
    await sql.rows(
        "DELETE FROM circle_member WHERE circle_id IN (SELECT id FROM circle WHERE owner_id = ?)"
        " AND person_id IN (SELECT id FROM actor WHERE host = ? OR host LIKE ?)",
        [owner_id, host, f"%.{host}"],
    )


async def leave_circles(actor_id: int) -> None:
    """Forget the circles of someone who is gone, and take them out of all others."""
    await Circle.filter(owner_id=actor_id).delete()
    await CircleMember.filter(person_id=actor_id).delete()


def _named(name: str) -> str:
    name = name.strip()
    if not name:
        raise NotInCircles("Give the circle a name.")
    if len(name) > LONGEST_NAME:
        raise NotInCircles(f"At most {LONGEST_NAME} characters.")
    return name
