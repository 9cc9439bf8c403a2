"""Block, ServerBlock, Mute: who will not see whom."""

from dataclasses import dataclass

from tortoise import fields
from tortoise.expressions import Q
from tortoise.models import Model

from actors.actor import Actor, Kind
from core import sql
from core.clock import now
from core.ids import new_id
from core.rows import load

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


class ServerBlock(Model):
    """Someone here wants nothing to do with anyone of a server, nor of what lies under its name."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    blocker: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name="blocked_servers"
    )
    blocker_id: int
    host = fields.CharField(max_length=255)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "server_block"
        unique_together = [("blocker", "host")]
        indexes = [("host",)]


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


@dataclass(frozen=True)
class Apart:
    """Everyone with whom someone has nothing to do, whichever of the two wanted it so."""

    people: frozenset[int] = frozenset()
    servers: frozenset[str] = frozenset()

    def __contains__(self, other: Actor) -> bool:
        return other.id in self.people or (
            bool(self.servers) and not self.servers.isdisjoint(covering(other.host))
        )


def covering(host: str) -> list[str]:
    """Name every server block that a host falls under: its own name, and what it lies under."""
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def covers(host: str) -> str:
    """Say in SQL that the row `s` of server_block covers a host: a column, or a question mark.

    The host is named twice.
    """
    return f"({host} = s.host OR {host} LIKE '%.' || s.host)"


async def is_blocked(blocker_id: int, blocked_id: int) -> bool:
    """Tell whether the first blocks the second."""
    return await Block.exists(blocker_id=blocker_id, blocked_id=blocked_id)


async def blocks_server(blocker_id: int, host: str) -> bool:
    """Tell whether someone here blocks a whole server."""
    return await ServerBlock.exists(blocker_id=blocker_id, host__in=covering(host))


async def blocks_between(one_id: int, other_id: int) -> bool:
    """Tell whether either blocks the other, or the server where the other lives."""
    people = "SELECT 1 AS one FROM block WHERE blocker_id = ? AND blocked_id = ?"
    servers = (
        "SELECT 1 FROM server_block s JOIN actor a ON a.id = ?"  # noqa: S608  a constant
        f" WHERE s.blocker_id = ? AND {covers('a.host')}"
    )
    found = await sql.rows(
        " UNION ALL ".join((people, people, servers, servers)) + " LIMIT 1",
        [one_id, other_id, other_id, one_id, other_id, one_id, one_id, other_id],
    )
    return bool(found)


async def keeps_out(owner: Actor, asking: Actor) -> bool:
    """Tell whether what an actor shows to others is refused to whoever asks (PRIV-07).

    A server's own actor asks for its people: it is refused too where one of them is blocked and
    none of them follows.
    """
    if await is_blocked(owner.id, asking.id) or await blocks_server(owner.id, asking.host):
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


async def apart_from(actor: Actor) -> Apart:
    """Return everyone whom this actor blocks, or who blocks them: neither sees the other."""
    # Only people here block servers, and none the one they live on.
    above = [] if actor.is_local else covering(actor.host)
    found = await sql.rows(
        "SELECT blocked_id AS id, '' AS host FROM block WHERE blocker_id = ?"  # noqa: S608  marks
        " UNION SELECT blocker_id, '' FROM block WHERE blocked_id = ?"
        " UNION SELECT 0, host FROM server_block WHERE blocker_id = ?"
        f" UNION SELECT blocker_id, '' FROM server_block WHERE host IN ({sql.marks(above)})",
        [actor.id, actor.id, actor.id, *above],
    )
    return Apart(
        frozenset(row["id"] for row in found if not row["host"]),
        frozenset(row["host"] for row in found if row["host"]),
    )


async def muted_by(actor_id: int) -> set[int]:
    """Return everyone this reader has muted, as of now."""
    found = await load(Mute, "muter_id = ?", [actor_id])
    return {each.muted_id for each in found if each.ends_at is None or each.ends_at > now()}


async def silenced_by(actor_id: int) -> set[int]:
    """Return those of whom this reader wants no alerts."""
    found = await Mute.filter(
        Q(ends_at=None) | Q(ends_at__gt=now()), muter_id=actor_id, hides_notifications=True
    ).values("muted_id")
    return {row["muted_id"] for row in found}
