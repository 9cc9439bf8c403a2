"""A connection to PostgreSQL on which nobody leaves anything behind."""

import asyncpg


class Lean(asyncpg.Connection):  # type: ignore[misc]  # asyncpg carries no types
    """Goes back to the pool without four statements that undo what we never do.

    No statement of ours sets anything, listens, or holds a lock beyond its transaction; the one
    that does, when tables are set up, takes it back itself. An open transaction is rolled back
    all the same.
    """

    def get_reset_query(self) -> str:
        """Say nothing when a connection is given back."""
        return ""
