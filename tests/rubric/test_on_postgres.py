"""What only PostgreSQL can do to a server: it restarts, and all connections are gone at once."""

import time
from contextlib import AsyncExitStack, suppress

import asyncpg
import pytest
from tortoise.transactions import in_transaction

from core import sql
from core.broker import broker
from rubric.instance import opened
from tests import postgres
from tests.conftest import database_name, settings_in
from tests.walks.processes import Browser, Server, settled, until

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not postgres.is_wanted(), reason="it is about connections to PostgreSQL"),
]

CUT = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1"


async def _cut(server: Server, times: int) -> tuple[int, set[int]]:
    """End every connection of a server again and again; return how many, and what /readyz said."""
    connection = await asyncpg.connect(postgres.url_of("postgres"))
    name = server.database.partition("?")[0].rpartition("/")[2]
    ended, answers = 0, set[int]()
    for _ in range(times):
        ended += await connection.fetchval(CUT, name)
        answers.add(await server.readiness())
    await connection.close()
    return ended, answers


async def test_a_server_goes_on_when_its_connections_are_cut(tmp_path):
    server = Server(tmp_path)
    await server.start()
    try:
        ended, answers = await _cut(server, 200)

        await until(lambda: _is_ready(server), "it is ready again", or_else=server.has_died)
        async with Browser(server) as browser:
            await browser.sign_up("mei")
            page = await browser.compose("Still here")
        await settled(server)
        seconds = await server.stop()
    finally:
        await server.remove()

    assert ended > 0
    assert answers <= {200, 503}
    assert page.has("Still here")
    assert seconds < 20
    assert "worker.database" in server.log() or "carry.database" in server.log()


async def _is_ready(server: Server) -> bool:
    return await server.readiness() == 200


async def test_what_listens_does_not_keep_an_instance_from_closing(tmp_path):
    chosen = settings_in(tmp_path, domain="localhost:8000")
    postgres.create(database_name(tmp_path))
    try:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(opened(chosen))
            await broker().subscribe()
            began = time.monotonic()
        took = time.monotonic() - began
    finally:
        postgres.drop(database_name(tmp_path))

    # The pool waits for ten seconds where a connection is not given back.
    assert took < 10


async def _answers() -> bool:
    with suppress(*sql.trouble()):
        return bool(await sql.rows("SELECT 1 AS one"))
    return False


async def test_a_transaction_that_cannot_begin_leaves_its_task_as_it_was(tmp_path):
    chosen, name = settings_in(tmp_path, domain="localhost:8000"), database_name(tmp_path)
    end_all = (
        f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
    )
    postgres.create(name)
    try:
        async with opened(chosen):
            for _ in range(3):
                await until(_answers, "a connection is alive")
                postgres.run(end_all)  # the event loop stands still meanwhile, and does not notice
                with pytest.raises(sql.trouble()):
                    async with in_transaction():
                        await sql.rows("SELECT 1 AS one")
            await until(_answers, "a connection is alive")
            async with in_transaction():
                assert await sql.rows("SELECT 1 AS one") == [{"one": 1}]
            assert await sql.rows("SELECT 2 AS two") == [{"two": 2}]
    finally:
        postgres.drop(name)
