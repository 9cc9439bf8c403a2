"""Which followers of one person live at one server, for that server to compare (FEP-8fcf)."""

from core import sql

MOST = 5000
PATH = "followers_synchronization"


async def followers_at(actor_id: int, origin: str) -> list[str] | None:
    """Return the ids of the followers whose ids begin with `origin` (https://host), in force.

    None for more than MOST: half a list would have the other side end the follows of the rest.
    """
    found = await sql.rows(
        "SELECT a.uri FROM follow f JOIN actor a ON a.id = f.follower_id WHERE f.followed_id = ?"
        " AND f.is_accepted = ? AND f.letterbox >= ? AND f.letterbox < ? ORDER BY f.letterbox"
        " LIMIT ?",
        # A letterbox is where its owner's id is (ORG-09); 0 comes right after the slash.
        [actor_id, True, f"{origin}/", f"{origin}0", MOST + 1],
    )
    return None if len(found) > MOST else [row["uri"] for row in found]


async def followers_here(actor_id: int) -> list[str]:
    """Return the ids of those who live here and follow someone elsewhere, in force."""
    found = await sql.rows(
        "SELECT a.uri FROM follow f JOIN actor a ON a.id = f.follower_id WHERE f.followed_id = ?"
        " AND f.is_accepted = ? AND f.letterbox = '' AND a.local_name IS NOT NULL",
        [actor_id, True],
    )
    return [row["uri"] for row in found]
