"""What a GET asks for, and how much of an answer it bears with."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from aiohttp import ClientResponse

from federation.answers import error_of
from federation.errors import FederationError, ForbiddenAddress, Malformed, TooLarge, Unreachable
from federation.vocabulary import ACCEPT, is_as2

LARGEST_DOCUMENT = 1024 * 1024
SLOWEST_MEDIA = 16 * 1024
MEDIA_GRACE_S = 5.0
MEDIA_HOPS = 2

_CHUNK = 64 * 1024
_JSON = frozenset({"application/json", "application/jrd+json"})


@dataclass(frozen=True, slots=True)
class Wanted:
    """The limits of one GET: kinds, redirects, seconds, bytes, and bytes a second."""

    accept: str
    is_right: Callable[[str], bool]
    seconds: float
    hops: int = 2
    limit: int = LARGEST_DOCUMENT
    slowest: int = 0
    encoding: str = "gzip"


@dataclass(frozen=True, slots=True)
class Got:
    """What came, and the URL that finally sent it."""

    url: str
    content_type: str
    body: bytes


def as2(seconds: float, *, hops: int) -> Wanted:
    """Want an ActivityPub document, and nothing that only looks like one (ORG-02)."""
    return Wanted(ACCEPT, is_as2, seconds, hops=hops)


def plain_json(seconds: float) -> Wanted:
    """Want JSON that describes something and is nothing."""
    accept = "application/jrd+json, application/json;q=0.9"
    return Wanted(accept, lambda named: essence(named) in _JSON, seconds)


def some_text(seconds: float, types: Collection[str]) -> Wanted:
    """Want a small text of one of these content types."""
    return Wanted(", ".join(types), lambda named: essence(named) in types, seconds)


def media(seconds: float, types: Collection[str], *, limit: int) -> Wanted:
    """Want a file of one of these content types; one that trickles is given up early."""
    return Wanted(
        accept=", ".join(types),
        is_right=lambda named: essence(named) in types,
        seconds=seconds,
        limit=limit,
        slowest=SLOWEST_MEDIA,
        encoding="identity",
    )


def essence(content_type: str) -> str:
    """Return a media type without its parameters."""
    return content_type.partition(";")[0].strip().lower()


async def read(response: ClientResponse, url: str, wanted: Wanted) -> Got:
    """Read no more than is wanted, counted after decompression (DOS-03)."""
    if response.status != 200:
        raise error_of(url, response.status, response.headers.get("Retry-After"))
    types = response.headers.getall("Content-Type", [])
    if len(types) != 1 or not wanted.is_right(types[0]):
        raise Malformed(f"{url} is served as {', '.join(types)[:200] or 'nothing'}")
    if (response.content_length or 0) > wanted.limit:
        raise TooLarge(f"{url} is longer than {wanted.limit} bytes")
    now = asyncio.get_running_loop().time
    begun = now()
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > wanted.limit:
            raise TooLarge(f"{url} is longer than {wanted.limit} bytes")
        late = now() - begun - MEDIA_GRACE_S
        if late > 0 and len(body) < wanted.slowest * late:
            raise Unreachable(f"{url} comes too slowly")
    return Got(url, types[0], bytes(body))


def failure(url: str, error: BaseException) -> FederationError:
    """Name what a failed connection means; the gate's refusals lie deep in aiohttp's errors."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ForbiddenAddress):
            return ForbiddenAddress(f"{url}: {cause}")
        cause = cause.__cause__
    return Unreachable(f"{url}: {type(error).__name__} {error}")
