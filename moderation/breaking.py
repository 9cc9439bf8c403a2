"""What a measure would break, counted before it is taken: follows, memberships, notes (ADM-03)."""

from dataclasses import dataclass

from core import sql
from moderation.states import Thing
from moderation.vocabulary import Measure

MOST = 20_000

# Each server that is known once, found by stepping along the index of hosts.
_AT = """known(host) AS (
  SELECT MIN(host) FROM actor
  UNION ALL
  SELECT (SELECT MIN(a.host) FROM actor a WHERE a.host > known.host)
  FROM known WHERE known.host IS NOT NULL
), who AS MATERIALIZED (
  SELECT a.id FROM actor a WHERE a.local_name IS NULL AND a.host IN
    (SELECT host FROM known WHERE host = ? OR host LIKE ? ESCAPE '\\')
  LIMIT ?
)"""
_ON = (
    "who AS MATERIALIZED (SELECT a.id FROM actor a WHERE a.host = ? AND a.local_name IS NULL"
    " LIMIT ?)"
)
_OF = "who AS MATERIALIZED (SELECT id FROM actor WHERE id = ? LIMIT ?)"
# What hangs on them, read along an index for each of them; people here are told from others.
_TIED = """, ins AS MATERIALIZED (
  SELECT f.follower_id AS id, h.local_name IS NOT NULL AS is_here,
    h.kind <> 'Group' AS is_person
  FROM follow f JOIN actor h ON h.id = f.follower_id
  WHERE f.followed_id IN (SELECT id FROM who) AND f.is_accepted = ? LIMIT ?
), outs AS MATERIALIZED (
  SELECT f.followed_id AS id, h.local_name IS NOT NULL AS is_here,
    h.kind <> 'Group' AS is_person
  FROM follow f JOIN actor h ON h.id = f.followed_id
  WHERE f.follower_id IN (SELECT id FROM who) AND f.is_accepted = ? LIMIT ?
), inside AS MATERIALIZED (
  SELECT m.person_id AS id, h.local_name IS NOT NULL AS is_here,
    h.kind <> 'Group' AS is_person
  FROM membership m JOIN actor h ON h.id = m.person_id
  WHERE m.group_id IN (SELECT id FROM who) AND m.state = 'member' LIMIT ?
), guests AS MATERIALIZED (
  SELECT m.role FROM membership m
  WHERE m.person_id IN (SELECT id FROM who) AND m.state = 'member' LIMIT ?
), written AS MATERIALIZED (
  SELECT n.audience IN ('public', 'quiet') AS is_open FROM note n
  WHERE n.author_id IN (SELECT id FROM who) AND n.deleted_at IS NULL AND n.boost_of_id IS NULL
  LIMIT ?
)"""
_COUNTS = {
    "people": "SELECT COUNT(*) FROM who",
    # Each person here once, whatever ties them.
    "members": (
        "SELECT COUNT(*) FROM (SELECT id FROM ins WHERE is_here AND is_person"
        " UNION SELECT id FROM outs WHERE is_here AND is_person"
        " UNION SELECT id FROM inside WHERE is_here AND is_person) AS tied"
    ),
    "follows": "SELECT COUNT(*) FROM ins WHERE is_here",
    "followed": "SELECT COUNT(*) FROM outs WHERE is_here",
    "followers": "SELECT COUNT(*) FROM ins WHERE NOT is_here",
    "notes": "SELECT COUNT(*) FROM written WHERE is_open",
    "narrow": "SELECT COUNT(*) FROM written WHERE NOT is_open",
    "groups": "SELECT COUNT(*) FROM inside WHERE is_here",
    "guests": "SELECT COUNT(*) FROM guests",
    "run": "SELECT COUNT(*) FROM guests WHERE role <> 'member'",
}
_LOOKED_AT = ("who", "ins", "outs", "inside", "guests", "written")
_SELECT = ", ".join(
    [f"({text}) AS {name}" for name, text in _COUNTS.items()]
    + [f"(SELECT COUNT(*) FROM {name}) AS all_{name}" for name in _LOOKED_AT]  # noqa: S608
)
_ALL = ("notes", "narrow", "follows", "followed", "followers", "groups", "guests", "run")
_TIES = ("follows", "followed", "guests", "groups", "notes", "narrow")
TOUCHED: dict[tuple[Thing, Measure], tuple[str, ...]] = {
    (Thing.ACCOUNT, Measure.QUIET): ("notes",),
    (Thing.ACCOUNT, Measure.SUSPEND): _ALL,
    (Thing.ACCOUNT, Measure.CLOSE_ACCOUNT): _ALL,
    (Thing.GROUP, Measure.QUIET): ("notes",),
    (Thing.GROUP, Measure.SUSPEND): ("notes", "narrow", "groups", "follows", "followers"),
    (Thing.SERVER, Measure.LIMIT): ("notes", "followed"),
    (Thing.SERVER, Measure.NO_MEDIA): ("notes",),
    (Thing.SERVER, Measure.HOLD): ("follows",),
    (Thing.SERVER, Measure.REJECT): _TIES,
    (Thing.SERVER, Measure.DROP): _TIES,
}
"""Which of the counts a measure touches; what is not here breaks nothing that was made before."""


@dataclass(frozen=True)
class Breakage:
    """How much hangs on somebody, or on a server and all below it.

    `members` are the people here who would notice: each once. `follows` are theirs of whom it is
    about, `followed` the other way round, `followers` those from elsewhere; `notes` everyone can
    read, `narrow` not; `groups` are memberships of people here in a group it is about, `guests`
    those of whom it is about in any group, and `run` those of them with an office.
    """

    is_whole: bool = True
    people: int = 0
    members: int = 0
    follows: int = 0
    followed: int = 0
    followers: int = 0
    notes: int = 0
    narrow: int = 0
    groups: int = 0
    guests: int = 0
    run: int = 0

    def touched_by(self, thing: Thing, measure: Measure) -> dict[str, int]:
        """Return what of it a measure touches, by the names above, without what is none."""
        names = TOUCHED.get((thing, measure), ())
        found = {name: int(getattr(self, name)) for name in ("members", *names) if names}
        return {name: count for name, count in found.items() if count}


async def breakage_in(actor_id: int | None, host: str) -> Breakage:
    """Count what hangs on whom a case is about, be it a person, a group or a server."""
    return await (breakage_at(host) if actor_id is None else breakage_of(actor_id))


async def breakage_of(actor_id: int) -> Breakage:
    """Count what hangs on a person or a group; one query."""
    return await _counted(_OF, [actor_id])


async def breakage_at(host: str) -> Breakage:
    """Count what hangs on a server, those below it included; one query."""
    below = "%." + host.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
    return await _counted(_AT, [host, below])


async def breakage_on(host: str) -> Breakage:
    """Count what hangs on one server alone, without those below it; one query."""
    return await _counted(_ON, [host])


async def _counted(who: str, values: list[object]) -> Breakage:
    limits = [MOST, True, MOST, True, MOST, MOST, MOST, MOST]
    found = await sql.rows(f"WITH RECURSIVE {who}{_TIED} SELECT {_SELECT}", [*values, *limits])
    row = found[0]
    is_whole = all(row[f"all_{name}"] < MOST for name in _LOOKED_AT)
    return Breakage(is_whole=is_whole, **{name: int(row[name]) for name in _COUNTS})
