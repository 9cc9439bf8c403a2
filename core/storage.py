"""Files of pictures and videos, named by what they hold; on this disk or in another store."""

import asyncio
import hashlib
import os
import re
import secrets
from collections.abc import AsyncIterator
from contextvars import ContextVar
from datetime import datetime
from pathlib import Path

from obstore.store import LocalStore, MemoryStore, ObjectStore

TYPES = {  # we choose what a file is served as, from this list and no other (MED-04)
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "avif": "image/avif",
    "gif": "image/gif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "vtt": "text/vtt",
}
INCOMING = "incoming"
BIG = 1024 * 1024  # hashing takes a millisecond for each of these

_KEY = re.compile(rf"([0-9a-f]{{2}})/([0-9a-f]{{2}})/\1\2[0-9a-f]{{60}}\.({'|'.join(TYPES)})")


class BadKey(ValueError):
    """This is no name of a file of ours (MED-07)."""


class NotStored(LookupError):
    """There is no file of this name."""


class Storage:
    """Keeps bytes under the hash of what they are: equal files are one file.

    Whoever deletes one must know that nobody else shows it.
    """

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    async def save(self, data: bytes, suffix: str) -> str:
        """Keep a file and return its key; when this returns, the file survives a power cut."""
        key = await _key_of(data, suffix)
        if self._folder is None:
            await self._store.put_async(key, data)
            return key
        arriving = f"{INCOMING}/{secrets.token_hex(16)}"
        await self._store.put_async(arriving, data)
        await asyncio.to_thread(_sync, self._folder / arriving)
        await self._store.rename_async(arriving, key)
        await asyncio.to_thread(_sync, (self._folder / key).parent)
        return key

    async def read(self, key: str) -> bytes:
        """Return a file. Raises NotStored, BadKey."""
        try:
            found = await self._store.get_async(checked_key(key))
            return bytes(await found.bytes_async())
        except FileNotFoundError as error:
            raise NotStored(key) from error

    async def size(self, key: str) -> int:
        """Return how many bytes a file has. Raises NotStored, BadKey."""
        try:
            return (await self._store.head_async(checked_key(key)))["size"]
        except FileNotFoundError as error:
            raise NotStored(key) from error

    async def delete(self, key: str) -> None:
        """Remove a file; that it is gone already is well."""
        try:
            await self._store.delete_async(checked_key(key))
        except FileNotFoundError:
            return

    async def files(self) -> AsyncIterator[tuple[str, datetime]]:
        """Go through all keys and when they were written, for whoever looks for forgotten files."""
        async for chunk in self._store.list():
            for each in chunk:
                if _KEY.fullmatch(each["path"]):
                    yield each["path"], each["last_modified"]

    async def drop_arrivals(self, before: datetime) -> None:
        """Remove what a crash left half arrived."""
        async for chunk in self._store.list(INCOMING):
            for each in chunk:
                if each["last_modified"] < before:
                    await self._store.delete_async(each["path"])

    async def check(self) -> None:
        """Write, read and remove a file. Raises OSError or obstore's errors when that fails."""
        key = await self.save(secrets.token_bytes(16), "vtt")
        await self.read(key)
        await self.delete(key)

    def path_of(self, key: str) -> Path | None:
        """Return where a file lies on this machine; None when it lies elsewhere. Raises BadKey."""
        key = checked_key(key)
        return self._folder / key if self._folder else None


def open_storage(folder: Path) -> Storage:
    """Open a folder of this machine, and make it if need be."""
    return Storage(LocalStore(folder, mkdir=True), folder)


def storage_in_memory() -> Storage:
    """Open a storage that forgets, for tests."""
    return Storage(MemoryStore())


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


async def _key_of(data: bytes, suffix: str) -> str:
    if suffix not in TYPES:
        raise BadKey(f"files that end in {suffix} are not kept here")
    name = await asyncio.to_thread(_hash, data) if len(data) > BIG else _hash(data)
    return f"{name[:2]}/{name[2:4]}/{name}.{suffix}"


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sync(path: Path) -> None:
    """Have the disk keep a file or a folder."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


_current: ContextVar[Storage] = ContextVar("storage")


def storage() -> Storage:
    """Return the storage that `use_storage` set for this process or this test."""
    return _current.get()


def use_storage(chosen: Storage) -> None:
    """Keep files there in everything that is started from here on."""
    _current.set(chosen)
