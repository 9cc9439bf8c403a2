"""What there is to find, and the stated reason for its order: the number of notes this week."""

from collections.abc import Iterable
from datetime import timedelta
from weakref import WeakKeyDictionary

from cachetools import TTLCache

from core import sql
from core.clock import now
from core.ids import new_id
from federation.client import Client, client

DAYS = 7
_DAY = 86_400_000 << 16  # in ids
WEEK = timedelta(days=7)
TOPICS = 40
MOST_READ = 5_000
KEPT_S = 300

_OPEN = (
    " JOIN actor a ON a.id = n.author_id WHERE n.audience = 'public' AND n.deleted_at IS NULL"
    " AND n.held_at IS NULL AND a.suspended_at IS NULL AND a.gone_at IS NULL"
    " AND NOT a.is_kept_out AND n.quieted_at IS NULL AND a.quieted_at IS NULL"
    " AND n.adults_at IS NULL AND a.is_withdrawn = ?"
)
CARRIED = f"FROM note_tag t JOIN note n ON n.id = t.note_id{_OPEN}"

Topic = tuple[str, int]

# Several instances may run in one process; each has its own way out.
_topics: WeakKeyDictionary[Client, TTLCache[str, list[Topic]]] = WeakKeyDictionary()


async def topics() -> list[Topic]:
    """Return the tags with the most public notes this week, with how many; made every 5 minutes.

    Counts people, so that nobody makes a topic alone.
    """
    kept = _topics.setdefault(client(), TTLCache(1, KEPT_S))
    if (found := kept.get("topics")) is None:
        found = kept["topics"] = await _counted()
    return found


async def uses_of(name: str) -> int:
    """Count the public notes with a tag this week."""
    rows = await sql.rows(
        f"SELECT COUNT(*) AS uses {CARRIED}"  # noqa: S608
        " AND t.tag_id = (SELECT id FROM tag WHERE name = ?) AND t.note_id > ?",
        [False, name.casefold(), a_week_ago()],
    )
    return int(rows[0]["uses"])


async def history_of(tags: Iterable[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """Count for tags, by id, and days, by number since 1970, public notes and their authors."""
    ids = list(tags)
    rows = await sql.rows(
        f"SELECT t.tag_id, n.id / {_DAY} AS day, COUNT(*) AS uses,"
        f" COUNT(DISTINCT n.author_id) AS people {CARRIED} AND t.tag_id IN ({sql.marks(ids)})"
        f" AND t.note_id >= ? GROUP BY t.tag_id, n.id / {_DAY}",
        [False, *ids, (today() - DAYS + 1) * _DAY],
    )
    found: dict[int, dict[int, tuple[int, int]]] = {number: {} for number in ids}
    for row in rows:
        found[row["tag_id"]][int(row["day"])] = (int(row["uses"]), int(row["people"]))
    return found


async def history_of_links(cards: Iterable[int]) -> dict[int, dict[int, tuple[int, int]]]:
    """Count for cards, by id, and days, by number since 1970, public notes and their authors."""
    ids = list(cards)
    rows = await sql.rows(
        f"SELECT n.card_id, n.id / {_DAY} AS day, COUNT(*) AS uses,"  # noqa: S608
        " COUNT(DISTINCT n.author_id) AS people FROM note n"
        f" WHERE n.card_id IN ({sql.marks(ids)}) AND n.id >= ? AND n.audience = 'public'"
        f" AND n.deleted_at IS NULL AND n.held_at IS NULL GROUP BY n.card_id, n.id / {_DAY}",
        [*ids, (today() - DAYS + 1) * _DAY],
    )
    found: dict[int, dict[int, tuple[int, int]]] = {number: {} for number in ids}
    for row in rows:
        found[row["card_id"]][int(row["day"])] = (int(row["uses"]), int(row["people"]))
    return found


def today() -> int:
    """Return the number of the day since 1970, in UTC."""
    return int(now().timestamp()) // 86_400


async def _counted() -> list[Topic]:
    rows = await sql.rows(
        "SELECT g.shown AS name, COUNT(DISTINCT n.author_id) AS people, COUNT(*) AS uses"  # noqa: S608
        " FROM (SELECT tag_id, note_id FROM note_tag WHERE note_id > ?"
        " ORDER BY note_id DESC LIMIT ?) t JOIN tag g ON g.id = t.tag_id"
        f" JOIN note n ON n.id = t.note_id{_OPEN}"
        " GROUP BY g.id, g.shown ORDER BY people DESC, uses DESC, g.shown LIMIT ?",
        [a_week_ago(), MOST_READ, False, TOPICS],
    )
    return [(row["name"], int(row["uses"])) for row in rows]


def a_week_ago() -> int:
    """Return the least id of a note of this week."""
    return new_id(now() - WEEK)
