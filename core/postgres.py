"""Tortoise's PostgreSQL client, on whose connections nobody leaves anything behind.

Loaded by its name where the rows are in PostgreSQL, so that a server on SQLite has no asyncpg in
memory (architecture.md 5).
"""

from typing import Any

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import TransactionContext, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError


class Lean(asyncpg.Connection):  # type: ignore[misc]  # asyncpg carries no types
    """Goes back to the pool without four statements that undo what we never do.

    No statement of ours sets anything, listens, or holds a lock beyond its transaction; the one
    that does, when tables are set up, takes it back itself. An open transaction is rolled back
    all the same.
    """

    def get_reset_query(self) -> str:
        """Say nothing when a connection is given back."""
        return ""


class _Context(TransactionContextPooled):
    """Gives back the connection, and to the task the one it had, whatever happens.

    Tortoise's own keeps both where a transaction cannot begin, as on a connection that was cut: a
    task that lives on, as those that work do, would ask the dead connection for ever.
    """

    async def __aenter__(self) -> Any:
        await self.ensure_connection()
        pool: Any = self.client._parent._pool
        self.client._connection = await pool.acquire()
        try:
            await self.client.begin()
        except BaseException:
            self.client._connection.terminate()  # who knows what it is at
            await pool.release(self.client._connection)
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        get_connections().reset(self.token)
        pool: Any = self.client._parent._pool
        try:
            if not self.client._finalized:
                await (self.client.rollback() if exc_type else self.client.commit())
        finally:
            if pool:
                await pool.release(self.client._connection)


class PostgresClient(AsyncpgDBClient):
    """Keeps a pool of such connections."""

    connection_class = Lean

    async def create_connection(self, with_db: bool) -> None:
        """Connect. Raises DBConnectionError, or OSError, where that cannot be."""
        try:
            await super().create_connection(with_db)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DBConnectionError(str(error)) from error

    def _in_transaction(self) -> TransactionContext:
        return _Context(TransactionWrapper(self), self._pool_init_lock)


client_class = PostgresClient
