"""Membership: who belongs to a group, in what role and until when, here and elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import new_id


class State(StrEnum):
    """How somebody stands to a group."""

    ASKED = "asked"
    INVITED = "invited"
    MEMBER = "member"
    LEFT = "left"
    BANNED = "banned"


class Role(StrEnum):
    """What a member may do in the group (product.md 5.3); owners may pass it on and close it."""

    MEMBER = "member"
    MODERATOR = "moderator"
    OWNER = "owner"


RUNNING = (Role.MODERATOR, Role.OWNER)


class Membership(Model):
    """One person in one group.

    `since` is when the state began; `until`, when a ban ends, or the term of a moderator; `reason`
    what was said of the last answer; `by_id`, who gave it. `reminded_at` is when those who run the
    group were told once more that somebody asks.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    group: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="memberships_here"
    )
    group_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="memberships"
    )
    person_id: int
    state = fields.CharEnumField(State, max_length=10, default=State.MEMBER)
    role = fields.CharEnumField(Role, max_length=10, default=Role.MEMBER)
    since = fields.DatetimeField(default=now)
    until = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=500, default="")
    by_id = fields.BigIntField(null=True)
    reminded_at = fields.DatetimeField(null=True)

    class Meta:
        table = "membership"
        unique_together = [("group", "person")]
        indexes = [("group_id", "state", "id"), ("person_id", "state")]

    @property
    def is_member(self) -> bool:
        """Whether they belong to it."""
        return self.state is State.MEMBER

    @property
    def is_banned(self) -> bool:
        """Whether they are kept out now: a ban that has ended keeps nobody out."""
        return self.state is State.BANNED and (self.until is None or self.until > now())

    @property
    def runs(self) -> bool:
        """Whether they moderate or own it."""
        is_over = self.until is not None and self.until <= now()
        return self.is_member and self.role in RUNNING and not is_over


async def membership_of(person: Actor, group: Actor) -> Membership | None:
    """Find how a person stands to a group, if they ever had to do with it."""
    return await Membership.get_or_none(person_id=person.id, group_id=group.id)


async def stand(person_id: int, group_id: int, state: State, **columns: Any) -> Membership:
    """Settle how somebody stands to a group; a role goes with the membership."""
    values = {
        "state": state,
        "since": now(),
        "until": None,
        "reason": "",
        "by_id": None,
        "reminded_at": None,
    } | columns
    if state is not State.MEMBER:
        values["role"] = Role.MEMBER
    row, is_new = await Membership.get_or_create(
        person_id=person_id, group_id=group_id, defaults={"id": new_id(), **values}
    )
    if not is_new and (row.state is not state or columns):
        await row.update_from_dict(values).save(update_fields=list(values))
    return row


async def leave(person_id: int, group_id: int) -> None:
    """Note that a follow ended: who belonged or asked has left; a ban stays what it is."""
    await Membership.filter(
        person_id=person_id,
        group_id=group_id,
        state__in=[State.ASKED, State.INVITED, State.MEMBER],
    ).update(state=State.LEFT, role=Role.MEMBER, since=now())


async def ban(
    person: Actor, group: Actor, *, reason: str, until: datetime | None, by_id: int | None
) -> Membership:
    """Keep somebody out of a group from now on, until an end or for good."""
    return await stand(
        person.id, group.id, State.BANNED, reason=reason[:500], until=until, by_id=by_id
    )


async def is_member(person: Actor, group: Actor) -> bool:
    """Tell whether somebody belongs to a group."""
    return await Membership.exists(person_id=person.id, group_id=group.id, state=State.MEMBER)


async def has_member_at(host: str, group: Actor) -> bool:
    """Tell whether somebody on a server belongs to a group."""
    return await Membership.exists(group_id=group.id, state=State.MEMBER, person__host=host)


async def runs(person: Actor, group: Actor) -> bool:
    """Tell whether somebody moderates or owns a group."""
    row = await membership_of(person, group)
    return row is not None and row.runs


async def run_by(person: Actor) -> list[int]:
    """Return the groups that somebody moderates or owns."""
    rows = Membership.filter(person_id=person.id, state=State.MEMBER, role__in=list(RUNNING))
    return [row["group_id"] for row in await rows.values("group_id")]


async def is_only_owner(person: Actor, group: Actor) -> bool:
    """Tell whether a group would be nobody's without somebody."""
    owners = Membership.filter(group_id=group.id, state=State.MEMBER, role=Role.OWNER)
    return [row.person_id for row in await owners] == [person.id]


async def moderators_of(group: Actor) -> list[Membership]:
    """List who runs a group, owners first, with who they are."""
    rows = await Membership.filter(
        group_id=group.id, state=State.MEMBER, role__in=list(RUNNING)
    ).select_related("person")
    there = [row for row in rows if row.person.is_present]
    return sorted(there, key=lambda row: (row.role is not Role.OWNER, row.id))


async def waiting_in(group: Actor) -> list[Membership]:
    """List who asked to join and has no answer, the longest waiting first."""
    rows = await Membership.filter(group_id=group.id, state=State.ASKED).order_by("id").limit(200)
    people = await Actor.filter(id__in=[row.person_id for row in rows])
    known = {each.id: each for each in people if each.is_present}
    waiting = [row for row in rows if row.person_id in known]
    for row in waiting:
        row.person = known[row.person_id]
    return waiting


async def groups_of(person: Actor) -> list[Actor]:
    """List the groups somebody belongs to, by name."""
    rows = await Membership.filter(person_id=person.id, state=State.MEMBER).values("group_id")
    found = await Actor.filter(
        Q(suspended_at=None, gone_at=None, is_kept_out=False, is_withdrawn=False),
        id__in=[row["group_id"] for row in rows],
    )
    return sorted(found, key=lambda each: each.display_name.casefold())


async def standing_in(person: Actor, groups: Sequence[Actor]) -> dict[int, Membership]:
    """Return how somebody stands to these groups, by the groups' ids."""
    rows = await Membership.filter(person_id=person.id, group_id__in=[each.id for each in groups])
    return {row.group_id: row for row in rows}


async def members_here(group_id: int) -> list[int]:
    """Return the ids of the members who live here."""
    rows = await sql.rows(
        "SELECT m.person_id AS id FROM membership m JOIN actor a ON a.id = m.person_id"
        " WHERE m.group_id = ? AND m.state = 'member' AND a.local_name IS NOT NULL"
        " AND a.gone_at IS NULL",
        [group_id],
    )
    return [row["id"] for row in rows]
