"""Servers on loopback that answer as a test wishes and log every byte; names that lead there."""

import asyncio
import gzip
import json
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp.abc import AbstractResolver, ResolveResult

from federation.vocabulary import AS2

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True)
class Request:
    """One request as it came over the wire."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


def reply(status: int = 200, body: bytes = b"", **headers: str | None) -> Reply:
    """Answer at once; `content_type=` becomes Content-Type, and None leaves a header out."""
    lines = [f"HTTP/1.1 {status} So"]
    named = {"content_length": str(len(body)), **headers}
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in named.items() if value]
    head = "\r\n".join(lines).encode("latin-1")

    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(head + b"\r\n\r\n" + body)
        await writer.drain()

    return send


def document(content: Any, content_type: str = AS2) -> Reply:
    """Answer with JSON."""
    return reply(200, json.dumps(content).encode(), content_type=content_type)


def redirect(location: str, status: int = 302) -> Reply:
    """Send the asker elsewhere."""
    return reply(status, location=location)


def bomb(inflated: int, content_type: str = AS2) -> Reply:
    """Answer with few bytes that become many."""
    packed = gzip.compress(b'{"id":"' + b"a" * inflated + b'"}')
    return reply(200, packed, content_type=content_type, content_encoding="gzip")


def drip(every_s: float, content_type: str = AS2) -> Reply:
    """Answer with a byte now and then, for ever."""

    async def send(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 So\r\nContent-Type: {content_type}\r\n\r\n".encode())
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(every_s)

    return send


async def silence(writer: asyncio.StreamWriter) -> None:
    """Take the request and say nothing."""
    await asyncio.Event().wait()


@dataclass
class Trap:
    """A server; `on` says what it answers where, anything else is a 404."""

    requests: list[Request] = field(default_factory=list)
    received: bytes = b""
    connections: int = 0
    at_once: int = 0
    port: int = 0
    _replies: dict[str, list[Reply]] = field(default_factory=dict)
    _talks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def at(self, path: str) -> str:
        """Make the URL of a path here."""
        return f"http://{self.host}{path}"

    def on(self, path: str, *replies: Reply) -> str:
        """Answer in this order, the last one from then on; returns the URL."""
        self._replies[path] = list(replies)
        return self.at(path)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        talk = asyncio.ensure_future(self._talk(reader, writer))
        self._talks.add(talk)
        self.at_once = max(self.at_once, len(self._talks))
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._answer(await self._read(reader), writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Request:
        head = await reader.readuntil(b"\r\n\r\n")
        self.received += head
        start, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.received += body
        method, target, _ = start.split(" ")
        self.requests.append(Request(method, target, headers, body))
        return self.requests[-1]

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        replies = self._replies.get(request.target, [reply(404)])
        await (replies.pop(0) if len(replies) > 1 else replies[0])(writer)


class Names(AbstractResolver):
    """A name server that says what a test wishes; the port goes along, so 443 can be a trap's."""

    def __init__(self, port: int = 0, **hosts: list[str]) -> None:
        self.asked: list[str] = []
        self._port = port
        self._hosts = {name.replace("_", "."): addresses for name, addresses in hosts.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=self._port or port,
                family=socket.AF_INET6 if ":" in address else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for address in self._hosts[host]
        ]

    async def close(self) -> None:
        pass
