"""The application: middlewares, routes, static files."""

import asyncio
from collections.abc import Iterable

from aiohttp import web
from cachetools import TTLCache

from core import metrics
from web.api.access import ACCESS, CALLED, Call, declared
from web.api.streams import HUB, Hub
from web.api.table import CALLS
from web.headers import add_headers
from web.keys import AREAS, COUNTS, STREAMS, Area, Route
from web.middlewares import MIDDLEWARES
from web.pages import health
from web.render import STATIC
from web.routes import API, FILES, PAGES, WIRE
from web.turns import TURNS

# Letters are at most 1 MiB (security.md 2); forms with files are counted by web/forms.py.
MOST_BYTES = 1024 * 1024
MOST_STREAMS = 64
TABLES = ((Area.PAGE, PAGES), (Area.API, API), (Area.WIRE, WIRE), (Area.FILE, FILES))


def build_app(calls: Iterable[Call] = CALLS) -> web.Application:
    """Put the application together; settings and database are reached when a request comes.

    Raises Undeclared where an address of the client API does not say whom it lets in.
    """
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=MOST_BYTES)
    app[AREAS] = {}
    app[COUNTS] = TTLCache(100_000, 3600)
    app[STREAMS] = asyncio.Semaphore(MOST_STREAMS)
    app[TURNS] = asyncio.Lock()
    app[ACCESS] = {}
    hub = app[HUB] = Hub()
    app.on_startup.append(hub.start)
    app.on_shutdown.append(hub.stop)
    for area, routes in TABLES:
        _add(app, area, routes)
    lines = tuple(calls)
    app[CALLED] = lines
    for call in lines:
        _add_call(app, call)
    for route in app.router.add_static("/static", STATIC):
        app[AREAS][route] = Area.FILE
    app.on_response_prepare.append(add_headers)
    return app


def build_metrics() -> web.Application:
    """Put together what listens at `metrics.bind`, where only the operator reaches it (OPS-10)."""

    async def show(request: web.Request) -> web.Response:
        return web.Response(body=metrics.written(), content_type="text/plain")

    app = web.Application()
    app.router.add_get("/metrics", show)
    app.router.add_get("/livez", health.alive)
    app.router.add_get("/readyz", health.ready)
    return app


def _add_call(app: web.Application, call: Call) -> None:
    """Add an address of the client API; PUT and PATCH are one there (mastodon-api.md 1, row 10)."""
    method, path, handler, access = declared(call)
    twins = {"GET": ("GET", "HEAD"), "PUT": ("PUT", "PATCH"), "PATCH": ("PATCH", "PUT")}
    written = path.replace("{id}", "{id:[0-9]+}")
    for each in (written, f"{written}/"):  # some clients end every path with a slash
        resource = app.router.add_resource(each)
        for name in twins.get(method, (method,)):
            route = resource.add_route(name, handler)
            app[AREAS][route] = Area.API
            app[ACCESS][route] = access


def _add(app: web.Application, area: Area, routes: Iterable[Route]) -> None:
    for method, path, handler in routes:
        resource = app.router.add_resource(path)
        for each in (method, "HEAD") if method == "GET" else (method,):
            app[AREAS][resource.add_route(each, handler)] = area
