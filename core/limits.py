"""So many in a while, for one person or address; the counts are in the database."""

import time

from tortoise import fields
from tortoise.models import Model

from core import sql


class TooMany(Exception):
    """The limit is reached; `seconds` says when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"too many tries; again in {seconds} seconds")
        self.seconds = seconds


class Tally(Model):
    """How often something was done in the window that began at `since` (seconds since 1970)."""

    key = fields.CharField(max_length=200, primary_key=True, generated=False)
    since = fields.BigIntField()
    count = fields.IntField(default=0)

    class Meta:
        table = "tally"
        indexes = [("since",)]


async def count(key: str, *, most: int, seconds: int) -> None:
    """Count one try; raise TooMany when there were `most` in this window (0 means no limit)."""
    if most <= 0:
        return
    now = int(time.time())
    window = now - now % seconds
    found = await sql.rows(
        "INSERT INTO tally (key, since, count) VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE"
        " SET count = CASE WHEN tally.since = excluded.since THEN tally.count + 1 ELSE 1 END,"
        " since = excluded.since RETURNING count",
        (key[:200], window),
    )
    if int(found[0]["count"]) > most:
        raise TooMany(window + seconds - now)


async def forget(key: str) -> None:
    """Start counting anew, as after a good sign-in."""
    await Tally.filter(key=key[:200]).delete()


async def sweep(*, older_than_seconds: int = 86_400) -> None:
    """Drop windows nobody needs any more (security.md DOS-10)."""
    await Tally.filter(since__lt=int(time.time()) - older_than_seconds).delete()
