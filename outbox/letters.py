"""Letters: written into the lines of the servers they go to, counted, and called back."""

import asyncio
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from typing import NamedTuple

import structlog
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import ServerBlock, covering
from actors.domains import DOUBTFUL, NEVER, Standing, standings
from core import sql
from core.clock import milliseconds
from core.ids import new_id
from core.jobs import Wake
from federation.errors import Malformed
from federation.urls import host_of
from outbox.sent import FORWARDED, Delivery, Sent, State

log = structlog.get_logger()

# Lanes: mentions and replies; follows and moderation; the rest (reliability.md 3.8).
SOON, FIRM, BULK = 0, 1, 2

# What tells someone something; a Block or a Reject must reach whom it is about (PRIV-07).
TELLING = frozenset({"Create", "Update", "Announce", "Like", FORWARDED})

# What undoes something a server may have. For one that policy rejects it is written and kept, so
# that it goes out should the server be free again (outbox/freed.py).
TAKING_BACK = frozenset({"Delete", "Undo", "Reject", "Block", "Remove"})

COMMIT_S = 0.1
OVERTAKEN = "overtaken by a Delete"
BLOCKED = "its author blocks this server"
BLOCKED_PERSON = "there is a block between its author and whom it was for"
UNAVAILABLE = "this server has not answered for 8 days"
REJECTED = "policy lets no letters go there"


class Address(NamedTuple):
    """A letterbox, and one of those whose it is."""

    inbox: str
    actor_id: int | None = None


async def write_letters(sent: Sent, addresses: Iterable[Address], *, lane: int) -> None:
    """Put one letter for each letterbox into the line of its server, in the caller's transaction.

    Nothing goes where policy rejects the server; what takes something back is kept for its freedom.
    For one that is unavailable the letter is written and stopped at once, so that its author sees
    that it was not reached (PRIV-10).
    """
    hosts = await _welcome(sent, _hosts(addresses))
    if not hosts:
        return
    new = await _unwritten(sent, hosts)
    if not new:
        return
    standing = await standings({hosts[address] for address in new})
    now = milliseconds()
    rows, awake = [], set()
    for address in new:
        host = hosts[address]
        if standing[host].is_rejected and sent.kind not in TAKING_BACK:
            continue
        error = _obstacle(standing[host])
        state = State.STOPPED if error else State.WAITING
        rows.append(
            (
                *(new_id(), sent.id, address.inbox, host, address.actor_id, sent.key, lane),
                *(state.value, 0, now, 0, error),
            )
        )
        if not error:
            awake.add(host)
    await sql.run_many(
        "INSERT INTO delivery (id, sent_id, inbox, host, for_actor_id,"
        " key, lane, state, attempts, due, code, error)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        rows,
    )
    await call_up(awake, lane=lane, at=now)


def _obstacle(standing: Standing) -> str:
    """Say why nothing goes to a server now, if nothing does."""
    if standing.is_rejected:
        return REJECTED
    return UNAVAILABLE if standing.is_unavailable else ""


def _hosts(addresses: Iterable[Address]) -> dict[Address, str]:
    hosts: dict[Address, str] = {}
    for address in addresses:
        try:
            hosts[address] = host_of(address.inbox)
        except Malformed as error:
            log.warning("letters.no_inbox", inbox=address.inbox, why=str(error))
    return hosts


async def _welcome(sent: Sent, hosts: dict[Address, str]) -> dict[Address, str]:
    """Leave out the servers that the author blocks, where it is about telling them something."""
    if sent.kind not in TELLING:
        return hosts
    blocks = await ServerBlock.filter(blocker_id=sent.actor_id).values_list("host", flat=True)
    if not blocks:
        return hosts
    kept_away = {str(host) for host in blocks}
    return {
        address: host for address, host in hosts.items() if kept_away.isdisjoint(covering(host))
    }


async def _unwritten(sent: Sent, addresses: Iterable[Address]) -> list[Address]:
    """Leave out the letterboxes that have a letter, and double ones."""
    by_inbox = {address.inbox: address for address in addresses}
    found = await sql.rows(
        "SELECT inbox FROM delivery WHERE sent_id = ?"  # noqa: S608  question marks
        f" AND inbox IN ({sql.marks(by_inbox)})",
        [sent.id, *by_inbox],
    )
    written = {row["inbox"] for row in found}
    return [address for inbox, address in by_inbox.items() if inbox not in written]


async def call_up(hosts: Iterable[str], *, lane: int, at: int) -> None:
    """Have these servers visited at that moment, but no earlier than they may be called."""
    # In one order everywhere, so that no two transactions wait for each other.
    await sql.run_many(
        "UPDATE domain SET"
        " next_at = CASE WHEN wait_until > ? THEN wait_until WHEN next_at < ? THEN next_at"
        " ELSE ? END,"
        " next_lane = CASE WHEN failures > 0 THEN ? WHEN next_at <= ? AND next_lane < ?"
        " THEN next_lane ELSE ? END WHERE host = ?",
        [(at, at, at, DOUBTFUL, at, lane, lane, host) for host in sorted(hosts)],
    )
    bell().call()
    if sql.is_postgres():
        # Until the commit nobody sees these letters; SQLite makes whoever looks wait for it.
        asyncio.get_running_loop().call_later(COMMIT_S, bell().call)


