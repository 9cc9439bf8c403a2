"""Letters at the inbox: signed Creates from followed people, until they stand in a home.

    python -m tests.bench.letters [letters, 3000] [--profile]

The server is a process of its own, as `make run` starts it; this one plays the other servers.
"""

import asyncio
import json
import shutil
import sqlite3
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from actors.accounts import Role
from actors.actor import Actor
from actors.follows import Follow
from actors.registration import create_account
from core.settings import load, use
from federation.keys import new_rsa
from federation.signatures import Signer, sign
from rubric.instance import opened
from tests.bench.load import post, send
from tests.bench.machine import cpu_seconds, memory_mb, spread
from tests.bench.reads import measure_reads
from tests.walks.processes import PASSWORD, RUBRIC, Server

AUTHORS, HOSTS, KEYS = 200, 20, 4
CHUNK = 1000
MORE = """
[policy.accounts]
registration = "open"
"""
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    {
        "ostatus": "http://ostatus.org#",
        "atomUri": "ostatus:atomUri",
        "inReplyToAtomUri": "ostatus:inReplyToAtomUri",
        "conversation": "ostatus:conversation",
        "sensitive": "as:sensitive",
        "toot": "http://joinmastodon.org/ns#",
        "votersCount": "toot:votersCount",
    },
]
WORDS = (
    "<p>A walk along the river before the rain came, number {number}. The willows are bare, the"
    " herons stand where they always stand, and somebody has painted the small bridge blue.</p>"
    '<p>More of it tomorrow, with pictures: <a href="https://walks.example/{number}"'
    ' target="_blank" rel="nofollow noopener">walks.example/{number}</a></p>'
)


@dataclass(frozen=True)
class Author:
    """Someone elsewhere whom a person here follows."""

    uri: str
    signer: Signer

    def letter(self, number: int, host: str) -> bytes:
        """Write a Create as Mastodon does, signed, as the bytes of a request."""
        note_uri, now = f"{self.uri}/statuses/{number}", datetime.now(UTC)
        cc = [f"{self.uri}/followers"]
        published = now.strftime("%Y-%m-%dT%H:%M:%SZ")
        note = {
            "id": note_uri,
            "type": "Note",
            "summary": None,
            "inReplyTo": None,
            "published": published,
            "url": f"{self.uri}/{number}",
            "attributedTo": self.uri,
            "to": [PUBLIC],
            "cc": cc,
            "sensitive": False,
            "atomUri": note_uri,
            "inReplyToAtomUri": None,
            "conversation": f"tag:{number}:objectType=Conversation",
            "content": WORDS.format(number=number),
            "contentMap": {"en": WORDS.format(number=number)},
            "attachment": [],
            "tag": [],
            "replies": {
                "id": f"{note_uri}/replies",
                "type": "Collection",
                "first": {
                    "type": "CollectionPage",
                    "next": f"{note_uri}/replies?only_other_accounts=true&page=true",
                    "partOf": f"{note_uri}/replies",
                    "items": [],
                },
            },
        }
        body = json.dumps(
            {
                "@context": CONTEXT,
                "id": f"{note_uri}/activity",
                "type": "Create",
                "actor": self.uri,
                "published": published,
                "to": [PUBLIC],
                "cc": cc,
                "object": note,
            }
        ).encode()
        headers = sign("POST", f"http://{host}/inbox", body, self.signer)
        headers["Content-Type"] = "application/activity+json"
        return post("/inbox", headers, body)


async def prepare(server: Server) -> list[Author]:
    """Make a reader here and the authors they follow, with keys that are known already."""
    pairs = [new_rsa() for _ in range(KEYS)]
    chosen = load(server.config)
    use(chosen)
    authors = []
    async with opened(chosen):
        reader = await create_account("reader", "reader@example.org", PASSWORD, role=Role.ADMIN)
        for number in range(AUTHORS):
            host = f"s{number % HOSTS}.example"
            uri = f"https://{host}/users/author{number}"
            private, public = pairs[number % KEYS]
            actor = await Actor.create(
                uri=uri,
                name=f"author{number}",
                host=host,
                inbox=f"{uri}/inbox",
                shared_inbox=f"https://{host}/inbox",
                followers_uri=f"{uri}/followers",
                key_id=f"{uri}#main-key",
                public_key=public,
                fetched_at=datetime.now(UTC),
            )
            await Follow.create(
                uri=f"{chosen.server.base_url}/follows/{number}",
                follower_id=reader.actor_id,
                followed=actor,
                is_accepted=True,
            )
            authors.append(Author(uri, Signer(f"{uri}#main-key", private)))
    return authors


async def until_home_has(server: Server, many: int) -> None:
    """Wait until so many notes stand in the reader's home."""
    connection = sqlite3.connect(server.folder / "rubric.db")
    counting = "SELECT COUNT(*) FROM home_entry"
    while connection.execute(counting).fetchone()[0] < many:  # noqa: ASYNC110  rows ring no bell
        await asyncio.sleep(0.02)
    connection.close()


async def measure(server: Server, authors: list[Author], letters: int) -> list[str]:
    """Send letters by the thousand, and say what each thousand took."""
    cpu, wall = [], []
    for first in range(0, letters, CHUNK):
        chunk = [
            authors[number % AUTHORS].letter(number, server.domain)
            for number in range(first, first + CHUNK)
        ]
        used, began = cpu_seconds(server.pid), time.perf_counter()
        statuses = await send(server.port, chunk)
        await until_home_has(server, first + CHUNK)
        wall.append(CHUNK / (time.perf_counter() - began))
        cpu.append((cpu_seconds(server.pid) - used) / CHUNK * 1000)
        assert statuses == {202: CHUNK}, statuses
    return [
        f"letters until visible: {spread(cpu, 'ms of CPU each')}",
        f"letters until visible: {spread(wall, 'in a second')}",
        *(
            f"letters {at * CHUNK + 1} to {(at + 1) * CHUNK}: {cpu[at]:.2f} ms of CPU each"
            for at in sorted({0, len(cpu) // 2, len(cpu) - 1})
        ),
    ]


async def main(letters: int, *, is_profiled: bool) -> None:
    """Start a server, load it, and report."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), more=MORE)
        server.config.write_text(
            server.config.read_text().replace("[limits]", "[limits]\ninbox_queue_per_host = 100000")
        )
        authors = await prepare(server)
        profile = Path(folder, "profile")
        profiled = (sys.executable, "-m", "cProfile", "-o", str(profile), RUBRIC)
        await server.start(interpreter=profiled if is_profiled else (RUBRIC,))
        try:
            _say_memory(server, "idle")
            for line in await measure(server, authors, letters):
                print(line)
            _say_memory(server, f"after {letters} letters")
            if not is_profiled:
                for line in await measure_reads(server, "reader"):
                    print(line)
                # Signing in takes 64 MiB for a moment (docs/decisions/0002-passwords.md).
                _say_memory(server, "after one sign-in and all pages")
        finally:
            await server.stop()
        if is_profiled:
            shutil.move(profile, "letters.profile")


def _say_memory(server: Server, when: str) -> None:
    now, most = memory_mb(server.pid), memory_mb(server.pid, "VmHWM")
    print(f"memory, {when}: {now:.0f} MiB, {most:.0f} at its most")


if __name__ == "__main__":
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    asyncio.run(main(*(numbers or [3000]), is_profiled="--profile" in sys.argv))
