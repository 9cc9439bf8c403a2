"""Tortoise's SQLite client, made fit for many readers and one writer in a process.

Readers share one connection; everything that writes takes the writer's lock and its own
connection, and starts with BEGIN IMMEDIATE. Statements run on the event loop, because handing a
10 µs statement to a thread costs five times its price; what waits for a lock or for the disk
(BEGIN, COMMIT) runs in the connection's thread. It touches Tortoise's internals, hence `<1.2`.
"""

import itertools
import sqlite3
from collections.abc import Sequence
from typing import Any

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.exceptions import TransactionManagementError

_savepoints = itertools.count()
READS = ("SELECT", "PRAGMA", "EXPLAIN", "WITH")


class _Transaction(SqliteTransactionWrapper):
    """A transaction on the writer's connection; its statements do not leave the event loop."""

    async def begin(self) -> None:
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise TransactionManagementError(error) from error

    async def savepoint(self) -> None:
        self._savepoint = f"savepoint_{next(_savepoints)}"
        self._raw.execute(f"SAVEPOINT {self._savepoint}")

    async def savepoint_rollback(self) -> None:
        self._raw.execute(f"ROLLBACK TO {self._savepoint}")
        self._savepoint = None

    async def release_savepoint(self) -> None:
        self._raw.execute(f"RELEASE {self._savepoint}")

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(_Transaction(self))

    @translate_exceptions
    async def execute_insert(self, query: str, values: list[Any]) -> int:
        return self._raw.execute(query, values).lastrowid or 0

    @translate_exceptions
    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        self._raw.executemany(query, values)

    @translate_exceptions
    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        return _run(self._raw, query, values)

    @translate_exceptions
    async def execute_query_dict(
        self, query: str, values: list[Any] | None = None
    ) -> list[dict[str, Any]]:
        return [dict(row) for row in _run(self._raw, query, values)[1]]

    @property
    def _raw(self) -> sqlite3.Connection:
        return self._connection._conn


class _Context(SqliteTransactionContext):
    """Gives a transaction the writer's connection and lock."""

    async def ensure_connection(self) -> None:
        writer = self.connection._parent.writer
        await writer.create_connection(with_db=True)
        self.connection._connection = writer._connection


class WalClient(SqliteClient):
    """The readers' side; `writer` is the same file opened a second time."""

    def __init__(self, file_path: str, writer: bool = False, **pragmas: Any) -> None:
        super().__init__(file_path, **pragmas)
        self.writer: WalClient | None = (
            None if writer else type(self)(file_path, writer=True, **pragmas)
        )

    async def create_connection(self, with_db: bool) -> None:
        if self._connection:
            return
        # Statements run on the event loop's thread, BEGIN and COMMIT in aiosqlite's: never both
        # at once, because whoever waits for the thread holds the lock.
        self._connection = await aiosqlite.connect(
            self.filename, isolation_level=None, check_same_thread=False
        )
        self._connection._conn.row_factory = sqlite3.Row
        for pragma, value in self.pragmas.items():
            await self._connection.execute_fetchall(f"PRAGMA {pragma}={value}")
        await self._post_connect()

    async def close(self) -> None:
        await super().close()
        if self.writer:
            await self.writer.close()

    def _in_transaction(self) -> TransactionContext:
        if self.writer is None:
            return SqliteTransactionContext(_Transaction(self), self._lock)
        return _Context(_Transaction(self), self.writer._lock)

    @translate_exceptions
    async def execute_insert(self, query: str, values: list[Any]) -> int:
        async with self._in_transaction() as transaction:
            return int(await transaction.execute_insert(query, values))

    @translate_exceptions
    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    @translate_exceptions
    async def execute_query(
        self, query: str, values: list[Any] | None = None
    ) -> tuple[int, Sequence[dict[str, Any]]]:
        if not query.lstrip().upper().startswith(READS):
            async with self._in_transaction() as transaction:
                return await transaction.execute_query(query, values)
        await self.create_connection(with_db=True)
        assert self._connection is not None  # noqa: S101  create_connection has just made it
        return _run(self._connection._conn, query, values)

    @translate_exceptions
    async def execute_query_dict(
        self, query: str, values: list[Any] | None = None
    ) -> list[dict[str, Any]]:
        return [dict(row) for row in (await self.execute_query(query, values))[1]]


def _run(
    connection: sqlite3.Connection, query: str, values: list[Any] | None
) -> tuple[int, list[Any]]:
    cursor = connection.execute(query.replace("\x00", "'||CHAR(0)||'"), values or [])
    rows = cursor.fetchall()
    return max(cursor.rowcount, 0) or len(rows), rows


client_class = WalClient
