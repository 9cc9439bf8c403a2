"""Events within one process: told after their transaction, and in no line behind who writes."""

import asyncio
import contextvars
from collections.abc import AsyncIterator

import pytest
from tortoise.transactions import in_transaction

from core.broker import Event, LocalBroker, Queue, Topic
from tests.core.test_sqlite import database, lay

__all__ = ["database"]


@pytest.fixture
async def broker() -> AsyncIterator[LocalBroker]:
    """A broker of its own, closed at the end."""
    made = LocalBroker()
    yield made
    await made.close()


def told(queue: Queue) -> list[int]:
    return [queue.get_nowait().number("id") for _ in range(queue.qsize())]


@pytest.mark.usefixtures("database")
async def test_what_is_published_is_told_after_its_transaction_all_at_one_time(
    broker: LocalBroker,
) -> None:
    queue, outside = await broker.subscribe(), contextvars.copy_context()

    async with in_transaction():
        await lay("red")
        for number in range(50):
            await broker.publish(Event(Topic.NOTE, {"id": number}))
        for _ in range(5):
            await asyncio.sleep(0)
        before = told(queue)
        others = [asyncio.create_task(lay("green"), context=outside) for _ in range(20)]
        for _ in range(5):
            await asyncio.sleep(0)
    await others[0]

    assert before == []
    assert told(queue) == list(range(50))
    await asyncio.gather(*others)


@pytest.mark.usefixtures("database")
async def test_where_nobody_hears_nothing_is_kept(broker: LocalBroker) -> None:
    await broker.publish(Event(Topic.NOTE, {"id": 1}))

    assert told(await broker.subscribe()) == []
