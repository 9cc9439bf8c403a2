"""Reading forms: bounded, and only with the token of whoever was shown them."""

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from urllib.parse import parse_qsl

from aiohttp import BodyPartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from core.secret import is_stamp, stamp
from core.settings import settings
from web.errors import BadForm
from web.parts import MOST_WORDS, Budget, Upload, file_of, words_of
from web.paths import safe_path
from web.sessions import session_of, visit_of
from web.views.frame import Form

TOKEN = "csrf"  # noqa: S105  the name of a field
HEADER = "X-CSRF-Token"
MOST_BYTES = 256 * 1024
MOST_FIELDS = 500
SLOWEST = 16 * 1024  # bytes a second (DOS-06)
PATIENCE_S = 15
# What aiohttp raises when the parts of a multipart body are not what they say.
UNREADABLE = (
    *(ValueError, RuntimeError, RuntimeWarning, AssertionError, LookupError),
    HttpProcessingError,
)


@dataclass(frozen=True)
class Posted:
    """A form that was sent, after its token was found right."""

    fields: tuple[tuple[str, str], ...] = ()
    uploads: tuple[tuple[str, Upload], ...] = ()
    is_sure: bool = True
    """Whether the token was right; only `read_own_form` reads a form where it was not."""

    def text(self, name: str) -> str:
        """Return a field without the space around it, or nothing."""
        return self.raw(name).strip()

    def raw(self, name: str) -> str:
        """Return a field as it was typed, as a password is."""
        return next((value for each, value in self.fields if each == name), "")

    def all(self, name: str) -> list[str]:
        """Return every value of a field."""
        return [value.strip() for each, value in self.fields if each == name]

    def is_on(self, name: str) -> bool:
        """Tell whether a box was ticked."""
        return self.text(name) not in ("", "0", "off", "false")

    def file(self, name: str) -> Upload | None:
        """Return the file of a field, if one was chosen."""
        return next(iter(self.files(name)), None)

    def files(self, name: str) -> list[Upload]:
        """Return every file of a field that is not empty."""
        return [upload for each, upload in self.uploads if each == name and upload.size]

    @property
    def key(self) -> str:
        """What is the same when one shown form is sent twice unchanged, and never else."""
        return f"form {sha256(repr(self.fields).encode()).hexdigest()}"

    def next(self, otherwise: str = "/") -> str:
        """Return where to go afterwards: a path of ours (WEB-06)."""
        return safe_path(self.text("next"), otherwise)

    def shown(self, errors: Mapping[str, str] | None = None) -> Form:
        """Return what was typed for showing it again, with what is wrong; never a password."""
        kept = {
            name: value
            for name, value in reversed(self.fields)
            if "password" not in name and name != TOKEN
        }
        return Form(values=kept, errors=dict(errors or {}))


async def form_token(request: web.Request) -> str:
    """Make the token that a form shown to this browser has to bring back (WEB-01).

    It is another for each page, so that compressing a page does not give it away.
    """
    salt = secrets.token_urlsafe(9)
    return f"{salt}.{stamp(TOKEN, f'{salt} {await _holder(request)}')}"


async def check_header(request: web.Request) -> None:
    """Demand the token in a header, where no form is sent but scripts of ours ask (WEB-01)."""
    await _check(request, request.headers.get(HEADER, ""))


async def read_own_form(request: web.Request, *, most: int = MOST_BYTES) -> Posted:
    """Read a form of a page of ours though its token may be that of a session that is over.

    Keep what it says for whoever sent it, and do nothing else, unless it `is_sure`. Raises BadForm
    where the browser does not say that one of our own pages, or the device itself, sent it.
    """
    return await _read_in_time(request, most, is_strict=not is_ours(request))


def is_ours(request: web.Request) -> bool:
    """Tell whether a browser says that no other site made it send this (WEB-01)."""
    came_from = request.headers.get("Sec-Fetch-Site", "")
    if came_from:
        return came_from in ("none", "same-origin")
    return request.headers.get("Origin", "") == settings().server.base_url


async def read_form(request: web.Request, *, most: int = MOST_BYTES) -> Posted:
    """Read a form of at most so many bytes and check its token.

    Files beyond that are read past and hold nothing; words are all there. Raises BadForm for a
    wrong token, HTTPBadRequest for what cannot be read, and HTTPRequestEntityTooLarge.
    """
    return await _read_in_time(request, most, is_strict=True)


def patience_for(most: int) -> float:
    """Return the seconds in which a body of at most so many bytes has to be here (DOS-06)."""
    return PATIENCE_S + most / SLOWEST


async def _read_in_time(request: web.Request, most: int, *, is_strict: bool) -> Posted:
    try:
        async with asyncio.timeout(patience_for(most)):
            return await _read(request, most, is_strict)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error
    except UNREADABLE as error:
        raise web.HTTPBadRequest from error


async def _read(request: web.Request, most: int, is_strict: bool) -> Posted:
    if "Content-Encoding" in request.headers:
        raise web.HTTPUnsupportedMediaType
    announced = request.content_length or 0
    match request.content_type:
        case "application/x-www-form-urlencoded":
            pairs = Budget(min(most, MOST_WORDS), announced)
            return await _read_pairs(request, pairs, is_strict)
        case "multipart/form-data":
            return await _read_parts(request, Budget(most, announced, lets_go=True), is_strict)
    raise web.HTTPUnsupportedMediaType


async def _read_pairs(request: web.Request, budget: Budget, is_strict: bool) -> Posted:
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += budget.spend(chunk)
    pairs = parse_qsl(
        body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
    )
    posted = Posted(tuple((name, _clean(value)) for name, value in pairs))
    return replace(posted, is_sure=await _is_sure(request, posted, is_strict))


async def _read_parts(request: web.Request, budget: Budget, is_strict: bool) -> Posted:
    """Read the parts; the token has to come before the first file, so that none is read for it."""
    fields: list[tuple[str, str]] = []
    uploads: list[tuple[str, Upload]] = []
    is_sure: bool | None = None
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or len(fields) + len(uploads) >= MOST_FIELDS:
            raise ValueError("parts within parts, or too many")
        if part.filename is None:
            fields.append((part.name or "", _clean(await words_of(part, budget))))
            continue
        if is_sure is None:
            is_sure = await _is_sure(request, Posted(tuple(fields)), is_strict)
        uploads.append((part.name or "", await file_of(request, part, budget)))
    if is_sure is None:
        is_sure = await _is_sure(request, Posted(tuple(fields)), is_strict)
    return Posted(tuple(fields), tuple(uploads), is_sure)


async def _is_sure(request: web.Request, posted: Posted, is_strict: bool) -> bool:
    try:
        await _check(request, posted.raw(TOKEN))
    except BadForm:
        if is_strict:
            raise
        return False
    return True


async def _check(request: web.Request, given: str) -> None:
    salt, _, stamped = given.partition(".")
    if not is_stamp(TOKEN, f"{salt} {await _holder(request)}", stamped):
        raise BadForm("the token of the form is missing or another's")


async def _holder(request: web.Request) -> str:
    """Say whose token it is: the session's, or that of a visit by someone not signed in."""
    session = await session_of(request)
    return session.token_hash if session else visit_of(request)


def _clean(value: str) -> str:
    return value.replace("\x00", "").replace("\r\n", "\n")
