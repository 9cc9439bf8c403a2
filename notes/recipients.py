"""Which servers a note went to: their signed fetches may read it (product.md 5.1, rule 4)."""

from actors.blocks import blocks_server
from core import sql
from notes.note import Audience, Note

_LET_IN = (
    " AND a.suspended_at IS NULL AND a.gone_at IS NULL"
    " AND a.id NOT IN (SELECT blocked_id FROM block WHERE blocker_id = ?) LIMIT 1"
)


async def has_recipient(note: Note, host: str) -> bool:
    """Tell whether someone on this host may see a narrow note, the blocked and suspended left
    out."""
    is_away = note.deleted_at or note.held_at or note.hidden_at
    if is_away is not None or not note.author.is_present:
        return False
    if note.audience in (Audience.SERVER, Audience.SELF):
        return False
    if await blocks_server(note.author_id, host):
        return False
    if note.audience == Audience.MEMBERS:
        return await _any(
            "SELECT 1 FROM membership m JOIN actor a ON a.id = m.person_id"
            " WHERE m.group_id = ? AND m.state = 'member' AND a.host = ?",
            [note.group_id, host, note.author_id],
        )
    if note.audience == Audience.FOLLOWERS and await _any(
        "SELECT 1 FROM follow f JOIN actor a ON a.id = f.follower_id"
        " WHERE f.followed_id = ? AND f.is_accepted = ? AND a.host = ?",
        [note.author_id, True, host, note.author_id],
    ):
        return True
    return await _any(
        "SELECT 1 FROM mention m JOIN actor a ON a.id = m.actor_id"
        " WHERE m.note_id = ? AND a.host = ?",
        [note.id, host, note.author_id],
    )


async def _any(statement: str, values: list[object]) -> bool:
    return bool(await sql.rows(statement + _LET_IN, values))
