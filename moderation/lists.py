"""ListedServer: what the lists we follow say of servers, and what becomes of it."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
import structlog
from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from core.clock import now
from core.ids import new_id
from core.jobs import put
from core.settings import settings
from federation.client import client
from federation.errors import FederationError, Malformed
from federation.urls import canonical_host, host_of, is_under
from moderation.adopting import OutOfDate, Unchanged, adopt
from moderation.gate import admit_host
from moderation.list_reading import TYPES, Listed, list_from
from moderation.policy import newest, refresh
from moderation.reading import Draft, sections_from
from moderation.sections import Sections, ServerList
from moderation.vocabulary import OnRetraction, Severity, Trust

MOST_BYTES = 4 * 1024 * 1024
MOST_GONE = 0.5  # a list that loses more at once is taken for broken
FEW = 10

log = structlog.get_logger()


class ListedServer(Model):
    """A server on a list. `gone_at` is when the list took it back, `ignored_at` when staff did."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    list_id = fields.CharField(max_length=60)
    host = fields.CharField(max_length=255)
    severity = fields.CharEnumField(Severity, max_length=10)
    reason = fields.CharField(max_length=500, default="")
    since = fields.DatetimeField(default=now)
    gone_at = fields.DatetimeField(null=True)
    ignored_at = fields.DatetimeField(null=True)

    class Meta:
        table = "listed_server"
        unique_together = [("list_id", "host")]


async def queue_lists() -> None:
    """Have every list fetched that the policy follows; runs by the clock."""
    await refresh()
    for each in newest().sections.federation.lists:
        await put("moderation.fetch_list", {"list": each.id})


async def fetch_list(payload: Mapping[str, Any]) -> None:
    """Fetch a list and settle what it says. Job `moderation.fetch_list`; raises Unreachable."""
    await refresh(at_once=True)
    lists = {each.id: each for each in newest().sections.federation.lists}
    wanted = lists.get(str(payload["list"]))
    if wanted is None:
        return
    await admit_host(host_of(wanted.url))
    got = await client().fetch_bytes(wanted.url, limit=MOST_BYTES, types=TYPES[wanted.format])
    try:
        await settle(wanted, list_from(got.content, wanted.format, cap=wanted.cap))
    except FederationError as error:
        log.warning("list.not_read", list=wanted.id, why=str(error))
        return
    await act_by_itself(wanted)


async def settle(wanted: ServerList, found: Mapping[str, Listed]) -> None:
    """Bring the rows of a list to what it says now; raise Malformed where it lost most of it."""
    async with in_transaction():
        rows = {row.host: row for row in await ListedServer.filter(list_id=wanted.id)}
        there = [host for host, row in rows.items() if row.gone_at is None]
        gone = [host for host in there if host not in found]
        if len(gone) > max(len(there) * MOST_GONE, FEW):
            raise Malformed(f"{len(gone)} of {len(there)} servers are gone at once")
        if gone:
            await ListedServer.filter(list_id=wanted.id, host__in=gone).update(gone_at=now())
        for host, said in found.items():
            row = rows.get(host)
            if row is None:
                await ListedServer.create(
                    list_id=wanted.id, host=host, severity=said.severity, reason=said.reason
                )
            elif (row.severity, row.reason, row.gone_at) != (said.severity, said.reason, None):
                await ListedServer.filter(id=row.id).update(
                    severity=said.severity, reason=said.reason, gone_at=None
                )


async def suggestions() -> list[ListedServer]:
    """Return what lists say and we have not answered: the list of highest priority for a server."""
    sections = newest().sections
    order = {each.id: -each.priority for each in sections.federation.lists}
    rows = await ListedServer.filter(
        list_id__in=list(order), gone_at=None, ignored_at=None
    ).order_by("host")
    first: dict[str, ListedServer] = {}
    for row in sorted(rows, key=lambda row: order[row.list_id]):
        if may_be_added(sections, row.host):
            first.setdefault(row.host, row)
    return sorted(first.values(), key=lambda row: row.host)


async def retractions() -> list[str]:
    """Return the servers we treat differently for a list that no longer names them."""
    sources = {
        canonical_host(each.domain): each.source
        for each in newest().sections.federation.entries
        if each.source
    }
    rows = await ListedServer.filter(gone_at__not_isnull=True, host__in=list(sources))
    return sorted(row.host for row in rows if sources[row.host] == row.list_id)


def may_be_added(sections: Sections, host: str) -> bool:
    """Tell whether a list may speak of a server: not ourselves, nor one we decided about."""
    own = (settings().server.domain, settings().server.account_domain)
    entries = sections.federation.entries
    return not any(is_under(each, host) for each in own) and not any(
        is_under(host, each.domain) for each in entries
    )


def with_servers(sections: Sections, rows: Iterable[ListedServer]) -> Sections:
    """Add servers as their lists have it, each until the day the policy sets for its measure."""
    document: dict[str, Any] = msgspec.to_builtins(sections)
    today = now().date()
    entries = document["federation"]["entries"]
    document["federation"]["entries"] = [
        *entries,
        *(_entry(sections, row, today) for row in rows),
    ]
    return sections_from(document)


async def act_by_itself(wanted: ServerList) -> None:
    """Publish what a list says, where the policy lets it count by itself."""
    before = newest()
    after = before.sections
    if wanted.trust is Trust.AUTO:
        after = with_servers(after, [r for r in await suggestions() if r.list_id == wanted.id])
    if wanted.on_retraction is OnRetraction.LIFT:
        after = _without(after, wanted.id, await retractions())
    summary = {"en": f"What the list {wanted.id} says.", "zh": f"依据列表 {wanted.id}。"}
    try:
        await adopt(Draft(after, before.version), summary=summary, by=f"list {wanted.id}")
    except (Unchanged, OutOfDate):
        return  # nothing to do, or somebody was quicker: the next fetch sees what they wrote


def _without(sections: Sections, list_id: str, hosts: Iterable[str]) -> Sections:
    document: dict[str, Any] = msgspec.to_builtins(sections)
    lifted = set(hosts)
    document["federation"]["entries"] = [
        each
        for each in document["federation"]["entries"]
        if each["source"] != list_id or canonical_host(each["domain"]) not in lifted
    ]
    return sections_from(document)


def _entry(sections: Sections, row: ListedServer, today: date) -> dict[str, Any]:
    days = {str(key): each for key, each in sections.moderation.sunset_days.items()}
    until = days.get(str(row.severity))
    reason = row.reason or f"Named by the list {row.list_id}."
    return {
        "domain": row.host,
        "severity": str(row.severity),
        "reason": {"en": reason},
        "since": today.isoformat(),
        "until": (today + timedelta(days=until)).isoformat() if until else None,
        "source": row.list_id,
    }
