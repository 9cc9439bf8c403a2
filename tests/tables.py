"""Tables without rows, made once by each worker: migrating takes longer than most tests do."""

import asyncio
import os
import shutil
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from core.settings import Database, Settings, use
from rubric.migrating import migrate
from tests import postgres

NAME = f"rubric_tables_{os.getpid()}"


def in_sqlite(file: Path) -> str:
    """Put the tables into a file that is not there yet, and return its URL."""
    file.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_file(), file)
    return f"sqlite://{file}"


def in_postgres(name: str) -> str:
    """Make a database with the tables, and return its URL."""
    return postgres.create(name, template=_database())


def forget() -> None:
    """Leave nothing behind."""
    if _file.cache_info().currsize:
        shutil.rmtree(_file().parent)
        _file.cache_clear()
    if _database.cache_info().currsize:
        postgres.drop(NAME)
        _database.cache_clear()


@cache
def _file() -> Path:
    file = Path(tempfile.mkdtemp(prefix="rubric-tables-"), "rubric.db")
    _migrated(f"sqlite://{file}")
    return file


@cache
def _database() -> str:
    _migrated(postgres.create(NAME))
    return NAME


def _migrated(url: str) -> None:
    async def work() -> None:
        use(Settings(database=Database(url=url)))
        await migrate()

    # A thread knows nothing of the instance that is open here.
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work()).result()
