"""Programs that speak ActivityPub for a person here, with a token."""

import json
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientSession

from actors.actor import Actor
from actors.tokens import make_token
from tests.conftest import account_of
from tests.web.api.described import check

AS2 = "application/activity+json"
LD = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@dataclass
class Program:
    """A program that speaks ActivityPub for a person."""

    wire: ClientSession
    actor: Actor
    token: str

    async def send(self, method: str, path: str, **more: Any) -> tuple[int, Any, Any]:
        """Send a request; return the status, the JSON and the headers of the answer."""
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        async with self.wire.request(method, path, headers=headers, **more) as response:
            text = await response.text()
            await check(method, path, response)
            return response.status, json.loads(text) if text else None, response.headers

    async def post(self, document: Any, kind: str = AS2, **headers: str) -> tuple[int, Any, Any]:
        """Post to the outbox."""
        return await self.send(
            "POST",
            f"/u/{self.actor.name}/outbox",
            data=json.dumps(document),
            headers={"Content-Type": kind} | headers,
        )

    async def done(self, document: Any, **headers: str) -> str:
        """Post what has to work; return its address."""
        status, said, told = await self.post(document, **headers)
        assert status == 201, said
        assert said["id"] == told["Location"]
        return str(told["Location"])

    async def refused(self, document: Any, status: int, **headers: str) -> str:
        """Post what has to be refused; return the sentence."""
        found, said, _ = await self.post(document, **headers)
        assert found == status, said
        return str(said["error"])


async def program_of(wire: ClientSession, actor: Actor, *scopes: str) -> Program:
    """A program that was let in with these scopes, or to read and write everything."""
    token = await make_token(await account_of(actor), scopes or ("read", "write"), "a program")
    return Program(wire, actor, token)
