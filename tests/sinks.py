"""Sinks: many servers on loopback that take letters, answer as scripted, and log what they got.

Each has an address of its own in 127.0.0.0/8, all on one port. A test runs them in its own loop; a
benchmark as a process: `python -m tests.sinks 400` prints the port, and `GET /receipts` tells.
"""

import asyncio
import hashlib
import json
import socket
import sys
import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field
from typing import Self


@dataclass(frozen=True)
class Reply:
    """What to answer, after how long; `hangs_up` resets the connection instead."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    delay: float = 0
    hangs_up: bool = False

    @property
    def said(self) -> int:
        """The status that is heard, which is none when the connection is reset."""
        return 0 if self.hangs_up else self.status

    def written(self) -> bytes:
        """The answer as it goes over the wire."""
        content = self.body.encode()
        headers = {"Content-Length": str(len(content))} | self.headers
        lines = [f"HTTP/1.1 {self.status} So", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


TAKEN = Reply()
TAKEN_BYTES = TAKEN.written()


@dataclass(frozen=True)
class Receipt:
    """One request that came whole, whatever was answered."""

    host: str
    method: str
    path: str
    sha256: str
    status: int
    at: float
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Sinks:
    """`hosts` servers; `receipts` is what they got, in order, `most_at_once` by host."""

    def __init__(self, hosts: int = 3, *, keeps_bodies: bool = True) -> None:
        self.receipts: list[Receipt] = []
        self.most_at_once: defaultdict[str, int] = defaultdict(int)
        self.at_once: defaultdict[str, int] = defaultdict(int)
        self.keeps_bodies = keeps_bodies
        self.port = 0
        self._hosts = hosts
        self._scripts: dict[str, deque[Reply]] = {}
        self._servers: list[asyncio.Server] = []
        self._talks: set[_Talk] = set()

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        for number in range(self._hosts):
            opened = socket.create_server((address_of(number), self.port), backlog=512)
            self.port = opened.getsockname()[1]
            self._servers.append(await loop.create_server(lambda: _Talk(self), sock=opened))
        return self

    async def __aexit__(self, *_: object) -> None:
        for server in self._servers:
            server.close()
        for talk in list(self._talks):
            talk.close()

    def host(self, number: int = 0) -> str:
        """Name a server."""
        return f"{address_of(number)}:{self.port}"

    def inbox(self, number: int = 0, path: str = "/inbox") -> str:
        """Name a letterbox there."""
        return f"http://{self.host(number)}{path}"

    def on(self, number: int, *replies: Reply) -> None:
        """Have a server answer in this order, the last one from then on."""
        self._scripts[self.host(number)] = deque(replies)

    def got(self, number: int = 0) -> list[Receipt]:
        """What a server got."""
        return [each for each in self.receipts if each.host == self.host(number)]

    def reply_of(self, host: str) -> Reply:
        """Take the next reply of a script."""
        script = self._scripts.get(host)
        if not script:
            return TAKEN
        return script.popleft() if len(script) > 1 else script[0]


def address_of(number: int) -> str:
    """The loopback address of a server."""
    return f"127.0.{1 + number // 250}.{1 + number % 250}"


class _Talk(asyncio.Protocol):
    """One connection: requests one after another."""

    def __init__(self, sinks: Sinks) -> None:
        self._sinks = sinks
        self._read = b""
        self._host = ""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        address, port = transport.get_extra_info("sockname")
        self._host = f"{address}:{port}"
        self._sinks._talks.add(self)

    def connection_lost(self, _: Exception | None) -> None:
        self._sinks._talks.discard(self)

    def close(self) -> None:
        if self._transport:
            self._transport.close()

    def data_received(self, data: bytes) -> None:
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            start, *lines = self._read[:end].decode("latin-1").split("\r\n")
            headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
            whole = end + 4 + int(headers.get("content-length", 0))
            if len(self._read) < whole:
                return
            body, self._read = self._read[end + 4 : whole], self._read[whole:]
            self._take(start, headers, body)

    def _take(self, start: str, headers: dict[str, str], body: bytes) -> None:
        method, path, _ = start.split(" ")
        if path == "/receipts":
            self._say(Reply(200, body=json.dumps(_told(self._sinks))).written())
            return
        sinks = self._sinks
        reply = sinks.reply_of(self._host)
        kept = (headers, body) if sinks.keeps_bodies else ({}, b"")
        digest = hashlib.sha256(body).hexdigest()
        sinks.receipts.append(
            Receipt(self._host, method, path, digest, reply.said, time.time(), *kept)
        )
        sinks.at_once[self._host] += 1
        sinks.most_at_once[self._host] = max(
            sinks.most_at_once[self._host], sinks.at_once[self._host]
        )
        if reply.delay:
            asyncio.get_running_loop().call_later(reply.delay, self._answer, reply)
        else:
            self._answer(reply)

    def _answer(self, reply: Reply) -> None:
        self._sinks.at_once[self._host] -= 1
        if reply.hangs_up and self._transport:
            self._transport.abort()
        else:
            self._say(TAKEN_BYTES if reply is TAKEN else reply.written())

    def _say(self, answer: bytes) -> None:
        if self._transport and not self._transport.is_closing():
            self._transport.write(answer)


def _told(sinks: Sinks) -> list[dict[str, object]]:
    """Receipts as JSON, without what may be long."""
    return [
        {k: v for k, v in asdict(each).items() if k not in ("headers", "body")}
        for each in sinks.receipts
    ]


async def main(hosts: int) -> None:
    """Be sinks until killed."""
    async with Sinks(hosts, keeps_bodies=False) as sinks:
        print(sinks.port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
