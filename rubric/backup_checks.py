"""Whether a backup is whole, and fits the settings: looked at, nothing changed."""

import asyncio
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from core.secret import opened, secret_path
from core.settings import Settings, SettingsError, use
from core.storage import BadKey, NotStored, digest_of
from federation.errors import FederationError
from federation.keys import multikey, private_key, public_key
from rubric import dumps, manifest, migrations
from rubric.instance import place_for_files
from rubric.manifest import Manifest, Part, Stored
from rubric.people import Impossible

MOST_NAMED = 20
BATCH = 500
KEYS = """
SELECT actor.id, actor.name, actor.public_key, actor.multikey, actor_key.rsa, actor_key.ed25519
FROM actor LEFT JOIN actor_key ON actor_key.actor_id = actor.id
WHERE actor.local_name IS NOT NULL AND actor.id > ? ORDER BY actor.id LIMIT ?
"""


@dataclass
class Problems:
    """What is wrong: how many things, and the first of them by name."""

    count: int = 0
    named: list[str] = field(default_factory=list)

    def add(self, *texts: str) -> None:
        """Note what is wrong."""
        self.count += len(texts)
        self.named += texts[: MOST_NAMED - len(self.named)]

    def settle(self, folder: Path) -> None:
        """Raise Impossible if anything is wrong."""
        if self.count:
            more = [f"and {self.count - MOST_NAMED} more"] if self.count > MOST_NAMED else []
            first = f"{folder}: this backup is not good: {self.count} problems"
            raise Impossible("\n".join([first, *self.named, *more]))


def refuse_another(written: Manifest, chosen: Settings) -> None:
    """Raise Impossible where a backup is of another server, database or release than these."""
    for name in ("domain", "account_domain", "base_url"):
        theirs, ours = getattr(written, name), getattr(chosen.server, name)
        if theirs != ours:
            raise Impossible(
                f"server.{name}: this backup is of {theirs}, and these settings are of {ours};"
                " every id in it carries the old one, so it cannot be changed"
            )
    if written.kind != manifest.kind_of(chosen):
        raise Impossible(f"database.url: this backup is of {written.kind}, and goes into no other")
    known = {each.name for each in iter_modules(migrations.__path__)}
    if written.migration not in known:
        raise Impossible(
            f"this backup was made by Rubric {written.version}, which is newer: install it"
        )


async def check(written: Manifest, chosen: Settings, folder: Path) -> None:
    """Compare everything with the manifest. Raises Impossible that names what is wrong."""
    problems = Problems()
    for each in (written.database, written.list):
        problems.add(*await asyncio.to_thread(_differences, folder / each.file, each))
    problems.settle(folder)  # what is no list cannot be gone through
    if written.kind == "sqlite":
        secret = secret_of(folder)
        copy = folder / written.database.file
        problems.add(*await asyncio.to_thread(_rows_problems, copy, chosen, secret))
    else:
        await dumps.check(folder / written.database.file)
    if written.storage == "local":
        await asyncio.to_thread(_look_at_media, folder, problems)
    else:
        await _look_into_bucket(chosen, folder, problems)
    problems.settle(folder)


def secret_of(folder: Path) -> Path:
    """Return where the secret of a backup lies: in it, or in its place if it was kept apart.

    Raises Impossible when it is nowhere.
    """
    for path in (folder / manifest.SECRET, secret_path()):
        if path.exists():
            return path
    raise Impossible(
        f"{folder / manifest.SECRET} is missing: put the secret there, or to {secret_path()}"
    )


def key_problems(rows: Iterable[Mapping[str, Any]], chosen: Settings, secret: Path) -> list[str]:
    """Name whose private keys do not open with a secret or belong to other public ones.

    Rows are those of KEYS. Call it in a thread: it takes another secret for a while.
    """
    security = msgspec.structs.replace(chosen.security, secret_file=str(secret.resolve()))
    use(msgspec.structs.replace(chosen, security=security))
    found = ((each["name"], _key_problem(each)) for each in rows)
    return [f"keys of {name}: {problem}" for name, problem in found if problem]


def _key_problem(row: Mapping[str, Any]) -> str:
    if row["rsa"] is None:
        return "there are none"
    try:
        rsa, ed25519 = (
            private_key(opened(bytes(row[half])).decode()) for half in ("rsa", "ed25519")
        )
        known = public_key(row["public_key"])
    except (SettingsError, FederationError, ValueError, TypeError) as error:
        return str(error)
    if not isinstance(rsa, RSAPrivateKey) or not isinstance(ed25519, Ed25519PrivateKey):
        return "they are of other kinds"
    is_pair = rsa.public_key() == known and multikey(ed25519.public_key()) == row["multikey"]
    return "" if is_pair else "private and public key are no pair"


def _rows_problems(copy: Path, chosen: Settings, secret: Path) -> list[str]:
    """Look into the copy of an SQLite without leaving a trace."""
    address = f"{copy.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            said = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if said != "ok":
                return [f"{copy.name}: {said}"]
            broken = connection.execute("PRAGMA foreign_key_check").fetchmany(MOST_NAMED)
            problems = [f"{copy.name}: a row of {each[0]} points nowhere" for each in broken]
            return problems + key_problems(_all_keys(connection), chosen, secret)
    except sqlite3.Error as error:
        return [f"{copy.name}: {error}"]


def _all_keys(connection: sqlite3.Connection) -> Iterator[Mapping[str, Any]]:
    after = 0
    while rows := connection.execute(KEYS, (after, BATCH)).fetchall():
        yield from rows
        after = rows[-1]["id"]


def _look_at_media(folder: Path, problems: Problems) -> None:
    for each in manifest.listed(folder):
        problems.add(*_media_problems(folder / manifest.MEDIA, each))


def _media_problems(media: Path, stored: Stored) -> list[str]:
    try:
        wanted = Part(Path(stored.key).name, stored.size, digest_of(stored.key))
    except BadKey:
        return [f"{manifest.LIST} names {stored.key!r}, which is no file of ours"]
    return _differences(media / stored.key, wanted)


def _differences(path: Path, wanted: Part) -> list[str]:
    try:
        return [] if manifest.part(path) == wanted else [f"{path} is damaged"]
    except FileNotFoundError:
        return [f"{path} is missing"]
    except OSError as error:
        return [f"{path} cannot be read: {error.strerror}"]


async def _look_into_bucket(chosen: Settings, folder: Path, problems: Problems) -> None:
    storage = place_for_files(chosen)
    for each in manifest.listed(folder):
        try:
            if await storage.size(each.key) != each.size:
                problems.add(f"{each.key}: another size than it had")
        except (NotStored, BadKey):
            problems.add(f"{each.key} is not in the storage that the settings name")
