"""One process at a time: to serve an SQLite file, and to set up or upgrade any database."""

import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TextIO

from tortoise.connection import get_connection

from core.settings import Settings, SettingsError
from rubric.database import sqlite_file

SETTING_UP = 7_237_422  # the advisory lock that means "somebody changes Rubric's tables"


@contextmanager
def serving(chosen: Settings) -> Iterator[None]:
    """Be the only process that serves an SQLite file, or raise SettingsError (reliability.md 5).

    PostgreSQL takes any number of servers. Whoever dies leaves the place free.
    """
    file = sqlite_file(chosen)
    if file is None:
        yield
        return
    with _opened(file, "serving") as lock:
        if other := _taken(lock):
            raise SettingsError(f"{file}: another process serves it already (process {other})")
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def refuse_while_served(chosen: Settings) -> None:
    """Raise SettingsError when another process than this one serves an SQLite file."""
    file = sqlite_file(chosen)
    if file is None:
        return
    with _opened(file, "serving") as lock:
        other = _taken(lock)
    if other and other != str(os.getpid()):
        raise SettingsError(
            f"{file}: process {other}, of an older release, serves it; stop it before you upgrade"
        )


@asynccontextmanager
async def setting_up(chosen: Settings) -> AsyncIterator[None]:
    """Wait until nobody else sets this database up, and keep others from it.

    Call it when connected. It does not nest.
    """
    file = sqlite_file(chosen)
    if file is None:
        # The lock lives as long as this connection is taken out of the pool.
        async with get_connection("default").acquire_connection() as connection:
            await connection.execute("SET lock_timeout = 0")
            await connection.execute(f"SELECT pg_advisory_lock({SETTING_UP})")
            try:
                yield
            finally:
                await connection.execute(f"SELECT pg_advisory_unlock({SETTING_UP})")
                await connection.execute("RESET lock_timeout")
        return
    with _opened(file, "setting-up") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _opened(file: Path, purpose: str) -> TextIO:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Never removed: two processes must not hold locks on two files of one name.
    return open(f"{file}.{purpose}", "a+")


def _taken(lock: TextIO) -> str:
    """Take the lock, or return which process has it."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.seek(0)
        return lock.read().strip() or "unknown"
    return ""
