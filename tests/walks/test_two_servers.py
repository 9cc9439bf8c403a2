"""Two real servers, two browsers: what people do here arrives there, and nothing else does."""

import struct
import zlib
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from tests.walks.processes import PASSWORD, Browser, Page, Server, as_json, servers, settled, until

pytestmark = [pytest.mark.processes, pytest.mark.asyncio(loop_scope="module")]

AS2 = "application/activity+json"
TRIES = 5


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Server]]:
    """Two servers for the whole file; every test brings people of its own.

    Where the rows of this run are in PostgreSQL, the second server still keeps its in SQLite.
    """
    async with (
        servers(tmp_path_factory.mktemp("pair"), "here") as (here,),
        servers(tmp_path_factory.mktemp("pair"), "there", in_sqlite=True) as (there,),
    ):
        yield [here, there]


class Walker:
    """Someone with an account and a browser."""

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.name = server, name
        self.browser = Browser(server)
        self.handle = f"@{name}@{server.domain}"

    async def find(self, other: "Walker") -> Page:
        """Search for someone by their handle, and open their page."""
        found = await self._searched(other)
        links = found.links(f"/@{other.name}")
        assert links, f"{other.handle} was not found: {found.tree.css('main')[0].text()}"
        return await self.browser.get(links[0])

    async def _searched(self, other: "Walker") -> Page:
        """Search, and do as the page says when the other server was too busy to answer."""
        found = await self.browser.get("/search", q=other.handle)
        for _ in range(TRIES):
            if not found.has("did not answer"):
                break
            found = await self.browser.get(found.links("/search?q=")[-1])
        return found

    async def follow(self, other: "Walker") -> None:
        """Follow someone, and wait until that is in force."""
        page = await self.find(other)
        await self.browser.send(page, "/follow")
        await settled(self.server, other.server)

    async def home(self) -> Page:
        """What they read first."""
        return await self.browser.get("/")

    async def sees(self, words: str) -> bool:
        """Whether something stands in their home."""
        return (await self.home()).has(words)

    async def open(self, words: str) -> Page:
        """Open the note in their home that says something."""
        for link in (await self.home()).tree.css("a.card"):
            if words in link.text(separator=" "):
                return await self.browser.get(str(link.attributes["href"]))
        raise AssertionError(f"{self.handle} has no note that says {words}")


@pytest_asyncio.fixture(loop_scope="module")
async def settle(pair: list[Server]) -> AsyncIterator[object]:
    """Let someone join: `await settle("mei", 0)`."""
    made: list[Walker] = []

    async def join(name: str, where: int) -> Walker:
        walker = Walker(pair[where], name)
        made.append(walker)
        page = await walker.browser.sign_up(name)
        assert page.path == "/compose", page.tree.css("main")[0].text()
        return walker

    yield join
    for each in made:
        await each.browser._session.close()


def picture(width: int = 240, height: int = 160) -> bytes:
    """A picture of two colours, as PNG."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    row = b"\0" + b"\xc8\x40\x30" * (width // 2) + b"\x30\x60\xa8" * (width // 2)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


async def fetched(url: str, accept: str = AS2) -> tuple[int, str]:
    """Ask without any credentials."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, headers={"Accept": accept}) as answer,
    ):
        return answer.status, await answer.text(errors="replace")


async def test_a_follow_is_accepted_and_shown_on_both_sides(pair, settle):
    mei, ana = await settle("mei", 0), await settle("ana", 1)

    await mei.follow(ana)

    assert (await mei.browser.get("/@mei/following")).has(f"@ana@{pair[1].domain}")
    assert (await ana.browser.get("/notifications")).has("mei")
    assert (await ana.browser.get("/@ana/followers")).has(f"@mei@{pair[0].domain}")


async def test_a_locked_person_decides_who_follows(pair, settle):
    lin, eva = await settle("lin", 0), await settle("eva", 1)
    page = await eva.browser.get("/settings/privacy")
    await eva.browser.send(page, "/settings/privacy", locked="1")
    await lin.follow(eva)
    before = await lin.browser.get("/@lin/following")

    asked = await eva.browser.get("/notifications", show="requests")
    await eva.browser.send(asked, "/accept")
    await settled(*pair)

    assert not before.has(f"@eva@{pair[1].domain}")
    assert (await lin.browser.get("/@lin/following")).has(f"@eva@{pair[1].domain}")


async def test_a_note_with_a_picture_and_chinese_words_arrives_whole(pair, settle):
    hua, uli = await settle("hua", 0), await settle("uli", 1)
    await uli.follow(hua)

    await hua.browser.compose_with_picture(
        "今天的茶很香 #早茶", picture(), "两种颜色", title="一杯茶"
    )
    # It goes out when the work on its picture is done.
    await until(lambda: uli.sees("一杯茶"), "the note has arrived")
    await settled(*pair)
    note = await uli.open("一杯茶")

    assert note.has("今天的茶很香")
    image = next(node for node in note.tree.css("img") if node.attributes.get("alt") == "两种颜色")
    source = str(image.attributes["src"])
    status, _ = await fetched(source if "://" in source else pair[1].base + source, "image/*")
    assert status == 200
    assert (await uli.browser.get("/tags/早茶")).has("一杯茶")


