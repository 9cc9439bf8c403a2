"""Changing tables of SQLite, which rebuilds them for it: their indexes come back afterwards."""

from typing import Any

from tortoise.fields import Field
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_editor.sqlite import SqliteSchemaEditor
from tortoise.models import Model

_NAMED = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?"


class Executor(MigrationExecutor):
    """Tortoise's, with an editor for SQLite that loses nothing."""

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        editor = super()._schema_editor(atomic, collect_sql)
        if isinstance(editor, SqliteSchemaEditor):
            return _Editor(self.connection, atomic=atomic, collect_sql=collect_sql)
        return editor


class _Editor(SqliteSchemaEditor):
    async def _remake_table(
        self,
        model: type[Model],
        create_field: Field[Any] | None = None,
        delete_field: Field[Any] | None = None,
        alter_fields: list[tuple[Field[Any], Field[Any]]] | None = None,
    ) -> None:
        """Rebuild a table, and make again what that drops: indexes, and what is unique."""
        table = model._meta.db_table
        before = await self._indexes(table)
        await super()._remake_table(model, create_field, delete_field, alter_fields)
        columns = await self._columns(f'PRAGMA table_info("{table}")')
        left = (await self._indexes(table)).keys()
        for covered, statement in before.items():
            if covered not in left and set(covered[0]) <= set(columns):
                await self._run_sql(statement)

    async def _indexes(self, table: str) -> dict[tuple[tuple[str, ...], str], str]:
        """Read the indexes of a table: columns and name, and how to make them.

        What one column says of itself is unique survives anyway; what several are has no name.
        """
        found = {}
        for row in await self._rows(f'PRAGMA index_list("{table}")'):
            columns = await self._columns(f'PRAGMA index_info("{row["name"]}")')
            if row["origin"] == "c":
                named = await self.client.execute_query_dict(_NAMED, [row["name"]])
                found[columns, row["name"]] = named[0]["sql"]
            elif row["origin"] == "u" and len(columns) > 1:
                listed = ", ".join(f'"{each}"' for each in columns)
                name = "_".join(("uid", table, *columns))
                found[columns, ""] = f'CREATE UNIQUE INDEX "{name}" ON "{table}" ({listed})'
        return found

    async def _columns(self, pragma: str) -> tuple[str, ...]:
        return tuple(row["name"] for row in await self._rows(pragma))

    async def _rows(self, statement: str) -> list[dict[str, Any]]:
        return await self.client.execute_query_dict(statement)
