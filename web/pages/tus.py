"""Uploading large files in pieces: tus 1.0 (core, creation, expiration, checksum, termination).

An upload belongs to whoever is signed in with a browser; changes bring the token of their forms in
a header. See https://tus.io/protocols/resumable-upload for the words.
"""

from base64 import b64decode
from datetime import UTC, datetime
from email.utils import format_datetime

from aiohttp import ClientError, web

from core.paging import number
from notes import arriving
from notes.arriving import Arrival, Busy, Empty, TooLarge, TooMuch, Writing, arrival_of, writing
from notes.uploads import count_upload
from web.asking import asking, signed_in
from web.errors import NotSignedIn
from web.forms import check_header
from web.refusals import why
from web.turns import take_turn

VERSION = "1.0.0"
PIECE = 256 * 1024
EXTENSIONS = "creation,expiration,checksum,termination"
OFFSET_TYPE = "application/offset+octet-stream"
BAD_CHECKSUM = 460


async def ask(request: web.Request) -> web.StreamResponse:
    """Say what we can."""
    return _answer(
        204,
        {
            "Tus-Version": VERSION,
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(arriving.most_bytes()),
            "Tus-Checksum-Algorithm": ",".join(arriving.HASHES),
        },
    )


async def create(request: web.Request) -> web.StreamResponse:
    """Announce a file: its size is judged before its first byte."""
    if wrong := _wrong_version(request):
        return wrong
    account = await signed_in(request)
    await check_header(request)
    length = number(request.headers.get("Upload-Length", ""))
    if length is None:
        return _answer(400, sentence="Upload-Length is missing or no number.")
    await count_upload(account.id)
    try:
        arrival = await arriving.announce(
            account.actor, length, metadata=_metadata(request.headers.get("Upload-Metadata", ""))
        )
    except Empty as error:
        return _answer(422, sentence=why(error))
    except TooLarge as error:
        return _answer(413, sentence=why(error))
    where = {"Location": f"/uploads/{arrival.id}", **_expiry(arrival)}
    return _answer(201, where)


async def look(request: web.Request) -> web.StreamResponse:
    """Say how much is here: what the disk has, whatever happened to connection or server."""
    if wrong := _wrong_version(request):
        return wrong
    if await asking(request) is None:
        raise NotSignedIn("nobody is signed in")  # a program asks: it is not sent to a page
    arrival = await _arrival(request)
    if arrival is None:
        return _answer(404)
    headers = {"Upload-Length": str(arrival.length), "Cache-Control": "no-store"}
    if arrival.metadata:
        headers["Upload-Metadata"] = arrival.metadata
    return _answer(200, headers | _here(arrival))


async def add(request: web.Request) -> web.StreamResponse:
    """Take a piece; with the last one the file becomes an attachment."""
    if wrong := _wrong_version(request):
        return wrong
    await signed_in(request)
    await check_header(request)
    if request.content_type != OFFSET_TYPE:
        return _answer(415, sentence=f"A piece is {OFFSET_TYPE}.")
    arrival = await _arrival(request)
    if arrival is None:
        return _answer(404, sentence="This upload is finished, removed or too old.")
    checksum = _checksum(request.headers.get("Upload-Checksum", ""))
    if checksum is None:
        return _answer(400, sentence="This checksum cannot be read.")
    algorithm, digest = checksum
    try:
        with writing(arrival, algorithm) as hand:
            if refused := await _take(request, arrival, hand, digest):
                return refused
            return await _finished(request, arrival)
    except Busy:
        return _answer(423, sentence="Another connection is sending this file.")


async def remove(request: web.Request) -> web.StreamResponse:
    """Forget an upload."""
    if wrong := _wrong_version(request):
        return wrong
    await signed_in(request)
    await check_header(request)
    arrival = await _arrival(request)
    if arrival is None:
        return _answer(404)
    await arriving.remove(arrival)
    return _answer(204)


async def _take(
    request: web.Request, arrival: Arrival, hand: Writing, digest: bytes
) -> web.StreamResponse | None:
    """Write what comes, at once and as far as it comes; return why it cannot be."""
    if number(request.headers.get("Upload-Offset", "")) != arrival.offset:
        return _answer(409, _here(arrival), sentence="The offset is not where this upload stands.")
    try:
        await _pour(request, hand)
    except TooMuch:
        hand.take_back()
        return _answer(413, sentence="More came than was announced.")
    except (ClientError, ConnectionError, web.RequestPayloadError):
        return _answer(400)  # nobody is there to read it; what came is kept
    if not hand.has(digest):
        hand.take_back()
        return _answer(BAD_CHECKSUM, sentence="The piece is not what its checksum says.")
    return None


async def _pour(request: web.Request, hand: Writing) -> None:
    piece = bytearray()
    try:
        async for chunk in request.content.iter_any():
            await take_turn(request)
            piece += chunk
            if len(piece) >= PIECE:
                full, piece = piece, bytearray()
                await hand.add(bytes(full))
    finally:
        # A connection that breaks leaves what it brought, so that the next need not bring it again.
        await hand.add(bytes(piece))


async def _finished(request: web.Request, arrival: Arrival) -> web.StreamResponse:
    await arriving.touch(arrival)
    if arrival.offset == arrival.length:
        account = await signed_in(request)
        try:
            await arriving.finish(account.actor, arrival)
        except ValueError as error:  # Unfit
            return _answer(422, sentence=why(error))
    return _answer(204, _here(arrival) | _expiry(arrival))


async def _arrival(request: web.Request) -> Arrival | None:
    account = await signed_in(request)
    return await arrival_of(account.actor, number(request.match_info["id"]))


def _here(arrival: Arrival) -> dict[str, str]:
    """Say how far an upload came, and of a finished one what became of it."""
    made = {"Upload-Media": str(arrival.attachment_id)} if arrival.attachment_id else {}
    return {"Upload-Offset": str(arrival.offset)} | made


def _expiry(arrival: Arrival) -> dict[str, str]:
    end: datetime = arrival.touched_at + arriving.EXPIRES
    return {"Upload-Expires": format_datetime(end.astimezone(UTC), usegmt=True)}


def _metadata(given: str) -> str:
    """Keep what may be said back in a header."""
    return given if given.isascii() and given.isprintable() else ""


def _checksum(given: str) -> tuple[str, bytes] | None:
    """Read a checksum; ("", b"") when none is given, None when it cannot be read."""
    algorithm, _, encoded = given.partition(" ")
    if not algorithm:
        return "", b""
    try:
        return (
            (algorithm, b64decode(encoded, validate=True)) if algorithm in arriving.HASHES else None
        )
    except ValueError:
        return None


def _wrong_version(request: web.Request) -> web.StreamResponse | None:
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return _answer(412, {"Tus-Version": VERSION}, sentence=f"This is tus {VERSION}.")


def _answer(
    status: int, headers: dict[str, str] | None = None, *, sentence: str = ""
) -> web.StreamResponse:
    said = {"Tus-Resumable": VERSION} | (headers or {})
    if sentence:
        return web.json_response({"error": sentence}, status=status, headers=said)
    return web.Response(status=status, headers=said)
