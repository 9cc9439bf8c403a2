"""PostgreSQL's own programs for copies of a database: pg_dump and pg_restore."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url

from core import sql
from core.settings import Settings
from core.storage import NotStored, StorageTrouble
from rubric.database import MODELS, config
from rubric.people import Impossible

NAMES = {
    "PGHOST": "host",
    "PGPORT": "port",
    "PGUSER": "user",
    "PGPASSWORD": "password",
    "PGDATABASE": "database",
}


@asynccontextmanager
async def looked_into(chosen: Settings) -> AsyncIterator[None]:
    """Open a database as it is, of whichever release, for statements written by hand."""
    context = await Tortoise.init(config=config(chosen, MODELS[:1], is_migrating=True))
    try:
        yield
    finally:
        await context.close_connections()


def trouble() -> tuple[type[BaseException], ...]:
    """Say what is raised when database, disk or bucket do not do what they are asked."""
    return *sql.trouble(), StorageTrouble, NotStored


async def dump(chosen: Settings, file: Path) -> None:
    """Write a consistent copy of a PostgreSQL. Raises Impossible when pg_dump is missing, fails."""
    await _run(
        "pg_dump", _surroundings(chosen), "--format=custom", "--no-password", f"--file={file}"
    )


async def check(file: Path) -> None:
    """Read what a dump says it holds. Raises Impossible."""
    await _run("pg_restore", {}, "--list", str(file))


async def fill(chosen: Settings, file: Path) -> None:
    """Put a dump into an empty database, all or nothing. Raises Impossible."""
    surroundings = _surroundings(chosen)
    whole = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    name = f"--dbname={surroundings['PGDATABASE']}"
    await _run("pg_restore", surroundings, *whole, "--no-password", name, str(file))


def _surroundings(chosen: Settings) -> dict[str, str]:
    """Say where the database is; not as arguments, which every process can read."""
    url = chosen.database.url
    given = dict(expand_db_url("asyncpg" + url[url.index(":") :]))["credentials"]
    said = {name: str(given[key]) for name, key in NAMES.items() if given.get(key)}
    return said | ({"PGSSLMODE": "require"} if given.get("ssl") else {})


async def _run(name: str, surroundings: Mapping[str, str], *arguments: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise Impossible(
            f"{name} is not installed: it comes with PostgreSQL's client programs (on Debian the"
            " package postgresql-client), of the release of the server or a newer one"
        )
    process = await asyncio.create_subprocess_exec(
        program,
        *arguments,
        env=os.environ | surroundings,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    said = (await process.communicate())[1].decode(errors="replace").strip()
    if process.returncode:
        raise Impossible(f"{name} failed: {said[-1000:]}")
