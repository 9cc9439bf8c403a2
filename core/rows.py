"""Rows as models for the hot roads: what Tortoise's query builder makes anew each time stands here.

Building the text of a SELECT with forty columns costs a millisecond, reading its row a twentieth.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

import msgspec
from tortoise.fields import BooleanField, DatetimeField, Field, JSONField
from tortoise.models import Model

from core import sql

M = TypeVar("M", bound=Model)


async def load(model: type[M], condition: str, values: Sequence[Any] = ()) -> list[M]:
    """Read whole rows; the condition is SQL of ours after WHERE, with `?` for each value."""
    found = await sql.rows(f"{_select(model)} WHERE {condition}", values)
    return [_made(model, row) for row in found]


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


async def load_locked(model: type[M], number: int) -> M | None:
    """Read the row of an id, which nobody changes before the caller's transaction ends."""
    lock = " FOR UPDATE" if sql.is_postgres() else ""  # SQLite has one writer at a time
    found = await load(model, f"id = ?{lock}", [number])
    return found[0] if found else None


async def exists(table: str, condition: str, values: Sequence[Any]) -> bool:
    """Tell whether there is such a row; table and condition are SQL of ours."""
    return bool(await sql.rows(f'SELECT 1 AS one FROM "{table}" WHERE {condition} LIMIT 1', values))  # noqa: S608


async def insert(model: type[M], values: Mapping[str, Any]) -> M | None:
    """Write a row and return it; None when there is one already where only one may be.

    What is not given has its default.
    """
    plan = _insert(model)
    row = {**plan.blank, **values}
    for name, make in plan.making:
        if name not in values:
            row[name] = make()
    encoded = [row[name] for name in plan.names]
    for place in plan.written:
        encoded[place] = _written(encoded[place])
    return _made(model, row) if await sql.rows(plan.statement, encoded) else None


async def insert_all(model: type[M], made: Sequence[M]) -> None:
    """Write models that no row is of yet, with one statement. Raises IntegrityError."""
    plan = _insert(model)
    encoded = [[getattr(each, name) for name in plan.names] for each in made]
    for row in encoded:
        for place in plan.written:
            row[place] = _written(row[place])
    if encoded:
        await sql.run_many(plan.plain, encoded)
    for each in made:
        each._saved_in_db = True


async def set_columns(model: type[Model], number: int, values: Mapping[str, Any]) -> None:
    """Write some columns of the row of an id; none of them is kept as JSON."""
    columns = model._meta.fields_db_projection
    written = ", ".join(f'"{columns[name]}" = ?' for name in values)
    statement = f'UPDATE "{model._meta.db_table}" SET {written} WHERE id = ?'  # noqa: S608
    await sql.rows(statement, [*values.values(), number])


class _Plan(NamedTuple):
    basis: dict[str, Any]
    """What Tortoise keeps in every model that stands in the database."""
    readers: list[tuple[str, Callable[[Any], Any]]]
    """The columns that a database gives otherwise than we want them, and what reads them."""


def _made(model: type[M], row: Mapping[str, Any]) -> M:
    """Make a model of a row as Tortoise does, without its detours: rows take half the time."""
    plan = _plan(model)
    made = model.__new__(model)
    values = made.__dict__
    values.update(plan.basis, _await_when_save={}, **row)
    for name, read in plan.readers:
        if (value := values[name]) is not None:
            values[name] = read(value)
    return made


@cache
def _plan(model: type[Model]) -> _Plan:
    meta = model._meta
    is_ours = meta.db_pk_column not in meta.generated_db_fields
    basis = {"_partial": False, "_saved_in_db": True, "_custom_generated_pk": is_ours}
    fields = ((name, meta.fields_map[name]) for name in meta.fields_db_projection)
    found = ((name, _reader(field)) for name, field in fields)
    return _Plan(basis, [(name, read) for name, read in found if read])


def _reader(field: Field[Any]) -> Callable[[Any], Any] | None:
    if isinstance(field, DatetimeField):
        return _moment
    if isinstance(field, JSONField):
        return _decoded
    if isinstance(field, BooleanField):
        return bool
    if enum := getattr(field, "enum_type", None):
        return {each.value: each for each in enum}.__getitem__
    is_plain = type(field).to_python_value is Field.to_python_value
    return None if is_plain else field.to_python_value


def _moment(value: str | datetime) -> datetime:
    read = datetime.fromisoformat(value) if isinstance(value, str) else value
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def _decoded(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, str | bytes) else value


class _Insert(NamedTuple):
    statement: str
    plain: str
    """The same for many rows at a time, of which each has to be new."""
    names: list[str]
    blank: dict[str, Any]
    """The defaults that are the same for every row, in the order of the columns."""
    making: list[tuple[str, Callable[[], Any]]]
    """What has its default made anew for each row."""
    written: list[int]
    """The places of what is kept as JSON."""


@cache
def _insert(model: type[Model]) -> _Insert:
    fields = [(name, model._meta.fields_map[name]) for name in model._meta.fields_db_projection]
    names = ", ".join(f'"{model._meta.fields_db_projection[name]}"' for name, _ in fields)
    plain = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({sql.marks(fields)})'  # noqa: S608
    return _Insert(
        f'{plain} ON CONFLICT DO NOTHING RETURNING "{model._meta.db_pk_column}"',
        plain,
        [name for name, _ in fields],
        {name: None if callable(field.default) else field.default for name, field in fields},
        [(name, field.default) for name, field in fields if callable(field.default)],
        [place for place, (_, field) in enumerate(fields) if isinstance(field, JSONField)],
    )


def _written(value: Any) -> str | None:
    return None if value is None else msgspec.json.encode(value).decode()


@cache
def _select(model: type[Model]) -> str:
    named = model._meta.fields_db_projection.items()
    columns = ", ".join(f'"{column}" AS "{name}"' for name, column in named)
    return f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608  names of our own
