"""Account: anyone with an inbox, as the API writes them (mastodon-api.md 6.2)."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from cachetools import LRUCache

from actors.accounts import Account as Member
from actors.accounts import Role as Rank
from actors.accounts import account_of as member_of
from actors.actor import Actor
from core import sql
from core.html import shown
from core.rows import load_ids
from notes import remote_faces as faces
from web.api.answers import ts
from web.api.entities.emojis import emojis_of
from web.building.media import face_url
from web.render import absolute, static_url

AVATAR = "avatar.png"
HEADER = "header.png"
PERMISSIONS = {Rank.MEMBER: 0, Rank.MODERATOR: 0x1_0010 | 0x8 | 0x400, Rank.ADMIN: 0x1}
MOST_NUMBER = (1 << 31) - 1

# What an actor shows, written once for each of its states.
_written: LRUCache[tuple[Any, ...], bytes] = LRUCache(4_000_000, getsizeof=len)


class Field(msgspec.Struct):
    """A line of a profile; `value` is HTML."""

    name: str
    value: str
    verified_at: str | None = None


class AccountRole(msgspec.Struct):
    """A role that is shown beside the name of someone who lives here."""

    id: str
    name: str
    color: str


class Account(msgspec.Struct, kw_only=True, omit_defaults=False):
    """Every field is always there but those that default to UNSET."""

    id: str
    username: str
    acct: str
    display_name: str
    locked: bool
    bot: bool
    group: bool
    discoverable: bool | None
    indexable: bool
    created_at: str
    note: str
    url: str
    uri: str
    avatar: str
    avatar_static: str
    avatar_description: str
    header: str
    header_static: str
    header_description: str
    followers_count: int
    following_count: int
    statuses_count: int
    last_status_at: str | None
    hide_collections: bool | None
    show_media: bool = True
    show_media_replies: bool = True
    show_featured: bool = True
    emojis: list[dict[str, Any]]
    fields: list[Field]
    roles: list[AccountRole]
    moved: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    suspended: bool | msgspec.UnsetType = msgspec.UNSET
    limited: bool | msgspec.UnsetType = msgspec.UNSET
    noindex: bool | msgspec.UnsetType = msgspec.UNSET
    mute_expires_at: str | msgspec.UnsetType | None = msgspec.UNSET


class Role(msgspec.Struct):
    """What someone may do, in the API's bits; `permissions` is a decimal string."""

    id: str
    name: str
    color: str
    permissions: str
    highlighted: bool
    collection_limit: int = 0


class Source(msgspec.Struct, kw_only=True):
    """What someone typed about themselves, and how they post by default."""

    privacy: str
    sensitive: bool
    language: str | None
    note: str
    fields: list[Field]
    follow_requests_count: int
    hide_collections: bool | None
    discoverable: bool | None
    indexable: bool
    attribution_domains: list[str]
    quote_policy: str


async def accounts_of(actors: Sequence[Actor]) -> dict[int, msgspec.Raw]:
    """Write these actors, by id: two queries at most, none when all were written before."""
    ranks = await _ranks(actors)
    moved = await load_actors_moved_to(actors)
    return {
        actor.id: _raw(actor, ranks.get(actor.id, ""), moved.get(actor.moved_to))
        for actor in actors
    }


async def account_of(actor: Actor) -> msgspec.Raw:
    """Write one actor."""
    return (await accounts_of([actor]))[actor.id]


async def accounts_by_id(ids: Iterable[int | None]) -> dict[int, msgspec.Raw]:
    """Write the actors with these ids, as far as they exist."""
    return await accounts_of(list((await load_ids(Actor, ids)).values()))


async def credential_account(member: Member) -> dict[str, Any]:
    """Write an account for its owner: with source, role and permissions."""
    actor = member.actor
    shown_ = msgspec.json.decode(await account_of(actor), type=dict[str, Any])
    return shown_ | {"source": await _source(member), "role": role_of(member.role)}


def with_extras(account: msgspec.Raw, more: dict[str, Any] | None) -> msgspec.Raw:
    """Add fields to an account that was written already."""
    if not more:
        return account
    return msgspec.Raw(bytes(account)[:-1] + b"," + msgspec.json.encode(more)[1:])


def role_of(rank: Rank) -> Role:
    """Write a role; members have the empty name that Mastodon gives its default role."""
    names = {Rank.MEMBER: "", Rank.MODERATOR: "Moderator", Rank.ADMIN: "Admin"}
    number = {Rank.MEMBER: "-99", Rank.MODERATOR: "2", Rank.ADMIN: "3"}[rank]
    is_staff = rank is not Rank.MEMBER
    return Role(number, names[rank], "", str(PERMISSIONS[rank]), is_staff)


async def load_actors_moved_to(actors: Sequence[Actor]) -> dict[str, Actor]:
    """Find whom those that moved moved to, as far as we know them."""
    wanted = sorted({each.moved_to for each in actors if each.moved_to})
    return {each.uri: each for each in await Actor.filter(uri__in=wanted)} if wanted else {}


