"""Parked jobs: those that failed every try, and what an operator does with them."""

from collections.abc import Collection

import msgspec

from core import sql
from core.clock import milliseconds
from core.jobs import ring

NEVER = 1 << 62


class Parked(msgspec.Struct, frozen=True):
    """A job nobody takes up; its payload stays unread, for it may hold what is private.

    `due` is the end of the last try's lease, in milliseconds since 1970.
    """

    id: int
    name: str
    attempts: int
    due: int
    error: str


async def parked(*, before: tuple[int, int] | None = None, most: int) -> list[Parked]:
    """List what is parked, the last first, before one of them by its `due` and id."""
    found = await sql.rows(
        "SELECT id, name, attempts, due, error FROM job WHERE parked = ?"
        " AND (due, id) < (?, ?) ORDER BY due DESC, id DESC LIMIT ?",
        (True, *(before or (NEVER, 0)), most),
    )
    return [Parked(**row) for row in found]


async def parked_one(number: int) -> Parked | None:
    """Return one parked job."""
    found = await sql.rows(
        "SELECT id, name, attempts, due, error FROM job WHERE parked = ? AND id = ?",
        (True, number),
    )
    return Parked(**found[0]) if found else None


async def unpark(numbers: Collection[int]) -> list[Parked]:
    """Let parked jobs be tried anew, all eight times, and return which; call in a transaction."""
    found = await sql.rows(
        "UPDATE job SET parked = ?, leased = ?, attempts = 0, due = ?"  # noqa: S608  question marks
        f" WHERE parked = ? AND id IN ({sql.marks(numbers)})"
        " RETURNING id, name, attempts, due, error",
        (False, False, milliseconds(), True, *numbers),
    )
    for name in {row["name"] for row in found}:
        ring(name)
    return [Parked(**row) for row in found]


async def drop_parked(number: int) -> Parked | None:
    """Remove a parked job for good and return what it was; call in a transaction."""
    found = await sql.rows(
        "DELETE FROM job WHERE parked = ? AND id = ? RETURNING id, name, attempts, due, error",
        (True, number),
    )
    return Parked(**found[0]) if found else None
