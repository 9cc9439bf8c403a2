"""Statements written by hand, for the hot roads: the same text for SQLite and PostgreSQL.

Write `?` for a value. Values are never put into the text (security.md OPS-01).
"""

import sqlite3
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException, OperationalError

from core.sqlite import WalClient

Row = dict[str, Any]

LONGEST_LIKE = 2_000  # SQLite takes no pattern above 50,000 bytes, and no name of ours is as long


def trouble() -> tuple[type[BaseException], ...]:
    """Say what a database raises when it cannot: it is locked, full, restarting or gone."""
    known = (BaseORMException, sqlite3.Error, OSError)
    # Only where the rows are in PostgreSQL: it takes a MiB and a half of memory.
    asyncpg = sys.modules.get("asyncpg")
    if asyncpg is None:
        return known
    # The last is what it calls what it meets when a connection was cut at an odd moment.
    return *known, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError


def is_beyond(error: Exception) -> bool:
    """Tell whether a statement failed for naming what no column of its table can hold, such as an
    id of 64 bits where ids have 32: there is no such row. SQLite finds none, without a word."""
    asyncpg = sys.modules.get("asyncpg")
    return (
        asyncpg is not None
        and isinstance(error, OperationalError)
        and any(isinstance(each, asyncpg.DataError) for each in error.args)
    )


def literal(text: str) -> str:
    """Write what somebody looks for so that `LIKE … ESCAPE '!'` takes it as it stands."""
    text = text[:LONGEST_LIKE]
    for sign in "!%_":
        text = text.replace(sign, f"!{sign}")
    return text


async def rows(statement: str, values: Sequence[Any] = ()) -> list[Row]:
    """Run a statement, inside the caller's transaction if there is one, and return its rows."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        statement = _numbered(statement)
    return list(await connection.execute_query_dict(statement, list(values)))


async def run_many(statement: str, values: Sequence[Sequence[Any]]) -> None:
    """Run one statement once for each list of values."""
    connection = get_connection("default")
    if connection.capabilities.dialect == "postgres":
        statement = _numbered(statement)
    await connection.execute_many(statement, [list(each) for each in values])


async def generation() -> int | str | None:
    """Return what is another after every change of any row, whoever made it; outside of any
    transaction.

    SQLite counts commits. PostgreSQL names the transactions whose changes are seen: two equal
    snapshots see the same rows. None before the first question to SQLite.
    """
    client: Any = get_connection("default")
    if client.capabilities.dialect == "postgres":
        async with client.acquire_connection() as connection:
            return str(await connection.fetchval("SELECT CAST(pg_current_snapshot() AS TEXT)"))
    if client._connection is None:
        return None
    return int(client._connection._conn.execute("PRAGMA data_version").fetchone()[0])


async def settled() -> None:
    """Wait for the end of the transaction that writes now, if there is one; outside of any.

    Only SQLite has one writer that can be waited for.
    """
    connection = get_connection("default")
    if isinstance(connection, WalClient):
        await connection.settled()


def is_postgres() -> bool:
    """Tell which of the two databases the rows are in."""
    return bool(get_connection("default").capabilities.dialect == "postgres")


def marks(values: Iterable[Any]) -> str:
    """Write the question marks for `IN (…)`; none of nothing is NULL, which nothing is equal to."""
    return ", ".join("?" for _ in values) or "NULL"


@cache
def _numbered(statement: str) -> str:
    parts = statement.split("?")
    numbered = [f"{part}${n}" for n, part in enumerate(parts[:-1], 1)]
    return "".join(numbered) + parts[-1]
