"""Files of pictures and videos, named by what they hold; on this disk or in another store."""

import asyncio
import hashlib
import os
import re
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from obstore import sign_async
from obstore.exceptions import BaseError
from obstore.store import MemoryStore, ObjectStore, S3Store

from core.lasting import keep_on_disk
from core.stores import folder_store

TYPES = {  # we choose what a file is served as, from this list and no other (MED-04)
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt",
    "bin": "application/octet-stream",  # what waits to be worked on; never served
}
INCOMING = "incoming"
WRITTEN = "written"  # seconds since 1970, as other stores keep them with a file of ours
PARTS_AT_ONCE = 2  # of 5 MiB each, on their way to another store
PIECE = 1024 * 1024  # of a file in memory at a time; hashing one takes a millisecond

_KEY = re.compile(rf"([0-9a-f]{{2}})/([0-9a-f]{{2}})/\1\2[0-9a-f]{{60}}\.({'|'.join(TYPES)})")


class BadKey(ValueError):
    """This is no name of a file of ours (MED-07)."""


class NotStored(LookupError):
    """There is no file of this name."""


class StorageTrouble(Exception):
    """The disk or the store does not do what it is asked; later it may."""


class Arrival:
    """A file on its way in: it lies on this disk, nameless, until it is whole.

    Each step is one visit to a thread, as a visit costs more than most of what is done there. All
    that write raise StorageTrouble, as on a disk that is full.
    """

    def __init__(self, storage: "Storage", path: Path, file: BinaryIO) -> None:
        self._storage = storage
        self._file = file
        self._hash = hashlib.sha256()
        self.path = path
        self.size = 0

    async def write(self, chunk: bytes) -> None:
        """Add to it."""
        with named(INCOMING):
            await asyncio.to_thread(self._write, chunk)

    async def copy(self, path: Path) -> None:
        """Add all of a file of this machine, however large."""
        with named(INCOMING):
            await asyncio.to_thread(self._copy, path)

    async def keep(self, suffix: str) -> str:
        """Store it under what it holds, and return its key; then it survives a power cut."""
        key = key_for(self._hash.hexdigest(), suffix)
        await self._storage.take(self, key)
        return key

    def move(self, target: Path) -> None:
        """Give it a name that survives a power cut; nothing can be added any more."""
        self._file.flush()
        os.fsync(self._file.fileno())
        target.parent.mkdir(parents=True, exist_ok=True)
        # It counts as written when it has its name, by a clock that does not go in steps.
        os.utime(self.path, ns=(time.time_ns(),) * 2)
        os.replace(self.path, target)
        self._file.close()
        keep_on_disk(target.parent)

    async def settled(self) -> Path:
        """Return where it lies for now, with all that was written; it goes when this ends."""
        with named(INCOMING):
            await asyncio.to_thread(self._file.flush)
        return self.path

    @property
    def digest(self) -> str:
        """The SHA-256 of what came so far, in hexadecimal."""
        return self._hash.hexdigest()

    def _write(self, chunk: bytes) -> None:
        self._file.write(chunk)
        self._hash.update(chunk)
        self.size += len(chunk)

    def _copy(self, path: Path) -> None:
        with path.open("rb") as file:
            while chunk := file.read(PIECE):
                self._write(chunk)


