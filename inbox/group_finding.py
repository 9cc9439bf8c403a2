"""Finding groups: those here and those we know elsewhere, by the beginning of a name or all."""

from enum import StrEnum

from actors.actor import Actor
from actors.memberships import groups_of
from core import sql
from core.paging import Page, Slice, cut, window
from core.rows import load_ids

_PRESENT = (
    "a.kind = 'Group' AND a.suspended_at IS NULL AND a.gone_at IS NULL AND NOT a.is_kept_out"
    " AND a.is_withdrawn = ?"
)
# A group for members is found by those who look for it; one of this server, by who lives here.
_SHOWN = (
    " AND NOT EXISTS (SELECT 1 FROM group_settings g WHERE g.actor_id = a.id AND g.see = 'server')"
)


class Where(StrEnum):
    """Which groups are listed."""

    HERE = "here"
    ELSEWHERE = "elsewhere"
    MINE = "mine"


async def groups(
    words: str, viewer: Actor | None, page: Page, *, where: Where = Where.HERE
) -> Slice[Actor]:
    """List groups, the newest known first; `words` begin the name or stand in the title."""
    if where is Where.MINE:
        return Slice(await groups_of(viewer) if viewer else [])
    end, ends = window("a.id", page)
    local = "IS NOT NULL" if where is Where.HERE else "IS NULL"
    shown = "" if viewer is not None and viewer.is_local else _SHOWN
    named, values = _named(words)
    rows = await sql.rows(
        f"SELECT a.id FROM actor a WHERE {_PRESENT} AND a.local_name {local}{shown}{named}{end}",  # noqa: S608
        [False, *values, *ends],
    )
    found = cut([row["id"] for row in rows], page)
    actors = await load_ids(Actor, found.rows)
    return found.holding([actors[number] for number in found.rows])


def _named(words: str) -> tuple[str, list[object]]:
    name = words.strip().lstrip("!@").partition("@")[0].lower()
    if not name:
        return "", []
    escaped = sql.literal(name)
    text = " AND (LOWER(a.name) LIKE ? ESCAPE '!' OR LOWER(a.title) LIKE ? ESCAPE '!')"
    return text, [f"{escaped}%", f"%{escaped}%"]
