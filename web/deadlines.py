"""Connections that take their time: how long a request may take to come, how many from one address.

aiohttp waits for the rest of a request's head as long as its keep-alive lasts, and for the rest of
a body for ever (security.md DOS-06). This closes what is too slow. It leans on a few of aiohttp's
private fields (`_waiter`, `_messages`, `_request_count`, `_kwargs`); tests hold them to it.
"""

import asyncio
from collections import Counter
from typing import Any

import structlog
from aiohttp import StreamReader, web
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web_protocol import RequestHandler

from web.addresses import is_proxy

HEAD_S = 10
BODY_S = 10
SLOWEST = 1024  # bytes a second of a body, over BODY_S
KEEP_ALIVE_S = 75  # longer than proxies keep theirs, so that they close first
MOST_OF_ONE = 200  # connections from one address that is not a proxy

log = structlog.get_logger()


class PunctualRunner(web.AppRunner):
    """Runs an application whose connections have deadlines."""

    def __init__(
        self,
        app: web.Application,
        *,
        head_s: float = HEAD_S,
        body_s: float = BODY_S,
        most_of_one: int = MOST_OF_ONE,
        **more: Any,
    ) -> None:
        super().__init__(app, keepalive_timeout=KEEP_ALIVE_S, access_log=None, **more)
        self._bounds = head_s, body_s, most_of_one

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        server = PunctualServer(
            made.request_handler, request_factory=made.request_factory, **made._kwargs
        )
        server.head_s, server.body_s, server.most_of_one = self._bounds
        return server


class PunctualServer(web.Server):
    """Makes the connections, and counts them by address."""

    head_s: float = HEAD_S
    body_s: float = BODY_S
    most_of_one: int = MOST_OF_ONE

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        self._of_address: Counter[str] = Counter()

    def __call__(self) -> RequestHandler:
        return Punctual(self, loop=self._loop, **self._kwargs)

    def connection_made(self, handler: RequestHandler, transport: asyncio.Transport) -> None:
        super().connection_made(handler, transport)
        assert isinstance(handler, Punctual)  # noqa: S101  __call__ made it
        handler.address = str((transport.get_extra_info("peername") or [""])[0])
        self._of_address[handler.address] += 1

    def is_too_much(self, address: str) -> bool:
        """Tell whether an address has more connections than one may have."""
        return self._of_address[address] > self.most_of_one and not is_proxy(address)

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        super().connection_lost(handler, exc)
        assert isinstance(handler, Punctual)  # noqa: S101  __call__ made it
        self._of_address[handler.address] -= 1
        if self._of_address[handler.address] <= 0:
            del self._of_address[handler.address]


class Punctual(RequestHandler):
    """A connection whose requests come whole and in time, or not at all."""

    def __init__(self, server: PunctualServer, **more: Any) -> None:
        super().__init__(server, **more)
        self.address = ""
        self._server = server
        self._timer: asyncio.TimerHandle | None = None
        self._body: StreamReader | None = None
        self._came = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        if self._server.is_too_much(self.address):
            log.warning("too many connections from one address")
            # Not at once: the task that serves this connection has to begin before it can end.
            self._loop.call_soon(self.force_close)
        self._timer = self._loop.call_later(self._server.head_s, self.force_close)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self._request_count
        self._came += len(data)
        super().data_received(data)
        if self._request_count != before:
            self._disarm()
            self._expect_body(self._messages[-1][1])
        elif data and self._timer is None and self._is_between():
            self._timer = self._loop.call_later(self._server.head_s, self.force_close)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is no HTTP without a line in the log for each (security.md DOS-12)."""
        if not isinstance(exc, HttpProcessingError):
            return super().handle_error(request, status, exc, message)
        response = web.Response(
            status=400,
            text="This request cannot be read.\n",
            headers={
                "Server": "Rubric",
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
            },
        )
        response.force_close()
        return response

    def log_exception(self, *args: Any, **more: Any) -> None:
        """Write down what went wrong here, but not that a body is no body (security.md DOS-12)."""
        if not isinstance(more.get("exc_info"), web.RequestPayloadError):
            super().log_exception(*args, **more)

    def _is_between(self) -> bool:
        """Tell whether no request is worked on, so that what comes begins the next."""
        return self._waiter is not None and not self._waiter.done()

    def _expect_body(self, body: StreamReader) -> None:
        if body.is_eof():
            return
        self._body, self._came = body, 0
        self._timer = self._loop.call_later(self._server.body_s, self._look_at_body)

    def _look_at_body(self) -> None:
        """Close when less came than the slowest we bear; not when we are the slow ones."""
        self._timer = None
        if self._body is None or self._body.is_eof():
            return
        if self._came < SLOWEST * self._server.body_s and not (
            self._reading_paused or self._buffer_paused
        ):
            self.force_close()
            return
        self._expect_body(self._body)

    def _disarm(self) -> None:
        self._body = None
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
