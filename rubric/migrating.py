"""Bringing the tables of a database to this release; and writing the next change of them."""

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.migrations.api import migrate as run_migrations
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.loader import MigrationLoader
from tortoise.migrations.recorder import MigrationRecorder

from core.settings import SettingsError, settings
from rubric.database import config, sqlite_file

ONE_AT_A_TIME = 7_237_422  # the advisory lock that means "somebody migrates Rubric's tables"


async def migrate(target: str | None = None) -> list[str]:
    """Apply what is missing and return its names; SQLite is copied aside first when it has rows.

    Raises SettingsError when the database was written by a newer release.
    """
    # Tortoise rebuilds SQLite tables on some changes, which would cascade into their children.
    chosen = config(settings(), foreign_keys=False)
    with _alone():
        context = await Tortoise.init(config=chosen)
        try:
            await _lock_postgres()
            missing = await _missing(chosen)
            if missing or target:
                await _copy_aside()
                await run_migrations(config=chosen, target=target)
                await _check_references()
            return missing
        finally:
            await context.close_connections()
            await Tortoise.close_connections()


async def write_migration() -> list[str]:
    """Compare the models with the migrations, and write the difference as a new file."""
    chosen = config(settings())
    context = await Tortoise.init(config=chosen, init_connections=False)
    try:
        apps = context.apps
        if apps is None:
            raise SettingsError("the models could not be read")
        for model in apps["rubric"].values():
            # Tortoise takes docstrings for comments in SQL, and stumbles over their semicolons.
            model._meta.table_description = ""
        writers = await MigrationAutodetector(apps, chosen["apps"]).changes()
        return [str(writer.write()) for writer in writers]
    finally:
        await context.close_connections()


async def _missing(chosen: dict[str, dict[str, Any]]) -> list[str]:
    connection = get_connection("default")
    loader = MigrationLoader(chosen["apps"], MigrationRecorder(connection), load=False)
    await loader.build_graph()
    applied = {key.name for key in await MigrationRecorder(connection).applied_migrations()}
    known = {key.name for key in loader.disk_migrations}
    if unknown := sorted(applied - known):
        raise SettingsError(
            f"this database was written by a newer release (it has {', '.join(unknown)});"
            " install that release, or restore the backup made before the upgrade"
        )
    return sorted(known - applied)


@contextmanager
def _alone() -> Iterator[None]:
    """Let one process of this machine migrate an SQLite file at a time."""
    file = sqlite_file(settings())
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{file}.migrating", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


async def _lock_postgres() -> None:
    if sqlite_file(settings()) is None:
        statement = f"SELECT pg_advisory_lock({ONE_AT_A_TIME})"
        await get_connection("default").execute_query(statement)


async def _copy_aside() -> None:
    """Keep a copy of an SQLite file that has been used, beside it (reliability.md 7)."""
    file = sqlite_file(settings())
    if file is None or not file.exists() or file.stat().st_size < 20_000:
        return
    copy = Path(f"{file}.before-upgrade")
    await asyncio.to_thread(copy.unlink, missing_ok=True)
    await get_connection("default").execute_query(f"VACUUM INTO '{copy}'")


async def _check_references() -> None:
    if sqlite_file(settings()) is None:
        return
    broken = await get_connection("default").execute_query_dict("PRAGMA foreign_key_check")
    if broken:
        raise SettingsError(f"after the upgrade {len(broken)} rows point nowhere; restore the copy")
