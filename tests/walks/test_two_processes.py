"""Two processes of one instance on one database: what happens in one is heard in the other."""

import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from tests import postgres
from tests.walks.processes import CONFIG, OPEN, Server, servers, until

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


async def test_a_stream_hears_what_happens_in_another_process(pair):
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
