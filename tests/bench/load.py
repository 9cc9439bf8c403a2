"""Load: requests that are bytes already, sent over a few connections that are kept."""

import asyncio
from collections import Counter
from collections.abc import Iterable


class Pipe(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    def __init__(self, requests: Iterable[bytes], statuses: Counter[int]) -> None:
        self._requests = iter(requests)
        self._statuses = statuses
        self._read = b""
        self._transport: asyncio.Transport | None = None
        self.is_done = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._read += data
        end = self._read.find(b"\r\n\r\n")
        if end < 0 or len(self._read) < (whole := end + 4 + _length(self._read[:end])):
            return
        self._statuses[int(self._read[9:12])] += 1
        self._read = self._read[whole:]
        self._next()

    def connection_lost(self, _: Exception | None) -> None:
        if not self.is_done.done():
            self.is_done.set_exception(ConnectionError("the server hung up"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.is_done.set_result(None)
        elif self._transport:
            self._transport.write(request)


async def send(port: int, requests: Iterable[bytes], *, connections: int = 16) -> Counter[int]:
    """Send requests over so many connections, and count the answers by status."""
    statuses: Counter[int] = Counter()
    shared, loop = iter(requests), asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Pipe(shared, statuses), "127.0.0.1", port)
        for _ in range(connections)
    ]
    await asyncio.gather(*(pipe.is_done for _, pipe in made))
    for transport, _ in made:
        transport.close()
    return statuses


def get(host: str, path: str, *, accept: str = "text/html", cookie: str = "") -> bytes:
    """Write a GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", f"Accept: {accept}"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    return "\r\n".join([*lines, "", ""]).encode()


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    """Write a POST; `headers` hold what was signed."""
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
