"""Letters by hand: every byte of a request is the test's, and none is what a client would send."""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from tortoise import Tortoise

from core.settings import Settings, settings, use
from federation.keys import private_key
from tests.conftest import replaced
from tests.remote import AS2, Person
from web.app import build_app

FOUR = "(request-target) host date digest"
THREE = "(request-target) host date"
LINES = '"@method" "@target-uri" "content-digest"'

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body, where it is JSON."""
        return json.loads(self.body)


@dataclass
class Envelope:
    """A request to be sent as it stands."""

    method: str
    target: str
    headers: Headers
    body: bytes = b""

    def without(self, *names: str) -> "Envelope":
        """The same with some headers left out after signing."""
        kept = [(name, value) for name, value in self.headers if name.lower() not in names]
        return Envelope(self.method, self.target, kept, self.body)

    def plus(self, name: str, value: str) -> "Envelope":
        """The same with one header more, not signed."""
        return Envelope(self.method, self.target, [*self.headers, (name, value)], self.body)

    def value(self, name: str) -> str:
        """The first value of a header."""
        return next(value for key, value in self.headers if key.lower() == name)


@dataclass
class Wire:
    """The running instance, reached by a bare socket."""

    here: Settings
    door: str = ""
    answers: list[Answer] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The name it answers to."""
        return self.here.server.domain

    async def send(self, envelope: Envelope) -> Answer:
        """Send a request and read the whole answer."""
        host, _, port = (self.door or self.host).rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        lines = [f"{envelope.method} {envelope.target} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in envelope.headers]
        if envelope.body and not any(n.lower() == "transfer-encoding" for n, _ in envelope.headers):
            lines.append(f"Content-Length: {len(envelope.body)}")
        lines.append("Connection: close")
        try:
            writer.write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + envelope.body)
            read = await reader.read()
        finally:
            writer.close()
        head, _, body = read.partition(b"\r\n\r\n")
        start, *rest = head.decode("latin-1").split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in rest)}
        answer = Answer(int(start.split(" ")[1]), headers, body)
        self.answers.append(answer)
        return answer

    async def get(self, path: str, person: Person | None = None, **more: Any) -> Answer:
        """Ask for a document, signed if someone asks."""
        if person:
            return await self.send(self.asking(person, path, **more))
        return await self.send(Envelope("GET", path, [("Host", self.host), ("Accept", AS2)]))

    def asking(
        self, person: Person, path: str, *, names: str = THREE, method: str = "GET", **more: Any
    ) -> Envelope:
        """A signed GET."""
        envelope = self.letter(person, b"", path=path, names=names, method=method, **more)
        return envelope.plus("Accept", AS2)

    def letter(
        self,
        person: Person,
        document: Mapping[str, Any] | bytes,
        *,
        path: str = "/inbox",
        names: str = FOUR,
        method: str = "POST",
        signed_path: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        age: timedelta = timedelta(),
        private: str | None = None,
        **parameters: str | int | None,
    ) -> Envelope:
        """Sign a letter as asked; a header or a parameter that is None is left out."""
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        sent: dict[str, str | None] = {"Host": self.host, "Date": date_of(age)}
        if method == "POST":
            sent |= {"Digest": digest_of(body), "Content-Type": AS2}
        sent |= headers or {}
        values = {key.lower(): value for key, value in sent.items() if value is not None}
        values["(request-target)"] = f"{method.lower()} {signed_path or path}"
        values |= {f"({name})": str(parameters.get(name)) for name in ("created", "expires")}
        written = "\n".join(f"{name}: {values.get(name, '')}" for name in names.split(" "))
        said: dict[str, str | int | None] = {
            "keyId": person.signer.key_id,
            "algorithm": "rsa-sha256",
            "headers": names,
            "signature": seal(written, private or person.private),
        } | parameters
        signature = ",".join(
            f"{name}={value}" if isinstance(value, int) else f'{name}="{value}"'
            for name, value in said.items()
            if value is not None
        )
        given = [(name, value) for name, value in sent.items() if value is not None]
        return Envelope(method, path, [*given, ("Signature", signature)], body)

    def letter_9421(
        self,
        person: Person,
        document: Mapping[str, Any],
        *,
        path: str = "/inbox",
        components: str = LINES,
        label: str = "sig1",
        parameters: str | None = None,
        headers: Mapping[str, str | None] | None = None,
        private: str | None = None,
    ) -> Envelope:
        """Sign a letter in the form of RFC 9421."""
        body = json.dumps(document).encode()
        second = int(datetime.now(UTC).timestamp())
        if parameters is None:
            parameters = f';created={second};keyid="{person.signer.key_id}"'
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        sent: dict[str, str | None] = {
            "Host": self.host,
            "Content-Digest": f"sha-256=:{digest}:",
            "Content-Type": AS2,
        } | dict(headers or {})
        values = {"@method": "POST", "@target-uri": self.here.url(path), "@authority": self.host}
        values |= {key.lower(): value for key, value in sent.items() if value is not None}
        lines = [f"{each}: {values.get(each.strip(chr(34)), '')}" for each in components.split()]
        lines.append(f'"@signature-params": ({components}){parameters}')
        given = [(name, value) for name, value in sent.items() if value is not None]
        given.append(("Signature-Input", f"{label}=({components}){parameters}"))
        sealed = seal("\n".join(lines), private or person.private)
        given.append(("Signature", f"{label}=:{sealed}:"))
        return Envelope("POST", path, given, body)


def seal(text: str, private_pem: str) -> str:
    """Sign with whatever key it is, as draft-cavage and RFC 9421 do."""
    key = private_key(private_pem)
    if hasattr(key, "key_size"):
        return base64.b64encode(key.sign(text.encode(), PKCS1v15(), SHA256())).decode()
    return base64.b64encode(key.sign(text.encode())).decode()


def digest_of(body: bytes) -> str:
    """The Digest header."""
    return f"SHA-256={base64.b64encode(hashlib.sha256(body).digest()).decode()}"


def date_of(age: timedelta = timedelta()) -> str:
    """The Date header of some time ago."""
    return format_datetime(datetime.now(UTC) - age, usegmt=True)


async def everything() -> dict[str, int]:
    """Count the rows of all tables."""
    models = Tortoise.apps["rubric"].values() if Tortoise.apps else []
    return {model.__name__: await model.all().count() for model in models}


@asynccontextmanager
async def set_to(wire: Wire, table: str, **values: Any) -> AsyncIterator[Wire]:
    """A second door to the same instance, behind which some settings are others."""
    before = settings()
    use(replaced(before, table, **values))
    runner = web.AppRunner(build_app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "localhost", 0).start()
    try:
        yield Wire(wire.here, f"localhost:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()
        use(before)
