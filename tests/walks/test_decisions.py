"""A decision between two real servers: reported from elsewhere, told elsewhere, appealed against by
its link from there, overturned, and everything as it was."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.walks.processes import Browser, Page, Server, servers, settled, until

pytestmark = [pytest.mark.processes, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def pair(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[list[Server]]:
    """Two servers; two moderators live on the first."""
    async with (
        servers(tmp_path_factory.mktemp("decided"), "here") as (here,),
        servers(tmp_path_factory.mktemp("decided"), "there", in_sqlite=True) as (there,),
    ):
        await here.settle("mod", role="moderator")
        await here.settle("other", role="moderator")
        yield [here, there]


async def decided(browser: Browser, case: str) -> Page:
    """Take a case, see what they will read, and issue the decision to hide the note."""
    page = await browser.send(await browser.get(case), "/claim")
    preview = await browser.send(
        page,
        "/decide",
        measure="hide",
        law="House law",
        law_reference="1",
        facts="It sells watches.",
        explanation="We keep this place free of advertising.",
        summary="A note that sold things was hidden.",
        no_end_because="It is about nothing else.",
        to_reporters="Thank you.",
    )
    wrong = [each.text() for each in preview.tree.css(".problem, .wrong")]
    assert preview.has("The public reads"), wrong
    return await browser.send(preview, "/decide")


async def overturned(browser: Browser, server: Server) -> None:
    """Hear the only appeal there is as somebody else, and take the decision back."""
    listed = await browser.get("/mod/appeals")
    (link,) = set(listed.links("/mod/appeals/"))
    page = await browser.send(await browser.get(link), "/take")
    done = await browser.send(
        page, "/settle", appeal_outcome="overturned", reasons="A joke indeed."
    )
    assert done.status == 200
    await settled(server)


async def test_a_person_elsewhere_reports_and_hears_what_came_of_it(pair):
    here, there = pair
    async with Browser(here) as mei, Browser(there) as bo, Browser(here) as mod:
        await mei.sign_up("mei")
        await bo.sign_up("bo")
        note = await mei.compose("Buy my watches")
        found = await bo.get("/search", q=here.base + note.path)
        page = await bo.get(found.links("/n/")[0])
        report = await bo.get(page.path + "/report")
        await bo.send(report, "/report", words="An ad.", forward="1")
        await settled(there, here)

        await mod.sign_in_as_staff("mod")
        (case,) = (await mod.get("/mod?show=free")).cases()
        await decided(mod, case)
        await settled(here, there)

        gone = await mod.get(note.path)
        assert gone.has("This note was removed.")
        told = await mei.get("/my/decisions")
        assert told.links("/d/")
        kinds = await here.rows("SELECT kind FROM sent WHERE kind IN ('Accept', 'Reject')")
        assert [each["kind"] for each in kinds] == ["Accept"]
        assert not await here.rows("SELECT id FROM sent WHERE kind = 'Delete'")
        filed = await mei.send(await mei.get(told.links("/d/")[0]), "", words="It was a joke.")
        assert filed.has("appeal filed"), filed.text
    async with Browser(here) as other:
        await other.sign_in_as_staff("other")
        await overturned(other, here)
    async with Browser(here) as anyone:
        assert (await anyone.get(note.path)).has("Buy my watches")


async def test_an_author_elsewhere_is_told_appeals_by_the_link_and_is_restored(pair):
    here, there = pair
    async with Browser(there) as ana, Browser(here) as jo, Browser(here) as mod:
        await ana.sign_up("ana")
        await jo.sign_up("jo")
        note = await ana.compose("A watch for sale")
        found = await jo.get("/search", q=there.base + note.path)
        copy = await jo.get(found.links("/n/")[0])
        assert copy.has("A watch for sale")
        await jo.send(await jo.get(copy.path + "/report"), "/report", words="An ad.")
        await settled(here)

        await mod.sign_in_as_staff("mod")
        (case,) = (await mod.get("/mod?show=free")).cases()
        await decided(mod, case)
        await settled(here, there)

        assert (await jo.get(copy.path)).has("This note was removed.")
        assert (await ana.get(note.path)).has("A watch for sale")
        (letter,) = [
            each
            for each in await there.rows("SELECT content FROM note WHERE is_local = ?", False)
            if "/d/" in each["content"]
        ]
        link = letter["content"].split('href="')[-1].split('"')[0]
        assert link.startswith(f"{here.base}/d/")

    async with Browser(here) as anyone, Browser(here) as other:
        page = await anyone.get(link)
        assert page.has("We keep this place free of advertising.")
        filed = await anyone.send(page, "", words="It was a joke.")
        assert filed.has("appeal filed"), filed.text
        await other.sign_in_as_staff("other")
        await overturned(other, here)

        assert (await anyone.get(link)).has("A joke indeed.")
        assert (await anyone.get(copy.path)).has("A watch for sale")
        chain = json.loads((await anyone.get("/record.json")).text)
        kinds = [each["entry"]["kind"] for each in chain["entries"]]
        assert kinds == ["decision", "appeal", "decision", "appeal"]
        stamps = [each for each in chain["entries"] if each["entry"]["kind"] == "appeal"]
        assert all(each["entry"]["appeal"]["outcome"] == "overturned" for each in stamps)

        async def is_told() -> bool:
            rows = await there.rows("SELECT content FROM note WHERE is_local = ?", False)
            return any("taken back" in each["content"] for each in rows)

        await until(is_told, "the author is told", seconds=30)


async def reported_in_a_group(mei: Browser, ana: Browser, bo: Browser) -> str:
    """Ana posts in a group of mei's, from elsewhere; bo reports it from there to the group. Return
    the path of the report."""
    here, there = mei.server, ana.server
    await mei.send(await mei.get("/g/new"), "/g/new", title="Tea", name="tea", about="Leaves")
    for each in (ana, bo):
        found = await each.get("/g", q=f"!tea@{here.domain}")
        await each.send(found, "/join")
    await settled(there, here)
    note = await ana.compose(f"@tea@{here.domain} A kettle for sale")
    await settled(there, here)
    page = await bo.get(note.path + "/report")
    receipt = await bo.send(page, "/report", words="An ad.", forward="1")
    await settled(there, here)
    return receipt.path


async def answers(bo: Browser) -> list[str]:
    """What robin was told of what came of the report elsewhere, in order."""
    rows = await bo.server.rows(
        "SELECT source FROM note WHERE source LIKE ? ORDER BY id",
        "@robin@%has looked at your report%",
    )
    return [each["source"] for each in rows]


async def written_to(server: Server) -> str:
    """Return the link of the newest notice that a person of a server was written."""
    rows = await server.rows(
        "SELECT content FROM note WHERE is_local = ? AND content LIKE ? ORDER BY id DESC",
        False,
        "%/d/%",
    )
    return rows[0]["content"].split('href="')[-1].split('"')[0]


async def record_of(server: Server) -> list[tuple[str, str]]:
    """Return kinds and outcomes in the record of the group, the oldest first."""
    rows = await server.rows(
        "SELECT kind, document FROM record_entry WHERE chain LIKE ? ORDER BY number", "group:%"
    )
    documents = [json.loads(each["document"]) for each in rows]
    return [
        (row["kind"], (each.get("appeal") or {}).get("outcome") or "")
        for row, each in zip(rows, documents, strict=True)
    ]


async def test_all_of_it_in_one_case_between_both_servers(pair):
    here, there = pair
    async with Browser(here) as mei, Browser(there) as ana, Browser(there) as bo:
        await mei.sign_up("tealady")
        await ana.sign_up("anabel")
        await bo.sign_up("robin")
        receipt = await reported_in_a_group(mei, ana, bo)
        theirs = f"/g/tea@{here.domain}"
        assert (await bo.get(theirs)).has("A kettle for sale")

        # Decided here, by who runs the group: it is out of the group on both servers.
        (case,) = set((await mei.get("/g/tea/reports")).links("/g/tea/reports/"))
        shown = await mei.get(case)
        assert shown.has("An ad.")
        assert not shown.has("robin")
        await mei.send(shown, case, measure="remove", reason="We sell nothing.", act="decide")
        await settled(here, there)
        assert not (await mei.get("/g/tea")).has("A kettle for sale")
        assert not (await bo.get(theirs)).has("A kettle for sale")
        assert await record_of(here) == [("decision", "")]
        (right,) = await answers(bo)
        assert "found it right" in right

        # The author is told where she lives, and appeals by the link without an account here.
        link = await written_to(there)
        assert link.startswith(f"{here.base}/d/")
        async with Browser(here) as anyone, Browser(here) as other:
            page = await anyone.get(link)
            assert page.has("We sell nothing.")
            filed = await anyone.send(page, "", words="I gave it away.")
            assert filed.has("appeal filed"), filed.text
            await other.sign_in_as_staff("other")
            await overturned(other, here)
            await settled(here, there)
            assert (await anyone.get(link)).has("A joke indeed.")

        # Everything is as it was, on both, and who reported is told again.
        assert (await mei.get("/g/tea")).has("A kettle for sale")
        assert (await bo.get(theirs)).has("A kettle for sale")
        assert await record_of(here) == [("decision", ""), ("appeal", "overturned")]
        assert (await mei.get("/g/tea/record")).has("We sell nothing.")
        assert len(await answers(bo)) == 2
        assert "no rule of theirs was broken" in (await answers(bo))[1]
        assert (await bo.get(receipt)).status == 200
