"""A file of another server that is being read: as much as is borne with, and not too slowly."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import ClientResponse

from federation.answers import error_of
from federation.errors import Malformed, TooLarge, Unreachable
from federation.fetching import MEDIA_GRACE_S, SLOWEST_MEDIA

_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Opened:
    """The head of an answer; `length` is None where the server does not say."""

    url: str
    status: int
    length: int | None
    content_range: str
    _response: ClientResponse

    async def chunks(self, limit: int) -> AsyncIterator[bytes]:
        """Go through the body. Raises TooLarge beyond so many bytes, Unreachable if it trickles.

        Only the time that the other side takes counts, not that of who reads.
        """
        now = asyncio.get_running_loop().time
        size, waited = 0, 0.0
        while True:
            asked = now()
            async with asyncio.timeout(MEDIA_GRACE_S * 2):
                chunk = await self._response.content.read(_CHUNK)
            waited += now() - asked
            if not chunk:
                return
            size += len(chunk)
            if size > limit:
                raise TooLarge(f"{self.url} is longer than {limit} bytes")
            if waited > MEDIA_GRACE_S and size < SLOWEST_MEDIA * (waited - MEDIA_GRACE_S):
                raise Unreachable(f"{self.url} comes too slowly")
            yield chunk


def opened(response: ClientResponse, url: str, limit: int) -> Opened:
    """Look at the head of an answer; what its type is said to be counts for nothing (MED-04).

    Raises what a status means, and TooLarge for what says so itself.
    """
    if response.status not in (200, 206, 416):
        raise error_of(url, response.status, response.headers.get("Retry-After"))
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Malformed(f"{url} comes packed, which nobody asked for")
    if (response.content_length or 0) > limit:
        raise TooLarge(f"{url} is longer than {limit} bytes")
    described = response.headers.get("Content-Range", "")[:100]
    return Opened(url, response.status, response.content_length, described, response)
