"""`rubric restore`: a backup put where the settings say, once it is known to be good."""

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from core import sql
from core.clock import now
from core.secret import secret_path
from core.settings import Settings
from core.storage import NotStored, Storage, StorageTrouble
from rubric import dumps, manifest
from rubric.alone import serving
from rubric.backup_checks import (
    BATCH,
    KEYS,
    Problems,
    check,
    key_problems,
    refuse_another,
    secret_of,
)
from rubric.database import sqlite_file
from rubric.instance import place_for_files
from rubric.manifest import Manifest
from rubric.people import Impossible

# What was counted after the backup was made is not counted again: apps remember such numbers.
LEAP = 1_000_000
HAS_TABLES = "SELECT count(*) AS n FROM pg_tables WHERE schemaname = current_schema()"
COUNTED = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
LEAP_POSTGRES = f"""
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, COALESCE(last_value, 0) + {LEAP})
FROM pg_sequences WHERE schemaname = current_schema()
"""  # noqa: S608  a number of ours


async def verify(chosen: Settings, folder: Path) -> str:
    """Look whether a backup is whole and of this server. Raises Impossible if it is not."""
    written = manifest.read(folder)
    refuse_another(written, chosen)
    await _checked(written, chosen, folder)
    return _told(written, "good")


async def _checked(written: Manifest, chosen: Settings, folder: Path) -> None:
    try:
        await check(written, chosen, folder)
    except (OSError, StorageTrouble) as error:
        raise Impossible(f"the backup cannot be looked at: {error}") from error


async def restore(chosen: Settings, folder: Path) -> str:
    """Put a good backup into an empty place, the database last: without it nothing is served.

    Raises Impossible and SettingsError; a second try goes on with what was restored by then.
    """
    written = manifest.read(folder)
    refuse_another(written, chosen)
    if written.at > now():
        raise Impossible(
            f"the clock is before {written.at:%Y-%m-%d %H:%M}, when the backup was made: ids are"
            " made of the time, and would come twice; set the clock"
        )
    try:
        with serving(chosen):
            await _refuse_taken(chosen, folder)
            await _checked(written, chosen, folder)
            if written.storage == "local":
                await _put_media(place_for_files(chosen), folder)
            _put_secret(folder)
            await _put_database(written, chosen, folder)
    except dumps.trouble() as error:
        raise Impossible(f"it cannot be restored: {error}") from error
    return _told(written, "restored")


async def _refuse_taken(chosen: Settings, folder: Path) -> None:
    """Raise Impossible where something lies that would be lost."""
    if file := sqlite_file(chosen):
        for each in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            if each.exists():
                raise Impossible(f"{each}: there is a database already; move it away first")
    else:
        async with dumps.looked_into(chosen):
            if (await sql.rows(HAS_TABLES))[0]["n"]:
                raise Impossible("database.url: there are tables already; name an empty database")
    place, secret = secret_path(), secret_of(folder)
    if place.exists() and place.read_bytes().strip() != secret.read_bytes().strip():
        raise Impossible(f"{place}: there is another secret already; move it away first")


async def _put_media(storage: Storage, folder: Path) -> None:
    """Store what is not stored yet; each is known by what it holds once more."""
    for each in manifest.listed(folder):
        try:
            if await storage.size(each.key) == each.size:
                continue
        except NotStored:
            pass
        suffix = each.key.rpartition(".")[2]
        if await storage.save_file(folder / manifest.MEDIA / each.key, suffix) != each.key:
            raise Impossible(f"{each.key} has changed while it was restored")


def _put_secret(folder: Path) -> None:
    place, secret = secret_path(), secret_of(folder)
    if place.exists():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secret.read_bytes())
        file.flush()
        os.fsync(file.fileno())


async def _put_database(written: Manifest, chosen: Settings, folder: Path) -> None:
    copy = folder / written.database.file
    if file := sqlite_file(chosen):
        await asyncio.to_thread(_put_file, copy, file)
        return
    await dumps.fill(chosen, copy)
    async with dumps.looked_into(chosen):
        await sql.rows(LEAP_POSTGRES)
        await _check_keys_in_place(chosen, folder)


def _put_file(copy: Path, file: Path) -> None:
    """Let a file appear whole under its name."""
    begun = Path(f"{file}.restoring")
    shutil.copyfile(copy, begun)
    with closing(sqlite3.connect(begun)) as connection:
        names = [row[0] for row in connection.execute(COUNTED)]
        for name in names:
            leap = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = ?"
            if not connection.execute(leap, (LEAP, name)).rowcount:
                connection.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (name, LEAP))
        connection.commit()
    for each in (begun, begun.parent):
        opened = os.open(each, os.O_RDONLY)
        os.fsync(opened)
        os.close(opened)
    begun.rename(file)


async def _check_keys_in_place(chosen: Settings, folder: Path) -> None:
    """Look at the keys of a PostgreSQL, which cannot be looked at within the dump."""
    problems, after, secret = Problems(), 0, secret_of(folder)
    while rows := await sql.rows(KEYS, [after, BATCH]):
        after = rows[-1]["id"]
        problems.add(*await asyncio.to_thread(key_problems, rows, chosen, secret))
    problems.settle(folder)


def _told(written: Manifest, word: str) -> str:
    media = f"{written.files} files, {written.bytes / 1_000_000:.1f} MB"
    where = "" if written.storage == "local" else ", in their bucket"
    return f"{word}: {written.domain} as of {written.at:%Y-%m-%d %H:%M} UTC; media: {media}{where}"
