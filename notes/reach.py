"""Reach: how many people and servers a note for few goes to, and what comes of it there.

Counted over those it is for (PRIV-10), and by what their servers said they run; nothing is guessed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from actors.actor import Actor
from core import sql
from notes.chosen import Reader
from notes.note import Note

# These show a note to whoever's own letterbox it came to; GoToSocial shows it to nobody whom it
# does not name. Of all others we do not know.
SHOWING = frozenset({"rubric", "mastodon", "glitch", "hometown"})
HIDING = {"gotosocial": "GoToSocial"}


@dataclass(frozen=True)
class Reach:
    """People, and the servers where they live; of those elsewhere, how many show such notes.

    `hiding` are servers that do not, by the names of their programs; `unknown` those of which
    nothing is known.
    """

    people: int = 0
    servers: int = 0
    here: int = 0
    """How many of the people live here."""
    hiding: dict[str, int] = field(default_factory=dict)
    unknown: int = 0


class HostReach(NamedTuple):
    """A server, '' for this one: how many people, what it makes of notes for few, what it runs."""

    host: str
    people: int
    kind: str
    """showing, hiding or unknown."""
    program: str


async def reach_among(found: Sequence[Reader]) -> Reach:
    """Count these people, and where they live: one query."""
    return _counted(found, await _software({each.host for each in found}))


async def reach_of_note(note: Note) -> Reach:
    """Count whom a note is for that stands beside it: two queries."""
    rows = await sql.rows(
        "SELECT a.id, CASE WHEN a.local_name IS NULL THEN a.host ELSE '' END AS host"
        " FROM mention m JOIN actor a ON a.id = m.actor_id WHERE m.note_id = ?",
        [note.id],
    )
    return await reach_among([Reader(row["id"], row["host"]) for row in rows])


async def reach_by_circle(owner: Actor) -> dict[int, Reach]:
    """Count it for each of somebody's circles that has anyone in it: two queries."""
    rows = await sql.rows(
        "SELECT m.circle_id AS circle, a.id,"
        " CASE WHEN a.local_name IS NULL THEN a.host ELSE '' END AS host"
        " FROM circle c JOIN circle_member m ON m.circle_id = c.id JOIN actor a"
        " ON a.id = m.person_id WHERE c.owner_id = ? AND a.gone_at IS NULL",
        [owner.id],
    )
    software = await _software({row["host"] for row in rows})
    people: dict[int, list[Reader]] = {}
    for row in rows:
        people.setdefault(row["circle"], []).append(Reader(row["id"], row["host"]))
    return {number: _counted(found, software) for number, found in people.items()}


async def hosts_in(circle_id: int) -> list[HostReach]:
    """Tell on which servers the people of a circle live: two queries."""
    rows = await sql.rows(
        "SELECT CASE WHEN a.local_name IS NULL THEN a.host ELSE '' END AS host, COUNT(*) AS people"
        " FROM circle_member m JOIN actor a ON a.id = m.person_id"
        " WHERE m.circle_id = ? AND a.gone_at IS NULL GROUP BY 1",
        [circle_id],
    )
    software = await _software({row["host"] for row in rows})
    return [
        HostReach(row["host"], int(row["people"]), _standing(name), name)
        for row in rows
        for name in [software.get(row["host"], "")]
    ]


def _standing(name: str) -> str:
    if name in HIDING:
        return "hiding"
    return "showing" if name in SHOWING else "unknown"


async def _software(hosts: set[str]) -> dict[str, str]:
    """Return what each server said it runs, '' where it did not."""
    elsewhere = sorted(hosts - {""})
    known = dict.fromkeys(elsewhere, "")
    if elsewhere:
        rows = await sql.rows(
            f"SELECT host, software FROM domain WHERE host IN ({sql.marks(elsewhere)})",  # noqa: S608
            elsewhere,
        )
        known |= {row["host"]: str(row["software"]).lower() for row in rows}
    return known


def _counted(found: Iterable[Reader], software: dict[str, str]) -> Reach:
    people = list(found)
    hosts = {each.host for each in people}
    elsewhere = sorted(hosts - {""})
    hiding: dict[str, int] = {}
    for host in elsewhere:
        if shown := HIDING.get(software[host]):
            hiding[shown] = hiding.get(shown, 0) + 1
    return Reach(
        people=len(people),
        servers=len(hosts),
        here=sum(not each.host for each in people),
        hiding=hiding,
        unknown=sum(_standing(software[host]) == "unknown" for host in elsewhere),
    )
