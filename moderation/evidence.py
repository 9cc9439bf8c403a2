"""What filters need to know beside the words of a note: its author's age, pace and files."""

from collections.abc import Sequence
from datetime import timedelta

from actors.actor import Actor
from core import sql
from core.clock import now
from core.ids import first_id_of
from core.storage import digest_of
from moderation.gate import gate
from moderation.matching import Facts
from notes.media_files import files_of


async def with_author(facts: Facts, author: Actor) -> Facts:
    """Add since when an author is known, and how much they wrote lately if a filter asks."""
    return facts._replace(
        author=author.full_handle,
        account_days=(now() - author.created_at).days,
        lately={minutes: await _written(author, minutes) for minutes in sorted(gate().rates)},
    )


async def digests_of(attachments: Sequence[int]) -> tuple[str, ...]:
    """Return the SHA-256 of each file of these uploads, as it came and as we made it."""
    if not gate().wants_media or not attachments:
        return ()
    files = await files_of(attachments)
    return tuple({digest_of(each.key) for some in files.values() for each in some})


async def _written(author: Actor, minutes: int) -> int:
    """Count what someone wrote in the last minutes, the note in question included."""
    since = first_id_of(now() - timedelta(minutes=minutes))
    rows = await sql.rows(
        "SELECT COUNT(*) AS count FROM note WHERE author_id = ? AND id >= ?"
        " AND boost_of_id IS NULL",
        [author.id, since],
    )
    return int(rows[0]["count"]) + 1