async def call_back(sent: Sent) -> None:
    """Stop what still waits of the letters that a Delete overtakes (reliability.md 3.9)."""
    locked = " ORDER BY d.id FOR UPDATE" if sql.is_postgres() else ""
    await sql.rows(
        "UPDATE delivery SET state = 'stopped', error = ? WHERE id IN ("  # noqa: S608  a constant
        "SELECT d.id FROM delivery d JOIN sent s ON s.id = d.sent_id"
        f" WHERE s.key = ? AND s.id < ? AND d.state = 'waiting'{locked})",
        (OVERTAKEN, sent.key, sent.id),
    )


async def hold_back(author_id: int, host: str) -> None:
    """Stop what still waits to tell a server something of an author who now blocks it (PRIV-07)."""
    locked = " ORDER BY d.id FOR UPDATE" if sql.is_postgres() else ""
    kinds = sorted(TELLING)
    await sql.rows(
        "UPDATE delivery SET state = 'stopped', error = ? WHERE id IN ("  # noqa: S608  question marks
        "SELECT d.id FROM delivery d JOIN sent s ON s.id = d.sent_id WHERE d.state = 'waiting'"
        f" AND (d.host = ? OR d.host LIKE ?) AND s.actor_id = ? AND s.kind IN ({sql.marks(kinds)})"
        f"{locked})",
        (BLOCKED, host, f"%.{host}", author_id, *kinds),
    )


async def hold_back_from(author_id: int, person: Actor) -> None:
    """Stop what still waits to tell somebody something, in a letterbox of their own, where there is
    a block between them and its author now (PRIV-07); also what is kept for a rejected server."""
    if not person.inbox or person.inbox == person.shared_inbox:
        return
    locked = " ORDER BY d.id FOR UPDATE" if sql.is_postgres() else ""
    kinds = sorted(TELLING)
    await sql.rows(
        "UPDATE delivery SET state = 'stopped', error = ? WHERE id IN ("  # noqa: S608  question marks
        "SELECT d.id FROM delivery d JOIN sent s ON s.id = d.sent_id"
        " WHERE (d.state = 'waiting' OR (d.state = 'stopped' AND d.error = ?))"
        " AND d.host = ? AND d.inbox = ? AND d.for_actor_id = ?"
        f" AND s.actor_id = ? AND s.kind IN ({sql.marks(kinds)}){locked})",
        (
            *(BLOCKED_PERSON, REJECTED, host_of(person.inbox), person.inbox, person.id),
            *(author_id, *kinds),
        ),
    )


async def redirect(letter: Delivery, address: Address) -> None:
    """Let a letter that waits go to another letterbox; its tries and its age go with it."""
    async with in_transaction():
        waiting = Delivery.filter(id=letter.id, state=State.WAITING)
        if await Delivery.exists(sent_id=letter.sent_id, inbox=address.inbox):
            await waiting.update(state=State.STOPPED, error="there is a letter to that address")
            return
        host = host_of(address.inbox)
        await standings([host])
        await waiting.update(inbox=address.inbox, host=host)
        await call_up([host], lane=letter.lane, at=letter.due)


async def call_up_forgotten() -> None:
    """Have servers visited that have letters and no visit planned, should that ever happen."""
    await sql.rows(
        "UPDATE domain SET next_at = ? WHERE next_at >= ? AND EXISTS"
        " (SELECT 1 FROM delivery d WHERE d.host = domain.host AND d.state = 'waiting')",
        (milliseconds(), NEVER),
    )


class Reached(NamedTuple):
    """How far an activity came: of `letters` servers, so many have it, so many may get it yet."""

    letters: int
    reached: int
    waiting: int = 0


async def reached(sent: Sequence[Sent]) -> dict[int, Reached]:
    """Count how far activities came, by their ids."""
    found = await sql.rows(
        "SELECT sent_id, COUNT(*) AS letters,"  # noqa: S608  question marks
        " SUM(CASE WHEN state = 'done' THEN 1 ELSE 0 END) AS reached,"
        " SUM(CASE WHEN state = 'waiting' THEN 1 ELSE 0 END) AS waiting"
        f" FROM delivery WHERE sent_id IN ({sql.marks(sent)}) GROUP BY sent_id",
        [each.id for each in sent],
    )
    swept = {each.id: Reached(each.letters, each.reached) for each in sent}
    return swept | {
        row["sent_id"]: Reached(row["letters"], int(row["reached"]), int(row["waiting"]))
        for row in found
    }


_bell: ContextVar[Wake] = ContextVar("bell")


def use_bell(wake: Wake) -> None:
    """Make this the bell that new letters ring, and that the carrier of this process hears."""
    _bell.set(wake)


def bell() -> Wake:
    """Return the bell of this instance; where nobody hung one up, it rings for nobody."""
    return _bell.get(None) or Wake()
