"""Pictures and videos of notes from elsewhere: fetched when somebody looks, and kept for a while.

They have addresses of ours that name an attachment and carry a stamp: nothing is fetched but what a
note brought with it, and nobody can have us fetch anything else (security.md MED-12).
"""

import asyncio
import shutil
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from weakref import WeakKeyDictionary

from cachetools import TTLCache
from tortoise.transactions import in_transaction

from core.clock import now
from core.jobs import put
from core.rows import insert_all
from core.secret import is_stamp, stamp
from core.settings import settings
from core.storage import TYPES, Arrival, Storage, digest_of, storage
from federation.client import client
from federation.errors import Malformed, NotFound, Refused, Unreachable
from federation.flights import Flights
from notes.attachments import Attachment, Media, load_files
from notes.hashes import is_blocked
from notes.kinds import HEAD, kind_of
from notes.media_files import MediaFile, Role, main_file, of_role, poster_file, small_file
from notes.media_types import media_type_of
from notes.orders import MakePicture, Unfit
from notes.workshop import REMOTE, Broken, Work, workshop

GIF = "image/gif"
LARGE, SMALL = "large", "small"
WHICH = (LARGE, SMALL)
PURPOSE = "remote media"
SEEN_EVERY = timedelta(days=1)
FAILED_FOR_S = 600
AT_ONCE = 24
WAIT_S = 25.0
FETCH_S = 60.0
MEGABYTE = 1_000_000

_kinds: WeakKeyDictionary[Storage, TTLCache[str, str]] = WeakKeyDictionary()
_flights: WeakKeyDictionary[Storage, Flights[None]] = WeakKeyDictionary()


def remote_path(attachment: Attachment, which: str) -> str:
    """Write where we hand out a file from elsewhere; another source is another address."""
    mark = stamp(PURPOSE, _text(attachment, which))[:32]
    return f"/media/remote/{attachment.id}/{which}/{mark}"


def is_remote_path(attachment: Attachment, which: str, mark: str) -> bool:
    """Tell whether we wrote this address."""
    return which in WHICH and is_stamp(PURPOSE, _text(attachment, which), mark, length=32)


def source_of(attachment: Attachment, which: str) -> str:
    """Return the URL of a file, or nothing: a video's small form is its poster."""
    if which == SMALL and attachment.media != Media.IMAGE:
        return attachment.poster_url
    return attachment.remote_url


def is_kept(attachment: Attachment, which: str) -> bool:
    """Tell whether we make pictures of a file and keep them, rather than pass it on."""
    is_picture = which == SMALL or attachment.media == Media.IMAGE
    return is_picture and settings().media.remote_mode == "cache"


async def is_passed_on(attachment: Attachment, which: str) -> bool:
    """Tell whether a file comes as it is: a GIF may move, and what we make of one does not.

    It is passed on only after a copy was made of it, which a file on the list never has (MED-10).
    Raises FederationError.
    """
    if not is_kept(attachment, which):
        return True
    if which != LARGE or attachment.media_type != GIF or await kind_at(attachment, which) != GIF:
        return False
    await copy_of(attachment, SMALL)
    return True


def most_bytes() -> int:
    """Return how much of a file is passed on at most."""
    return settings().media.max_video_mb * MEGABYTE


async def copy_of(attachment: Attachment, which: str) -> MediaFile:
    """Return our copy of a picture, which is fetched now if need be.

    Who asks at the same time shares one fetch, and what failed is not tried again for a while.
    Raises FederationError; Unreachable when it takes too long, and then it goes on without us.
    """
    if found := _of(attachment.files, which):
        await _seen(attachment)
        return found
    flights = _flights.setdefault(storage(), Flights(failure_ttl_s=FAILED_FOR_S, at_once=AT_ONCE))
    url = source_of(attachment, which)
    try:
        async with asyncio.timeout(WAIT_S):
            await flights.ask(f"{attachment.id} {url}", lambda: _bring(attachment, url))
    except TimeoutError as error:
        raise Unreachable(f"{url} takes its time") from error
    [fresh] = await load_files([attachment])
    if found := _of(fresh.files, which):
        return found
    raise NotFound(f"{url} is no longer wanted")


