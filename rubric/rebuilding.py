"""Applying migrations: SQLite's rebuilt tables keep their indexes; models are made when needed."""

from collections.abc import Iterable
from typing import Any

from tortoise.fields import Field
from tortoise.fields.relational import ForeignKeyFieldInstance, ManyToManyFieldInstance
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.graph import MigrationKey
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_editor.sqlite import SqliteSchemaEditor
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps
from tortoise.models import Model

_NAMED = "SELECT sql FROM sqlite_master WHERE type = 'index' AND name = ?"


class Executor(MigrationExecutor):
    """Tortoise's, with an editor for SQLite that loses nothing, and with less to compute."""

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        editor = super()._schema_editor(atomic, collect_sql)
        if isinstance(editor, SqliteSchemaEditor):
            return _Editor(self.connection, atomic=atomic, collect_sql=collect_sql)
        return editor

    async def _project_state(
        self, applied: set[MigrationKey], *, upto: MigrationKey | None = None
    ) -> State:
        before = await self._project_state_cache(applied)
        return before[upto] if upto else self._latest

    async def _project_state_cache(self, applied: set[MigrationKey]) -> dict[MigrationKey, State]:
        """Remember the tables as they are before each migration that is applied."""
        self._latest: State = _State({}, _Apps({}))
        before = {}
        for key in self._full_plan():
            if key in applied:
                before[key] = self._latest.clone()
                if migration := self.loader.graph.nodes[key]:
                    await migration.apply(self._latest, dry_run=True)
        return before


class _Apps(StateApps):
    """The models of one state, each made when it is asked for, with those it refers to."""

    def __init__(self, states: dict[tuple[str, str], ModelState]) -> None:
        super().__init__({app: "default" for app, _ in states})
        self._states = states

    def get_model(self, app_label: str, model_name: str | None = None) -> type[Model]:
        key = (app_label, model_name) if model_name else self.split_reference(app_label)
        if key[1] not in self.apps.get(key[0], {}):
            self._make(key)
            self._init_relations()
            self._build_initial_querysets()
        return super().get_model(*key)

    def _make(self, key: tuple[str, str]) -> None:
        if key not in self._states or key[1] in self.apps.get(key[0], {}):
            return
        self.register_model(key[0], self._states[key].render(self))
        for field in self._states[key].fields.values():
            if isinstance(field, ForeignKeyFieldInstance | ManyToManyFieldInstance):
                self._make(self.split_reference(field.model_name))


class _State(State):
    """What the tables are: Tortoise's makes nearly all models anew, twice, for every step."""

    def reload_model(self, app_label: str, model_name: str) -> None:
        self.apps = _Apps(self.models)

    def reload_models(self, model_tuples: Iterable[tuple[str, str]]) -> None:
        self.apps = _Apps(self.models)

    def clone(self) -> State:
        models = {key: model.clone() for key, model in self.models.items()}
        return _State(models, _Apps(models))


class _Editor(SqliteSchemaEditor):
    async def remove_field(self, model: type[Model], field: Field[Any]) -> None:
        """Remove a column; a reference is two fields of its model, and Tortoise's leaves one."""
        fields, key = model._meta.fields_map, field.source_field or ""
        beside = fields.get(key) if isinstance(field, ForeignKeyFieldInstance) else None
        if beside is not None:
            fields.pop(key)
        try:
            await super().remove_field(model, field)
        finally:
            if beside is not None:
                fields[key] = beside

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
            if alter_fields and not covered[1] and len(covered[0]) == 1:
                # That one column is unique is what may just have been altered.
                continue
            if covered not in left and set(covered[0]) <= set(columns):
                await self._run_sql(statement)

    async def _indexes(self, table: str) -> dict[tuple[tuple[str, ...], str], str]:
        """Read the indexes of a table: columns and name, and how to make them.

        What has to be unique has no name there; where it survives, it is not made again.
        """
        found = {}
        for row in await self._rows(f'PRAGMA index_list("{table}")'):
            columns = await self._columns(f'PRAGMA index_info("{row["name"]}")')
            if row["origin"] == "c":
                named = await self.client.execute_query_dict(_NAMED, [row["name"]])
                found[columns, row["name"]] = named[0]["sql"]
            elif row["origin"] == "u":
                listed = ", ".join(f'"{each}"' for each in columns)
                name = "_".join(("uid", table, *columns))
                found[columns, ""] = f'CREATE UNIQUE INDEX "{name}" ON "{table}" ({listed})'
        return found

    async def _columns(self, pragma: str) -> tuple[str, ...]:
        return tuple(row["name"] for row in await self._rows(pragma))

    async def _rows(self, statement: str) -> list[dict[str, Any]]:
        return await self.client.execute_query_dict(statement)
