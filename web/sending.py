"""Sending a stored file: whole, a part, or word that nothing changed; from wherever it lies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from core.storage import storage

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class NoSuchPart(Exception):
    """The part that is asked for lies beyond the end of the file."""


@dataclass(frozen=True, slots=True)
class Part:
    """What to send of a file: from one byte to before another."""

    start: int
    end: int


async def send_file(
    request: web.Request, key: str, headers: Mapping[str, str]
) -> web.StreamResponse:
    """Answer with a file of the storage, or what is asked for of it (RFC 9110, 13 and 14).

    Its name says what it holds, and so is its tag. Raises NotStored, BadKey, StorageTrouble.
    """
    size = await storage().size(key)
    tag = f'"{key.rpartition("/")[2].partition(".")[0]}"'
    answer = {"ETag": tag, "Accept-Ranges": "bytes"} | dict(headers)
    if is_unchanged(request.headers.get("If-None-Match"), tag):
        return web.Response(status=304, headers=answer)
    try:
        part = part_of(request, tag, size)
    except NoSuchPart:
        beyond = {"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"}
        return web.Response(status=416, headers=beyond)
    return await _send(request, key, size, part, answer)


def is_unchanged(given: str | None, tag: str) -> bool:
    """Tell whether the caller has this file already; weak tags will do here."""
    if given is None:
        return False
    return given.strip() == "*" or tag in [
        each.strip().removeprefix("W/") for each in given.split(",")
    ]


def part_of(request: web.Request, tag: str, size: int) -> Part | None:
    """Read which part is asked for; None means all of it. Raises NoSuchPart.

    Several parts, other units and a part of another file are answered with the whole.
    """
    if request.headers.get("If-Range", tag) != tag:
        return None
    read = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if read is None or read[1] == read[2] == "":
        return None
    if read[1] == "":
        start, end = max(size - int(read[2]), 0), size
    else:
        start, end = int(read[1]), min(int(read[2] or size) + 1, size)
    if read[1] and read[2] and int(read[2]) < start:
        return None
    if start >= end:
        raise NoSuchPart
    return Part(start, end)


async def _send(
    request: web.Request, key: str, size: int, part: Part | None, headers: Mapping[str, str]
) -> web.StreamResponse:
    response = web.StreamResponse(status=206 if part else 200, headers=headers)
    start, end = (part.start, part.end) if part else (0, size)
    if part:
        response.headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    response.content_length = end - start
    if request.method == "HEAD":
        await response.prepare(request)
        return response
    pieces = storage().pieces(key, start, end)
    # The first piece before the head: what is not there is still answered as such.
    first = await anext(pieces, b"")
    await response.prepare(request)
    await response.write(first)
    async for piece in pieces:
        await response.write(piece)
    await response.write_eof()
    return response
