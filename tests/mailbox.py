"""A mail server as small as it can be: it takes every letter and keeps it."""

import asyncio
import email
from email.message import EmailMessage
from email.policy import default
from typing import Self


class Mailbox:
    """Listens on loopback; `refusal` is what it answers to recipients instead of taking letters."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusal = ""
        self.url = ""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"smtp://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server
        self._server.close()
        await self._server.wait_closed()

    def to(self, address: str) -> list[EmailMessage]:
        """The letters somebody got."""
        return [each for each in self.letters if each["To"] == address]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 mailbox.test")
        while line := (await reader.readline()).decode().strip():
            match line.split()[0].upper():
                case "EHLO":
                    say("250-mailbox.test\r\n250 8BITMIME")
                case "RCPT" if self.refusal:
                    say(self.refusal)
                case "DATA":
                    say("354 go on")
                    body = await reader.readuntil(b"\r\n.\r\n")
                    letter = email.message_from_bytes(body[:-5], policy=default)
                    assert isinstance(letter, EmailMessage)
                    self.letters.append(letter)
                    say("250 kept")
                case "QUIT":
                    say("221 bye")
                    break
                case _:
                    say("250 well")
        await writer.drain()
        writer.close()
