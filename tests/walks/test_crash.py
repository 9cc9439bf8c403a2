"""Killed at any moment and started again: no acknowledged act is lost, every letterbox gets all."""

import asyncio
import hashlib
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from actors.actor import Actor, local_actor
from actors.follows import Follow, address
from core.settings import load, use
from rubric.instance import opened
from tests import postgres
from tests.sinks import address_of
from tests.walks.processes import Browser, Server, until

pytestmark = [pytest.mark.processes, pytest.mark.timeout(480)]
# With PostgreSQL, what a killed process had in hand waits for its lease: others may be at work.
PATIENCE_S = 360 if postgres.is_wanted() else 90

HOSTS, FOLLOWERS = 50, 200
ROUNDS, NOTES = 5, 6

Letter = tuple[str, str]  # letterbox and hash of the body


class Sinks:
    """Fifty servers in a process of their own; they outlive every kill."""

    def __init__(self, port: int) -> None:
        self.port = port

    def host(self, number: int) -> str:
        """Name one of them."""
        return f"{address_of(number)}:{self.port}"

    async def received(self) -> set[Letter]:
        """What they got, whole, at least once."""
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://{self.host(0)}/receipts") as answer,
        ):
            found: list[dict[str, Any]] = await answer.json(content_type=None)
        return {(f"http://{each['host']}{each['path']}", each["sha256"]) for each in found}


@pytest.fixture
async def sinks() -> AsyncIterator[Sinks]:
    """Servers that take every letter."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.sinks", str(HOSTS)), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    yield Sinks(int(await process.stdout.readline()))
    process.kill()
    await process.communicate()


@pytest.fixture
async def server(tmp_path: Path, sinks: Sinks) -> AsyncIterator[Server]:
    """A server where mei lives, whom 200 people on 50 servers follow."""
    made = Server(tmp_path)
    await made.settle("mei", role="admin")
    await _let_them_follow(made, sinks)
    await made.start()
    yield made
    await made.remove()


async def _let_them_follow(server: Server, sinks: Sinks) -> None:
    chosen = load(server.config)
    use(chosen)
    async with opened(chosen):
        mei = await local_actor("mei")
        for number in range(FOLLOWERS):
            host = sinks.host(number % HOSTS)
            uri = f"http://{host}/users/{number}"
            # Every other server has a letterbox for everyone there.
            shared = f"http://{host}/inbox" if number % HOSTS % 2 else ""
            follower = await Actor.create(
                uri=uri, name=str(number), host=host, inbox=f"{uri}/inbox", shared_inbox=shared
            )
            await Follow.create(
                uri=f"{uri}/follow", follower=follower, followed=mei, is_accepted=True
            )
            await address(follower.id)


async def test_a_server_that_is_killed_at_random_loses_nothing(server, sinks):
    acknowledged: set[str] = set()
    for number in range(ROUNDS):
        async with _posting(server, acknowledged, start=number * NOTES):
            await asyncio.sleep(random.uniform(0.1, 2.5))
            await server.kill()
        await server.start()

    await _until_all_is_sent(server)

    await _assert_complete(server, sinks, acknowledged)
    assert acknowledged


async def test_a_server_that_is_asked_to_stop_under_load_goes_soon_and_loses_nothing(server, sinks):
    acknowledged: set[str] = set()
    async with _posting(server, acknowledged, start=0):
        await until(lambda: _has_sent(server), "it is busy")
        seconds = await server.stop()
    await server.start()

    await _until_all_is_sent(server)

    assert seconds < 20
    await _assert_complete(server, sinks, acknowledged)


@asynccontextmanager
async def _posting(server: Server, acknowledged: set[str], *, start: int) -> AsyncIterator[None]:
    """Post notes meanwhile, and keep what was acknowledged."""

    async def post(browser: Browser) -> None:
        for number in range(start, start + NOTES):
            page = await browser.compose(f"Thought number {number}")
            assert page.has(f"Thought number {number}")
            acknowledged.add(page.path)

    async with Browser(server) as browser:
        await browser.sign_in("mei")
        posting = asyncio.create_task(post(browser))
        yield
        with suppress(aiohttp.ClientError):
            await posting


async def _has_sent(server: Server) -> bool:
    return bool(await server.rows("SELECT id FROM sent LIMIT 1"))


async def _until_all_is_sent(server: Server) -> None:
    async def is_idle() -> bool:
        return await server.is_idle()

    await until(is_idle, "all letters are sent", seconds=PATIENCE_S)


async def _assert_complete(server: Server, sinks: Sinks, acknowledged: set[str]) -> None:
    notes = await server.rows("SELECT id FROM note")
    sent = await server.rows("SELECT body FROM sent WHERE kind = 'Create'")
    followers = await server.rows("SELECT inbox, shared_inbox FROM actor WHERE local_name IS NULL")
    boxes = {row["shared_inbox"] or row["inbox"] for row in followers}
    digests = {hashlib.sha256(row["body"]).hexdigest() for row in sent}

    assert acknowledged <= {f"/n/{row['id']}" for row in notes}
    assert len(digests) == len(notes)
    assert len(boxes) == 125
    expected = {(box, digest) for box in boxes for digest in digests}
    assert expected <= await sinks.received()
