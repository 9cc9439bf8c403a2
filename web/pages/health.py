"""For whoever watches the machine: is the process alive, can it work?"""

from contextvars import ContextVar
from time import monotonic

from aiohttp import web

from core import sql

PATIENCE_S = 60.0
# What gives a sign of life every few seconds, and what it means when that stays away.
SIGNS = {
    "worker": "no work is taken up",
    "writer": "nothing could be written into the database",
    "room": "the disk is nearly full",
}


class Health:
    """Whether this process takes requests: not before everything is open, nor while it stops.

    Those who work give signs of life, so that whoever asks costs nothing; one that nobody ever
    gave here is not missed.
    """

    def __init__(self, *, is_ready: bool = False) -> None:
        self.is_ready = is_ready
        self._beats: dict[str, float] = {}

    def beat(self, sign: str) -> None:
        """Note that something works, now."""
        self._beats[sign] = monotonic()

    def expect(self, sign: str) -> None:
        """Miss a sign from here on, though it was never given, once PATIENCE_S are over."""
        self._beats.setdefault(sign, monotonic())

    def trouble(self) -> str:
        """Say what stands in the way of work, if anything does."""
        if not self.is_ready:
            return "starting or stopping"
        late = monotonic() - PATIENCE_S
        return next((SIGNS[sign] for sign, at in self._beats.items() if at < late), "")


_current: ContextVar[Health] = ContextVar("health")


def use_health(chosen: Health) -> None:
    """Make this the health of everything that is started from here on."""
    _current.set(chosen)


def health() -> Health:
    """Return the health of this process; where nobody set one, it is well."""
    return _current.get(None) or Health(is_ready=True)


async def alive(request: web.Request) -> web.Response:
    """Answer as long as the event loop turns."""
    return web.Response(text="ok\n")


async def up(request: web.Request) -> web.Response:
    """Answer what clients of the API look for: `OK` while work can be done, as `ready` tells."""
    told = await ready(request)
    return web.Response(text="OK") if told.status == 200 else told


async def ready(request: web.Request) -> web.Response:
    """Answer 200 when there can be work done, else 503, so that a proxy asks another process."""
    if trouble := health().trouble():
        return web.Response(status=503, text=f"{trouble}\n")
    try:
        await sql.rows("SELECT 1 AS one")
    except sql.trouble():
        return web.Response(status=503, text="the database does not answer\n")
    return web.Response(text="ready\n")
