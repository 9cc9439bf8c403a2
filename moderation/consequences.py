"""What a change of the policy would do to the servers we know, counted beforehand and in bounds."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass

from core import sql
from core.clock import now
from federation.errors import Malformed
from federation.urls import canonical_host
from moderation import breaking
from moderation.gate import Gate
from moderation.sections import Sections

MOST_KNOWN = 50_000
"""So many servers are looked at, by name; those that a policy names are, however many there are."""
MOST_COUNTED = 100
"""Of so many, those with the most people, it is counted what hangs on them."""
AT_ONCE = 400

# Each server that is known once, found by stepping along the index of hosts.
_KNOWN = """WITH RECURSIVE known(host, nth) AS (
  SELECT MIN(host), 1 FROM actor
  UNION ALL
  SELECT (SELECT MIN(a.host) FROM actor a WHERE a.host > known.host), known.nth + 1
  FROM known WHERE known.host IS NOT NULL AND known.nth <= ?
) SELECT host FROM known WHERE host IS NOT NULL"""
_PEOPLE = (
    "WITH k(host) AS (VALUES {rows}) SELECT k.host AS host, (SELECT COUNT(*) FROM"
    " (SELECT 1 FROM actor a WHERE a.host = k.host AND a.local_name IS NULL LIMIT ?) AS seen)"
    " AS people FROM k"
)


@dataclass(frozen=True)
class Consequence:
    """One known server that would be treated differently, and how many would notice.

    `follows` are those of people here, `followers` those of people there, `notes` what we have;
    `members` are the people here who follow somebody there, are followed from there, or belong to a
    group there; `groups` memberships of people here in groups there, `guests` those of people there
    in groups. Where it `is_whole` the numbers are right; else there are more.
    """

    host: str
    before: str
    after: str
    people: int
    follows: int = 0
    followers: int = 0
    notes: int = 0
    members: int = 0
    groups: int = 0
    guests: int = 0
    is_whole: bool = True


@dataclass(frozen=True)
class Consequences:
    """What changes for servers: those with the most people, and how many `more` there are.

    Where it `is_whole`, every server that is known was looked at; else there may be more yet.
    """

    servers: tuple[Consequence, ...] = ()
    more: int = 0
    is_whole: bool = True


async def consequences(before: Sections, after: Sections) -> Consequences:
    """Find the known servers whose treatment changes, most people first (ADM-03)."""
    known, is_whole = await _known()
    changed = await _changed({*known, *_named(before), *_named(after)}, before, after)
    people = await _people(changed)
    hosts = sorted((each for each in changed if people[each]), key=lambda h: (-people[h], h))
    counted = [await _counted(each, changed[each]) for each in hosts[:MOST_COUNTED]]
    return Consequences(tuple(counted), len(hosts) - len(counted), is_whole)


async def _known() -> tuple[list[str], bool]:
    rows = await sql.rows(_KNOWN, [MOST_KNOWN])
    return [row["host"] for row in rows[:MOST_KNOWN]], len(rows) <= MOST_KNOWN


def _named(sections: Sections) -> list[str]:
    return [each.domain for each in sections.federation.entries]


async def _changed(
    hosts: Iterable[str], before: Sections, after: Sections
) -> dict[str, tuple[str, str]]:
    """Say of each server that would be treated differently how it is now, and how it would be."""
    today = now().date()
    old, new = Gate(before, today), Gate(after, today)
    found = {}
    for place, host in enumerate(sorted(hosts)):
        both = _treatment(old, host), _treatment(new, host)
        if both[0] != both[1]:
            found[host] = both
        if place % AT_ONCE == 0:
            await asyncio.sleep(0)
    return found


async def _people(hosts: Iterable[str]) -> dict[str, int]:
    """Count whom we know on these servers, up to `breaking.MOST` of each."""
    found, left = {}, list(hosts)
    for begin in range(0, len(left), AT_ONCE):
        some = left[begin : begin + AT_ONCE]
        statement = _PEOPLE.format(rows=", ".join("(?)" for _ in some))
        for row in await sql.rows(statement, [*some, breaking.MOST]):
            found[row["host"]] = int(row["people"])
    return found


async def _counted(host: str, treated: tuple[str, str]) -> Consequence:
    hanging = await breaking.breakage_on(host)
    return Consequence(
        host,
        *treated,
        people=hanging.people,
        follows=hanging.follows,
        followers=hanging.followed,
        notes=hanging.notes + hanging.narrow,
        members=hanging.members,
        groups=hanging.groups,
        guests=hanging.guests,
        is_whole=hanging.is_whole,
    )


def _treatment(gate: Gate, host: str) -> str:
    """Say in the policy's words how a server is treated, or nothing when it is like any other."""
    try:
        measures = gate.measures(canonical_host(host))
    except Malformed:
        return ""
    if measures.severities:
        return ", ".join(measures.severities)
    return "reject" if measures.reject else "hold" if measures.hold else ""
