"""Pictures and videos of notes from elsewhere, by way of us: kept, or passed on as they come."""

import re

import structlog
from aiohttp import ClientError, web

from core.settings import settings
from federation.client import client
from federation.errors import FederationError, Unreachable
from federation.opened import Opened
from moderation.gate import measures_of
from notes.attachments import Attachment, load_media
from notes.loading import is_signed
from notes.note import Note
from notes.remote_media import copy_of, is_passed_on, is_remote_path, kind_at, most_bytes, source_of
from notes.visibility import may_see
from web.asking import reader
from web.errors import Missing
from web.keys import STREAMS
from web.pages.uploads import NARROW, OPEN, is_on_host_for_files
from web.sending import send_file

DAY = 86_400
MOST_ID = 2**63
_PART = re.compile(r"bytes=\d{0,15}-\d{0,15}")

log = structlog.get_logger()

# A day, so that what people look at is known to be looked at.
SHOWN = OPEN | {"Cache-Control": f"public, max-age={DAY}"}


async def show(request: web.Request) -> web.StreamResponse:
    """Hand out a file of a note to whoever may see the note; else it is as if it were not there."""
    attachment, which = await _asked_for(request)
    is_open = await _is_open(request, attachment)
    try:
        if await is_passed_on(attachment, which):
            return await pass_on(request, attachment, which, is_open=is_open)
        copy = await copy_of(attachment, which)
        headers = {"Content-Type": copy.media_type} | (SHOWN if is_open else NARROW)
        return await send_file(request, copy.key, headers)
    except Unreachable:
        raise
    except FederationError as error:
        log.info("a file from elsewhere cannot be shown", problem=str(error))
        raise Missing(request.path) from error


async def _asked_for(request: web.Request) -> tuple[Attachment, str]:
    """Find what an address names. Raises Missing for one that we did not write (MED-12)."""
    number, which = int(request.match_info["id"]), request.match_info["which"]
    found = await load_media("id = ?", [number]) if number < MOST_ID else []
    if not found or settings().media.remote_mode == "link":
        raise Missing(request.path)
    if not is_remote_path(found[0], which, request.match_info["mark"]):
        raise Missing(request.path)
    if not source_of(found[0], which):
        raise Missing(request.path)
    return found[0], which


async def _is_open(request: web.Request, attachment: Attachment) -> bool:
    """Tell whether everybody may see it. Raises Missing where this caller may not."""
    note = await Note.get_or_none(id=attachment.note_id or 0).select_related("author")
    if note is None or measures_of(note.author).no_media:
        raise Missing(request.path)
    if await may_see(None, note):
        return True
    key = request.path.removeprefix("/media/")
    if is_signed(key, request.query.get("until", ""), request.query.get("stamp", "")):
        return False
    viewer = None if is_on_host_for_files(request) else await reader(request)
    if viewer is None or not await may_see(viewer, note):
        raise Missing(request.path)
    return False


async def pass_on(
    request: web.Request, attachment: Attachment, which: str, *, is_open: bool
) -> web.StreamResponse:
    """Stream a file, or the part that is asked for, and keep nothing."""
    streams = request.app[STREAMS]
    if streams.locked():
        raise Unreachable("too many files are passed on already", retry_after=5)
    async with streams:
        kind = await kind_at(attachment, which)
        asked = request.headers.get("Range", "").replace(" ", "")
        part = asked if _PART.fullmatch(asked) else ""
        url = source_of(attachment, which)
        async with client().open_media(url, limit=most_bytes(), part=part) as opened:
            headers = {"Content-Type": kind} | (SHOWN if is_open else NARROW)
            return await _stream(request, opened, headers | {"Accept-Ranges": "bytes"})


async def _stream(
    request: web.Request, opened: Opened, headers: dict[str, str]
) -> web.StreamResponse:
    if opened.status == 416:
        return web.Response(status=416, headers={"Content-Range": opened.content_range})
    response = web.StreamResponse(status=opened.status, headers=headers)
    if opened.status == 206:
        response.headers["Content-Range"] = opened.content_range
    response.content_length = opened.length
    await response.prepare(request)
    if request.method == "HEAD":
        return response
    try:
        async for chunk in opened.chunks(most_bytes()):
            await response.write(chunk)
        await response.write_eof()
    except (FederationError, ClientError, OSError) as error:
        # The head is out. All that is left is to hang up, so that nobody takes it for whole.
        log.info("a file from elsewhere broke off", problem=str(error))
        if request.transport is not None:
            request.transport.abort()
    return response
