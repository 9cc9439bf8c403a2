"""Another server, as small as it can be: it has people, signs, checks our signature, keeps all."""

import itertools
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from core.settings import Settings
from federation.keys import new_rsa
from federation.letter import Letter
from federation.signatures import Signer, sign, signed_by, verify

AS2 = "application/activity+json"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
NODEINFO = "http://nodeinfo.diaspora.software/ns/schema/2.1"
CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"]

Document = dict[str, Any]


@lru_cache(maxsize=8)
def key_pair(number: int) -> tuple[str, str]:
    """Keys are dear: people of all tests share a few."""
    return new_rsa()


@dataclass
class Person:
    """Someone who lives at the other server."""

    uri: str
    name: str
    private: str
    public: str
    kind: str = "Person"
    more: Document = field(default_factory=dict)

    @property
    def inbox(self) -> str:
        """Where letters for them alone go."""
        return f"{self.uri}/inbox"

    @property
    def followers(self) -> str:
        """The id of their followers collection."""
        return f"{self.uri}/followers"

    @property
    def signer(self) -> Signer:
        """What they sign with."""
        return Signer(f"{self.uri}#main-key", self.private)

    def document(self, base: str) -> Document:
        """Their actor document, as Mastodon writes it."""
        return {
            "@context": CONTEXT,
            "id": self.uri,
            "type": self.kind,
            "preferredUsername": self.name,
            "name": self.name.title(),
            "summary": "<p>hello</p>",
            "url": f"{base}/@{self.name}",
            "inbox": self.inbox,
            "outbox": f"{self.uri}/outbox",
            "followers": self.followers,
            "following": f"{self.uri}/following",
            "featured": f"{self.uri}/featured",
            "endpoints": {"sharedInbox": f"{base}/inbox"},
            "publicKey": {
                "id": f"{self.uri}#main-key",
                "owner": self.uri,
                "publicKeyPem": self.public,
            },
        } | self.more


@dataclass
class Got:
    """One letter that came, after its signature was checked."""

    path: str
    document: Document
    headers: dict[str, str]
    body: bytes

    @property
    def type(self) -> str:
        """What happened."""
        return str(self.document["type"])


