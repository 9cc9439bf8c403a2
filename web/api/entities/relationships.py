"""Relationship: what is between a reader and someone (mastodon-api.md 6.4)."""

from collections.abc import Sequence

import msgspec

from actors.actor import Actor
from actors.blocks import Mute, ServerBlock, covering
from actors.ties import Endorsement, Wishes, notes_about
from core import sql
from core.clock import now
from core.rows import load
from web.api.answers import ts


class Relationship(msgspec.Struct, kw_only=True):
    """Every field is always there; some clients need all of them."""

    id: str
    following: bool = False
    showing_reblogs: bool = False
    notifying: bool = False
    languages: list[str] | None = None
    followed_by: bool = False
    blocking: bool = False
    blocked_by: bool = False
    muting: bool = False
    muting_notifications: bool = False
    muting_expires_at: str | None = None
    requested: bool = False
    requested_by: bool = False
    domain_blocking: bool = False
    endorsed: bool = False
    note: str = ""


async def relationships_of(reader: Actor, people: Sequence[Actor]) -> list[Relationship]:
    """Write what is between a reader and these people, in their order: seven queries."""
    found = {each.id: Relationship(id=str(each.id)) for each in people}
    if found:
        await _follows(reader, found)
        await _blocks(reader, found, people)
        await _mutes(reader, found)
        await _kept(reader, found)
    return [found[each.id] for each in people]


async def relationship_of(reader: Actor, person: Actor) -> Relationship:
    """Write what is between a reader and one person."""
    return (await relationships_of(reader, [person]))[0]


async def _follows(reader: Actor, found: dict[int, Relationship]) -> None:
    marks = sql.marks(found)
    rows = await sql.rows(
        "SELECT follower_id, followed_id, is_accepted, shows_boosts FROM follow"  # noqa: S608
        f" WHERE (follower_id = ? AND followed_id IN ({marks}))"
        f" OR (followed_id = ? AND follower_id IN ({marks}))",
        [reader.id, *found, reader.id, *found],
    )
    for row in rows:
        accepted = bool(row["is_accepted"])
        if row["follower_id"] == reader.id and row["followed_id"] in found:
            tie = found[row["followed_id"]]
            tie.following, tie.requested = accepted, not accepted
            tie.showing_reblogs = bool(row["shows_boosts"])
        elif row["follower_id"] in found:
            tie = found[row["follower_id"]]
            tie.followed_by, tie.requested_by = accepted, not accepted


async def _blocks(reader: Actor, found: dict[int, Relationship], people: Sequence[Actor]) -> None:
    marks = sql.marks(found)
    rows = await sql.rows(
        "SELECT blocker_id, blocked_id FROM block"  # noqa: S608  marks alone
        f" WHERE (blocker_id = ? AND blocked_id IN ({marks}))"
        f" OR (blocked_id = ? AND blocker_id IN ({marks}))",
        [reader.id, *found, reader.id, *found],
    )
    for row in rows:
        if row["blocker_id"] == reader.id:
            found[row["blocked_id"]].blocking = True
        else:
            found[row["blocker_id"]].blocked_by = True
    hosts = {each.host for each in await ServerBlock.filter(blocker_id=reader.id)}
    for person in people:
        found[person.id].domain_blocking = not hosts.isdisjoint(covering(person.host))


async def _mutes(reader: Actor, found: dict[int, Relationship]) -> None:
    about = f"muter_id = ? AND muted_id IN ({sql.marks(found)})"
    rows = await load(Mute, about, [reader.id, *found])
    for row in rows:
        if row.ends_at is None or row.ends_at > now():
            tie = found[row.muted_id]
            tie.muting, tie.muting_notifications = True, row.hides_notifications
            tie.muting_expires_at = ts(row.ends_at) if row.ends_at else None


async def _kept(reader: Actor, found: dict[int, Relationship]) -> None:
    about = f"person_id IN ({sql.marks(found)})"
    for wishes in await load(Wishes, f"reader_id = ? AND {about}", [reader.id, *found]):
        found[wishes.person_id].notifying = wishes.tells
        found[wishes.person_id].languages = list(wishes.languages) or None
    for shown in await load(Endorsement, f"actor_id = ? AND {about}", [reader.id, *found]):
        found[shown.person_id].endorsed = True
    for number, text in (await notes_about(reader, found)).items():
        found[number].note = text
