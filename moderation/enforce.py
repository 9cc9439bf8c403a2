"""Bringing the rows of other servers and of their people to what the policy says of them."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import structlog
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.domains import Domain, set_rejected
from core.clock import now
from core.settings import settings
from federation.errors import Malformed
from federation.urls import canonical_host
from moderation.gate import measures_for, measures_of
from moderation.policy import current, refresh
from moderation.vocabulary import Severity
from outbox.freed import send_on

BATCH = 500
AT_ONCE = 100
REJECTING = (Severity.REJECT, Severity.DROP)

log = structlog.get_logger()

# What was brought about last, by the instances of this process: the checksum and the day.
_settled: dict[str, tuple[str, date]] = {}


async def enforce(payload: Mapping[str, Any]) -> None:
    """Bring everything to the policy in force, whoever asked. Job `moderation.enforce`."""
    await refresh(at_once=True)
    await settle()


async def settle_daily() -> None:
    """Let measures end on their day, and begin where nobody told us; by the clock."""
    await refresh()
    if _settled.get(settings().server.base_url) != _mark():
        await settle()


async def settle() -> None:
    """Mark who is rejected, and unmark who no longer is; follows stay, and sleep (ORG-21)."""
    mark = _mark()
    for entry in current().sections.federation.entries:
        if entry.severity in REJECTING and (entry.until is None or entry.until >= mark[1]):
            # The row makes servers below it rejected from the day we meet them.
            await set_rejected(canonical_host(entry.domain), is_rejected=True)
    servers, people = await _settle_servers(), await _settle_people()
    _settled[settings().server.base_url] = mark
    log.info("policy.enforced", version=current().version, servers=servers, people=people)


async def _settle_servers() -> int:
    changed: dict[bool, list[str]] = {True: [], False: []}
    for row in await Domain.all().values("host", "is_rejected"):
        wanted = _is_rejected(row["host"])
        if wanted != bool(row["is_rejected"]):
            changed[wanted].append(row["host"])
    for wanted, hosts in changed.items():
        for batch in _batches(hosts):
            async with in_transaction():
                await Domain.filter(host__in=batch).update(is_rejected=wanted)
                if not wanted:
                    await send_on(batch)
    return sum(map(len, changed.values()))


async def _settle_people() -> int:
    """Go through everyone who lives elsewhere, a batch at a time."""
    after, count = 0, 0
    while found := await _people_after(after):
        for wanted in (True, False):
            ids = [
                actor.id
                for actor in found
                if actor.is_kept_out != wanted and measures_of(actor).reject == wanted
            ]
            if ids:
                await Actor.filter(id__in=ids).update(is_kept_out=wanted)
                count += len(ids)
        after = found[-1].id
        # Reading SQLite holds up the loop; whoever asks something meanwhile shall have their turn.
        await asyncio.sleep(0)
    return count


async def _people_after(after: int) -> list[Actor]:
    people = Actor.filter(id__gt=after, local_name=None).order_by("id").limit(AT_ONCE)
    return await people.only("id", "uri", "host", "local_name", "is_kept_out")


def _is_rejected(host: str) -> bool:
    try:
        return measures_for(host).reject
    except Malformed:
        return False


def _mark() -> tuple[str, date]:
    return current().sha256, now().date()


def _batches(hosts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(hosts), BATCH):
        yield hosts[start : start + BATCH]
