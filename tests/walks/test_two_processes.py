"""Two processes of one instance on one database: what happens in one is heard in the other."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from tests import postgres
from tests.walks.processes import (
    CONFIG,
    OPEN,
    RUBRIC,
    Server,
    environment,
    run,
    servers,
    until,
)

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not postgres.is_wanted(), reason="SQLite has one process"),
]

HEARD_WITHIN_S = 60


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[tuple[Server, Server]]:
    """An instance, and a second process of it that listens elsewhere, as behind a proxy."""
    async with servers(tmp_path, "first") as (first,):
        second = Server(tmp_path / "second")
        shutil.copytree(first.folder / "data", second.folder / "data")
        text = CONFIG.format(port=first.port, database=first.database)
        bound = f'bind = "127.0.0.1:{first.port}"'
        assert bound in text
        text = text.replace(bound, f'bind = "127.0.0.1:{second.port}"')
        second.config.write_text(text + OPEN, "utf-8")
        try:
            await second.launch()

            async def is_ready() -> bool:
                return await status_of(second, first.domain) == 200

            await until(is_ready, "the second answers", or_else=second.has_died)
            yield first, second
        finally:
            await second.remove()


async def status_of(server: Server, host: str) -> int:
    """Ask whether it answers to the name they share; 0 while nobody listens."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{server.base}/api/v1/instance", headers={"Host": host}) as answer,
        ):
            return answer.status
    except aiohttp.ClientError:
        return 0


async def test_a_stream_hears_what_happens_in_another_process(pair: tuple[Server, Server]) -> None:
    first, _ = pair
    tokens = {}
    for name in ("mei", "ana"):
        await first.settle(name)
        printed = await first.rubric("token", "create", name, "--scopes", "read write")
        tokens[name] = printed.split()[-1]
    host = {"Host": first.domain}

    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        ears = [
            await stack.enter_async_context(
                session.ws_connect(
                    f"{each.base}/api/v1/streaming",
                    params={"stream": "user:notification", "access_token": tokens["mei"]},
                    headers=host,
                )
            )
            for each in pair
        ]
        speaker = {"Authorization": f"Bearer {tokens['ana']}"} | host
        said = {"status": "@mei do you hear?"}
        post = f"{first.base}/api/v1/statuses"
        async with session.post(post, json=said, headers=speaker) as answer:
            assert answer.status == 200
        heard = [await ear.receive_json(timeout=HEARD_WITHIN_S) for ear in ears]

    assert [each["event"] for each in heard] == ["notification", "notification"]
    assert heard[0]["payload"] == heard[1]["payload"]


def _children(of: int) -> list[int]:
    listed = Path(f"/proc/{of}/task/{of}/children").read_text("ascii")
    return [int(each) for each in listed.split()]


def _any_runs(which: list[int]) -> bool:
    return any(Path(f"/proc/{each}").exists() for each in which)


async def _answers(server: Server) -> None:
    async def is_ready() -> bool:
        return await server.readiness() == 200

    await until(is_ready, "one of them answers", or_else=server.has_died)


async def test_workers_share_an_address_and_one_that_dies_is_replaced(tmp_path: Path) -> None:
    server = Server(tmp_path / "many")
    text = server.config.read_text("utf-8")
    server.config.write_text(text.replace("[server]\n", "[server]\nworkers = 2\n", 1), "utf-8")
    try:
        await server.start()
        await server.settle("ana")
        before = set(_children(server.pid))
        assert len(before) == 2
        victim = min(before)
        os.kill(victim, signal.SIGKILL)

        async def is_replaced() -> bool:
            now = set(_children(server.pid))
            return len(now) == 2 and victim not in now

        await until(is_replaced, "another takes its place", or_else=server.has_died)
        await _answers(server)
        left = _children(server.pid)
        assert await server.stop() < 20
        assert not _any_runs(left)
    finally:
        await server.remove()


async def test_workers_end_with_what_started_them(tmp_path: Path) -> None:
    server = Server(tmp_path / "many")
    text = server.config.read_text("utf-8")
    server.config.write_text(text.replace("[server]\n", "[server]\nworkers = 2\n", 1), "utf-8")
    try:
        await server.start()
        left = _children(server.pid)
        os.kill(server.pid, signal.SIGKILL)

        async def all_gone() -> bool:
            return not _any_runs(left)

        await until(all_gone, "nobody serves on alone")
    finally:
        await server.remove()


async def test_workers_that_cannot_start_end_with_a_sentence(tmp_path: Path) -> None:
    server = Server(tmp_path / "many")
    text = server.config.read_text("utf-8").replace("[server]\n", "[server]\nworkers = 2\n", 1)
    bound = f'bind = "127.0.0.1:{server.port}"'
    server.config.write_text(text.replace(bound, 'bind = "192.0.2.1:9"'), "utf-8")
    said = await run("--config", str(server.config), "serve")
    await server.remove()
    assert said.code == 1
    assert "server.bind: cannot listen at 192.0.2.1:9" in said.error


async def test_a_helping_hand_does_what_waits_and_listens_nowhere(tmp_path: Path) -> None:
    async with servers(tmp_path, "here") as (server,):
        await server.stop()
        server.configure(OPEN.replace("open", "approval"))
        await server.rubric("policy", "apply", "--summary", "We ask who comes.")
        assert not await server.is_idle()
        hand = await asyncio.create_subprocess_exec(
            *(RUBRIC, "--config", str(server.config), "work"), env=environment()
        )
        try:
            await until(server.is_idle, "what waited is done")
            assert await server.readiness() == 0
            hand.terminate()
            assert await asyncio.wait_for(hand.wait(), 60) == 0
        finally:
            if hand.returncode is None:
                hand.kill()
                await hand.wait()
