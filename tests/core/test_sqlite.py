"""The SQLite client: many readers, one writer, nothing half done, nothing left running."""

import asyncio
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.transactions import in_transaction

from core import sql, sqlite


async def opened(file: Path, **pragmas: str):
    """Open a file with the client; close what it returns."""
    credentials = {"file_path": str(file), "synchronous": "NORMAL"} | pragmas
    return await Tortoise.init(
        config={
            "connections": {"default": {"engine": "core.sqlite", "credentials": credentials}},
            "apps": {"rubric": {"models": ["core.jobs"], "default_connection": "default"}},
        }
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Path]:
    """A file with one table, `pebble (id, colour)`."""
    file = tmp_path / "pebbles.db"
    context = await opened(file)
    await sql.rows("CREATE TABLE pebble (id INTEGER PRIMARY KEY, colour TEXT NOT NULL)")
    yield file
    await context.close_connections()


async def lay(colour: str) -> None:
    await sql.rows("INSERT INTO pebble (colour) VALUES (?)", [colour])


async def colours() -> list[str]:
    return [row["colour"] for row in await sql.rows("SELECT colour FROM pebble ORDER BY id")]


async def test_readers_go_on_during_a_transaction_and_see_what_was_before(database):
    written, read = asyncio.Event(), asyncio.Event()

    async def writer() -> None:
        async with in_transaction():
            await lay("red")
            written.set()
            await read.wait()

    writing = asyncio.create_task(writer())
    await written.wait()
    seen = await asyncio.wait_for(colours(), 1)
    read.set()
    await writing

    assert seen == []
    assert await colours() == ["red"]


async def test_who_writes_reads_their_own_lines(database):
    async with in_transaction():
        await lay("red")

        assert await colours() == ["red"]


async def test_transactions_take_turns(database):
    async def count_and_lay() -> None:
        async with in_transaction():
            number = len(await colours())
            await asyncio.sleep(0)
            await lay(str(number))

    await asyncio.gather(*(count_and_lay() for _ in range(20)))

    assert await colours() == [str(number) for number in range(20)]


async def test_a_single_write_waits_for_another_tasks_transaction(database):
    written, go_on = asyncio.Event(), asyncio.Event()

    async def writer() -> None:
        async with in_transaction():
            await lay("red")
            written.set()
            await go_on.wait()

    writing = asyncio.create_task(writer())
    await written.wait()
    single = asyncio.create_task(lay("blue"))
    await asyncio.sleep(0)
    is_waiting = not single.done()
    go_on.set()
    await asyncio.gather(writing, single)

    assert is_waiting
    assert await colours() == ["red", "blue"]


async def test_what_fails_leaves_nothing(database):
    async def fail() -> None:
        async with in_transaction():
            await lay("red")
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        await fail()
    await lay("blue")

    assert await colours() == ["blue"]


async def test_a_part_can_fail_after_a_part_of_it_failed(database):
    async def part(colour: str, inner: str) -> None:
        async with in_transaction():
            await lay(colour)
            with suppress(KeyError):
                await failing(inner)
            await lay(f"light {colour}")
            raise ValueError

    async def failing(colour: str) -> None:
        async with in_transaction():
            await lay(colour)
            raise KeyError

    async with in_transaction():
        await lay("red")
        with suppress(KeyError):
            await failing("black")
        with pytest.raises(ValueError):  # noqa: PT011
            await part("blue", "dark blue")
        await lay("green")

    assert await colours() == ["red", "green"]


async def test_a_part_can_fail_alone(database):
    async def part(colour: str, *, fails: bool) -> None:
        async with in_transaction():
            await lay(colour)
            async with in_transaction():
                await lay(f"dark {colour}")
            if fails:
                raise ValueError

    async with in_transaction():
        await part("red", fails=False)
        with pytest.raises(ValueError):  # noqa: PT011
            await part("blue", fails=True)
        await lay("green")

    assert await colours() == ["red", "dark red", "green"]


async def test_a_cancelled_transaction_is_taken_back_and_lets_others_in(database):
    written = asyncio.Event()

    async def writer() -> None:
        async with in_transaction():
            await lay("red")
            written.set()
            await asyncio.Event().wait()

    writing = asyncio.create_task(writer())
    await written.wait()
    writing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await asyncio.wait_for(lay("blue"), 1)

    assert await colours() == ["blue"]


async def test_who_is_cancelled_while_waiting_for_another_process_blocks_nobody(database):
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(lay("red"))
    await asyncio.sleep(0.02)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    other.execute("COMMIT")
    other.close()
    await asyncio.wait_for(lay("blue"), 1)

    assert await colours() == ["blue"]


