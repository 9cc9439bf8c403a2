"""What a change of the policy would do to the servers we know, counted beforehand."""

from dataclasses import dataclass

from core import sql
from core.clock import now
from federation.errors import Malformed
from federation.urls import canonical_host
from moderation.gate import Gate
from moderation.sections import Sections

_PEOPLE = "SELECT a.host AS host, COUNT(*) AS count FROM actor a"
_FOLLOWS = (
    "SELECT a.host AS host, COUNT(*) AS count FROM follow f JOIN actor a ON a.id = f.followed_id"
    " AND f.is_accepted"
)
_FOLLOWERS = (
    "SELECT a.host AS host, COUNT(*) AS count FROM follow f JOIN actor a ON a.id = f.follower_id"
    " AND f.is_accepted"
)
_NOTES = (
    "SELECT a.host AS host, COUNT(*) AS count FROM note n JOIN actor a ON a.id = n.author_id"
    " AND n.deleted_at IS NULL"
)
_GROUPS = (
    "SELECT a.host AS host, COUNT(*) AS count FROM membership m JOIN actor a ON a.id = m.group_id"
    " AND m.state = 'member'"
)
_GUESTS = (
    "SELECT a.host AS host, COUNT(*) AS count FROM membership m JOIN actor a ON a.id = m.person_id"
    " AND m.state = 'member'"
    " JOIN actor g ON g.id = m.group_id AND g.local_name IS NOT NULL"
)
_TIES = (
    "SELECT followed_id AS there, follower_id AS here FROM follow WHERE is_accepted"
    " UNION SELECT follower_id, followed_id FROM follow WHERE is_accepted"
    " UNION SELECT group_id, person_id FROM membership WHERE state = 'member'"
)
_MEMBERS = (
    "SELECT a.host AS host, COUNT(DISTINCT p.id) AS count"  # noqa: S608  our own text
    f" FROM ({_TIES}) AS ties JOIN actor a ON a.id = ties.there"
    " JOIN actor p ON p.id = ties.here AND p.local_name IS NOT NULL AND p.kind = 'Person'"
)
_ELSEWHERE = " WHERE a.local_name IS NULL GROUP BY a.host"


@dataclass(frozen=True)
class Consequence:
    """One known server that would be treated differently, and how many would notice.

    `follows` are those of people here, `followers` those of people there, `notes` what we have;
    `members` are the people here who follow somebody there, are followed from there, or belong to a
    group there; `groups` memberships of people here in groups there, `guests` those of people there
    in groups here.
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


async def consequences(before: Sections, after: Sections) -> list[Consequence]:
    """Count for every known server whose treatment changes, most people first (ADM-03)."""
    today = now().date()
    old, new = Gate(before, today), Gate(after, today)
    people = await _by_host(_PEOPLE)
    treated = {host: (_treatment(old, host), _treatment(new, host)) for host in people}
    changed = {host: both for host, both in treated.items() if both[0] != both[1]}
    if not changed:
        return []
    counted = [
        await _by_host(each) for each in (_FOLLOWS, _FOLLOWERS, _NOTES, _MEMBERS, _GROUPS, _GUESTS)
    ]
    names = ("follows", "followers", "notes", "members", "groups", "guests")
    found = [
        Consequence(
            host=host,
            before=one,
            after=other,
            people=people[host],
            **{name: each.get(host, 0) for name, each in zip(names, counted, strict=True)},
        )
        for host, (one, other) in changed.items()
    ]
    return sorted(found, key=lambda each: (-each.people, each.host))


async def _by_host(statement: str) -> dict[str, int]:
    return {row["host"]: int(row["count"]) for row in await sql.rows(statement + _ELSEWHERE)}


def _treatment(gate: Gate, host: str) -> str:
    """Say in the policy's words how a server is treated, or nothing when it is like any other."""
    try:
        measures = gate.measures(canonical_host(host))
    except Malformed:
        return ""
    if measures.severities:
        return ", ".join(measures.severities)
    return "reject" if measures.reject else "hold" if measures.hold else ""
