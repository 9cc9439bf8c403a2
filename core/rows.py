"""Rows as models for the hot roads: what Tortoise's query builder makes anew each time stands here.

Building the text of a SELECT with forty columns costs a millisecond, reading its row a twentieth.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from tortoise.fields import JSONField
from tortoise.models import Model

from core import sql

M = TypeVar("M", bound=Model)


async def load(model: type[M], condition: str, values: Sequence[Any] = ()) -> list[M]:
    """Read whole rows; the condition is SQL of ours after WHERE, with `?` for each value."""
    found = await sql.rows(f"{_select(model)} WHERE {condition}", values)
    return [model._init_from_db(**row) for row in found]


async def load_one(model: type[M], condition: str, values: Sequence[Any] = ()) -> M | None:
    """Read the first row, or None."""
    found = await load(model, f"{condition} LIMIT 1", values)
    return found[0] if found else None


async def load_ids(model: type[M], ids: Iterable[int | None]) -> dict[int, M]:
    """Read rows by their ids, each once."""
    wanted = sorted({each for each in ids if each is not None})
    if not wanted:
        return {}
    found = await load(model, f"id IN ({sql.marks(wanted)})", wanted)
    return {row.pk: row for row in found}


async def exists(table: str, condition: str, values: Sequence[Any]) -> bool:
    """Tell whether there is such a row; table and condition are SQL of ours."""
    return bool(await sql.rows(f'SELECT 1 AS one FROM "{table}" WHERE {condition} LIMIT 1', values))  # noqa: S608


async def insert(model: type[M], values: Mapping[str, Any]) -> M | None:
    """Write a row and return it; None when there is one already where only one may be.

    What is not given has its default.
    """
    plan = _insert(model)
    row = {name: default() if callable(default) else default for name, default in plan.defaults}
    row |= values
    encoded = [encode(row[name]) if encode else row[name] for name, encode in plan.columns]
    return model._init_from_db(**row) if await sql.rows(plan.statement, encoded) else None


class _Insert(NamedTuple):
    statement: str
    defaults: list[tuple[str, Any]]
    columns: list[tuple[str, Callable[[Any], Any] | None]]


@cache
def _insert(model: type[Model]) -> _Insert:
    fields = [(name, model._meta.fields_map[name]) for name in model._meta.fields_db_projection]
    names = ", ".join(f'"{model._meta.fields_db_projection[name]}"' for name, _ in fields)
    return _Insert(
        f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({sql.marks(fields)})'  # noqa: S608
        f' ON CONFLICT DO NOTHING RETURNING "{model._meta.db_pk_column}"',
        [(name, field.default) for name, field in fields],
        [(name, _written if isinstance(field, JSONField) else None) for name, field in fields],
    )


def _written(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


@cache
def _select(model: type[Model]) -> str:
    columns = ", ".join(f'"{column}"' for column in model._meta.fields_db_projection.values())
    return f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608  names of our own
