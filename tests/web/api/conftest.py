"""Apps that talk to a running instance with tokens of their own."""

from collections.abc import Awaitable, Callable

import pytest
from aiohttp import ClientSession

from actors.actor import Actor
from actors.tokens import make_token
from tests.conftest import account_of
from tests.web.api.described import Client
from tests.web.api.village import Make, Village, settled


@pytest.fixture
async def client(wire: ClientSession) -> Callable[..., Awaitable[Client]]:
    """An app of someone who lives here: `await client(mei)`, or of nobody: `await client()`."""

    async def make(actor: Actor | None = None, *scopes: str) -> Client:
        if actor is None:
            return Client(wire, "")
        granted = scopes or ("read", "write", "follow", "push")
        return Client(wire, await make_token(await account_of(actor), granted, "an app"))

    return make


@pytest.fixture
async def village(settle: Make, client: Make, settle_down: Make) -> Village:
    """A place where something of everything has happened."""
    return await settled(settle, client, settle_down)
