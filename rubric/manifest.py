"""What a backup holds, as its manifest says: written last, read first."""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec

from core.settings import Settings
from rubric.people import Impossible

FORM = 1
NAME = "manifest.json"
LIST = "media.jsonl"
MEDIA = "media"
SECRET = "secret"  # noqa: S105  the name of a file
CONFIG = "config.toml"
DATABASES = {"sqlite": "rubric.db", "postgres": "rubric.dump"}


class Part(msgspec.Struct, frozen=True):
    """A file of a backup: its name there, its size in bytes and its SHA-256 in hexadecimal."""

    file: str
    size: int
    sha256: str


class Stored(msgspec.Struct, frozen=True):
    """A line of the list of media; the key names the SHA-256 of what the file holds."""

    key: str
    size: int


class Manifest(msgspec.Struct, frozen=True):
    """All that is known of a backup; `list` names its media, which lie beside it if `local`."""

    form: int
    version: str
    migration: str
    domain: str
    account_domain: str
    base_url: str
    at: datetime
    kind: Literal["sqlite", "postgres"]
    storage: Literal["local", "s3"]
    files: int
    bytes: int
    database: Part
    list: Part


def kind_of(chosen: Settings) -> Literal["sqlite", "postgres"]:
    """Tell which database these settings name."""
    return "sqlite" if chosen.database.url.startswith("sqlite:") else "postgres"


def read(folder: Path) -> Manifest:
    """Read the manifest of a backup. Raises Impossible where there is none, or another's."""
    file = folder / NAME
    try:
        manifest = msgspec.json.decode(file.read_bytes(), type=Manifest)
    except OSError as error:
        newest = next(iter(whole(folder)[::-1]), None)
        hint = f"; the newest one in it is {newest}" if newest else ""
        raise Impossible(f"{folder} is no whole backup, for it has no {NAME}{hint}") from error
    except msgspec.DecodeError as error:
        raise Impossible(f"{file} is damaged: {error}") from error
    if manifest.form != FORM:
        raise Impossible(f"{file}: this release does not read backups of form {manifest.form}")
    if manifest.database.file != DATABASES[manifest.kind] or manifest.list.file != LIST:
        raise Impossible(f"{file} is damaged: it names other files than a backup has")
    return manifest


def whole(place: Path) -> list[Path]:
    """Find the whole backups in a folder, the newest last."""
    return sorted(each.parent for each in place.glob(f"[0-9]*/{NAME}"))


def part(path: Path) -> Part:
    """Measure a file, which may be large: call it in a thread. Raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Part(path.name, file.tell(), digest)


def listed(folder: Path) -> Iterator[Stored]:
    """Go through the list of media. Raises Impossible at a line that is none."""
    with (folder / LIST).open("rb") as lines:
        for line in lines:
            try:
                yield msgspec.json.decode(line, type=Stored)
            except msgspec.DecodeError as error:
                raise Impossible(f"{folder / LIST} is damaged: {error}") from error
