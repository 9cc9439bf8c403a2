"""Apps that talk to a running instance with tokens of their own."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession

from actors.actor import Actor
from actors.tokens import make_token
from tests.conftest import account_of
from tests.web.api.described import check


@dataclass
class Client:
    """An app with a token; answers are read whole, and held to what is promised."""

    session: ClientSession
    token: str

    async def ask(self, method: str, path: str, **more: Any) -> tuple[int, Any]:
        """Send a request; return the status and the JSON of the answer."""
        response = await self.send(method, path, **more)
        return response.status, await response.json()

    async def send(self, method: str, path: str, **more: Any) -> ClientResponse:
        """Send a request; return the answer, read whole."""
        headers = more.pop("headers", {})
        if self.token:
            headers = {"Authorization": f"Bearer {self.token}"} | headers
        async with self.session.request(
            method, path, headers=headers, allow_redirects=False, **more
        ) as response:
            await response.read()
        await check(method, path, response)
        return response

    async def get(self, path: str, **params: Any) -> Any:
        """Read something that has to be there."""
        status, found = await self.ask("GET", path, params=params)
        assert status == 200, (path, status, found)
        return found

    async def post(self, path: str, **values: Any) -> Any:
        """Do something that has to work; values are sent as JSON."""
        status, found = await self.ask("POST", path, json=values)
        assert status == 200, (path, status, found)
        return found


@pytest.fixture
async def client(wire: ClientSession) -> Callable[..., Awaitable[Client]]:
    """An app of someone who lives here: `await client(mei)`, or of nobody: `await client()`."""

    async def make(actor: Actor | None = None, *scopes: str) -> Client:
        if actor is None:
            return Client(wire, "")
        granted = scopes or ("read", "write", "follow", "push")
        return Client(wire, await make_token(await account_of(actor), granted, "an app"))

    return make
