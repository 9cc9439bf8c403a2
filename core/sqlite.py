"""Tortoise's SQLite client, made fit for many readers and one writer in a process.

Readers share one connection; everything that writes takes the writer's lock and its own
connection, and starts with BEGIN IMMEDIATE. Statements run on the event loop, because handing a
10 µs statement to a thread costs five times its price; only COMMIT, which waits for the disk, runs
in the connection's thread. It touches Tortoise's internals, hence `<1.2`.
"""

import asyncio
import itertools
import sqlite3
import time
from collections.abc import Awaitable, Sequence
from typing import Any

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionContext
from tortoise.backends.sqlite.client import (
    SqliteClient,
    SqliteTransactionContext,
    SqliteTransactionWrapper,
    translate_exceptions,
)
from tortoise.connection import get_connections
from tortoise.exceptions import OperationalError

from core import metrics

SAVEPOINT = "inner_part"
# VACUUM INTO reads too, and cannot run within a transaction.
READS = ("SELECT", "PRAGMA", "EXPLAIN", "WITH", "VACUUM INTO")
# Another process may write for so long before this one gives up.
PATIENCE_S = 10.0
PAUSES_S = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05)
STATEMENTS_KEPT = 500


class _Transaction(SqliteTransactionWrapper):
    """A transaction on the writer's connection; its statements do not leave the event loop."""

    async def begin(self) -> None:
        """Become the one writer; while another process is it, wait without blocking the loop."""
        until = time.monotonic() + PATIENCE_S
        for pause in itertools.chain(PAUSES_S, itertools.repeat(PAUSES_S[-1])):
            try:
                self._raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if not is_busy(error) or time.monotonic() > until:
                    raise OperationalError(error) from error
                metrics.database_busy.inc()
            await asyncio.sleep(pause)

    async def commit(self) -> None:
        """Write it down; what cannot be written is taken back."""
        self._finalized = True
        try:
            await _to_the_end(self._connection.commit())
        except sqlite3.Error as error:
            self._raw.rollback()
            raise OperationalError(error) from error

    async def rollback(self) -> None:
        self._finalized = True
        self._raw.rollback()

    # One name for all, so that SQLite has read the statement before: it means the innermost, and
    # one that was taken back is ended too, for the one around it has the same name.
    async def savepoint(self) -> None:
        self._savepoint = SAVEPOINT
        self._raw.execute(f"SAVEPOINT {SAVEPOINT}")

    async def savepoint_rollback(self) -> None:
        self._raw.execute(f"ROLLBACK TO {SAVEPOINT}")
        await self.release_savepoint()
        self._savepoint = None

    async def release_savepoint(self) -> None:
        self._raw.execute(f"RELEASE {SAVEPOINT}")

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

    @translate_exceptions
    async def execute_script(self, query: str) -> None:
        # sqlite3's own executescript commits what came before.
        for statement in _statements(query):
            self._raw.execute(statement)

    @property
    def _raw(self) -> sqlite3.Connection:
        return self._connection._conn


class _Context(SqliteTransactionContext):
    """Gives a transaction the writer's connection and lock, and both back whatever happens."""

    async def __aenter__(self) -> Any:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if not self.connection._finalized:
                await (self.connection.rollback() if exc_type else self.connection.commit())
        finally:
            get_connections().reset(self.token)
            self._trxlock.release()

    async def ensure_connection(self) -> None:
        client = self.connection._parent
        writer = client.writer or client
        await writer.create_connection(with_db=True)
        self.connection._connection = writer._connection


class WalClient(SqliteClient):
    """The readers' side; `writer` is the same file opened a second time."""

    def __init__(self, file_path: str, writer: bool = False, **pragmas: Any) -> None:
        super().__init__(file_path, **pragmas)
        self._opening = asyncio.Lock()
        self.writer: WalClient | None = (
            None if writer else type(self)(file_path, writer=True, **pragmas)
        )

    async def create_connection(self, with_db: bool) -> None:
        async with self._opening:
            if self._connection is None:
                self._connection = await self._opened()
                await self._post_connect()

    async def settled(self) -> None:
        """Wait until the transaction that writes now is committed or taken back."""
        async with (self.writer or self)._lock:
            return

    async def _opened(self) -> aiosqlite.Connection:
        # The event loop and aiosqlite's thread both use it, but never at once: whoever waits for
        # the thread holds the lock.
        connection = await aiosqlite.connect(
            self.filename,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=STATEMENTS_KEPT,
            timeout=PATIENCE_S,
        )
        connection._conn.row_factory = sqlite3.Row
        for pragma, value in self.pragmas.items():
            await connection.execute_fetchall(f"PRAGMA {pragma}={value}")
        if self.writer is None:
            # BEGIN waits on its own, so that the event loop does not.
            await connection.execute_fetchall("PRAGMA busy_timeout=0")
        return connection

    async def close(self) -> None:
        await super().close()
        if self.writer:
            await self.writer.close()

    def _in_transaction(self) -> TransactionContext:
        return _Context(_Transaction(self), (self.writer or self)._lock)

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

    @translate_exceptions
    async def execute_script(self, query: str) -> None:
        async with self._in_transaction() as transaction:
            await transaction.execute_script(query)


def is_busy(error: sqlite3.Error) -> bool:
    """Tell whether another process has the file, so that it can be tried again."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _run(
    connection: sqlite3.Connection, query: str, values: list[Any] | None
) -> tuple[int, list[Any]]:
    cursor = connection.execute(query.replace("\x00", "'||CHAR(0)||'"), values or [])
    rows = cursor.fetchall()
    return max(cursor.rowcount, 0) or len(rows), rows


def _statements(script: str) -> Sequence[str]:
    """Take a script apart where a statement ends, which not every semicolon does."""
    statements, begun = [], ""
    for part in script.split(";"):
        begun += part + ";"
        if sqlite3.complete_statement(begun):
            statements.append(begun)
            begun = ""
    return statements


async def _to_the_end(work: Awaitable[None]) -> None:
    """Await something that must not be left half done; a cancellation is raised afterwards."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled:
        raise cancelled


client_class = WalClient
