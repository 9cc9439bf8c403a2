"""Groups as the API writes them: an account, and in `rubric` what Mastodon has no word for."""

from collections.abc import Sequence

import msgspec

from actors.actor import Actor
from actors.groups import Group
from actors.memberships import Membership, standing_in
from core import sql
from core.rows import load
from web.api.answers import ts
from web.api.entities.accounts import Account, accounts_of, with_extras


class Flair(msgspec.Struct):
    """A mark that threads of a group can have."""

    name: str
    color: str


class GroupStanding(msgspec.Struct):
    """How somebody stands to a group, since when; `until` is when a ban ends."""

    state: str
    role: str
    since: str
    until: str | None
    reason: str


class OurGroup(msgspec.Struct, kw_only=True):
    """What a group says of itself, and how the reader stands to it."""

    join: str
    see: str
    post: str
    remote_members: str
    rules: dict[str, list[str]]
    flair: list[Flair]
    language: str | None
    sensitive: bool
    closes_at: str | None
    asleep_at: str | None
    restricted: bool
    members_count: int
    standing: GroupStanding | None


class GroupAccount(Account, kw_only=True):
    """The account of a group."""

    rubric: OurGroup


class GroupMember(GroupStanding, kw_only=True):
    """Somebody in a group, or who asks to be, or is kept out."""

    account: Account


async def groups_of(actors: Sequence[Actor], reader: Actor | None) -> list[msgspec.Raw]:
    """Write these groups, in their order: four queries at most."""
    ids = [each.id for each in actors]
    rows = await load(Group, f"actor_id IN ({sql.marks(ids)})", ids) if ids else []
    chosen = {row.actor_id: row for row in rows}
    standing = await standing_in(reader, actors) if reader and actors else {}
    shown = await accounts_of(actors)
    return [
        with_extras(
            shown[each.id],
            {"rubric": _ours(each, chosen.get(each.id), standing.get(each.id))},
        )
        for each in actors
    ]


async def group_of(actor: Actor, reader: Actor | None) -> msgspec.Raw:
    """Write one group."""
    return (await groups_of([actor], reader))[0]


async def members_of(rows: Sequence[Membership]) -> list[msgspec.Raw]:
    """Write these memberships, in their order; the people must be loaded."""
    shown = await accounts_of([row.person for row in rows])
    return [
        msgspec.Raw(
            b'{"account":'
            + bytes(shown[row.person_id])
            + b","
            + msgspec.json.encode(_standing(row))[1:]
        )
        for row in rows
    ]


def flair_of(chosen: Group) -> list[Flair]:
    """Write the marks that a group has."""
    found = chosen.flair if isinstance(chosen.flair, list) else []
    return [Flair(str(each.get("name", "")), str(each.get("color", ""))) for each in found]


def _ours(actor: Actor, known: Group | None, row: Membership | None) -> OurGroup:
    chosen = known or Group(id=0, actor_id=actor.id)
    return OurGroup(
        join=chosen.join.value,
        see=chosen.see.value,
        post=chosen.post.value,
        remote_members=chosen.remote_members.value,
        rules=chosen.rules if isinstance(chosen.rules, dict) else {},
        flair=flair_of(chosen),
        language=chosen.language or None,
        sensitive=chosen.is_sensitive,
        closes_at=ts(chosen.closes_at) if chosen.closes_at else None,
        asleep_at=ts(chosen.asleep_at) if chosen.asleep_at else None,
        restricted=actor.read_only_at is not None,
        members_count=max(actor.followers_count, 0),
        standing=_standing(row) if row else None,
    )


def _standing(row: Membership) -> GroupStanding:
    return GroupStanding(
        row.state.value,
        row.role.value,
        ts(row.since),
        ts(row.until) if row.until else None,
        row.reason,
    )
