"""For whoever watches the machine: is the process alive, can it work?"""

from aiohttp import web
from tortoise.exceptions import BaseORMException

from core import sql


async def alive(request: web.Request) -> web.Response:
    """Answer as long as the event loop turns."""
    return web.Response(text="ok\n")


async def ready(request: web.Request) -> web.Response:
    """Answer 200 when the database does, else 503, so that a proxy asks another process."""
    try:
        await sql.rows("SELECT 1 AS one")
    except BaseORMException:
        return web.Response(status=503, text="the database does not answer\n")
    return web.Response(text="ready\n")
