"""Group: what a group says of itself: who joins, who sees, who posts; and whether somebody may."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.accounts import NAME, BadName
from actors.actor import Actor, Kind
from actors.follows import Follow, settle
from actors.keys import make_keys
from actors.making import make_actor
from actors.memberships import Membership, Role, State, membership_of, stand
from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import load, load_one
from core.settings import settings


class Join(StrEnum):
    """Who may join."""

    OPEN = "open"
    REQUEST = "request"
    INVITE = "invite"


class See(StrEnum):
    """Who sees what is in it."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    SERVER = "server"


class Posting(StrEnum):
    """Who begins threads in it; comments come from whoever sees them, in closed groups members."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    APPROVAL = "approval"
    MODERATORS = "moderators"


class RemoteMembers(StrEnum):
    """Who from elsewhere may be a member of a closed group (product.md 5.1, rule 8)."""

    AWARE = "aware"
    ANY = "any"
    NONE = "none"


class Group(Model):
    """The settings of a group, one row for each we know; of remote ones what their documents say.

    `rules` are lists of sentences by language, `flair` a list of `{"name", "color"}`. Name, purpose
    and banner are the actor's. `closes_at` is when it ends, as its owner announced; since
    `asleep_at` nobody runs it.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "rubric.Actor", related_name="group"
    )
    actor_id: int
    join = fields.CharEnumField(Join, max_length=10, default=Join.OPEN)
    see = fields.CharEnumField(See, max_length=10, default=See.EVERYONE)
    post = fields.CharEnumField(Posting, max_length=10, default=Posting.EVERYONE)
    remote_members = fields.CharEnumField(RemoteMembers, max_length=10, default=RemoteMembers.AWARE)
    rules: Any = fields.JSONField(default=dict)
    flair: Any = fields.JSONField(default=list)
    language = fields.CharField(max_length=20, default="")
    is_sensitive = fields.BooleanField(default=False)
    closes_at = fields.DatetimeField(null=True)
    asleep_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "group_settings"


class Entry(StrEnum):
    """What becomes of what somebody brings to a group."""

    ADMITTED = "admitted"
    QUEUED = "queued"
    REFUSED = "refused"


@dataclass(frozen=True)
class Answer:
    """Whether something is let in, and in words why not."""

    entry: Entry
    reason: str = ""


RESTRICTED = "By a decision of the moderators only those who run this group begin threads now."
ADMITTED = Answer(Entry.ADMITTED)
QUEUED = Answer(Entry.QUEUED)


async def make_group(
    owner: Actor,
    name: str,
    *,
    title: str,
    about: str = "",
    about_source: str = "",
    avatar: str = "",
    avatar_alt: str = "",
    header: str = "",
    header_alt: str = "",
    **chosen: Any,
) -> Actor:
    """Make a group that lives here, owned by somebody who lives here; raises BadName or NameTaken.

    `chosen` are columns of Group. The name may not speak for the house: the caller asks.
    """
    if not NAME.fullmatch(name):
        raise BadName(f"{name!r}: one to thirty letters a-z, digits or underscores")
    keys = await make_keys()
    async with in_transaction():
        actor = await make_actor(
            name,
            Kind.GROUP,
            keys,
            title=title,
            about=about,
            about_source=about_source,
            avatar=avatar,
            avatar_alt=avatar_alt,
            header=header,
            header_alt=header_alt,
            **_showing(chosen.get("see", See.EVERYONE)),
        )
        actor.moderators_uri = f"{actor.uri}/moderators"
        await Actor.filter(id=actor.id).update(moderators_uri=actor.moderators_uri)
        await Group.create(id=new_id(), actor_id=actor.id, **chosen)
        await _hand_to(owner, actor)
    return actor


def _showing(see: See) -> dict[str, bool]:
    is_open = see is See.EVERYONE
    # Lemmy reads a group that asks first as a private one (federation.md 10.5).
    return {"is_locked": not is_open, "is_discoverable": is_open, "is_indexable": is_open}


async def _hand_to(owner: Actor, group: Actor) -> None:
    await stand(owner.id, group.id, State.MEMBER, role=Role.OWNER)
    await _begin_following(owner, group)


async def _begin_following(owner: Actor, group: Actor) -> None:
    number = new_id()
    follow = await Follow.create(
        id=number, uri=settings().url(f"/a/{number}"), follower_id=owner.id, followed_id=group.id
    )
    await settle(follow)


async def settings_of(group: Actor) -> Group:
    """Return a group's settings; those of a remote group we know little of are the usual ones."""
    found = await load_one(Group, "actor_id = ?", [group.id])
    return found or Group(id=0, actor_id=group.id)


async def settings_among(groups: Sequence[Actor]) -> dict[int, Group]:
    """Return the settings of several groups at once, by their ids, as `settings_of` does."""
    ids = [each.id for each in groups]
    found = await load(Group, f"actor_id IN ({sql.marks(ids)})", ids)
    usual = {number: Group(id=0, actor_id=number) for number in ids}
    return usual | {row.actor_id: row for row in found}


async def may_see_group(group: Actor, viewer: Actor | None) -> bool:
    """Tell whether somebody may read what is in a group; its name and purpose are for all but
    groups of this server alone."""
    chosen = await settings_of(group)
    if viewer is not None and (row := await membership_of(viewer, group)):
        if row.is_member:
            return True
        if row.is_banned and chosen.see is not See.EVERYONE:
            return False
    if chosen.see is See.SERVER:
        return viewer is not None and viewer.is_local
    return chosen.see is See.EVERYONE


async def may_post(group: Actor, author: Actor, *, is_comment: bool = False) -> Answer:
    """Tell whether what somebody posts in a group is let in; comments need no approval.

    The group answers for its house; of remote groups we know what they said, and they decide.
    """
    chosen, row = await settings_of(group), await membership_of(author, group)
    if why := _kept_out(chosen, row, author):
        return Answer(Entry.REFUSED, why)
    if not group.is_present or (chosen.closes_at and chosen.closes_at <= now()):
        return Answer(Entry.REFUSED, "This group is closed.")
    if row is not None and row.runs:
        return ADMITTED
    is_inside = row is not None and row.is_member
    if chosen.see is See.MEMBERS and not is_inside:
        return Answer(Entry.REFUSED, "Only members take part in this group.")
    if is_comment:
        return ADMITTED
    if group.read_only_at is not None:
        return Answer(Entry.REFUSED, RESTRICTED)
    return _may_begin(chosen, is_inside=is_inside, is_here=group.is_local)


def _may_begin(chosen: Group, *, is_inside: bool, is_here: bool) -> Answer:
    match chosen.post:
        case Posting.MODERATORS:
            return Answer(Entry.REFUSED, "Only moderators post in this group.")
        case Posting.MEMBERS if not is_inside:
            return Answer(Entry.REFUSED, "Only members post in this group. Join it first.")
        case Posting.APPROVAL if is_here:
            return QUEUED
    return ADMITTED


def _kept_out(chosen: Group, row: Membership | None, author: Actor) -> str:
    if row is not None and row.is_banned:
        until = f" until {row.until:%Y-%m-%d}" if row.until else ""
        why = f": {row.reason}" if row.reason else "."
        return f"You are banned from this group{until}{why}"
    if chosen.see is See.SERVER and not author.is_local:
        return "This group is for members of its server."
    return ""