class Storage:
    """Keeps bytes under the hash of what they are: equal files are one file.

    Whoever deletes one must know that nobody else shows it. Every method but `path_of` raises
    StorageTrouble when the disk or the store fails.
    """

    def __init__(self, store: ObjectStore, arrivals: Path, folder: Path | None = None) -> None:
        self._store = store
        self._arrivals = arrivals
        self._folder = folder

    async def save(self, data: bytes, suffix: str) -> str:
        """Keep a file and return its key; when this returns, the file survives a power cut."""
        async with self.arriving() as arrival:
            await arrival.write(data)
            return await arrival.keep(suffix)

    async def save_file(self, path: Path, suffix: str) -> str:
        """Keep a copy of a file of this machine, however large, and return its key."""
        async with self.arriving() as arrival:
            await arrival.copy(path)
            return await arrival.keep(suffix)

    @asynccontextmanager
    async def arriving(self) -> AsyncIterator[Arrival]:
        """Take in a file piece by piece; one that is not kept at the end is dropped."""
        with named(INCOMING):
            path = self._arrivals / secrets.token_hex(16)
            file = await asyncio.to_thread(_created, path)
        try:
            yield Arrival(self, path, file)
        finally:
            if not file.closed:  # the last to let go of a file waits until its bytes are free
                await asyncio.to_thread(_dropped, path, file)

    async def take(self, arrival: Arrival, key: str) -> None:
        """Give a whole file its name."""
        with named(key):
            if self._folder is None:
                path = await arrival.settled()
                told = {"Content-Type": type_of(key), "Cache-Control": "private"}
                await self._store.put_async(
                    *(key, path),
                    attributes=told | {WRITTEN: str(time.time())},
                    max_concurrency=PARTS_AT_ONCE,
                )
            else:
                await asyncio.to_thread(arrival.move, self._folder / key)

    async def read(self, key: str) -> bytes:
        """Return a file, whole. Raises NotStored, BadKey."""
        with named(checked_key(key)):
            found = await self._store.get_async(key)
            return bytes(await found.bytes_async())

    async def pieces(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Go through the bytes of a file from one to before another, a piece at a time.

        Each is asked for when the one before was taken: who reads slowly holds nothing open.
        """
        with named(checked_key(key)):
            for at in range(start, end, PIECE):
                piece = await self._store.get_range_async(key, start=at, end=min(at + PIECE, end))
                yield bytes(piece)

    async def size(self, key: str) -> int:
        """Return how many bytes a file has. Raises NotStored, BadKey."""
        with named(checked_key(key)):
            return (await self._store.head_async(key))["size"]

    async def written_at(self, key: str) -> datetime:
        """Return when a file was last written. Raises NotStored, BadKey.

        Other stores tell whole seconds, so there we wrote it down beside the file.
        """
        with named(checked_key(key)):
            found = await self._store.get_async(key, options={"head": True})
        noted = found.attributes.get(WRITTEN, "")
        return datetime.fromtimestamp(float(noted), UTC) if noted else found.meta["last_modified"]

    async def delete(self, key: str) -> None:
        """Remove a file; that it is gone already is well."""
        try:
            with named(checked_key(key)):
                await self._store.delete_async(key)
        except NotStored:
            return

    async def files(self) -> AsyncIterator[tuple[str, datetime]]:
        """Go through all keys and when they were written, for whoever looks for forgotten files."""
        with named("all files"):
            async for chunk in self._store.list():
                for each in chunk:
                    if _KEY.fullmatch(each["path"]):
                        yield each["path"], each["last_modified"]

    async def drop_arrivals(self, before: datetime) -> None:
        """Remove what a crash left half arrived."""
        await asyncio.to_thread(_drop_older, self._arrivals, before.timestamp())

    async def check(self) -> None:
        """Write, read and remove a file."""
        data = secrets.token_bytes(16)
        try:
            key = await self.save(data, "vtt")
            if await self.read(key) != data:
                raise StorageTrouble("it gives back something else than it was given")
            await self.delete(key)
        except NotStored as error:
            raise StorageTrouble(f"there is no such place: {error.__cause__}") from error

    async def address_of(self, key: str, *, seconds: int) -> str:
        """Sign an address of a file in its own store; empty where files lie on this disk."""
        if not isinstance(self._store, S3Store):
            return ""
        expires = timedelta(seconds=seconds)
        with named(checked_key(key)):
            return await sign_async(self._store, "GET", key, expires)

    def path_of(self, key: str) -> Path | None:
        """Return where a file lies on this machine; None when it lies elsewhere. Raises BadKey."""
        key = checked_key(key)
        return self._folder / key if self._folder else None


def open_storage(folder: Path) -> Storage:
    """Open a folder of this machine, and make it if need be."""
    return Storage(folder_store(folder), folder / INCOMING, folder)


def storage_in(store: ObjectStore, arrivals: Path) -> Storage:
    """Open another store; files come in by way of a folder of this machine."""
    return Storage(store, arrivals)


def storage_in_memory() -> Storage:
    """Open a storage that forgets, for tests."""
    return Storage(MemoryStore(), Path(tempfile.gettempdir(), "rubric-incoming"))


def suffix_of(media_type: str) -> str:
    """Return the suffix of a media type. Raises BadKey for one we do not keep."""
    for suffix, each in TYPES.items():
        if each == media_type:
            return suffix
    raise BadKey(f"{media_type} is not kept here")


def type_of(key: str) -> str:
    """Return the media type to serve a file as. Raises BadKey."""
    return TYPES[checked_key(key).rpartition(".")[2]]


def checked_key(key: str) -> str:
    """Return the key. Raises BadKey for anything that `save` would not have made (MED-07)."""
    if not _KEY.fullmatch(key):
        raise BadKey("this is no key of a file")
    return key


def digest_of(key: str) -> str:
    """Return the SHA-256 that a key names, in hexadecimal. Raises BadKey."""
    return checked_key(key).rpartition("/")[2].partition(".")[0]


def key_for(digest: str, suffix: str) -> str:
    """Return the key of a file with this SHA-256. Raises BadKey for a type we do not keep."""
    if suffix not in TYPES:
        raise BadKey(f"files that end in {suffix} are not kept here")
    return f"{digest[:2]}/{digest[2:4]}/{digest}.{suffix}"


@contextmanager
def named(what: str) -> Iterator[None]:
    """Say what went wrong with files in our own words: raises NotStored, StorageTrouble."""
    try:
        yield
    except FileNotFoundError as error:
        raise NotStored(what) from error
    except (BaseError, OSError) as error:
        raise StorageTrouble(f"{what}: {error}") from error


def _created(path: Path) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("xb")


def _dropped(path: Path, file: BinaryIO) -> None:
    path.unlink(missing_ok=True)
    with suppress(OSError):  # what was not written yet has no room on a full disk
        file.close()


def _drop_older(folder: Path, moment: float) -> None:
    for each in folder.glob("*"):
        if each.stat().st_mtime < moment:
            each.unlink(missing_ok=True)


_current: ContextVar[Storage] = ContextVar("storage")


def storage() -> Storage:
    """Return the storage that `use_storage` set for this process or this test."""
    return _current.get()


def use_storage(chosen: Storage) -> None:
    """Keep files there in everything that is started from here on."""
    _current.set(chosen)
