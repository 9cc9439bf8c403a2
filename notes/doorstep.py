"""Doorstep: what somebody who is not signed in wants to write, kept until they are."""

import asyncio
import secrets
import shutil
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from tortoise import fields
from tortoise.functions import Sum
from tortoise.models import Model

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.settings import settings
from core.storage import Arrival, StorageTrouble, named
from notes.attachments import Attachment, unposted
from notes.drafts import DraftsFull, SavedDraft, draft_of, keep_draft
from notes.note import Audience
from notes.uploads import File, take_in

FOLDER = "doorstep"
WAITS = timedelta(hours=24)
MOST_BYTES = 500 * 1024 * 1024  # of all who are not signed in together


class DoorstepFull(Exception):
    """Too much lies there already."""


class Doorstep(Model):
    """Words and files of a visit: `visit` is the hash of its cookie, `files` are names of ours."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    visit = fields.CharField(max_length=64)
    written: Any = fields.JSONField()
    files: Any = fields.JSONField()
    size = fields.BigIntField(default=0)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "doorstep"
        indexes = [("visit",), ("created_at",)]


async def leave(visit: str, written: Mapping[str, Any], files: Sequence[File]) -> None:
    """Keep words and files for a day, for whoever signs in from the same visit; a file that lies on
    this disk is copied there, and never read as a whole.

    Beside the columns of a draft `written` may name the `draft` it continues, the `media` it has,
    and the `alts` of those; whoever signs in gets them only where they are theirs. Raises
    DoorstepFull, and StorageTrouble where the disk has no room.
    """
    size = await asyncio.to_thread(_size_of, files)
    total = await Doorstep.all().annotate(sum=Sum("size")).values("sum")
    if size + (total[0]["sum"] or 0 if total else 0) > MOST_BYTES:
        raise DoorstepFull("the doorstep is full")
    names = [secrets.token_hex(16) for _ in files]
    try:
        with named(FOLDER):
            await asyncio.to_thread(_write, dict(zip(names, files, strict=True)))
    except StorageTrouble:
        await asyncio.to_thread(_remove, names)
        raise
    await Doorstep.create(visit=visit, written=dict(written), files=names, size=size)


async def bring_in(owner: Actor, visit: str) -> SavedDraft | None:
    """Make drafts of what was left by a visit, and return the last; each is brought in once."""
    last = None
    for each in await Doorstep.filter(visit=visit).order_by("id"):
        if await Doorstep.filter(id=each.id).delete():
            last = await _draft_of(owner, each)
            await asyncio.to_thread(_remove, each.files)
    return last


async def sweep() -> None:
    """Drop what nobody came back for, and files that a crash left; runs by the clock."""
    await Doorstep.filter(created_at__lt=now() - WAITS).delete()
    known = {name for each in await Doorstep.all() for name in each.files}
    folder = settings().data(FOLDER)
    lying = [path.name for path in folder.iterdir()] if folder.exists() else []
    await asyncio.to_thread(_remove, [name for name in lying if name not in known])


async def _draft_of(owner: Actor, left: Doorstep) -> SavedDraft | None:
    written = dict(left.written)
    draft = await draft_of(owner, written.pop("draft", None))
    media: list[int] = written.pop("media", [])
    for number, alt in written.pop("alts", {}).items():
        mine = unposted().filter(id=int(number), owner_id=owner.id)
        await mine.update(alt=alt)
    media += [each.id for each in await _taken_in(owner, left.files)]
    written["audience"] = Audience(written.get("audience", "public"))
    try:
        return await keep_draft(owner, written, media, draft=draft)
    except DraftsFull:
        return None


async def _taken_in(owner: Actor, names: Sequence[str]) -> list[Attachment]:
    taken = []
    for name in names:
        try:
            taken.append(await take_in(owner, _path(name)))
        except ValueError:  # Unfit: the words and the others stay
            continue
    return taken


def _path(name: str) -> Path:
    return settings().data(FOLDER, name)


def _size_of(files: Sequence[File]) -> int:
    return sum(
        len(each) if isinstance(each, bytes) else _lies(each).stat().st_size for each in files
    )


def _lies(file: Path | Arrival) -> Path:
    return file.path if isinstance(file, Arrival) else file


def _write(files: Mapping[str, File]) -> None:
    settings().data(FOLDER).mkdir(parents=True, exist_ok=True)
    for name, file in files.items():
        if isinstance(file, bytes):
            _path(name).write_bytes(file)
        else:
            shutil.copyfile(_lies(file), _path(name))


def _remove(names: Sequence[str]) -> None:
    for name in names:
        _path(name).unlink(missing_ok=True)
