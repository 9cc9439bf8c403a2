"""Emojis: our own, and those of other servers by way of us: small, kept for a while."""

from weakref import WeakKeyDictionary

import structlog
from aiohttp import web
from cachetools import LRUCache

from actors.emojis import HERE, Emoji, is_emoji_path
from core.settings import settings
from core.storage import NotStored, Storage, storage, type_of
from federation.client import client
from federation.errors import FederationError, Malformed
from federation.flights import Flights
from moderation.gate import measures_for
from notes.media_types import HEAD, media_type_of
from web.errors import Missing
from web.pages.remote_media import MOST_ID, SHOWN
from web.sending import send_file

MOST_BYTES = 100 * 1024  # security.md 2
MOST_KEPT = 16 * 2**20
FAILED_FOR_S = 600
AT_ONCE = 8

log = structlog.get_logger()

_kept: WeakKeyDictionary[Storage, LRUCache[str, bytes]] = WeakKeyDictionary()
_flights: WeakKeyDictionary[Storage, Flights[None]] = WeakKeyDictionary()


async def show(request: web.Request) -> web.StreamResponse:
    """Hand out a picture; one that we did not name, or cannot have, is not there."""
    number = int(request.match_info["id"])
    if not is_emoji_path(number, request.match_info["mark"]) or number >= MOST_ID:
        raise Missing(request.path)
    emoji = await Emoji.get_or_none(id=number)
    if emoji and emoji.host == HERE:
        return await _own(request, emoji.url)
    if emoji is None or settings().media.remote_mode == "link":
        raise Missing(request.path)
    measures = measures_for(emoji.host)
    if measures.reject or measures.no_media:
        raise Missing(request.path)
    try:
        body = await _picture(emoji.url)
    except FederationError as error:
        log.info("an emoji cannot be shown", problem=str(error))
        raise Missing(request.path) from error
    return web.Response(body=body, headers=SHOWN | {"Content-Type": media_type_of(body[:HEAD])})


async def _own(request: web.Request, key: str) -> web.StreamResponse:
    try:
        return await send_file(request, key, SHOWN | {"Content-Type": type_of(key)})
    except NotStored:
        raise Missing(request.path) from None


async def _picture(url: str) -> bytes:
    """Return what was fetched before, or fetch it now; what failed is let be for a while."""
    kept = _kept.setdefault(storage(), LRUCache(MOST_KEPT, len))
    if url not in kept:
        flights = _flights.setdefault(
            storage(), Flights(failure_ttl_s=FAILED_FOR_S, at_once=AT_ONCE)
        )
        await flights.ask(url, lambda: _bring(url, kept))
    return kept[url]


async def _bring(url: str, kept: LRUCache[str, bytes]) -> None:
    body = b""
    async with client().open_media(url, limit=MOST_BYTES) as opened:
        async for chunk in opened.chunks(MOST_BYTES):
            body += chunk
    if not media_type_of(body[:HEAD]).startswith("image/"):
        raise Malformed(f"{url} is no picture")
    kept[url] = body
