"""What the application and each request carry with them."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

from aiohttp import web
from cachetools import TTLCache

from actors.accounts import Account
from actors.actor import Actor
from actors.sessions import Session

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Route = tuple[str, str, Handler]


class Area(StrEnum):
    """Who an address is for; it decides how errors look and which headers answers carry."""

    PAGE = "page"
    API = "api"
    WIRE = "wire"
    FILE = "file"


AREAS: web.AppKey[dict[web.AbstractRoute, Area]] = web.AppKey("areas")

# Counts of this process: (group, address) → [its end, count]. What must hold across processes,
# such as tries to sign in, is counted in the database by core.limits.
COUNTS: web.AppKey[TTLCache[tuple[str, str], list[int]]] = web.AppKey("counts")

# Files of other servers that are passed on at the same time.
STREAMS: web.AppKey[asyncio.Semaphore] = web.AppKey("streams")

REQUEST_ID: web.RequestKey[str] = web.RequestKey("request_id", str)
SESSION: web.RequestKey[Session | None] = web.RequestKey("session")
ACCOUNT: web.RequestKey[Account | None] = web.RequestKey("account")
VISIT: web.RequestKey[str] = web.RequestKey("visit", str)
IS_NEW_VISIT: web.RequestKey[bool] = web.RequestKey("is_new_visit", bool)
ASKER: web.RequestKey[Actor | None] = web.RequestKey("asker")
