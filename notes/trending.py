"""TrendingNote: the notes many took notice of, by the one published formula (product.md 7).

Each person counts once for a note, by the strongest thing they did: keep, answer, boost or like
it; of one other server at most two count (MOD-07). The sum halves with each day, or whatever the
policy says; nothing about the reader enters.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from core import sql
from core.clock import now
from core.ids import first_id_of, moment_of
from notes.note import Note

MOST_ACTS = 10_000  # of each kind, the newest
MOST_CANDIDATES = 1000
MOST_KEPT = 200
MOST_OF_A_SERVER = 2
"""So many people of one other server count for a note: a server full of them moves nothing."""
FIRST = 20
"""Among so many there is at most one note of an author."""


@dataclass(frozen=True)
class Formula:
    """The numbers of the formula, which the policy sets."""

    save: float
    comment: float
    boost: float
    like: float
    half_life_hours: float
    window_hours: int
    least_people: int
    least_account_days: int


class TrendingNote(Model):
    """A place among the trending notes, with the numbers that led to it.

    `weight` is what the acts add up to, each person once by the strongest; `score` halves it by the
    age of the note at `counted_at`.
    """

    rank = fields.IntField(primary_key=True, generated=False)
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name=False
    )
    note_id: int
    score = fields.FloatField()
    people = fields.IntField()
    saves = fields.IntField()
    comments = fields.IntField()
    boosts = fields.IntField()
    likes = fields.IntField()
    weight = fields.FloatField(default=0, db_default=0)
    counted_at = fields.DatetimeField(default=now, null=True)

    class Meta:
        table = "trending_note"
        indexes = [("note_id",)]


_ACTS = (
    ("saves", "SELECT note_id, actor_id, id FROM bookmark WHERE id > ?"),
    (
        "comments",
        "SELECT in_reply_to_id AS note_id, author_id AS actor_id, id FROM note"
        " WHERE id > ? AND in_reply_to_id IS NOT NULL"
        " AND audience IN ('public', 'quiet') AND deleted_at IS NULL AND held_at IS NULL",
    ),
    (
        "boosts",
        "SELECT boost_of_id AS note_id, author_id AS actor_id, id FROM note"
        " WHERE id > ? AND boost_of_id IS NOT NULL"
        " AND audience = 'public' AND deleted_at IS NULL",
    ),
    ("likes", 'SELECT note_id, actor_id, id FROM "like" WHERE id > ?'),
)
_SOUND = (
    "n.deleted_at IS NULL AND n.held_at IS NULL AND n.hidden_at IS NULL AND n.boost_of_id IS NULL"
    " AND a.suspended_at IS NULL AND a.gone_at IS NULL AND NOT a.is_kept_out"
    " AND n.quieted_at IS NULL AND a.quieted_at IS NULL AND n.adults_at IS NULL"
    " AND a.is_withdrawn = ?"
)
_ELIGIBLE: tuple[str, list[object]] = (
    f"{_SOUND} AND n.audience = 'public' AND n.is_sensitive = ? AND a.is_discoverable = ?",
    [False, False, True],
)

# Among those of their server, by the strongest thing they did.
_PLACE = "ROW_NUMBER() OVER (PARTITION BY p.note_id, w.host ORDER BY p.weight DESC, p.actor_id)"


async def count_anew(formula: Formula) -> None:
    """Put the trending notes into their order as it is now."""
    rows = await _counted(formula)
    at = now()
    scored = sorted(((_score(row, formula, at), row) for row in rows), key=_by_score, reverse=True)
    ranked = list(_one_of_each(scored))[:MOST_KEPT]
    async with in_transaction():
        await TrendingNote.all().delete()
        await TrendingNote.bulk_create(
            [
                TrendingNote(
                    rank=rank,
                    note_id=row["note_id"],
                    score=score,
                    people=int(row["people"]),
                    weight=float(row["weight"]),
                    counted_at=at,
                    **{kind: int(row[kind]) for kind, _ in _ACTS},
                )
                for rank, (score, row) in enumerate(ranked)
            ]
        )


async def trending(least: int) -> list[int]:
    """Return the ids of the trending notes, the first one first; none below the least number."""
    rows = await sql.rows("SELECT note_id FROM trending_note ORDER BY rank")
    return [row["note_id"] for row in rows] if len(rows) >= least else []


async def trending_links(least: int) -> list[int]:
    """Return the ids of the cards of the trending notes, the first one first: each has the scores
    of all notes that lead there, and the same formula made them."""
    if not await trending(least):
        return []
    rows = await sql.rows(
        "SELECT n.card_id, SUM(t.score) AS score FROM trending_note t JOIN note n"
        " ON n.id = t.note_id WHERE n.card_id IS NOT NULL"
        " GROUP BY n.card_id ORDER BY score DESC, n.card_id DESC"
    )
    return [row["card_id"] for row in rows]


async def top_in(group_id: int, formula: Formula) -> list[int]:
    """Return the threads of a group by the same formula, the first one first. Who posts in a group
    is found there, so nobody is asked whether they may be found."""
    only = "p.note_id IN (SELECT note_id FROM group_post WHERE group_id = ?"
    which = f"{only} AND standing = 'accepted') AND {_SOUND}"
    rows = await _counted(formula, (which, [group_id, False]))
    at = now()
    scored = sorted(((_score(row, formula, at), row) for row in rows), key=_by_score, reverse=True)
    return [row["note_id"] for _, row in scored][:MOST_KEPT]


async def _counted(formula: Formula, which: tuple[str, list[object]] = _ELIGIBLE) -> list[sql.Row]:
    """Count the people of each note, and what they did; `which` says for which notes."""
    eligible, whose = which
    at = now()
    since = first_id_of(at - timedelta(hours=formula.window_hours))
    grown_up = at - timedelta(days=formula.least_account_days)
    weights = {
        "saves": formula.save,
        "comments": formula.comment,
        "boosts": formula.boost,
        "likes": formula.like,
    }
    acts, values = [], list[object]()
    for kind, statement in _ACTS:
        flags = ", ".join(f"{int(kind == each)} AS {each}" for each, _ in _ACTS)
        acts.append(
            f"SELECT note_id, actor_id, CAST(? AS REAL) AS weight, {flags} FROM ("  # noqa: S608
            f"SELECT * FROM ({statement}) AS s ORDER BY id DESC LIMIT ?) AS {kind}"
        )
        values += [weights[kind], since, MOST_ACTS]
    each = ", ".join(f"MAX({kind}) AS {kind}" for kind, _ in _ACTS)
    sums = ", ".join(f"SUM(p.{kind}) AS {kind}" for kind, _ in _ACTS)
    by_person = (
        f"SELECT note_id, actor_id, MAX(weight) AS weight, {each}"  # noqa: S608
        f" FROM ({' UNION ALL '.join(acts)}) AS acts GROUP BY note_id, actor_id"
    )
    return await sql.rows(
        "SELECT p.note_id, p.author_id, SUM(p.weight) AS weight, COUNT(*) AS people,"  # noqa: S608
        f" {sums} FROM (SELECT p.*, n.author_id, w.local_name, {_PLACE} AS place"
        f" FROM ({by_person}) AS p"
        " JOIN note n ON n.id = p.note_id JOIN actor a ON a.id = n.author_id"
        " JOIN actor w ON w.id = p.actor_id"
        f" WHERE {eligible} AND p.actor_id <> n.author_id AND w.created_at < ?"
        " AND w.suspended_at IS NULL AND w.gone_at IS NULL AND w.kind <> 'Group') AS p"
        " WHERE p.local_name > '' OR p.place <= ?"
        " GROUP BY p.note_id, p.author_id HAVING COUNT(*) >= ?"
        " ORDER BY weight DESC, p.note_id DESC LIMIT ?",
        [
            *(*values, *whose, _moment(grown_up)),
            *(MOST_OF_A_SERVER, formula.least_people, MOST_CANDIDATES),
        ],
    )


def _moment(at: datetime) -> object:
    return at if sql.is_postgres() else at.isoformat(" ")


def _score(row: sql.Row, formula: Formula, at: datetime) -> float:
    hours = max((at - moment_of(row["note_id"])).total_seconds() / 3600, 0.0)
    return float(row["weight"]) * math.pow(0.5, hours / formula.half_life_hours)


def _by_score(found: tuple[float, sql.Row]) -> tuple[float, int]:
    return found[0], found[1]["note_id"]


def _one_of_each(scored: Iterable[tuple[float, sql.Row]]) -> list[tuple[float, sql.Row]]:
    """Let the first places have one note of each author; what gives way comes after them."""
    first: list[tuple[float, sql.Row]] = []
    later: list[tuple[float, sql.Row]] = []
    authors = set[int]()
    for each in scored:
        if len(first) < FIRST and each[1]["author_id"] not in authors:
            authors.add(each[1]["author_id"])
            first.append(each)
        else:
            later.append(each)
    return [*first, *later]
