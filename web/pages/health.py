"""For whoever watches the machine: is the process alive, can it work?"""

from contextvars import ContextVar

from aiohttp import web

from core import sql


class Health:
    """Whether this process takes requests: not before everything is open, nor while it stops."""

    def __init__(self, *, is_ready: bool = False) -> None:
        self.is_ready = is_ready


_current: ContextVar[Health] = ContextVar("health", default=Health(is_ready=True))  # noqa: B039


def use_health(health: Health) -> None:
    """Make this the health of everything that is started from here on."""
    _current.set(health)


async def alive(request: web.Request) -> web.Response:
    """Answer as long as the event loop turns."""
    return web.Response(text="ok\n")


async def up(request: web.Request) -> web.Response:
    """Answer what clients of the API look for: `OK` while work can be done, as `ready` tells."""
    told = await ready(request)
    return web.Response(text="OK") if told.status == 200 else told


async def ready(request: web.Request) -> web.Response:
    """Answer 200 when there can be work done, else 503, so that a proxy asks another process."""
    if not _current.get().is_ready:
        return web.Response(status=503, text="starting or stopping\n")
    try:
        await sql.rows("SELECT 1 AS one")
    except sql.trouble():
        return web.Response(status=503, text="the database does not answer\n")
    return web.Response(text="ready\n")
