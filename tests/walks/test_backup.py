"""A backup that is made while people post becomes a working server elsewhere (reliability.md 8)."""

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests import postgres
from tests.rubric.shell import command
from tests.walks.processes import PASSWORD, Browser, Server, servers, settled
from tests.walks.test_two_servers import picture

pytestmark = pytest.mark.processes

ACTORS = "SELECT uri, public_key, multikey FROM actor WHERE local_name IS NOT NULL ORDER BY uri"
IDS = "SELECT id FROM note"


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the programs of the PostgreSQL at hand."""
    postgres.offer_programs(monkeypatch)


def elsewhere(server: Server, folder: Path) -> Server:
    """Make an empty place for the same server."""
    other = Server(folder, is_empty=True)
    text = other.config.read_text("utf-8")
    text = text.replace(f"localhost:{other.port}", server.domain)
    text = text.replace(f"127.0.0.1:{other.port}", f"127.0.0.1:{server.port}")
    other.config.write_text(text, "utf-8")
    other.domain, other.base = server.domain, server.base
    return other


async def done(server: Server, *arguments: str) -> str:
    """Run a command that starts soon, which must succeed; return what it printed."""
    said = await command("--config", str(server.config), *arguments)
    assert said.code == 0, said.error
    return said.output


async def token_of_admin(server: Server, name: str) -> str:
    """Make an admin, and return what an app of theirs shows."""
    person = (name, "--email", "ana@example.org", "--password", PASSWORD, "--role", "admin")
    await done(server, "user", "create", *person)
    said = await done(server, "token", "create", name, "--scopes", "read write")
    return said.split()[-1]


async def list_made(server: Server, token: str, title: str) -> int:
    """Make a list by app, and return its id, which the database counts."""
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"{server.base}/api/v1/lists", json={"title": title}, headers=headers
        ) as answer,
    ):
        return int((await answer.json())["id"])


async def shown(server: Server, path: str) -> tuple[bool, bytes]:
    """Open the note with the picture: whether its words are there, and the bytes of the picture."""
    async with Browser(server) as visitor:
        page = await visitor.get(path)
    source = next(
        str(node.attributes["src"])
        for node in page.tree.css("img")
        if node.attributes.get("alt") == "Two colours"
    )
    url = source if "://" in source else server.base + source
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert answer.status == 200
        return page.has("A cup of tea"), await answer.read()


async def test_a_backup_made_while_people_post_is_a_working_server(tmp_path):
    place = tmp_path / "backups"
    async with servers(tmp_path, "first") as (first,), Browser(first) as mei:
        token = await token_of_admin(first, "ana")
        await mei.sign_up("mei")
        note = await mei.compose_with_picture("A cup of tea", picture(), "Two colours")
        await settled(first)
        before = await shown(first, note.path)
        known = await list_made(first, token, "Known")

        said, *_ = await asyncio.gather(
            first.rubric("backup", str(place)),
            *(mei.compose(f"While it is made, {number}") for number in range(5)),
        )
        await mei.compose("After it was made")
        lost = await list_made(first, token, "Lost")
        actors, ids = await first.rows(ACTORS), await first.rows(IDS)
        backup = Path(said.splitlines()[0])
        running = await command("--config", str(first.config), "restore", str(backup))
        await first.stop()

        second = elsewhere(first, tmp_path / "second")
        try:
            good = await done(second, "restore", str(backup), "--verify")
            assert not (second.folder / "data").exists()
            await second.rubric("restore", str(backup))
            kept = await second.rows(IDS)
            await second.start()
            await done(second, "doctor")

            assert await second.rows(ACTORS) == actors
            assert await shown(second, note.path) == before
            assert await list_made(second, token, "Anew") > max(known, lost)
            async with Browser(second) as again:
                await again.sign_in("mei")
                await again.compose("As if nothing had been")
            assert new_ids(await second.rows(IDS), kept) > new_ids(ids, [])
        finally:
            await second.remove()

    assert running.code == 1
    assert "already" in running.error
    assert "good" in good
    assert before[0]


def new_ids(rows: list[dict[str, Any]], known: list[dict[str, Any]]) -> int:
    """Return the largest id that was not known; that there is one is part of it."""
    return max({row["id"] for row in rows} - {row["id"] for row in known})
