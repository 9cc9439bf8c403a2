"""Reading by apps: what a home of twenty whole statuses takes, and whether follows matter.

Run alone with `python -m tests.bench.timelines [follows ...]`; `RUBRIC_TEST_DATABASE=wheel` before
it has the rows in PostgreSQL. Warm is the same question again while nothing has changed; cold is a
page made anew from the rows, as after every change.
"""

import asyncio
import itertools
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from actors.accounts import Account, Role
from actors.actor import Actor
from actors.registration import create_account
from actors.tokens import make_token
from core import sql
from core.ids import new_id
from core.settings import load, use
from notes.attachments import Attachment
from notes.polls import Poll
from notes.tags import tag_note
from rubric.instance import opened
from tests import postgres
from tests.bench.load import get, send
from tests.bench.machine import cpu_seconds, memory_mb, spread
from tests.factories import boosted, noted
from tests.walks.processes import PASSWORD, Server

FOLLOWS = (10, 1_000, 100_000)
AUTHORS, NOTES_EACH = 10, 20
RUNS, EACH = 5, 400
_counter = itertools.count()
PATH = "/api/v1/timelines/home?limit=20"


async def main(follows: tuple[int, ...] = FOLLOWS) -> None:
    """Print the rows of the home timeline, at several numbers of people followed."""
    for many in follows:
        with tempfile.TemporaryDirectory() as folder:
            server = Server(Path(folder, "timelines"))
            token = await _prepare(server, many)
            await server.start()
            try:
                await _measure(server, token, many)
            finally:
                await server.stop()
                await server.remove()


async def _measure(server: Server, token: str, follows: int) -> None:
    request = _asking(server, token, PATH)
    first = await _first(server, request)
    for connections in (1, 16):
        for name, kind in (("warm", request), ("cold", None)):
            asked = itertools.repeat(kind) if kind else _others(server, token)
            await _run(server, itertools.islice(asked, 20), 20, connections=connections)
            runs = [
                await _run(server, itertools.islice(asked, EACH), EACH, connections=connections)
                for _ in range(RUNS)
            ]
            print(
                f"home timeline, {follows} followed, {name}, {connections} at once:"
                f" {spread([cpu for cpu, _ in runs], 'ms of CPU each')},"
                f" {max(rate for _, rate in runs):.0f} a second at best",
                flush=True,
            )
    print(f"  the first one {first:.1f} ms; memory {memory_mb(server.pid):.0f} MiB", flush=True)


def _asking(server: Server, token: str, path: str) -> bytes:
    plain = get(server.domain, path, accept="application/json")
    return plain[:-2] + f"Authorization: Bearer {token}\r\n\r\n".encode()


def _others(server: Server, token: str) -> Iterator[bytes]:
    """The same question in other words each time, so that no answer is given again."""
    for number in _counter:
        yield _asking(server, token, f"{PATH}&turn={number}")


async def _first(server: Server, request: bytes) -> float:
    """Time the first answer of a process, in milliseconds from the question to its end."""
    began = time.monotonic()
    assert await send(server.port, [request], connections=1) == {200: 1}
    return (time.monotonic() - began) * 1000


async def _run(
    server: Server, requests: Iterable[bytes], many: int, *, connections: int
) -> tuple[float, float]:
    used, began = cpu_seconds(server.pid), time.monotonic()
    statuses = await send(server.port, requests, connections=connections)
    taken = time.monotonic() - began
    assert statuses == {200: many}, statuses
    return (cpu_seconds(server.pid) - used) / many * 1000, many / taken


async def _prepare(server: Server, follows: int) -> str:
    """Make a reader who follows so many, ten of whom posted what stands at home."""
    chosen = load(server.config)
    use(chosen)
    async with opened(chosen):
        account = await create_account("mei", "mei@example.org", PASSWORD, role=Role.MEMBER)
        people = [_person(number) for number in range(follows)]
        await Actor.bulk_create(people, batch_size=500)
        await sql.run_many(
            "INSERT INTO follow (id, uri, follower_id, followed_id, is_accepted, shows_boosts,"
            " created_at) VALUES (?, ?, ?, ?, ?, ?, CURRENT_TIMESTAMP)",
            [
                (
                    new_id(),
                    f"https://far.example/f/{each.id}",
                    account.actor.id,
                    each.id,
                    True,
                    True,
                )
                for each in people
            ],
        )
        await _post(account, people[:AUTHORS])
        return await make_token(account, ["read"], "bench")


def _person(number: int) -> Actor:
    uri = f"https://far.example/users/a{number}"
    return Actor(
        id=new_id(),
        uri=uri,
        name=f"a{number}",
        host="far.example",
        inbox=f"{uri}/inbox",
        title=f"Author {number}",
        about="<p>I write about hills.</p>",
    )


async def _post(reader: Account, authors: list[Actor]) -> None:
    """Write notes with tags and pictures, some of them polls, some boosts."""
    for round_ in range(NOTES_EACH):
        for author in authors:
            text = f"<p>Hills of day {round_}, with <strong>strong</strong> words.</p>" * 3
            note = await noted(author, text, has_media=True)
            await tag_note(note, "Hills")
            await Attachment.create(
                note_id=note.id,
                owner_id=author.id,
                remote_url="https://far.example/p.jpg",
                width=800,
                height=600,
                alt="Hills in the mist",
            )
            if round_ % 5 == 0:
                options = [{"title": "yes", "votes": 3}, {"title": "no", "votes": 4}]
                await Poll.create(note_id=note.id, options=options)
            shown = await boosted(author, note) if round_ % 4 == 0 else note
            await sql.rows(
                "INSERT INTO home_entry (id, reader_id, note_id) VALUES (?, ?, ?)",
                [new_id(), reader.actor.id, shown.id],
            )


if __name__ == "__main__":
    asked = tuple(int(each) for each in sys.argv[1:] if each.isdigit())
    postgres.start()
    try:
        asyncio.run(main(asked or FOLLOWS))
    finally:
        postgres.stop()
