"""`rubric backup`: a consistent copy of database, media, settings and secret, while all goes on."""

import asyncio
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from core import sql
from core.clock import now
from core.lasting import keep_on_disk
from core.release import VERSION
from core.secret import secret_path
from core.settings import Settings
from core.storage import NotStored, Storage
from rubric import manifest
from rubric.database import sqlite_file
from rubric.dumps import dump, looked_into, trouble
from rubric.instance import place_for_files
from rubric.manifest import Manifest, Part, Stored
from rubric.migrating import APPLIED, snapshot
from rubric.people import Impossible
from rubric.unsaid import without_secrets

PART = ".part"


@dataclass
class Copied:
    """What became of the media: how many, their bytes, and how many went while it was made."""

    files: int = 0
    bytes: int = 0
    gone: int = 0


async def back_up(chosen: Settings, place: Path) -> str:
    """Make a backup in a folder of its own below `place`, and say what it holds.

    It has that name once it is whole. Raises Impossible and SettingsError.
    """
    file = sqlite_file(chosen)
    if file and not file.exists():
        raise Impossible(f"{file}: there is no database yet")
    moment = now()
    target = place / f"{moment:%Y-%m-%dT%H%M%SZ}"
    try:
        with _alone(place):
            part = target.with_name(target.name + PART)
            part.mkdir(mode=0o700)
            database, migration = await _copy_database(chosen, part)
            _copy_secret(part)
            said = await asyncio.to_thread(_copy_settings, chosen, part)
            copied = await _copy_media(chosen, part, manifest.whole(place))
            server = chosen.server
            _write_manifest(
                part,
                Manifest(
                    manifest.FORM,
                    VERSION,
                    migration,
                    server.domain,
                    server.account_domain,
                    server.base_url,
                    moment,
                    manifest.kind_of(chosen),
                    chosen.media.storage,
                    copied.files,
                    copied.bytes,
                    database,
                    await asyncio.to_thread(manifest.part, part / manifest.LIST),
                ),
            )
            part.rename(target)
            keep_on_disk(place)
    except trouble() as error:
        raise Impossible(f"the backup cannot be written: {error}") from error
    return "\n".join([str(target), *_told(chosen, copied), *said])


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Make the only backup that is being made there, and clear away what broke off."""
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (place / ".backing-up").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Impossible(f"{place}: another backup is being made there") from error
        for each in place.glob(f"[0-9]*{PART}"):
            shutil.rmtree(each)
        yield


async def _copy_database(chosen: Settings, part: Path) -> tuple[Part, str]:
    """Copy all rows as they were at one moment; return the copy and the newest migration."""
    copy = part / manifest.DATABASES[manifest.kind_of(chosen)]
    async with looked_into(chosen):
        applied = [row["name"] for row in await sql.rows(APPLIED)]
        if sqlite_file(chosen):
            await snapshot(copy)
    if not sqlite_file(chosen):
        await dump(chosen, copy)
    keep_on_disk(copy)
    return await asyncio.to_thread(manifest.part, copy), max(applied, default="")


def _copy_secret(part: Path) -> None:
    _write(part / manifest.SECRET, secret_path().read_bytes())


def _copy_settings(chosen: Settings, part: Path) -> list[str]:
    text = without_secrets(Path(chosen.file).read_text("utf-8-sig"))
    if text is None:
        return [f"not in it: {chosen.file}, for its secrets could not be told from the rest"]
    _write(part / manifest.CONFIG, text.encode())
    return []


async def _copy_media(chosen: Settings, part: Path, earlier: list[Path]) -> Copied:
    """List all files that are stored and, where they lie on a disk of ours, bring them along."""
    storage, copied = place_for_files(chosen), Copied()
    before = earlier[-1] / manifest.MEDIA if earlier else None
    with (part / manifest.LIST).open("xb") as lines:
        async for key, _ in storage.files():
            try:
                size = await _bring(storage, key, part / manifest.MEDIA, before)
            except (FileNotFoundError, NotStored):
                copied.gone += 1
                continue
            lines.write(msgspec.json.encode(Stored(key, size)) + b"\n")
            copied.files += 1
            copied.bytes += size
        lines.flush()
        os.fsync(lines.fileno())
    return copied


async def _bring(storage: Storage, key: str, media: Path, before: Path | None) -> int:
    lies = storage.path_of(key)
    if lies is None:
        return await storage.size(key)
    return await asyncio.to_thread(_link, lies, media / key, before / key if before else None)


def _link(lies: Path, target: Path, before: Path | None) -> int:
    """Give a file a second name; on another disk, that of an earlier backup, or copy it.

    Files are never changed where they lie, so both names hold the same for good.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    size = lies.stat().st_size
    for source in (lies, before):
        if source is None or (source == before and not _has(source, size)):
            continue
        try:
            os.link(source, target)
        except FileNotFoundError:
            raise
        except OSError:  # another disk, or one without second names
            continue
        return size
    shutil.copyfile(lies, target)
    keep_on_disk(target)
    return size


def _has(path: Path, size: int) -> bool:
    return path.exists() and path.stat().st_size == size


def _write_manifest(part: Path, written: Manifest) -> None:
    text = msgspec.json.format(msgspec.json.encode(written), indent=2)
    _write(part / manifest.NAME, text + b"\n")
    keep_on_disk(part)


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _told(chosen: Settings, copied: Copied) -> list[str]:
    lines = [f"media: {copied.files} files, {copied.bytes / 1_000_000:.1f} MB"]
    if chosen.media.storage == "s3":
        lines.append(f"the files themselves stay in the bucket {chosen.media.s3.bucket}: copy it")
    if copied.gone:
        lines.append(f"deleted while the backup was made, and not in it: {copied.gone} files")
    return lines
