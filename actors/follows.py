"""Follow: who follows whom; joining a group is following it."""

from collections.abc import Sequence

from tortoise import fields
from tortoise.expressions import F
from tortoise.models import Model

from actors.actor import Actor
from actors.memberships import leave
from core import sql
from core.clock import now
from core.ids import new_id
from core.paging import Page, Slice, cut, window

PRESENT = (
    "a.suspended_at IS NULL AND a.gone_at IS NULL AND NOT a.is_kept_out AND a.is_withdrawn = ?"
)


class Follow(Model):
    """A wish to hear from someone; in force once `is_accepted`.

    `verb` is the word in which somebody elsewhere asked: Mobilizon's kin read an answer to a Join.
    `letterbox` and `host` are the follower's, copied once it is in force, so that the servers of
    an audience are read along an index; both are empty for those who live here.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    follower: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="following"
    )
    followed: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="followers"
    )
    follower_id: int
    followed_id: int
    is_accepted = fields.BooleanField(default=False)
    verb = fields.CharField(max_length=10, default="Follow", db_default="Follow")
    shows_boosts = fields.BooleanField(default=True)
    letterbox = fields.CharField(max_length=1000, default="", db_default="")
    host = fields.CharField(max_length=255, default="", db_default="")
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "follow"
        unique_together = [("follower", "followed")]
        indexes = [
            ("followed_id", "is_accepted", "id"),
            ("follower_id", "is_accepted", "id"),
            ("followed_id", "is_accepted", "letterbox", "host"),
        ]


async def is_following(follower: Actor, followed: Actor) -> bool:
    """Tell whether a follow is in force."""
    return await Follow.exists(follower_id=follower.id, followed_id=followed.id, is_accepted=True)


async def follow_between(follower: Actor, followed: Actor) -> Follow | None:
    """Find the follow, accepted or still asked for."""
    return await Follow.get_or_none(follower_id=follower.id, followed_id=followed.id)


async def followed_among(reader: Actor, people: Sequence[Actor]) -> set[int]:
    """Return the ids of those of these people that a reader follows or asked to follow."""
    ids = [each.id for each in people]
    found = await Follow.filter(follower_id=reader.id, followed_id__in=ids).values("followed_id")
    return {row["followed_id"] for row in found}


async def readers_of(actor_id: int, *, boosts: bool = False) -> list[int]:
    """Return the ids of those who live here and follow someone; those who want boosts only."""
    wanted = " AND f.shows_boosts = ?" if boosts else ""
    found = await sql.rows(
        "SELECT f.follower_id AS id FROM follow f JOIN actor a ON a.id = f.follower_id"  # noqa: S608
        f" WHERE f.followed_id = ? AND f.is_accepted = ? AND f.letterbox = ''{wanted}"
        " AND a.local_name IS NOT NULL AND a.gone_at IS NULL",
        [actor_id, True, *([True] if boosts else [])],
    )
    return [row["id"] for row in found]


async def followers_of(actor: Actor, page: Page) -> Slice[Actor]:
    """List who follows someone, the newest first; ids of the page are those of follows."""
    return await _people("follower_id", "followed_id", actor, page)


async def followed_by(actor: Actor, page: Page) -> Slice[Actor]:
    """List whom someone follows, the newest first; ids of the page are those of follows."""
    return await _people("followed_id", "follower_id", actor, page)


async def requests_to(actor: Actor, page: Page) -> Slice[Follow]:
    """List who waits for an answer, with who they are, the newest first."""
    end, ends = window("f.id", page)
    rows = await sql.rows(
        "SELECT f.id FROM follow f JOIN actor a ON a.id = f.follower_id"  # noqa: S608
        f" WHERE f.followed_id = ? AND f.is_accepted = ? AND {PRESENT}{end}",
        [actor.id, False, False, *ends],
    )
    found = cut([row["id"] for row in rows], page)
    follows = await Follow.filter(id__in=found.rows).select_related("follower").order_by("-id")
    return found.holding(list(follows))


async def reach_of(actor: Actor) -> tuple[int, int]:
    """Count the people and the servers that a note for followers goes to (PRIV-10)."""
    rows = await sql.rows(
        "SELECT COUNT(*) AS people, COUNT(DISTINCT a.host) AS servers FROM follow f"
        " JOIN actor a ON a.id = f.follower_id WHERE f.followed_id = ? AND f.is_accepted = ?",
        [actor.id, True],
    )
    return int(rows[0]["people"]), int(rows[0]["servers"])


async def _people(wanted: str, column: str, actor: Actor, page: Page) -> Slice[Actor]:
    end, ends = window("f.id", page)
    rows = await sql.rows(
        f"SELECT f.id, f.{wanted} AS person FROM follow f JOIN actor a"  # noqa: S608
        f" ON a.id = f.{wanted} WHERE f.{column} = ? AND f.is_accepted = ? AND {PRESENT}{end}",
        [actor.id, True, False, *ends],
    )
    people = {row["id"]: row["person"] for row in rows}
    found = cut(list(people), page)
    actors = {each.id: each for each in await Actor.filter(id__in=list(people.values()))}
    return found.holding([actors[people[number]] for number in found.rows])


async def settle(follow: Follow) -> bool:
    """Put an asked-for follow in force and count it; False when it already was."""
    changed = await Follow.filter(id=follow.id, is_accepted=False).update(is_accepted=True)
    if changed:
        follow.is_accepted = True
        # Counting holds their row, so that an address which changes meanwhile is not overlooked.
        await _count(follow, 1)
        await address(follow.follower_id)
    return bool(changed)


async def address(follower_id: int) -> None:
    """Write into someone's follows where their letters go, in the transaction that changes it."""
    await sql.rows(
        "UPDATE follow SET letterbox = a.box, host = a.host FROM ("
        " SELECT CASE WHEN local_name IS NOT NULL THEN '' WHEN shared_inbox = '' THEN inbox"
        " ELSE shared_inbox END AS box,"
        " CASE WHEN local_name IS NOT NULL THEN '' ELSE host END AS host FROM actor WHERE id = ?"
        ") AS a WHERE follower_id = ? AND (letterbox <> a.box OR follow.host <> a.host)",
        [follower_id, follower_id],
    )


async def end(follow: Follow) -> bool:
    """Take a follow away and count it; False when someone else already did."""
    removed = await Follow.filter(id=follow.id).delete()
    if removed:
        await leave(follow.follower_id, follow.followed_id)
    if removed and follow.is_accepted:
        await _count(follow, -1)
    return bool(removed)


async def end_between(one: Actor, other: Actor) -> None:
    """End the follows in both directions, as a block does."""
    for follower, followed in ((one, other), (other, one)):
        if follow := await follow_between(follower, followed):
            await end(follow)


async def _count(follow: Follow, by: int) -> None:
    await Actor.filter(id=follow.follower_id).update(following_count=F("following_count") + by)
    await Actor.filter(id=follow.followed_id).update(followers_count=F("followers_count") + by)
