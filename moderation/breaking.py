"""What a measure would break, counted before it is taken: follows, memberships, notes (ADM-03)."""

from dataclasses import dataclass

from core import sql
from moderation.states import Thing
from moderation.vocabulary import Measure

# Whom it is about, in place of WHO; each statement counts one thing.
_STATEMENTS = {
    "people": "SELECT COUNT(*) AS count FROM actor WHERE id IN (WHO)",
    "follows": (
        "SELECT COUNT(*) AS count FROM follow f JOIN actor h ON h.id = f.follower_id"
        " AND h.local_name IS NOT NULL WHERE f.is_accepted = ? AND f.followed_id IN (WHO)"
    ),
    "followed": (
        "SELECT COUNT(*) AS count FROM follow f JOIN actor h ON h.id = f.followed_id"
        " AND h.local_name IS NOT NULL WHERE f.is_accepted = ? AND f.follower_id IN (WHO)"
    ),
    "followers": (
        "SELECT COUNT(*) AS count FROM follow f JOIN actor h ON h.id = f.follower_id"
        " AND h.local_name IS NULL WHERE f.is_accepted = ? AND f.followed_id IN (WHO)"
    ),
    "notes": (
        "SELECT COUNT(*) AS count FROM note n WHERE n.deleted_at IS NULL AND n.boost_of_id IS NULL"
        " AND n.audience IN ('public', 'quiet') AND n.author_id IN (WHO)"
    ),
    "narrow": (
        "SELECT COUNT(*) AS count FROM note n WHERE n.deleted_at IS NULL AND n.boost_of_id IS NULL"
        " AND n.audience NOT IN ('public', 'quiet') AND n.author_id IN (WHO)"
    ),
    "groups": (
        "SELECT COUNT(*) AS count FROM membership m JOIN actor p ON p.id = m.person_id"
        " AND p.local_name IS NOT NULL WHERE m.state = 'member' AND m.group_id IN (WHO)"
    ),
    "guests": (
        "SELECT COUNT(*) AS count FROM membership m WHERE m.state = 'member'"
        " AND m.person_id IN (WHO)"
    ),
    "run": (
        "SELECT COUNT(*) AS count FROM membership m WHERE m.state = 'member' AND m.role <> 'member'"
        " AND m.person_id IN (WHO)"
    ),
}
_FLAGGED = ("follows", "followed", "followers")  # these ask for follows in force
# Each person here once, whatever ties them: they follow, are followed, or are in a group there.
_MEMBERS = (
    "SELECT COUNT(*) AS count FROM (SELECT f.follower_id AS id FROM follow f JOIN actor h"
    " ON h.id = f.follower_id AND h.local_name IS NOT NULL WHERE f.is_accepted = ?"
    " AND f.followed_id IN (WHO) UNION SELECT f.followed_id FROM follow f JOIN actor h"
    " ON h.id = f.followed_id AND h.local_name IS NOT NULL WHERE f.is_accepted = ?"
    " AND f.follower_id IN (WHO) UNION SELECT m.person_id FROM membership m JOIN actor p"
    " ON p.id = m.person_id AND p.local_name IS NOT NULL WHERE m.state = 'member'"
    " AND m.group_id IN (WHO)) AS tied"
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
    """Count what hangs on a person or a group."""
    return await _counted("?", [actor_id])


async def breakage_at(host: str) -> Breakage:
    """Count what hangs on a server, those below it included."""
    below = "%." + host.replace("\\", "\\\\").replace("_", "\\_").replace("%", "\\%")
    who = "SELECT id FROM actor WHERE local_name IS NULL AND (host = ? OR host LIKE ? ESCAPE '\\')"
    return await _counted(who, [host, below])


async def _counted(who: str, values: list[object]) -> Breakage:
    counts = {
        name: await _count(text.replace("WHO", who), [*[True] * (name in _FLAGGED), *values])
        for name, text in _STATEMENTS.items()
    }
    every = [True, *values, True, *values, *values]
    return Breakage(members=await _count(_MEMBERS.replace("WHO", who), every), **counts)


async def _count(text: str, values: list[object]) -> int:
    return int((await sql.rows(text, values))[0]["count"])
