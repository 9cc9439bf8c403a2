"""Chosen: whom a note for mutuals or circles is for, counted out when it is published.

Nobody is told who else is among them, so that they can be kept as mentions that stay silent and are
written into no document. A note about another is for none but those who see the other as well.
"""

from collections.abc import Sequence
from typing import NamedTuple

from actors.actor import Actor
from actors.blocks import covers
from core import sql
from core.secret import stamp
from notes.note import Audience, Note
from notes.visible import PRESENT

CHOSEN = (Audience.MUTUALS, Audience.CIRCLE)

Condition = tuple[str, list[object]]

# From those whom the author follows, for they are fewer where there is a crowd of followers; SQLite
# walks a CROSS JOIN in the order in which it stands.
_MUTUALS = (
    "a.id IN (SELECT f.followed_id FROM follow f CROSS JOIN follow b WHERE f.follower_id = ?"
    " AND f.is_accepted = ? AND b.follower_id = f.followed_id AND b.followed_id = f.follower_id"
    " AND b.is_accepted = ?)"
)
_IN_CIRCLES = (
    "a.id IN (SELECT m.person_id FROM circle_member m JOIN circle c ON c.id = m.circle_id"
    " WHERE c.owner_id = ? AND c.id IN ({}))"
)
_NO_SERVER = f" AND NOT EXISTS (SELECT 1 FROM server_block s WHERE {covers('a.host')}"  # noqa: S608
_LET_NEAR = (
    " AND a.id <> ? AND a.id NOT IN (SELECT blocked_id FROM block WHERE blocker_id = ?"  # noqa: S608
    f" UNION SELECT blocker_id FROM block WHERE blocked_id = ?){_NO_SERVER} AND s.blocker_id = ?)"
)
_ADDRESSED = "a.id IN (SELECT actor_id FROM mention WHERE note_id = ?)"


class Reader(NamedTuple):
    """Someone a note is for: their id, and the server where they live; '' is this one."""

    id: int
    host: str


async def readers_chosen(
    author: Actor,
    audience: Audience,
    circles: Sequence[int] = (),
    *,
    about: Sequence[Note] = (),
    like: Note | None = None,
) -> list[Reader]:
    """Count out whom a note for mutuals or circles is for now: one query.

    Who is blocked, suspended or gone is left out, and whoever does not see all that it is `about`.
    With `like`, it is for those whom that note of the author's is for.
    """
    text, values = _chosen(author, audience, circles) if like is None else (_ADDRESSED, [like.id])
    for note in about:
        more, these = _seeing(note)
        text, values = f"{text} AND {more}", [*values, *these]
    rows = await sql.rows(
        "SELECT a.id, CASE WHEN a.local_name IS NULL THEN a.host ELSE '' END AS host FROM actor a"  # noqa: S608
        f" WHERE {text} AND {PRESENT.format('a')}{_LET_NEAR} ORDER BY a.id",
        [*values, False, *[author.id] * 4],
    )
    return [Reader(row["id"], row["host"]) for row in rows]


def aside_of(note: Note) -> str:
    """Write the address that stands in the place of those a note is for; nobody is there to read.

    It is the same in all letters about the note, and nobody else can guess it.
    """
    return f"{note.author.uri}/a/{stamp('audience', str(note.id))[:22]}"


def _chosen(author: Actor, audience: Audience, circles: Sequence[int]) -> Condition:
    if audience == Audience.MUTUALS:
        return _MUTUALS, [author.id, True, True]
    return _IN_CIRCLES.format(sql.marks(circles)), [author.id, *circles]


def _seeing(note: Note) -> Condition:
    """Say who sees a note; of the followers of somebody elsewhere we know those who live here."""
    match note.audience:
        case Audience.PUBLIC | Audience.QUIET:
            return "1 = 1", []
        case Audience.SERVER:
            return f"(a.local_name IS NOT NULL OR a.id = {note.author_id})", []
        case Audience.FOLLOWERS:
            following = (
                "a.id IN (SELECT follower_id FROM follow WHERE followed_id = ? AND is_accepted = ?)"
            )
            return (
                f"(a.id = {note.author_id} OR {following} OR {_ADDRESSED})",
                [note.author_id, True, note.id],
            )
        case Audience.MUTUALS | Audience.CIRCLE | Audience.PEOPLE:
            return f"(a.id = {note.author_id} OR {_ADDRESSED})", [note.id]
    return "1 = 0", []
