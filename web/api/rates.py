"""How often an app may ask, and how it is told (mastodon-api.md 2.4)."""

import time
from datetime import UTC, datetime
from hashlib import sha256

from aiohttp import web

from core.limits import TooMany
from core.settings import settings
from web.addresses import FIVE_MINUTES, address_of, is_own_machine
from web.api.access import ACCESS
from web.api.answers import ts
from web.keys import COUNTS, Handler

RATE: web.RequestKey[tuple[int, int, float]] = web.RequestKey("rate")


@web.middleware
async def pace(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count what a token, or an address without one, asks in five minutes; raise TooMany.

    Every answer says how much is left. An instance for trying out does not refuse its own machine.
    """
    if request.match_info.route not in request.app[ACCESS]:
        return await handler(request)
    limit, who = _whose(request)
    if limit <= 0:
        return await handler(request)
    left, resets_at = _count(request, who, limit)
    request[RATE] = (limit, max(left, 0), resets_at)
    if left < 0 and not is_own_machine(request):
        raise TooMany(max(1, round(resets_at - time.time())))
    return await handler(request)


def rate_headers(request: web.Request) -> dict[str, str]:
    """Write what is left; the end of the window as a moment, not as seconds."""
    if RATE not in request:
        return {}
    limit, left, resets_at = request[RATE]
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(left),
        "X-RateLimit-Reset": ts(datetime.fromtimestamp(resets_at, UTC)),
    }


def _whose(request: web.Request) -> tuple[int, str]:
    limits = settings().limits
    token = request.headers.get("Authorization", "") or request.query.get("access_token", "")
    if token:
        return limits.api_per_token, sha256(token.encode()).hexdigest()
    return limits.api_per_address, address_of(request)


def _count(request: web.Request, who: str, limit: int) -> tuple[int, float]:
    """Count one; return how many are left, below zero when it was one too many, and until when."""
    counts, mark, now = request.app[COUNTS], ("api", who), int(time.time())
    found = counts.get(mark)
    if found is None or now >= found[0]:
        found = counts[mark] = [now + FIVE_MINUTES, 0]
    found[1] += 1
    return limit - found[1], float(found[0])