@pytest.mark.parametrize("where", [0, 1])
async def test_replies_likes_boosts_edits_and_deletes_go_both_ways(pair, settle, where):
    writer = await settle(f"writer{where}", where)
    reader = await settle(f"reader{where}", 1 - where)
    await reader.follow(writer)
    await writer.follow(reader)
    mine = await writer.browser.compose("A plain first thought")
    await settled(*pair)

    note = await reader.open("plain first thought")
    await reader.browser.send(note, "/like")
    await reader.browser.send(note, "/boost")
    await reader.browser.send(note, "/compose", text="A second thought upon it")
    await settled(*pair)
    alerts = await writer.browser.get("/notifications")
    seen = await writer.browser.get(mine.path)

    assert seen.has("A second thought upon it")
    assert alerts.has(reader.name)
    assert await _counts(writer.server, "A plain first thought") == (1, 1, 1)

    edit = await writer.browser.get(f"{await _path(writer.server, 'plain first')}/edit")
    await writer.browser.send(edit, "/edit", text="A better first thought")
    await settled(*pair)

    assert (await reader.open("better first thought")).has("edited")

    await reader.browser.send(await reader.open("better first thought"), "/unlike")
    delete = await writer.browser.get(f"{await _path(writer.server, 'better first')}/delete")
    await writer.browser.send(delete, "/delete")
    await settled(*pair)

    assert not await reader.sees("better first thought")
    left = await reader.server.rows(
        "SELECT content FROM note WHERE uri = ?", await _uri(writer.server, delete.path)
    )
    assert [row["content"] for row in left] == [""]


async def test_what_is_for_followers_is_kept_from_strangers_on_every_road(pair, settle):
    kim, tom = await settle("kim", 0), await settle("tom", 1)
    near, far = await settle("near", 0), await settle("far", 1)
    await tom.follow(kim)
    await kim.browser.compose("Hidden harvest #secretly", audience="followers", title="Cellar")
    await settled(*pair)
    path = await _path(pair[0], "Hidden harvest")
    there = await _path(pair[1], "Hidden harvest")
    (sent,) = await pair[0].rows("SELECT uri FROM sent WHERE object_uri = ?", pair[0].base + path)

    assert (await tom.open("Cellar")).has("Hidden harvest")
    roads = [
        *("/", "/explore", "/local", "/federated", "/tags/secretly", "/search?q=harvest"),
        *("/@kim", "/@kim/replies", path, f"{path}/edit", f"{path}/report"),
    ]
    for road in roads:
        assert "Hidden harvest" not in (await near.browser.get(road)).text, road
        assert "Hidden harvest" not in (await fetched(pair[0].base + road, "text/html"))[1], road
    for road in ("/", "/federated", f"/@kim@{pair[0].domain}", there, "/tags/secretly"):
        assert "Hidden harvest" not in (await far.browser.get(road)).text, road
        assert "Hidden harvest" not in (await fetched(pair[1].base + road, "text/html"))[1], road
    collections = ["/replies", "/likes", "/shares", "/context", ""]
    machine = [*(path + each for each in collections), "/u/kim/outbox", "/u/kim/outbox?page=1"]
    for url in [*(pair[0].base + each for each in machine), sent["uri"], pair[1].base + there]:
        assert "Hidden harvest" not in (await fetched(url))[1], url
    assert (await fetched(pair[0].base + path))[0] in (401, 403, 404)


async def test_letters_of_the_blocked_have_no_effect(pair, settle):
    quiet, loud = await settle("quiet", 0), await settle("loud", 1)
    await loud.follow(quiet)
    await quiet.browser.compose("Peace and quiet")
    await settled(*pair)
    note = await loud.open("Peace and quiet")

    await quiet.browser.send(await quiet.find(loud), "/block")
    await settled(*pair)
    await loud.browser.send(note, "/like")
    await loud.browser.send(note, "/compose", text="Hear me out")
    await loud.browser.compose(f"{quiet.handle} listen")
    await settled(*pair)

    assert await _counts(pair[0], "Peace and quiet") == (0, 0, 0)
    alerts = await quiet.browser.get("/notifications")
    assert not alerts.has("Hear me out")
    assert not alerts.has("listen")
    assert not (await quiet.browser.get("/@quiet/followers")).has("loud")
    await quiet.browser.compose("Only for friends", audience="followers")
    await settled(*pair)
    assert not await loud.sees("Only for friends")


