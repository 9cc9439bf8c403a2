"""Tortoise's PostgreSQL client, on whose connections nobody leaves anything behind.

Loaded by its name where the rows are in PostgreSQL, so that a server on SQLite has no asyncpg in
memory (architecture.md 5).
"""

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
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


class PostgresClient(AsyncpgDBClient):
    """Keeps a pool of such connections."""

    connection_class = Lean

    async def create_connection(self, with_db: bool) -> None:
        """Connect. Raises DBConnectionError, or OSError, where that cannot be."""
        try:
            await super().create_connection(with_db)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise DBConnectionError(str(error)) from error


client_class = PostgresClient
