"""Reading the tables of either database, and putting a row into each of them."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from core import sql

OURS = "tortoise_migrations"
# What the databases keep over the words of notes stands in the migration alone, no model says it.
WORDS = "note_words_index"

_POSTGRES_COLUMNS = (
    "SELECT column_name AS name, data_type AS type, is_nullable = 'NO' AS is_needed"
    " FROM information_schema.columns WHERE table_schema = 'public' AND table_name = ?"
    " ORDER BY column_name"
)
_POSTGRES_CONSTRAINTS = (
    "SELECT contype::text AS kind, pg_get_constraintdef(oid) AS text FROM pg_constraint"
    " WHERE conrelid = CAST(? AS regclass) AND contype <> 'n'"
)


async def tables() -> list[str]:
    """Name the tables, without the list of migrations."""
    if sql.is_postgres():
        found = await sql.rows(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        )
    else:
        found = await sql.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    return sorted(
        row["name"] for row in found if row["name"] != OURS and not row["name"].startswith(WORDS)
    )


async def schema() -> dict[str, Any]:
    """Describe each table: columns, keys and indexes, in no special order, without comments."""
    describe = _postgres_table if sql.is_postgres() else _sqlite_table
    return {table: await describe(table) for table in await tables()}


async def counts() -> dict[str, int]:
    """Count the rows of every table."""
    return {
        table: (await sql.rows(f'SELECT COUNT(*) AS n FROM "{table}"'))[0]["n"]  # noqa: S608
        for table in await tables()
    }


async def fill() -> None:
    """Put a row into every table; all keys are 1, so that every reference finds its row."""
    async with in_transaction():
        await sql.rows(
            "SET LOCAL session_replication_role = replica"
            if sql.is_postgres()
            else "PRAGMA defer_foreign_keys = ON"
        )
        for table in await tables():
            columns = [column for column in await _columns(table) if column["is_needed"]]
            names = ", ".join(f'"{column["name"]}"' for column in columns)
            values = [_something(column["type"]) for column in columns]
            await sql.rows(
                f'INSERT INTO "{table}" ({names}) VALUES ({sql.marks(values)})',  # noqa: S608
                values,
            )


async def _columns(table: str) -> list[dict[str, Any]]:
    if sql.is_postgres():
        return await sql.rows(_POSTGRES_COLUMNS, [table])
    return [
        {"name": row["name"], "type": row["type"], "is_needed": row["notnull"] or row["pk"]}
        for row in await sql.rows(f'PRAGMA table_info("{table}")')
    ]


def _something(kind: str) -> object:
    match kind.lower().partition("(")[0]:
        case "bigint" | "int" | "integer" | "smallint" | "real" | "double precision":
            return 1
        case "bool" | "boolean":
            return True
        case "timestamp" | "timestamptz" | "timestamp with time zone":
            return datetime.now(UTC) if sql.is_postgres() else datetime.now(UTC).isoformat(" ")
        case "json" | "jsonb":
            return "{}"
        case "blob" | "bytea":
            return b"1"
        case "text" | "varchar" | "character varying":
            return "1"
    raise AssertionError(f"a column of the kind {kind}")


async def _postgres_table(table: str) -> dict[str, Any]:
    return {
        "columns": await sql.rows(_POSTGRES_COLUMNS, [table]),
        "keys": _sorted(await sql.rows(_POSTGRES_CONSTRAINTS, [f'"{table}"'])),
        "indexes": _sorted(
            await sql.rows(
                # Those of keys are told above; what a key is called, the way back may change.
                "SELECT indexdef FROM pg_indexes WHERE tablename = ? AND indexname <> ?"
                " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
                [table, WORDS],
            )
        ),
    }


async def _sqlite_table(table: str) -> dict[str, Any]:
    listed = await sql.rows(f'PRAGMA index_list("{table}")')
    return {
        "columns": _sorted(await sql.rows(f'PRAGMA table_info("{table}")'), but="cid"),
        "keys": _sorted(await sql.rows(f'PRAGMA foreign_key_list("{table}")'), but="id"),
        "indexes": sorted([await _sqlite_index(row) for row in listed]),
        "counts_up": "AUTOINCREMENT" in await _sqlite_text(table),
    }


async def _sqlite_index(row: dict[str, Any]) -> tuple[Any, ...]:
    columns = await sql.rows(f'PRAGMA index_info("{row["name"]}")')
    condition = (await _sqlite_text(row["name"])).partition(" WHERE ")[2]
    return (row["unique"], [column["name"] for column in columns], condition)


async def _sqlite_text(name: str) -> str:
    found = await sql.rows("SELECT sql FROM sqlite_master WHERE name = ?", [name])
    return found[0]["sql"] or ""


def _sorted(rows: Iterable[dict[str, Any]], *, but: str = "") -> list[str]:
    return sorted(
        str(sorted((key, value) for key, value in row.items() if key != but)) for row in rows
    )
