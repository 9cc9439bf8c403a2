"""Bringing the tables of a database to this release; and writing the next change of them."""

import asyncio
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationTarget
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.writer import MigrationWriter
from tortoise.models import Model
from tortoise.transactions import in_transaction

from core import sql
from core.settings import Settings, SettingsError, settings
from rubric import migrations
from rubric.alone import refuse_while_served, setting_up
from rubric.database import MODELS, config, sqlite_file
from rubric.rebuilding import Executor

LATEST = "__latest__"
APPLIED = "SELECT name FROM tortoise_migrations WHERE app = 'rubric'"


async def migrate(target: str = LATEST) -> list[str]:
    """Apply what is missing, all or nothing, and return its names; or go back to `target`.

    An SQLite file that is in use is copied aside first. Raises SettingsError when a newer release
    wrote the database, or when a process of an older one still serves it.
    """
    chosen = settings()
    if target == LATEST and await _is_of_this_release(chosen):
        return []
    # Tortoise rebuilds SQLite tables on some changes, which would cascade into their children.
    written = config(chosen, is_migrating=True)
    context = await Tortoise.init(config=written)
    try:
        await _reach(chosen)
        async with setting_up(chosen):
            return await _migrate(chosen, written["apps"], target)
    finally:
        await context.close_connections()


async def _reach(chosen: Settings) -> None:
    """Open the database. Raises SettingsError with what its driver says."""
    try:
        if file := sqlite_file(chosen):
            file.parent.mkdir(parents=True, exist_ok=True)
        await sql.rows("SELECT 1 AS one")
    except (OSError, BaseORMException) as error:
        raise SettingsError(f"database.url: the database cannot be opened: {error}") from error


async def _is_of_this_release(chosen: Settings) -> bool:
    """Tell whether there is nothing to apply, by one question: to read all models is most of what
    an opening takes."""
    file = sqlite_file(chosen)
    if file and not file.exists():
        return False
    context = await Tortoise.init(config=config(chosen, MODELS[:1], is_migrating=True))
    try:
        # One transaction applied them, so who sees all their names sees all they did.
        return {row["name"] for row in await sql.rows(APPLIED)} == _known()
    except (OSError, BaseORMException):
        return False  # nobody set it up yet; or it is out of reach, which is said by who goes on
    finally:
        await context.close_connections()


async def _migrate(chosen: Settings, apps: dict[str, Any], target: str) -> list[str]:
    executor = Executor(get_connection("default"), apps)
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    applied, known = await _applied(), _known()
    if unknown := sorted(applied - known):
        raise SettingsError(
            f"this database was written by a newer release (it has {', '.join(unknown)});"
            " install that release, or restore the backup made before the upgrade"
        )
    missing = sorted(known - applied)
    if missing or target != LATEST:
        refuse_while_served(chosen)
        if applied:
            await _copy_aside(chosen)
        async with in_transaction():
            # What is applied and the note that it was are one step, whenever the power fails. Only
            # in here is it sure what is missing: nobody else writes, and we read the newest.
            missing = sorted(known - await _applied())
            executor = Executor(get_connection("default"), apps)
            await executor.migrate([MigrationTarget("rubric", target)])
            await _check_references(chosen)
    return missing


async def snapshot(copy: Path) -> None:
    """Write all rows of the SQLite that is open, as they are at one moment, into a new file."""
    quoted = str(copy).replace("'", "''")
    await sql.rows(f"VACUUM INTO '{quoted}'")


async def differences() -> list[MigrationWriter]:
    """Compare the models with the migrations; each answer can write itself as a new file."""
    chosen = config(settings())
    context = await Tortoise.init(config=chosen, init_connections=False)
    try:
        apps = context.apps
        if apps is None:
            raise SettingsError("the models could not be read")
        for model in apps["rubric"].values():
            _leave_out_words(model)
        return list(await MigrationAutodetector(apps, chosen["apps"]).changes())
    finally:
        await context.close_connections()


async def write_migration() -> list[str]:
    """Write what `differences` finds into the folder of migrations."""
    return [str(writer.write()) for writer in await differences()]


def _leave_out_words(model: type[Model]) -> None:
    """Have migrations hold what a table is, not what is said about it.

    Tortoise takes docstrings for comments in SQL, and stumbles over their semicolons; it also lists
    an enum's words in a comment, so that a new word would rebuild the whole table on SQLite.
    """
    model._meta.table_description = ""
    for field in model._meta.fields_map.values():
        if field.description:
            field.description = ""
    key = model._meta.pk
    if not key.generated:
        # Tortoise forgets to write this, and takes such a key for one the database counts up.
        path, arguments, named = key.deconstruct()
        whole = (path, arguments, named | {"generated": False})
        key.deconstruct = lambda: whole  # type: ignore[method-assign]


async def _applied() -> set[str]:
    keys = await MigrationRecorder(get_connection("default")).applied_migrations()
    return {key.name for key in keys}


def _known() -> set[str]:
    """Name the migrations of this release; what they do is read when it has to be done."""
    return {each.name for each in iter_modules(migrations.__path__)}


async def _copy_aside(chosen: Settings) -> None:
    """Keep a copy of an SQLite file beside it (reliability.md 7)."""
    file = sqlite_file(chosen)
    if file is None:
        return
    copy = Path(f"{file}.before-upgrade")
    await asyncio.to_thread(copy.unlink, missing_ok=True)
    await snapshot(copy)


async def _check_references(chosen: Settings) -> None:
    if sqlite_file(chosen) is None:
        return
    if broken := await sql.rows("PRAGMA foreign_key_check"):
        raise SettingsError(f"after the upgrade {len(broken)} rows would point nowhere")