class Remote:
    """Runs on a port of loopback; `letters` is what it got, `fetches` what was asked of it."""

    def __init__(self, here: Settings) -> None:
        self.here = here
        self.people: dict[str, Person] = {}
        self.things: dict[str, Document] = {}
        self.files: dict[str, tuple[bytes, str]] = {}
        self.statuses: dict[str, int] = {}
        self.letters: list[Got] = []
        self.fetches: list[str] = []
        self.keys: dict[str, str] = {}
        self.answer = 202
        self._numbers = itertools.count(1)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/.well-known/webfinger", self._webfinger)
        app.router.add_post("/{path:.*}", self._inbox)
        app.router.add_get("/{path:.*}", self._thing)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.host = f"127.0.0.1:{port}"
        self.base = f"http://{self.host}"
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        if self._runner:
            await self._runner.cleanup()

    def person(self, name: str, kind: str = "Person", **more: Any) -> Person:
        """Make someone there."""
        private, public = key_pair(len(self.people) % 8)
        made = Person(f"{self.base}/users/{name}", name, private, public, kind, more)
        self.people[name] = made
        return made

    def id(self, what: str = "things") -> str:
        """Make an id there."""
        return f"{self.base}/{what}/{next(self._numbers)}"

    def note(self, author: Person, content: str = "<p>Hello</p>", **more: Any) -> Document:
        """Write a public note there, which can be fetched."""
        note = {
            "@context": CONTEXT,
            "id": self.id("notes"),
            "type": "Note",
            "attributedTo": author.uri,
            "content": content,
            "published": "2026-11-20T10:00:00Z",
            "to": [PUBLIC],
            "cc": [author.followers],
        } | more
        self.things[urlsplit(note["id"]).path] = note
        return note

    def runs(self, software: str, version: str = "1") -> None:
        """Tell by NodeInfo what this server runs; it says nothing of it before."""
        listed = {"rel": NODEINFO, "href": f"{self.base}/nodeinfo/2.1"}
        told = {"version": "2.1", "software": {"name": software, "version": version}}
        for path, document in (
            ("/.well-known/nodeinfo", {"links": [listed]}),
            ("/nodeinfo/2.1", told),
        ):
            self.files[path] = (json.dumps(document).encode(), "application/json")

    def activity(self, kind: str, actor: Person, about: Any, **more: Any) -> Document:
        """Write an activity of someone there."""
        addressed = {
            key: about[key] for key in ("to", "cc") if isinstance(about, dict) and key in about
        }
        return (
            {
                "@context": CONTEXT,
                "id": self.id("activities"),
                "type": kind,
                "actor": actor.uri,
                "object": about,
            }
            | addressed
            | more
        )

    async def send(
        self, inbox: str, document: Document, actor: Person, *, form: str = "cavage", **beside: str
    ) -> int:
        """Post a letter, signed by someone there; returns the status."""
        body = json.dumps(document).encode()
        return await self.post(inbox, body, actor.signer, form=form, **beside)

    async def post(
        self, inbox: str, body: bytes, signer: Signer, *, form: str = "cavage", **beside: str
    ) -> int:
        """Post bytes, signed; headers `beside` that no signature covers have _ for each dash."""
        headers = sign("POST", inbox, body, signer, form=form)  # type: ignore[arg-type]
        headers["Content-Type"] = AS2
        headers |= {name.replace("_", "-"): value for name, value in beside.items()}
        async with self._session.post(inbox, data=body, headers=headers) as response:
            return response.status

    async def get(
        self, url: str, actor: Person | None = None, accept: str = AS2
    ) -> tuple[int, Any]:
        """Fetch something, signed if someone asks; returns the status and the JSON, if any."""
        headers = sign("GET", url, None, actor.signer) if actor else {}
        headers["Accept"] = accept
        async with self._session.get(url, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            is_json = "json" in response.headers.get("Content-Type", "")
            return response.status, json.loads(text) if is_json and text else text

    def types(self) -> list[str]:
        """What happened, in the order it came."""
        return [letter.type for letter in self.letters]

    def last(self, kind: str) -> Document:
        """The newest activity of a kind."""
        return next(got.document for got in reversed(self.letters) if got.type == kind)

    async def _inbox(self, request: web.Request) -> web.Response:
        body = await request.read()
        letter = Letter(
            "POST", request.raw_path, list(request.headers.items()), body, self.host, self.base
        )
        signed = signed_by(letter)
        verify(letter, signed, await self._key(signed.key_id))
        self.letters.append(Got(request.path, json.loads(body), dict(request.headers), body))
        return web.Response(status=self.answer)

    async def _key(self, key_id: str) -> str:
        # As others do: who has left cannot be asked any more.
        if key_id not in self.keys:
            self.keys[key_id] = await self._asked_key(key_id)
        return self.keys[key_id]

    async def _asked_key(self, key_id: str) -> str:
        async with self._session.get(key_id.partition("#")[0], headers={"Accept": AS2}) as response:
            document = await response.json(content_type=None)
        assert document["publicKey"]["id"] == key_id
        return str(document["publicKey"]["publicKeyPem"])

    async def _thing(self, request: web.Request) -> web.Response:
        self.fetches.append(request.path)
        if status := self.statuses.get(request.path):
            return web.Response(status=status)
        for person in self.people.values():
            if person.uri == f"{self.base}{request.path}":
                return _as2(person.document(self.base))
        if thing := self.things.get(request.path):
            return _as2(thing)
        if file := self.files.get(request.path):
            return web.Response(body=file[0], content_type=file[1])
        return web.Response(status=404)

    async def _webfinger(self, request: web.Request) -> web.Response:
        name = request.query["resource"].removeprefix("acct:").partition("@")[0]
        person = self.people.get(name.lower())
        if person is None:
            return web.Response(status=404)
        link = {"rel": "self", "type": AS2, "href": person.uri}
        return web.json_response(
            {"subject": f"acct:{name}@{self.host}", "links": [link]},
            content_type="application/jrd+json",
        )


def _as2(document: Document) -> web.Response:
    return web.Response(body=json.dumps(document).encode(), content_type=AS2)
