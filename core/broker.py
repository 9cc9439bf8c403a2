"""Broker: tells every process what has happened, once it stands in the database.

What is published in a transaction is told after its end, and may not have happened after all: an
event holds ids, and whoever hears of it reads the rows. Events may get lost, as when a process
starts anew; nothing that has to happen hangs on them.
"""

import asyncio
from contextlib import suppress
from contextvars import ContextVar
from enum import StrEnum
from typing import Any, Protocol

import msgspec
import structlog
from tortoise.connection import get_connection

from core import sql

CHANNEL = "rubric"
MOST_WAITING = 10_000
AGAIN_S = 1.0

log = structlog.get_logger()


class Topic(StrEnum):
    """What events are about, and what they hold beside it."""

    NOTE = "note"
    """A note, or a boost, reached its readers: `id`."""
    EDIT = "edit"
    """A note was changed: `id`."""
    GONE = "gone"
    """A note is gone: `id`, `is_open`, and `readers`, who had it though it is not open."""
    TOLD = "told"
    """Someone was told something: `id` of the notification, `reader`."""
    MERGED = "merged"
    """What was set aside is told after all: `reader`."""
    FILTERS = "filters"
    """Someone changed their filters: `reader`."""
    ANNOUNCED = "announced"
    """Something is announced to everyone here from now on: `id`."""
    UNANNOUNCED = "unannounced"
    """An announcement was taken back: `id`."""
    REACTED = "reacted"
    """An announcement was answered, or an answer taken back: `id`, `name`, and their `count`."""
    ACCESS = "access"
    """Someone took an app's token back, or was shut out."""


class Event(msgspec.Struct, frozen=True):
    """Something that happened, by ids."""

    topic: Topic
    values: dict[str, Any]

    def number(self, name: str) -> int:
        """Return an id it holds."""
        return int(self.values[name])


Queue = asyncio.Queue[Event]


class Broker(Protocol):
    """One end of the seam: what is published comes out of every queue, in every process."""

    async def publish(self, event: Event) -> None:
        """Tell of something, in the caller's transaction."""

    async def subscribe(self) -> Queue:
        """Return a queue that gets every event from now on."""

    def unsubscribe(self, queue: Queue) -> None:
        """Have a queue get no more."""

    async def close(self) -> None:
        """Tell nothing more."""


class _Queues:
    """The queues of this process, and the task that fills them."""

    def __init__(self) -> None:
        self._queues: set[Queue] = set()
        self._task: asyncio.Task[None] | None = None

    def unsubscribe(self, queue: Queue) -> None:
        """Have a queue get no more."""
        self._queues.discard(queue)

    async def close(self) -> None:
        """Tell nothing more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def _tell(self, event: Event) -> None:
        for queue in self._queues:
            try:
                queue.put_nowait(event)
            except asyncio.QueueFull:
                log.warning("an event was lost, for nobody keeps up with them")


class LocalBroker(_Queues):
    """For one process alone, as with SQLite."""

    def __init__(self) -> None:
        super().__init__()
        self._published: Queue = asyncio.Queue()

    async def publish(self, event: Event) -> None:
        """Tell of something after the transaction that is running now, if there is one."""
        if self._queues:
            self._published.put_nowait(event)

    async def subscribe(self) -> Queue:
        """Return a queue that gets every event from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        queue: Queue = asyncio.Queue(MOST_WAITING)
        self._queues.add(queue)
        return queue

    async def _run(self) -> None:
        while True:
            events = [await self._published.get()]
            while not self._published.empty():
                events.append(self._published.get_nowait())
            # All of them waited for one turn, or they would pile up behind those who write.
            await sql.settled()
            for event in events:
                self._tell(event)


class PostgresBroker(_Queues):
    """Among all processes of one database: NOTIFY goes out when its transaction is committed."""

    def __init__(self) -> None:
        super().__init__()
        self._listens = asyncio.Event()

    async def publish(self, event: Event) -> None:
        """Tell of something when the caller's transaction is committed."""
        said = msgspec.json.encode(event).decode()
        await sql.rows(f"SELECT pg_notify('{CHANNEL}', ?)", [said])

    async def subscribe(self) -> Queue:
        """Return a queue that gets every event from now on; waits until this process listens."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())
        queue: Queue = asyncio.Queue(MOST_WAITING)
        self._queues.add(queue)
        await self._listens.wait()
        return queue

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except sql.trouble() as error:
                log.warning("events cannot be heard", problem=str(error))
            self._listens.clear()
            await asyncio.sleep(AGAIN_S)

    async def _listen(self) -> None:
        """Listen on one connection of the pool until it is lost."""
        lost = asyncio.Event()
        async with get_connection("default").acquire_connection() as connection:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._heard)
            self._listens.set()
            try:
                await lost.wait()
            finally:
                if not connection.is_closed():
                    await connection.remove_listener(CHANNEL, self._heard)

    def _heard(self, _connection: object, _process: int, _channel: str, said: str) -> None:
        try:
            event = msgspec.json.decode(said, type=Event)
        except msgspec.DecodeError:
            log.warning("an event of another release was not understood")
            return
        self._tell(event)


_broker: ContextVar[Broker] = ContextVar("broker")


def use_broker(broker: Broker) -> None:
    """Make this the broker of everything that is started from here on."""
    _broker.set(broker)


def broker() -> Broker:
    """Return the broker of this process or this test."""
    return _broker.get()


def open_broker() -> Broker:
    """Make the broker that belongs to the database, which must be open."""
    return PostgresBroker() if sql.is_postgres() else LocalBroker()


async def publish(topic: Topic, **values: object) -> None:
    """Tell every process of something, in the caller's transaction."""
    if found := _broker.get(None):
        await found.publish(Event(topic, values))
