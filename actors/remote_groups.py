"""RemoteGroup: what we know of a group elsewhere, and how the people here come to stand in it."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from actors.groups import Group, Join, Posting, See
from actors.memberships import Membership, State, membership_of, stand
from actors.reading import ActorDocument
from core.ids import new_id


class RemoteGroup(Model):
    """What belongs to a group elsewhere beside its settings; one row for each.

    `moderators` are the ids that its own collection lists, as of `moderators_at`, `owners` whom
    its document names in their place. `filled_at` is when its newest threads were looked for.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "rubric.Actor", related_name="as_remote_group"
    )
    actor_id: int
    is_joined = fields.BooleanField(default=False)
    """Whether it wants a Join where others want a Follow."""
    owners: Any = fields.JSONField(default=list)
    moderators: Any = fields.JSONField(default=list)
    moderators_at = fields.DatetimeField(null=True)
    filled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "remote_group"


async def remember_group(actor: Actor, read: ActorDocument) -> None:
    """Write down what a group's document says of itself (federation.md 10.5)."""
    await Group.update_or_create(actor_id=actor.id, defaults=_settings(read))
    values = {"is_joined": read.accepts_joins, "owners": list(read.owners)}
    await RemoteGroup.update_or_create(actor_id=actor.id, defaults=values)


def _settings(read: ActorDocument) -> dict[str, Any]:
    post = Posting.MEMBERS if read.has_members else Posting.EVERYONE
    join = Join.REQUEST if read.locked else Join.OPEN
    return {
        "join": Join.INVITE if read.by_invitation else join,
        # Lemmy's private communities say no more of themselves than that they ask first.
        "see": See.MEMBERS if read.locked and not read.has_members else See.EVERYONE,
        "post": Posting.MODERATORS if read.posting_restricted else post,
        "flair": read.flair,
    }


async def remote_group(group: Actor) -> RemoteGroup | None:
    """Find what we know of a group elsewhere."""
    return await RemoteGroup.get_or_none(actor_id=group.id)


async def is_joined(group: Actor) -> bool:
    """Tell whether a group is asked with a Join rather than a Follow."""
    if group.is_local or not group.is_group:
        return False
    return await RemoteGroup.exists(actor_id=group.id, is_joined=True)


async def invited(person: Actor, group: Actor) -> str:
    """Return the id of the Invite that someone here has not answered, or ""."""
    row = await Invitation.get_or_none(person_id=person.id, group_id=group.id)
    return row.uri if row else ""


class Invitation(Model):
    """An Invite into a group elsewhere that someone here got; it goes once they answer."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    group: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="invitations_out"
    )
    group_id: int
    person: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="invitations_in"
    )
    person_id: int
    uri = fields.CharField(max_length=1000)

    class Meta:
        table = "group_invitation"
        unique_together = [("group", "person")]
        indexes = [("person_id",)]


async def refused(person: Actor, group: Actor, reason: str) -> None:
    """Note that a group elsewhere will not have someone; a ban stays what it is."""
    row = await membership_of(person, group)
    if row is None or not row.is_banned:
        await stand(person.id, group.id, State.LEFT, reason=reason[:500], by_id=group.id)


def was_refused(row: Membership) -> bool:
    """Tell whether it was the group that ended a membership, or would not begin it."""
    return row.state is State.LEFT and row.by_id == row.group_id
