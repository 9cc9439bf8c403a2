"""Arrival: a large file that is on its way here in pieces, over connections that may break."""

import asyncio
import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.settings import settings
from core.storage import named
from notes.attachments import Attachment
from notes.uploads import take_in

MEGABYTE = 1024 * 1024
MOST_AT_A_TIME = 30
EXPIRES = timedelta(hours=24)
FOLDER = "arriving"
HASHES = ("sha1", "sha256")


class TooLarge(ValueError):
    """The file is larger than any we take, or its owner has too much on its way already."""


class Empty(ValueError):
    """There is nothing in the file."""


class Busy(Exception):
    """Another connection is writing this file just now."""


class TooMuch(ValueError):
    """More bytes came than were announced."""


class Arrival(Model):
    """A file that was announced; how much of it is here, the file under `paths.data` alone says.

    It belongs to an account, not to a session: who signs in again goes on. `attachment` is what
    became of it. `metadata` is what the sender said of it, and believed by nobody.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    owner: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    owner_id: int
    length = fields.BigIntField()
    metadata = fields.CharField(max_length=1000, default="")
    attachment: fields.ForeignKeyNullableRelation[Attachment] = fields.ForeignKeyField(
        "rubric.Attachment", related_name=False, null=True
    )
    attachment_id: int | None
    touched_at = fields.DatetimeField(default=now)

    class Meta:
        table = "arrival"
        indexes = [("owner_id",), ("touched_at",), ("attachment_id",)]

    @property
    def path(self) -> Path:
        """Where its bytes are put; the name is ours (security.md MED-07)."""
        return settings().data(FOLDER, str(self.id))

    @property
    def offset(self) -> int:
        """How many bytes of it are here."""
        if self.attachment_id is not None:
            return int(self.length)
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0


class Writing:
    """An arrival in the hands of the one connection that may add to it."""

    def __init__(self, arrival: Arrival, file: int, algorithm: str) -> None:
        self._file, self._left = file, arrival.length - arrival.offset
        self._begun = arrival.offset
        self._hash = hashlib.new(algorithm, usedforsecurity=False) if algorithm else None

    async def add(self, data: bytes) -> None:
        """Add bytes at the end. Raises TooMuch, without adding, when they are too many, and
        StorageTrouble when the disk does not take them all."""
        if len(data) > self._left:
            raise TooMuch(f"{len(data) - self._left} bytes more than announced")
        with named(FOLDER):
            await asyncio.to_thread(self._take, data)
        self._left -= len(data)

    def _take(self, data: bytes) -> None:
        """Write and count bytes, beside the loop: of a large file this takes whole seconds."""
        _write(self._file, data)
        if self._hash:
            self._hash.update(data)

    def has(self, digest: bytes) -> bool:
        """Tell whether this is the hash of what was added, by the algorithm that was asked for."""
        return self._hash is None or self._hash.digest() == digest

    def take_back(self) -> None:
        """Forget what this connection added."""
        os.ftruncate(self._file, self._begun)


def most_bytes() -> int:
    """Return how large the largest file may be that we take."""
    media = settings().media
    return max(media.max_image_mb, media.max_video_mb) * MEGABYTE


async def announce(owner: Actor, length: int, *, metadata: str = "") -> Arrival:
    """Make room for a file of so many bytes. Raises Empty, and TooLarge before the first of them
    comes."""
    if length == 0:
        raise Empty("This file is empty.")
    if length > most_bytes():
        raise TooLarge("This file is larger than any we take.")
    open_ones = await Arrival.filter(owner_id=owner.id, attachment_id=None)
    most = settings().limits.arriving_mb * MEGABYTE
    is_over = most and sum(each.length for each in open_ones) + length > most
    if is_over or len(open_ones) >= MOST_AT_A_TIME:
        raise TooLarge("You have too many files on their way. Finish or remove some first.")
    return await Arrival.create(
        id=new_id(), owner_id=owner.id, length=length, metadata=metadata[:1000]
    )


async def arrival_of(owner: Actor, number: int | None) -> Arrival | None:
    """Return an arrival, if it is this person's and has not expired."""
    found = await Arrival.get_or_none(id=number, owner_id=owner.id) if number else None
    return found if found and found.touched_at > now() - EXPIRES else None


@contextmanager
def writing(arrival: Arrival, algorithm: str = "") -> Iterator[Writing]:
    """Hold an arrival for adding to it, hashed by one of HASHES where that is asked for. Raises
    Busy when another connection does.

    The lock is the file's own, so it holds between processes and ends with them.
    """
    arrival.path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(arrival.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Busy(str(arrival.id)) from error
        yield Writing(arrival, file, algorithm)
    finally:
        os.close(file)


async def touch(arrival: Arrival) -> None:
    """Let an arrival live on from now."""
    arrival.touched_at = now()
    await Arrival.filter(id=arrival.id).update(touched_at=arrival.touched_at)


async def finish(owner: Actor, arrival: Arrival) -> int:
    """Make an attachment of a file that is here whole, once, and return its id.

    Raises Unfit; then the arrival is gone, for more of the same would not help.
    """
    if arrival.attachment_id is not None:
        return int(arrival.attachment_id)
    try:
        kept = await take_in(owner, arrival.path)
    except ValueError:
        await remove(arrival)
        raise
    async with in_transaction():
        # Should two connections finish it at once, the second one's attachment stands nowhere.
        settled = Arrival.filter(id=arrival.id, attachment_id=None)
        if not await settled.update(attachment_id=kept.id, touched_at=now()):
            arrival = await Arrival.get(id=arrival.id)
            return int(arrival.attachment_id or kept.id)
    arrival.attachment_id = kept.id
    arrival.path.unlink(missing_ok=True)
    return int(kept.id)


async def remove(arrival: Arrival) -> None:
    """Forget an arrival and its bytes; what was made of it stays."""
    await Arrival.filter(id=arrival.id).delete()
    arrival.path.unlink(missing_ok=True)


async def sweep() -> None:
    """Drop what has not grown for a day, and bytes that nobody knows; runs by the clock."""
    for arrival in await Arrival.filter(touched_at__lt=now() - EXPIRES).limit(500):
        await remove(arrival)
    folder = settings().data(FOLDER)
    lying = {path.name for path in folder.iterdir()} if folder.exists() else set()
    known = {str(row["id"]) for row in await Arrival.all().values("id")}
    for name in lying - known:
        (folder / name).unlink(missing_ok=True)


def _write(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
