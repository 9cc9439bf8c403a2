"""Domain: other servers, and how speaking with them goes."""

from collections.abc import Collection, Iterator
from typing import NamedTuple
from weakref import WeakKeyDictionary

from cachetools import TTLCache
from tortoise import fields
from tortoise.expressions import Q
from tortoise.indexes import Index
from tortoise.models import Model

from core import sql
from core.clock import milliseconds, now
from federation.client import Client, client
from federation.urls import is_under

NEVER = 1 << 62
DOUBTFUL = 3
HEARD_EVERY_S = 60


class Domain(Model):
    """A server we spoke with; letters to it wait in line here (outbox/visits.py).

    Moments without a zone are milliseconds since 1970. The four columns of actors/circuit.py say
    how it failed; `wait_until`, that nobody calls before; `next_at` and `next_lane`, when and how
    urgently to look for letters to it; `lease_until`, that somebody does; `crashes`, how often
    nobody came back. `form` is the signature it took last; `is_rejected` is set by moderation. The
    last letter that it did not take left `error` (theirs or ours, as it was written) and `code`
    (what it answered, 0 for nothing) at the moment `erred_at`.
    """

    host = fields.CharField(max_length=255, primary_key=True, generated=False)
    software = fields.CharField(max_length=100, default="")
    software_version = fields.CharField(max_length=100, default="")
    asked_at = fields.DatetimeField(null=True)
    first_seen_at = fields.DatetimeField(default=now)
    heard_at = fields.DatetimeField(null=True)
    form = fields.CharField(max_length=10, default="")
    is_rejected = fields.BooleanField(default=False)
    is_unavailable = fields.BooleanField(default=False)
    reached_at = fields.BigIntField(default=0)
    failures = fields.IntField(default=0)
    counted_since = fields.BigIntField(default=0)
    failing_since = fields.BigIntField(default=0)
    pause = fields.BigIntField(default=0)
    wait_until = fields.BigIntField(default=0)
    next_at = fields.BigIntField(default=NEVER)
    next_lane = fields.SmallIntField(default=0)
    lease_until = fields.BigIntField(default=0)
    crashes = fields.SmallIntField(default=0)
    error = fields.CharField(max_length=500, default="", db_default="")
    code = fields.SmallIntField(default=0, db_default=0)
    erred_at = fields.BigIntField(default=0, db_default=0)

    class Meta:
        table = "domain"
        # The second leads to those that fail, the longest first, for whoever runs the place.
        indexes = [
            Index(fields=("next_lane", "next_at")),
            Index(fields=("failing_since", "host")),
        ]


class Standing(NamedTuple):
    """Whether letters may go to a server at all."""

    is_rejected: bool = False
    is_unavailable: bool = False


async def standings(hosts: Collection[str]) -> dict[str, Standing]:
    """Tell how we stand with each of these servers; those we never met get their row."""
    found = await sql.rows(
        "SELECT host, is_rejected, is_unavailable FROM domain"  # noqa: S608  question marks
        f" WHERE host IN ({sql.marks(hosts)})",
        list(hosts),
    )
    standing = {
        row["host"]: Standing(bool(row["is_rejected"]), bool(row["is_unavailable"]))
        for row in found
    }
    if new := [host for host in hosts if host not in standing]:
        standing |= await meet(new)
    return standing


async def meet(hosts: Collection[str]) -> dict[str, Standing]:
    """Make rows for servers we never met; below a rejected one they are rejected too (SIG-17)."""
    above = {parent for host in hosts for parent in _parents(host)}
    rejected = set(
        await Domain.filter(host__in=above, is_rejected=True).values_list("host", flat=True)
    )
    rows = [
        Domain(host=host, is_rejected=not rejected.isdisjoint(_parents(host))) for host in hosts
    ]
    await Domain.bulk_create(rows, ignore_conflicts=True)
    return {row.host: Standing(is_rejected=row.is_rejected) for row in rows}


async def set_rejected(domain: str, *, is_rejected: bool) -> None:
    """Send nothing more to a server and all below it, also of what waits now; or again (PRIV-07).

    Moderation calls it when the policy changes.
    """
    await Domain.get_or_create(host=domain)
    named = await Domain.filter(host__contains=domain).values_list("host", flat=True)
    hosts = [str(host) for host in named if is_under(str(host), domain)]
    await Domain.filter(host__in=hosts).update(is_rejected=is_rejected)


async def heard_from(host: str) -> None:
    """Note that a request of this server was verified, at most once a minute.

    It is up, then: what waits for it goes at once, but not before a Retry-After it gave us.
    """
    heard = _heard()
    if host in heard:
        return
    heard[host] = True
    if not await Domain.filter(host=host).update(heard_at=now()):
        await meet([host])
    elif await Domain.exists(Q(failing_since__gt=0) | Q(is_unavailable=True), host=host):
        await _close_circuit(host)


async def _close_circuit(host: str) -> None:
    await sql.rows(
        "UPDATE domain SET next_at = CASE WHEN pause > 0 THEN ? ELSE next_at END,"
        " wait_until = CASE WHEN pause > 0 THEN 0 ELSE wait_until END, is_unavailable = ?,"
        " failures = 0, counted_since = 0, failing_since = 0, pause = 0 WHERE host = ?",
        (milliseconds(), False, host),
    )


def listen_for(host: str) -> None:
    """Let the next request of a server count at once, because it has just failed us."""
    _heard().pop(host, None)


_ears: WeakKeyDictionary[Client, TTLCache[str, bool]] = WeakKeyDictionary()


def _heard() -> TTLCache[str, bool]:
    # Several instances may run in one process; each has its own way out.
    return _ears.setdefault(client(), TTLCache(10_000, HEARD_EVERY_S))


def _parents(host: str) -> Iterator[str]:
    """`a.b.example:8443` → itself, then `a.b.example`, `b.example`, `example`."""
    yield host
    name, colon, port = host.rpartition(":")
    if colon and port.isdigit():
        host = name
        yield host
    while "." in host:
        host = host.partition(".")[2]
        yield host