async def test_a_report_reaches_the_moderators_of_both_servers(pair, settle):
    guard, rude, judge = await settle("guard", 0), await settle("rude", 1), await settle("judge", 1)
    for name in ("rude", "judge"):
        await pair[1].rubric("user", "role", name, "moderator")
    await guard.follow(rude)
    for walker in (rude, judge):
        await walker.browser.sign_in_as_staff(walker.name)
    await rude.browser.compose("Something rude")
    await settled(*pair)
    note = await guard.open("Something rude")

    form = await guard.browser.get(f"{note.path}/report")
    receipt = await guard.browser.send(form, "/report", words="This hurts", forward="1")
    await settled(*pair)
    desk = await judge.browser.get("/mod")
    theirs = await rude.browser.get("/mod")

    assert receipt.path.startswith("/my/reports/"), receipt.tree.css("main")[0].text()
    case = desk.cases()[0]
    assert (await judge.browser.get(case)).has("This hurts")
    assert not theirs.has("This hurts")
    stored = await pair[0].rows("SELECT id FROM report")
    assert len(stored) == 1


async def test_a_rejected_server_is_not_heard_until_it_is_let_in_and_everyone_can_read_why(
    pair, settle
):
    here, there = pair
    gate, noisy = await settle("gate", 0), await settle("noisy", 1)
    unmet = await settle("unmet", 0)
    await gate.follow(noisy)
    await noisy.browser.compose("Before the gate closed")
    await settled(*pair)
    assert await gate.sees("Before the gate closed")

    here.configure(REJECTION.format(domain=there.domain))
    plan = await here.rubric("policy", "plan")
    await here.rubric("policy", "apply", "--summary", "One server less")
    await _until_policy(here, 2)
    before = await here.rows("SELECT COUNT(*) AS n FROM note WHERE NOT is_local")
    await noisy.browser.compose(f"{gate.handle} after the gate closed")
    await settled(there)

    assert there.domain in plan
    assert await here.rows("SELECT COUNT(*) AS n FROM note WHERE NOT is_local") == before
    assert not await gate.sees("after the gate closed")
    status, policy = await fetched(f"{here.base}/policy.json", "application/json")
    assert status == 200
    assert "They sell our letters" in policy
    assert as_json(policy)["version"] == 2
    assert "They sell our letters" in (await fetched(f"{here.base}/policy", "text/html"))[1]
    assert there.domain in (await fetched(f"{here.base}/federation", "text/html"))[1]
    barred = await gate.browser.get("/search", q=f"@nobody@{there.domain}")
    assert barred.has(f"{there.domain} is not let in here")
    assert barred.has("They sell our letters")
    refused = await noisy.browser.get("/search", q=unmet.handle)
    assert refused.has(f"{here.domain} refused to answer")

    here.configure(LET_IN)
    await here.rubric("policy", "apply", "--summary", "They have stopped")
    await _until_policy(here, 3)
    await _until_nobody_is_kept_out(here)
    await noisy.browser.compose("After the gate opened")
    await settled(*pair)
    assert await gate.sees("After the gate opened")


REJECTION = """
[policy]
based_on = 1

[policy.accounts]
registration = "open"

[[policy.federation.entries]]
domain = "{domain}"
severity = "reject"
reason = {{ en = "They sell our letters", zh = "他们出售我们的信件" }}
"""
LET_IN = """
[policy]
based_on = 2

[policy.accounts]
registration = "open"
"""


async def test_someone_moves_and_their_followers_on_both_servers_come_along(settle):
    old, new = await settle("oldmei", 0), await settle("newmei", 1)
    near, far = await settle("nearby", 0), await settle("faraway", 1)
    for follower in (near, far):
        await follower.follow(old)

    page = await new.browser.get("/settings/moving")
    named = await new.browser.send(page, "/aliases", alias=old.handle)
    page = await old.browser.get("/settings/moving")
    left = await old.browser.send(page, "/leave", target=new.handle, move_password=PASSWORD)
    await settled(old.server, new.server)
    await new.browser.compose("Hello from my new home")
    await settled(new.server, old.server)

    assert named.has(old.handle)
    assert left.has("You have moved.")
    for follower in (near, far):
        assert await follower.sees("Hello from my new home")
    assert (await near.find(old)).has("This person has moved to another account")
    assert (await old.browser.compose("Still here")).has("You have moved. Post from your new")


async def _until_policy(server: Server, number: int) -> None:
    async def is_in_force() -> bool:
        _, text = await fetched(f"{server.base}/policy.json", "application/json")
        return bool(as_json(text)["version"] == number)

    await until(is_in_force, f"version {number} is in force")


async def _until_nobody_is_kept_out(server: Server) -> None:
    """People of a server that is let in again are, once the job of it is done."""

    async def is_done() -> bool:
        (row,) = await server.rows("SELECT COUNT(*) AS n FROM actor WHERE is_kept_out")
        return bool(row["n"] == 0)

    await until(is_done, "nobody is kept out")


async def _path(server: Server, words: str) -> str:
    found = await server.rows("SELECT id FROM note WHERE content LIKE ?", f"%{words}%")
    return f"/n/{found[0]['id']}"


async def _uri(server: Server, path: str) -> str:
    return f"{server.base}{path.removesuffix('/delete')}"


async def _counts(server: Server, words: str) -> tuple[int, int, int]:
    (row,) = await server.rows(
        "SELECT likes_count, boosts_count, replies_count FROM note WHERE content LIKE ?",
        f"%{words}%",
    )
    return row["likes_count"], row["boosts_count"], row["replies_count"]
