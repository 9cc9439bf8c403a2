"""What an app asks: query, form, multipart and JSON read as one (mastodon-api.md 2.2)."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from aiohttp import BodyPartReader, web

from core.paging import LIMIT, MOST, Page, number, page_from
from web.api.brackets import listed, nested
from web.api.errors import Invalid, Lacking, Unreadable
from web.forms import MOST_FIELDS, UNREADABLE, patience_for
from web.parts import Budget, Upload, file_of, words_of

MOST_BYTES = 1024 * 1024
MOST_UPLOADED = 17 * 1024 * 1024
OFF = frozenset({"0", "f", "F", "false", "FALSE", "off", "OFF", "False"})

ASKED: web.RequestKey["Asked"] = web.RequestKey("asked")


class Asked:
    """The parameters of a request; values are not believed to have any type until they are read.

    Empty strings count as given for texts, and as not given for everything else.
    """

    def __init__(self, values: Mapping[str, Any], twice: Iterable[str] = ()) -> None:
        self.values = values
        self.twice = frozenset(twice)
        """What a query or a form said more than once; of these the first is kept."""

    def has(self, name: str) -> bool:
        """Tell whether a parameter came at all."""
        return name in self.values

    def text(self, name: str) -> str | None:
        """Read a text; None when it did not come."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int | float):
            return str(value)
        return value.replace("\x00", "") if isinstance(value, str) else None

    def needed(self, name: str) -> str:
        """Read a text that has to be there; raises Lacking."""
        if value := (self.text(name) or "").strip():
            return value
        raise Lacking(name)

    def flag(self, name: str) -> bool | None:
        """Read a yes or no; None when neither was said."""
        value = self.values.get(name)
        if isinstance(value, bool):
            return value
        text = self.text(name)
        return None if text is None or text == "" else text not in OFF

    def is_on(self, name: str) -> bool:
        """Tell whether something was switched on."""
        return bool(self.flag(name))

    def number(self, name: str) -> int | None:
        """Read a whole number, with or without a sign; None for anything else."""
        text = (self.text(name) or "").strip()
        digits = text.removeprefix("-")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            return None
        return int(text)

    def id(self, name: str) -> int | None:
        """Read an id, as a string of digits or a number; None for anything else."""
        return number(self.text(name) or "")

    def ids(self, name: str, most: int = 100) -> list[int]:
        """Read ids, each once; what is none is left out."""
        found = (number(each) for each in self.texts(name, most))
        return list(dict.fromkeys(each for each in found if each is not None))

    def texts(self, name: str, most: int = 100) -> list[str]:
        """Read a list of texts, however the list was written."""
        items = listed(self.values.get(name))[:most]
        return [
            str(each).replace("\x00", "")
            for each in items
            if isinstance(each, str | int | float) and not isinstance(each, bool)
        ]

    def moment(self, name: str) -> datetime | None:
        """Read a time after ISO 8601, without a zone in UTC; raises Invalid for other texts."""
        text = (self.text(name) or "").strip()
        if not text:
            return None
        try:
            read = datetime.fromisoformat(text)
        except ValueError as error:
            raise Invalid({name: ("ERR_INVALID", "is no time")}) from error
        return read if read.tzinfo else read.replace(tzinfo=UTC)

    def group(self, name: str) -> "Asked | None":
        """Read an object; None when there is none."""
        value = self.values.get(name)
        return Asked(value) if isinstance(value, dict) else None

    def groups(self, name: str, most: int = 100) -> list["Asked"]:
        """Read a list of objects, however the list was written."""
        return [
            Asked(each) for each in listed(self.values.get(name))[:most] if isinstance(each, dict)
        ]

    def upload(self, name: str) -> Upload | None:
        """Return a file that came with a form, if it is not empty."""
        value = self.values.get(name)
        return value if isinstance(value, Upload) and value.size else None

    def page(self, *, limit: int = LIMIT, most: int = MOST) -> Page:
        """Read which page of a list is wanted; a limit below zero counts as above it."""
        texts = {name: self.text(name) or "" for name in ("max_id", "since_id", "min_id")}
        size = str(abs(self.number("limit") or 0))
        return page_from(texts | {"limit": size}, limit=limit, most=most)


async def asked(request: web.Request, *, most: int = MOST_BYTES) -> Asked:
    """Read all parameters, once for each request; forms with files of at most so many bytes.

    Raises Unreadable (400), HTTPRequestEntityTooLarge, and HTTPRequestTimeout for what comes slower
    than forms may (DOS-06).
    """
    if ASKED not in request:
        pairs = _in_query(request)
        values, twice = nested(pairs), _twice_in(pairs)
        if request.can_read_body:
            said = await _body_in_time(request, most)
            values |= said.values
            twice |= said.twice
        request[ASKED] = Asked(values, twice)
    return request[ASKED]


def _in_query(request: web.Request) -> list[tuple[str, str]]:
    try:
        return parse_qsl(request.query_string, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError as error:
        raise Unreadable("The address says too much to be read") from error


async def _body_in_time(request: web.Request, most: int) -> Asked:
    try:
        async with asyncio.timeout(patience_for(most)):
            return await _body(request, most)
    except TimeoutError as error:
        raise web.HTTPRequestTimeout from error


async def _body(request: web.Request, most: int) -> Asked:
    if "Content-Encoding" in request.headers:
        raise web.HTTPUnsupportedMediaType
    announced = request.content_length or 0
    try:
        if request.content_type == "multipart/form-data":
            return Asked(nested([pair async for pair in _parts(request, Budget(most, announced))]))
        budget = Budget(min(most, MOST_BYTES), announced)
        body = bytearray()
        async for chunk in request.content.iter_any():
            body += budget.spend(chunk)
        if request.content_type == "application/json" or bytes(body[:1]) in (b"{", b"["):
            return Asked(_object(bytes(body)))
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        return Asked(nested(pairs), _twice_in(pairs))
    except UNREADABLE as error:
        raise Unreadable("The body of the request cannot be read") from error


def _twice_in(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """Return which names come more than once; lists do, and hold a bracket."""
    counted = Counter(name for name, _ in pairs)
    return {name for name, many in counted.items() if many > 1 and "[" not in name}


def _object(body: bytes) -> dict[str, Any]:
    if not body.strip():
        return {}
    try:
        read = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable("The body is no JSON") from error
    if not isinstance(read, dict):
        raise Unreadable("The body is no JSON object")
    return read


async def _parts(request: web.Request, budget: Budget) -> AsyncIterator[tuple[str, Any]]:
    count = 0
    async for part in await request.multipart():
        count += 1
        if not isinstance(part, BodyPartReader) or count > MOST_FIELDS:
            raise ValueError("parts within parts, or too many")
        name = part.name or ""
        if part.filename is None:
            yield name, await words_of(part, budget)
        else:
            yield name, await file_of(request, part, budget)
