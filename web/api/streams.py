"""Who is connected to the streams of the API, what each wants to hear, and telling them.

One task hears the events of all processes and looks up, for each, who among the connected it
concerns. Another looks every two seconds whether the tokens still hold (security.md OAU-04).
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import msgspec
import structlog
from aiohttp import web

from actors.accounts import Account
from actors.actor import Actor
from actors.scopes import allows
from actors.tokens import Token, still_good
from core import sql
from core.broker import Event, Queue, Topic, broker
from core.limits import TooMany
from inbox.notifications import Event as Happening
from inbox.slices import whole_notes
from inbox.stream import Stream, carried_by, homes_with, lists_with, talking, wants
from inbox.told import told_to
from moderation.announcements import Announcement
from notes.note import Note
from web.api.announcements import shown_to
from web.api.conversations import conversation_of
from web.api.entities.notifications import notifications_of
from web.api.entities.statuses import status_of

MOST_UNSENT = 200
MOST_STREAMS = 50
MOST_OF_ONE = 50
LOOK_EVERY_S = 2.0
PUBLIC = ("public", "public:local", "public:remote")
PLAIN = ("user", "user:notification", "direct", *PUBLIC, *(f"{each}:media" for each in PUBLIC))
WITH_TAG = ("hashtag", "hashtag:local")
OWN = ("user", "user:notification")

log = structlog.get_logger()


class Said(msgspec.Struct, frozen=True):
    """What goes to a connection: on which stream, which event, and its payload as a text."""

    stream: Stream
    event: str
    payload: str | None = None


@dataclass(eq=False)
class Connection:
    """An app that listens; `unsent` ends with None when it has to hang up."""

    token: Token
    account: Account
    streams: set[Stream] = field(default_factory=set)
    unsent: asyncio.Queue[Said | None] = field(default_factory=lambda: asyncio.Queue(MOST_UNSENT))
    is_closing: bool = False
    hang_up: Callable[[], None] = lambda: None

    @property
    def reader(self) -> Actor:
        """Who listens."""
        return self.account.actor

    def may(self, scope: str) -> bool:
        """Tell whether the token holds a scope."""
        return allows(self.token.scopes, scope)

    def say(self, said: Said) -> None:
        """Have something sent; who reads too slowly to keep up is dropped."""
        if self.is_closing:
            return
        try:
            self.unsent.put_nowait(said)
        except asyncio.QueueFull:
            self.is_closing = True
            self.hang_up()

    def close(self) -> None:
        """Have it hang up, without what was not sent yet."""
        if self.is_closing:
            return
        self.is_closing = True
        while not self.unsent.empty():
            self.unsent.get_nowait()
        self.unsent.put_nowait(None)


class Hub:
    """All connections of this process."""

    def __init__(self) -> None:
        self.connections: set[Connection] = set()
        self._tasks: list[asyncio.Task[None]] = []
        self._events: Queue | None = None

    async def start(self, _app: web.Application) -> None:
        """Begin to listen; nothing is asked of the database until somebody is connected."""
        self._events = await broker().subscribe()
        self._tasks = [
            asyncio.create_task(self._hear(self._events)),
            asyncio.create_task(self._look()),
        ]

    async def stop(self, _app: web.Application) -> None:
        """Have everyone hang up, and hear no more."""
        for connection in tuple(self.connections):
            connection.close()
        if self._events is not None:
            broker().unsubscribe(self._events)
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def join(self, connection: Connection) -> None:
        """Let a connection hear; raises TooMany for the fifty-first of one account."""
        mine = [each for each in self.connections if each.account.id == connection.account.id]
        if len(mine) >= MOST_OF_ONE:
            raise TooMany(60)
        self.connections.add(connection)

    def leave(self, connection: Connection) -> None:
        """Let it hear no more."""
        self.connections.discard(connection)

    async def _hear(self, events: Queue) -> None:
        while True:
            event = await events.get()
            if self.connections:
                await self._safely(self._tell(event))

    async def _look(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            if self.connections:
                await self._safely(self._check())

    async def _safely(self, work: Awaitable[None]) -> None:
        """Do some of it; what cannot be told now is not told."""
        try:
            await work
        except sql.trouble():
            log.exception("streams.database")

    async def _tell(self, event: Event) -> None:
        match event.topic:
            case Topic.NOTE:
                await self._note(event.number("id"), "update")
            case Topic.EDIT:
                await self._note(event.number("id"), "status.update")
            case Topic.GONE:
                self._gone(event)
            case Topic.TOLD:
                await self._told(event.number("id"), event.number("reader"))
            case Topic.FILTERS:
                self._to_reader(event, "filters_changed", None)
            case Topic.MERGED:
                self._to_reader(event, "notifications_merged", "1")
            case Topic.ANNOUNCED:
                await self._announced(event.number("id"))
            case Topic.UNANNOUNCED:
                self._to_all("announcement.delete", str(event.number("id")))
            case Topic.REACTED:
                self._to_all("announcement.reaction", _reaction(event))
            case Topic.ACCESS:
                await self._check()

    async def _check(self) -> None:
        good = await still_good({each.token.id for each in self.connections})
        for connection in tuple(self.connections):
            if connection.token.id not in good:
                connection.close()

    async def _note(self, number: int, event: str) -> None:
        note = (await whole_notes([number])).get(number)
        if note is None:
            return
        await self._talk(note)
        for readers_wanting in (await self._concerned(note)).values():
            await _tell_note(note, event, readers_wanting)

    async def _talk(self, note: Note) -> None:
        """Tell those who take part in a private thread of it as a whole."""
        readers = self._readers("direct")
        talks = await talking(note, {each.id for each in readers})
        for reader in readers:
            if reader.id in talks and await wants(reader, note):
                shown = msgspec.json.encode(await conversation_of(note, reader)).decode()
                for each in tuple(self.connections):
                    if each.reader.id == reader.id and each.may("read:statuses"):
                        for stream in each.streams & {("direct", "")}:
                            each.say(Said(stream, "conversation", shown))

    async def _concerned(self, note: Note) -> dict[int, list[tuple[Connection, set[Stream]]]]:
        """Return the connections in which a note runs, by who listens there."""
        everyone = await carried_by(note)
        homes = await homes_with(note, self._readers("user"))
        lists = await lists_with(note, self._lists())
        found: dict[int, list[tuple[Connection, set[Stream]]]] = {}
        for each in tuple(self.connections):
            own = {("user", "")} if each.reader.id in homes else set()
            own |= {("list", str(number)) for number in lists}
            if matching := each.streams & (everyone | own):
                found.setdefault(each.reader.id, []).append((each, matching))
        return found

    def _readers(self, name: str) -> list[Actor]:
        return list(
            {
                each.reader.id: each.reader
                for each in self.connections
                if (name, "") in each.streams
            }.values()
        )

    def _lists(self) -> list[tuple[Actor, int]]:
        """Name the lists somebody listens to, with their owners."""
        found = {
            (each.reader.id, int(number)): (each.reader, int(number))
            for each in self.connections
            for name, number in each.streams
            if name == "list"
        }
        return list(found.values())

    def _gone(self, event: Event) -> None:
        number, readers = str(event.number("id")), set(event.values.get("readers", ()))
        for each in tuple(self.connections):
            if event.values.get("is_open") or each.reader.id in readers:
                for stream in each.streams - {("user:notification", "")}:
                    each.say(Said(stream, "delete", number))

    async def _told(self, number: int, reader_id: int) -> None:
        listening = [
            each
            for each in self.connections
            if each.reader.id == reader_id
            and each.may("read:notifications")
            and each.streams & {(name, "") for name in OWN}
        ]
        if not listening:
            return
        reader = listening[0].reader
        told = await told_to(reader, [number])
        if not told or told[0].event is Happening.GROUP:
            # Apps of others have no words for it, and some stumble over what they do not know.
            return
        shown = (await notifications_of(told, reader))[0]
        payload = msgspec.json.encode(shown).decode()
        for each in listening:
            for stream in each.streams & {(name, "") for name in OWN}:
                each.say(Said(stream, "notification", payload))

    def _to_reader(self, event: Event, name: str, payload: str | None) -> None:
        for each in tuple(self.connections):
            if each.reader.id == event.number("reader"):
                for stream in each.streams & {(own, "") for own in OWN}:
                    each.say(Said(stream, name, payload))

    async def _announced(self, number: int) -> None:
        made = await Announcement.get_or_none(id=number)
        if made is None:
            return
        for account in {each.account.id: each.account for each in self.connections}.values():
            [shown] = await shown_to(account, [made])
            payload = msgspec.json.encode(shown).decode()
            self._to_all("announcement", payload, account.id)

    def _to_all(self, name: str, payload: str, account: int | None = None) -> None:
        """Tell everyone, or one, on the stream of their home."""
        for each in tuple(self.connections):
            if account in (None, each.account.id) and ("user", "") in each.streams:
                each.say(Said(("user", ""), name, payload))


def _reaction(event: Event) -> str:
    said = {
        "name": str(event.values["name"]),
        "count": event.number("count"),
        "announcement_id": str(event.number("id")),
    }
    return msgspec.json.encode(said).decode()


async def _tell_note(
    note: Note, event: str, connections: list[tuple[Connection, set[Stream]]]
) -> None:
    """Tell one reader's connections of a note, as this reader sees it, if they may."""
    reader = connections[0][0].reader
    if not await wants(reader, note):
        return
    payload = bytes(await status_of(note, reader)).decode()
    for connection, streams in connections:
        if connection.may("read:statuses"):
            for stream in streams:
                connection.say(Said(stream, event, payload))


HUB: web.AppKey[Hub] = web.AppKey("hub", Hub)