async def _ranks(actors: Sequence[Actor]) -> dict[int, str]:
    """Return the roles above member of those who live here."""
    ids = [each.id for each in actors if each.is_local]
    if not ids:
        return {}
    rows = await sql.rows(
        "SELECT actor_id, role FROM account WHERE role <> 'member'"  # noqa: S608  marks alone
        f" AND actor_id IN ({sql.marks(ids)})",
        ids,
    )
    return {row["actor_id"]: row["role"] for row in rows}


def _raw(actor: Actor, rank: str, moved: Actor | None) -> msgspec.Raw:
    state = (
        *(actor.id, actor.title, actor.about, actor.avatar, actor.header, actor.followers_count),
        *(actor.following_count, actor.notes_count, actor.last_note_at, actor.fetched_at),
        *(actor.is_locked, actor.is_discoverable, actor.is_indexable, actor.is_bot),
        *(actor.hides_follows, actor.is_present, actor.avatar_alt, actor.header_alt),
        *(actor.moved_to, rank, str(actor.facts), str(actor.emojis), moved.id if moved else 0),
    )
    found = _written.get(state)
    if found is None:
        written = msgspec.json.encode(_account(actor, rank, moved))
        found = _written[state] = written
    return msgspec.Raw(found)


def _account(actor: Actor, rank: str, moved: Actor | None) -> Account:
    is_here = actor.is_present
    avatar = absolute((is_here and face_url(actor)) or static_url(AVATAR))
    header = absolute((is_here and face_url(actor, faces.HEADER)) or static_url(HEADER))
    return Account(
        id=str(actor.id),
        username=actor.name,
        acct=actor.handle,
        display_name=actor.title if is_here else "",
        locked=actor.is_locked,
        bot=actor.is_bot and not actor.is_group,
        group=actor.is_group,
        discoverable=actor.is_discoverable,
        indexable=actor.is_indexable,
        created_at=f"{ts(actor.created_at)[:10]}T00:00:00.000Z",
        note=str(shown(actor.about)) if is_here else "",
        url=_url(actor),
        uri=actor.uri,
        avatar=avatar,
        avatar_static=avatar,
        avatar_description=actor.avatar_alt if is_here else "",
        header=header,
        header_static=header,
        header_description=actor.header_alt if is_here else "",
        followers_count=_count(actor.followers_count),
        following_count=_count(actor.following_count),
        statuses_count=_count(actor.notes_count),
        last_status_at=ts(actor.last_note_at)[:10] if actor.last_note_at else None,
        hide_collections=actor.hides_follows,
        emojis=emojis_of(actor.emojis) if is_here else [],
        fields=[_field(each) for each in actor.facts] if is_here else [],
        roles=[_shown_role(rank)] if rank else [],
        moved=_raw(moved, "", None) if moved else msgspec.UNSET,
        suspended=msgspec.UNSET if is_here else True,
        noindex=True if actor.is_local and not actor.is_indexable else msgspec.UNSET,
    )


def _url(actor: Actor) -> str:
    return absolute(actor.page) if actor.is_local else (actor.url or actor.uri)


def _count(number: int) -> int:
    return min(max(number, 0), MOST_NUMBER)


def _field(fact: dict[str, Any]) -> Field:
    return Field(
        str(fact.get("name", "")), str(shown(str(fact.get("value", "")))), fact.get("verified_at")
    )


def _shown_role(rank: str) -> AccountRole:
    role = role_of(Rank(rank))
    return AccountRole(role.id, role.name, role.color)


async def _source(member: Member) -> Source:
    actor = member.actor
    waiting = await sql.rows(
        "SELECT COUNT(*) AS count FROM follow WHERE followed_id = ? AND is_accepted = ?",
        [actor.id, False],
    )
    wishes = member.preferences
    return Source(
        privacy=VISIBILITY.get(str(wishes.get("audience", "public")), "public"),
        sensitive=bool(wishes.get("sensitive", False)),
        language=wishes.get("language") or None,
        note=actor.about_source,
        fields=[
            Field(each.get("name", ""), each.get("source", ""), each.get("verified_at"))
            for each in actor.facts
        ],
        follow_requests_count=waiting[0]["count"],
        hide_collections=actor.hides_follows,
        discoverable=actor.is_discoverable,
        indexable=actor.is_indexable,
        attribution_domains=[],
        quote_policy=str(wishes.get("quote_policy", "public")),
    )


VISIBILITY = {
    "public": "public",
    "quiet": "unlisted",
    "followers": "private",
    "people": "direct",
    # What is ours alone goes by the next narrower word; `rubric.audience` has our own.
    "server": "private",
    "members": "private",
    "mutuals": "private",
    "circle": "private",
    "self": "private",
}

__all__ = ["Account", "account_of", "accounts_of", "credential_account", "member_of"]