async def kind_at(attachment: Attachment, which: str) -> str:
    """Tell what a file is by its first bytes. Raises FederationError; Malformed for other kinds."""
    url = source_of(attachment, which)
    kinds = _kinds.setdefault(storage(), TTLCache(10_000, FAILED_FOR_S))
    if url not in kinds:
        most = most_bytes()
        head = b""
        async with client().open_media(url, limit=most, part=f"bytes=0-{HEAD - 1}") as opened:
            async for chunk in opened.chunks(most):
                head += chunk
                if len(head) >= HEAD:
                    break
        kinds[url] = media_type_of(head[:HEAD])
    if not kinds[url]:
        raise Malformed(f"{url} is no picture, video or sound")
    return kinds[url]


def _of(files: Sequence[MediaFile], which: str) -> MediaFile | None:
    """Choose what to show of pictures: the small one, which stands still, or the widest that
    everything reads, which may move."""
    if which == SMALL:
        return small_file(files)
    return main_file(of_role(files, Role.IMAGE)) or poster_file(files) or small_file(files)


async def _seen(attachment: Attachment) -> None:
    """Note the day, not every look."""
    if attachment.seen_at is None or attachment.seen_at < now() - SEEN_EVERY:
        await Attachment.filter(id=attachment.id).update(seen_at=now())


async def _bring(attachment: Attachment, url: str) -> None:
    """Fetch a picture, make ours of it and keep those. Raises FederationError."""
    async with storage().arriving() as arrival:
        try:
            async with asyncio.timeout(FETCH_S):
                await _fetch(url, arrival)
        except TimeoutError as error:
            raise Unreachable(f"{url} takes its time") from error
        if await is_blocked([arrival.digest]):
            raise Refused(f"{url} must not be kept here")
        path = await arrival.settled()

        async def bring(target: Path) -> None:
            await asyncio.to_thread(shutil.copyfile, path, target)

        try:
            async with workshop().work(MakePicture(), bring, place=REMOTE) as work:
                await _keep(attachment, url, work)
        except (Unfit, Broken) as error:
            raise Malformed(f"{url}: {error}") from error


async def _fetch(url: str, arrival: Arrival) -> None:
    """Read it to its end, or until it is seen to be no picture."""
    limit = settings().media.max_image_mb * MEGABYTE
    head = b""
    async with client().open_media(url, limit=limit) as opened:
        async for chunk in opened.chunks(limit):
            if len(head) < HEAD:
                head += chunk
                if len(head) >= HEAD and kind_of(head[:HEAD]) is None:
                    raise Malformed(f"{url} is no picture")
            await arrival.write(chunk)
    if kind_of(head[:HEAD]) is None:
        raise Malformed(f"{url} is no picture")


async def _keep(attachment: Attachment, url: str, work: Work) -> None:
    """Store what we show of it, then say so: files come before rows."""
    is_picture = attachment.media == Media.IMAGE
    made = [
        MediaFile(
            attachment_id=attachment.id,
            role=Role(each.role) if is_picture else Role.POSTER,
            key=each.name,
            media_type=TYPES[each.name.rpartition(".")[2]],
            width=each.width,
            height=each.height,
        )
        for each in work.done.files
        if each.role in (Role.IMAGE, Role.POSTER)
    ]
    rows = {each.id: each for which in WHICH if (each := _of(made, which))}
    for each in rows.values():
        path, suffix = work.path_of(each.key), each.key.rpartition(".")[2]
        each.size = (await asyncio.to_thread(path.stat)).st_size
        each.key = await storage().save_file(path, suffix)
    keys = [each.key for each in rows.values()]
    if await is_blocked(digest_of(each) for each in keys):
        await put("notes.delete_files", {"keys": keys})
        raise Refused(f"{url} must not be kept here")
    await _write(attachment, list(rows.values()))


async def _write(attachment: Attachment, rows: list[MediaFile]) -> None:
    moment = now()
    async with in_transaction():
        known = Attachment.filter(id=attachment.id)
        # Gone meanwhile: then the sweeper takes the files.
        if await known.update(seen_at=moment, cached_at=moment):
            await MediaFile.filter(attachment_id=attachment.id).delete()
            await insert_all(MediaFile, rows)


def _text(attachment: Attachment, which: str) -> str:
    return f"{attachment.id} {which} {source_of(attachment, which)}"
