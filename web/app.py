"""The application: middlewares, routes, static files."""

from collections.abc import Iterable

from aiohttp import web
from cachetools import TTLCache

from core import metrics
from web.headers import add_headers
from web.keys import AREAS, COUNTS, Area, Route
from web.middlewares import MIDDLEWARES
from web.render import STATIC
from web.routes import API, FILES, PAGES, WIRE

# Letters are at most 1 MiB (security.md 2); forms with files are counted by web/forms.py.
MOST_BYTES = 1024 * 1024
TABLES = ((Area.PAGE, PAGES), (Area.API, API), (Area.WIRE, WIRE), (Area.FILE, FILES))


def build_app() -> web.Application:
    """Put the application together; settings and database are reached when a request comes."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=MOST_BYTES)
    app[AREAS] = {}
    app[COUNTS] = TTLCache(100_000, 3600)
    for area, routes in (
        (Area.PAGE, PAGES),
        (Area.API, API),
        (Area.WIRE, WIRE),
        (Area.FILE, FILES),
    ):
        _add(app, area, routes)
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
    return app


def _add(app: web.Application, area: Area, routes: Iterable[Route]) -> None:
    for method, path, handler in routes:
        resource = app.router.add_resource(path)
        for each in (method, "HEAD") if method == "GET" else (method,):
            app[AREAS][resource.add_route(each, handler)] = area
