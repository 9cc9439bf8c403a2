"""What tests of letters ask for: sinks, people who live there, a clock that can be set forward."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache
from typing import Any

import pytest
from tortoise.transactions import in_transaction

from actors.actor import Actor, local_uri
from actors.follows import Follow, address
from actors.keys import keep_keys
from core.clock import milliseconds
from core.ids import new_id
from core.jobs import done, take
from core.settings import Settings, settings
from federation.keys import new_ed25519, new_rsa
from federation.write import write
from outbox.carry import Carrier
from outbox.deliver import Reach, deliver
from outbox.fan_out import fan_out
from outbox.sent import Delivery, Sent
from tests.sinks import Sinks

Someone = Callable[..., Awaitable[Actor]]
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


class Ahead:
    """A clock that goes as fast as ours, and can be set forward."""

    def __init__(self) -> None:
        self.by = 0

    def __call__(self) -> int:
        """This moment, in milliseconds."""
        return milliseconds() + self.by

    def pass_(self, *, minutes: float = 0, hours: float = 0, days: float = 0) -> None:
        """Let time pass, without anyone waiting for it."""
        self.by += int(60_000 * (minutes + 60 * hours + 1440 * days))


@pytest.fixture
async def sinks() -> AsyncIterator[Sinks]:
    """A dozen servers that take letters."""
    async with Sinks(12) as running:
        yield running


@pytest.fixture
def clock() -> Ahead:
    """A clock to set forward; `carrier` goes by it."""
    return Ahead()


@pytest.fixture
def carrier(here: Settings, clock: Ahead) -> Carrier:
    """Carries what is due by `clock`."""
    return Carrier(clock=clock)


@lru_cache
def key_pairs() -> tuple[str, str, str, str]:
    """Keys are dear: all who live here share theirs."""
    return (*new_rsa(), *new_ed25519())


@pytest.fixture
def settle(here: Settings) -> Someone:
    """Make someone who lives here and can sign, but has no account to sign in with."""

    async def make(name: str, **columns: Any) -> Actor:
        rsa, public, ed25519, multikey = key_pairs()
        uri = local_uri(name)
        actor = await Actor.create(
            uri=uri,
            local_name=name,
            name=name,
            host=here.server.account_domain,
            inbox=f"{uri}/inbox",
            shared_inbox=here.url("/inbox"),
            followers_uri=f"{uri}/followers",
            key_id=f"{uri}#main-key",
            public_key=public,
            multikey=multikey,
            **columns,
        )
        await keep_keys(actor, rsa, ed25519)
        return actor

    return make


@pytest.fixture
def someone(here: Settings, sinks: Sinks) -> Someone:
    """Make someone who lives at a sink: `await someone(3, "ana", follows=mei)`."""

    async def make(
        number: int = 0, name: str = "ana", *, follows: Actor | None = None, **columns: Any
    ) -> Actor:
        base = f"http://{sinks.host(number)}"
        actor = await Actor.create(
            **{
                "uri": f"{base}/u/{name}",
                "name": name,
                "host": sinks.host(number),
                "inbox": f"{base}/u/{name}/inbox",
                "shared_inbox": f"{base}/inbox",
            }
            | columns
        )
        if follows:
            await Follow.create(
                uri=f"{actor.uri}/follow", follower=actor, followed=follows, is_accepted=True
            )
            await address(actor.id)
        return actor

    return make


async def send(
    kind: str,
    author: Actor,
    reach: Reach,
    *,
    about: str = "",
    fans_out: bool = True,
    **more: Any,
) -> Sent:
    """Deliver an activity about a note (a new one, if none is named), and write its letters."""
    about = about or settings().url(f"/n/{new_id()}")
    note = {"id": about, "type": "Note", "attributedTo": author.uri, "content": "<p>hello</p>"}
    thing = note if kind in ("Create", "Update") else about
    uri = settings().url(f"/a/{new_id()}")
    document = write(kind, id=uri, actor=author.uri, object=thing, to=[PUBLIC])
    async with in_transaction():
        sent = await deliver(document, author, reach, **more)
    if fans_out:
        await spread()
    return sent


async def spread() -> None:
    """Do the fan-outs that are due."""
    while jobs := await take(100, only="outbox.fanout"):
        for job in jobs:
            await fan_out(job.read())
            await done([job.id])


async def until(is_so: Callable[[], Awaitable[bool]], *, seconds: float = 5) -> None:
    """Return once something is so, which the database or another server says; or fail."""
    async with asyncio.timeout(seconds):
        while not await is_so():  # noqa: ASYNC110  rows ring no bell
            await asyncio.sleep(0.01)


async def letters(sent: Sent) -> list[Delivery]:
    """The letters of an activity, in the order they were written."""
    return await Delivery.filter(sent_id=sent.id).order_by("id")


async def letter(sent: Sent) -> Delivery:
    """The only letter of an activity."""
    return await Delivery.get(sent_id=sent.id)