async def test_a_cancellation_during_the_commit_comes_after_it(database):
    await lay("red")
    gate, is_held = threading.Event(), threading.Event()
    thread = get_connection("default").writer._connection._tx
    thread.put_nowait((None, lambda: is_held.set() or gate.wait()))
    await asyncio.to_thread(is_held.wait)

    writing = asyncio.create_task(lay("blue"))
    while thread.empty():  # noqa: ASYNC110  the queue tells nobody
        await asyncio.sleep(0)
    writing.cancel()
    done, _ = await asyncio.wait([writing], timeout=0.05)
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await writing
    await asyncio.wait_for(lay("green"), 1)

    assert not done
    assert await colours() == ["red", "blue", "green"]


async def test_an_impossible_commit_is_taken_back_and_said(database):
    await sql.rows(
        "CREATE TABLE hill (pebble INTEGER REFERENCES pebble (id) DEFERRABLE INITIALLY DEFERRED)"
    )

    async def break_a_promise() -> None:
        async with in_transaction():
            await sql.rows("INSERT INTO hill (pebble) VALUES (99)")

    with pytest.raises(OperationalError):
        await break_a_promise()
    await asyncio.wait_for(lay("blue"), 1)

    assert await sql.rows("SELECT * FROM hill") == []
    assert await colours() == ["blue"]


async def test_another_process_that_writes_too_long_is_an_error(database, monkeypatch):
    monkeypatch.setattr(sqlite, "PATIENCE_S", 0.05)
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(OperationalError, match="locked"):
        await lay("red")
    other.execute("COMMIT")
    other.close()
    await lay("blue")

    assert await colours() == ["blue"]


async def test_readers_do_not_mind_another_process_that_writes(database):
    await lay("red")
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO pebble (colour) VALUES ('blue')")

    seen = await colours()
    other.execute("COMMIT")
    other.close()

    assert seen == ["red"]
    assert await colours() == ["red", "blue"]


COUNT_UP = """
import asyncio, sys
from core import sql
from tests.core.test_sqlite import opened
from tortoise.transactions import in_transaction

async def main():
    context = await opened(sys.argv[1])
    for _ in range(100):
        async with in_transaction():
            found = await sql.rows("SELECT MAX(id) AS most FROM pebble")
            number = (found[0]["most"] or 0) + 1
            await sql.rows("INSERT INTO pebble (id, colour) VALUES (?, 'red')", [number])
    await context.close_connections()

asyncio.run(main())
"""


async def test_processes_that_read_and_then_write_never_fail(database):
    command = [sys.executable, "-c", COUNT_UP, str(database)]
    processes = [subprocess.Popen(command) for _ in range(2)]  # noqa: ASYNC220, S603
    for _ in range(100):
        async with in_transaction():
            number = (await sql.rows("SELECT MAX(id) AS most FROM pebble"))[0]["most"] or 0
            await sql.rows("INSERT INTO pebble (id, colour) VALUES (?, 'blue')", [number + 1])
    codes = [await asyncio.to_thread(process.wait, 60) for process in processes]

    assert codes == [0, 0]
    assert len(await colours()) == 300


async def test_closing_leaves_no_thread(tmp_path):
    before = threading.active_count()

    context = await opened(tmp_path / "pebbles.db")
    await sql.rows("CREATE TABLE pebble (id INTEGER PRIMARY KEY)")
    await asyncio.gather(*(sql.rows("SELECT * FROM pebble") for _ in range(5)))
    during = threading.active_count()
    await context.close_connections()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join(5)

    assert during == before + 2
    assert threading.active_count() == before


async def test_scripts_are_undone_whole(database):
    async def script() -> None:
        async with in_transaction() as connection:
            await lay("red")
            await connection.execute_script(
                "CREATE TABLE hill (name TEXT DEFAULT ';'); INSERT INTO hill DEFAULT VALUES;"
            )
            raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011
        await script()

    assert await colours() == []
    assert await sql.rows("SELECT name FROM sqlite_master WHERE name = 'hill'") == []


async def test_a_copy_is_made_beside_those_who_work(database):
    await lay("red")

    await sql.rows(f"VACUUM INTO '{database}.copy'")

    copy = sqlite3.connect(f"{database}.copy")
    assert copy.execute("SELECT colour FROM pebble").fetchall() == [("red",)]
    copy.close()


async def test_the_pragmas_hold_for_both_connections(tmp_path):
    context = await opened(tmp_path / "pebbles.db", synchronous="FULL", foreign_keys="ON")

    async with in_transaction():
        writer = {name: await _pragma(name) for name in ("synchronous", "foreign_keys")}
    reader = {name: await _pragma(name) for name in ("synchronous", "foreign_keys")}
    mode = await _pragma("journal_mode")
    await context.close_connections()

    assert writer == reader == {"synchronous": 2, "foreign_keys": 1}
    assert mode == "wal"


async def _pragma(name: str) -> object:
    return next(iter((await sql.rows(f"PRAGMA {name}"))[0].values()))
