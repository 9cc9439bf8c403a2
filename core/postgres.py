"""Tortoise's PostgreSQL client, on whose connections nobody leaves anything behind.

Loaded by its name where the rows are in PostgreSQL, so that a server on SQLite has no asyncpg in
memory (architecture.md 5).
"""

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient


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


client_class = PostgresClient
