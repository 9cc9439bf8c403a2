"""Searching: people by name, tags by their beginning, notes by their words."""

from actors.actor import Actor
from actors.blocks import Apart, apart_from, muted_by
from core import sql
from core.paging import Page, Slice
from core.rows import load_ids
from federation.urls import is_http
from inbox.explore import CARRIED, a_week_ago
from inbox.slices import notes_of
from moderation.gate import is_hidden_host
from notes import search
from notes.note import Note

MOST = 20
LAST = "\U0010ffff"
# Who wishes to be found, the viewer, and whom the viewer follows.
MAY_BE_FOUND = (
    "(is_discoverable = ? OR id = ? OR EXISTS (SELECT 1 FROM follow AS f"
    " WHERE f.follower_id = ? AND f.followed_id = actor.id AND f.is_accepted = ?))"
)


async def people(words: str, viewer: Actor | None, named: Actor | None = None) -> list[Actor]:
    """Find people by the beginning of a name, or by what they are called here.

    Whom the words name wholly comes first (inbox/naming.py). Strangers find whom wishes to be
    found, followers also those they follow; nobody finds who blocks them (PRIV-13, PRIV-07).
    """
    found = {named.id: named} if named else {}
    found |= await _by_name(words.removeprefix("@").removeprefix("!"), viewer)
    apart = await apart_from(viewer) if viewer else Apart()
    return [each for each in found.values() if each.is_present and each not in apart][:MOST]


async def tags(words: str) -> list[tuple[str, int]]:
    """Find the tags that begin so and that public notes carry, each with how many this week."""
    name = words.removeprefix("#").casefold()
    if not name:
        return []
    begins, values = _begins("name", name)
    rows = await sql.rows(
        f"SELECT g.shown AS name, (SELECT COUNT(*) {CARRIED} AND t.tag_id = g.id"  # noqa: S608
        " AND t.note_id > ?) AS uses FROM (SELECT id, name, shown FROM tag"
        f" WHERE {begins} ORDER BY name LIMIT 60) AS g"
        f" WHERE EXISTS (SELECT 1 {CARRIED} AND t.tag_id = g.id) ORDER BY g.name LIMIT ?",
        [False, a_week_ago(), *values, False, MOST],
    )
    return [(row["name"], int(row["uses"])) for row in rows]


async def notes(
    words: str, viewer: Actor | None, page: Page, *, offset: int = 0, author: int | None = None
) -> Slice[Note]:
    """Find notes by their words, newest first, as far as the viewer may find and see them."""
    found = await search.find(words, viewer, page, offset=offset, author=author)
    muted = await muted_by(viewer.id) if viewer else ()
    kept = [
        note
        for note in await notes_of(found.rows, viewer)
        if note.author_id not in muted
        and (note.author.is_local or not is_hidden_host(note.author.host))
    ]
    return found.holding(kept)


async def _by_name(words: str, viewer: Actor | None) -> dict[int, Actor]:
    if not words or "@" in words or is_http(words):
        return {}
    name, me = words.lower(), viewer.id if viewer else 0
    begins, values = _begins("name", name)
    # By what they are called, only those who live here are found: a walk over everyone we ever
    # heard of would be long.
    rows = await sql.rows(
        f"SELECT id FROM (SELECT id FROM actor WHERE {begins}"  # noqa: S608
        f" AND gone_at IS NULL AND {MAY_BE_FOUND} LIMIT 200) AS x"
        " UNION SELECT id FROM (SELECT id FROM actor WHERE local_name > '' AND gone_at IS NULL"
        f" AND {MAY_BE_FOUND} AND LOWER(title) LIKE ? ESCAPE '!' LIMIT 50) AS y",
        [*values, True, me, me, True, True, me, me, True, f"%{sql.literal(name)}%"],
    )
    actors = await load_ids(Actor, (row["id"] for row in rows))
    ranked = sorted(actors.values(), key=lambda each: _rank(each, name))
    return {each.id: each for each in ranked}


def _rank(actor: Actor, name: str) -> tuple[bool, bool, int]:
    """The very name first, then who lives here, then whom many follow."""
    return actor.name.lower() != name, not actor.is_local, -actor.followers_count


def _begins(column: str, text: str) -> tuple[str, list[object]]:
    """Say that a column begins so: SQLite walks its index, PostgreSQL compares by its collation."""
    if sql.is_postgres():
        return f"{column} LIKE ? ESCAPE '!'", [f"{sql.literal(text)}%"]
    return f"{column} >= ? AND {column} < ?", [text, text + LAST]
