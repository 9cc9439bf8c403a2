"""Block, Mute: who will not see whom."""

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from actors.actor import Actor, Kind
from core import sql
from core.clock import now
from core.ids import new_id

SERVERS = (Kind.APPLICATION, Kind.SERVICE)


class Block(Model):
    """Neither sees, follows or reaches the other; made here or told by another server."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    uri = fields.CharField(max_length=1000, unique=True)
    blocker: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="blocking"
    )
    blocked: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="blocked_by"
    )
    blocker_id: int
    blocked_id: int
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "block"
        unique_together = [("blocker", "blocked")]
        indexes = [("blocked_id",)]


class Mute(Model):
    """One reader would rather not see someone; nobody else learns of it."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    muter: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="muting"
    )
    muted: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="muted_by"
    )
    muter_id: int
    muted_id: int
    hides_notifications = fields.BooleanField(default=True)
    ends_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "mute"
        unique_together = [("muter", "muted")]
        indexes = [("muted_id",)]


async def is_blocked(blocker_id: int, blocked_id: int) -> bool:
    """Tell whether the first blocks the second."""
    return await Block.exists(blocker_id=blocker_id, blocked_id=blocked_id)


async def blocks_between(one_id: int, other_id: int) -> bool:
    """Tell whether either blocks the other."""
    return await is_blocked(one_id, other_id) or await is_blocked(other_id, one_id)


async def keeps_out(owner: Actor, asking: Actor) -> bool:
    """Tell whether what an actor shows to others is refused to whoever asks (PRIV-07).

    A server's own actor asks for its people: it is refused too where one of them is blocked and
    none of them follows.
    """
    if await is_blocked(owner.id, asking.id):
        return True
    if asking.kind not in SERVERS:
        return False
    found = await sql.rows(
        "SELECT 1 AS one FROM block b JOIN actor a ON a.id = b.blocked_id"
        " WHERE b.blocker_id = ? AND a.host = ? AND NOT EXISTS"
        " (SELECT 1 FROM follow f JOIN actor o ON o.id = f.follower_id"
        " WHERE f.followed_id = ? AND f.is_accepted = ? AND o.host = ?) LIMIT 1",
        [owner.id, asking.host, owner.id, True, asking.host],
    )
    return bool(found)


async def blocked_around(actor_id: int) -> set[int]:
    """Return everyone whom this actor blocks, or who blocks them: neither sees the other."""
    found = await sql.rows(
        "SELECT blocked_id AS id FROM block WHERE blocker_id = ?"
        " UNION SELECT blocker_id FROM block WHERE blocked_id = ?",
        [actor_id, actor_id],
    )
    return {row["id"] for row in found}


async def muted_by(actor_id: int) -> set[int]:
    """Return everyone this reader has muted, as of now."""
    found = await Mute.filter(Q(ends_at=None) | Q(ends_at__gt=now()), muter_id=actor_id).values(
        "muted_id"
    )
    return {row["muted_id"] for row in found}


async def silenced_by(actor_id: int) -> set[int]:
    """Return those of whom this reader wants no alerts."""
    found = await Mute.filter(
        Q(ends_at=None) | Q(ends_at__gt=now()), muter_id=actor_id, hides_notifications=True
    ).values("muted_id")
    return {row["muted_id"] for row in found}
