"""POST to an inbox."""

from aiohttp import web

from actors.actor import Actor, local_actor
from core import metrics
from core.settings import settings
from federation.errors import FederationError, Malformed, TooLarge
from federation.vocabulary import is_as2
from inbox.receive import Flooded, receive
from moderation.gate import Dropped
from web.activitypub.asking import letter_of
from web.errors import Missing


async def shared(request: web.Request) -> web.Response:
    """Take a letter for everyone here."""
    return await _take(request, None)


async def personal(request: web.Request) -> web.Response:
    """Take a letter for one person or group."""
    owner = await local_actor(request.match_info["name"])
    if owner is None or not owner.is_present:
        raise Missing(request.path)
    return await _take(request, owner)


async def _take(request: web.Request, owner: Actor | None) -> web.Response:
    if not is_as2(request.headers.get("Content-Type", "")):
        raise web.HTTPUnsupportedMediaType
    if "Content-Encoding" in request.headers:
        raise web.HTTPUnsupportedMediaType
    if request.query_string:
        raise Malformed("an inbox has no query (SIG-04)")
    body = await _body(request)
    try:
        await receive(letter_of(request, body), owner=owner)
    except Dropped:
        # Refused without being told so: to them it looks like any other answer.
        return web.json_response({}, status=202)
    except Flooded:
        metrics.letters_in.labels("flooded").inc()
        return web.json_response(
            {"error": "too many of your letters wait here"},
            status=429,
            headers={"Retry-After": "300"},
        )
    except FederationError as error:
        metrics.letters_in.labels(type(error).__name__.lower()).inc()
        raise
    metrics.letters_in.labels("taken").inc()
    return web.json_response({}, status=202)


async def _body(request: web.Request) -> bytes:
    most = settings().limits.inbox_kb * 1024
    if (request.content_length or 0) > most:
        raise TooLarge(f"at most {most} bytes")
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > most:
            raise TooLarge(f"at most {most} bytes")
    return bytes(body)
