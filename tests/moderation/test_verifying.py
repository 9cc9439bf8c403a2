"""Anyone can see whether an entry of the record was changed, left out or put in later (MOD-03)."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from core.clock import now
from core.settings import Settings
from moderation.record import EntryKind, RecordEntry, RecordHead, append, digest_of, hash_of, sealed
from moderation.verifying import Chain
from rubric import record_command
from rubric.people import Impossible


async def written(count: int = 4) -> list[dict[str, Any]]:
    for number in range(1, count + 1):
        document = {"id": f"https://x.example/record/{number}", "facts_summary": f"Fact {number}."}
        entry = RecordEntry(kind=EntryKind.DECISION, document=document, thing="note")
        await append(entry, shown_at=now())
    return await published()


async def published() -> list[dict[str, Any]]:
    """The chain as an outsider has it: through JSON and back."""
    rows = await RecordEntry.all().order_by("number")
    return list(json.loads(json.dumps([sealed(each) for each in rows])))


def faults_of(entries: list[Any]) -> list[int]:
    chain = Chain()
    for each in entries:
        chain.look(each)
    chain.end()
    return [place for place, _ in chain.faults]


async def test_MOD_03_an_untouched_chain_has_no_fault(here):
    entries = await written()

    assert faults_of(entries) == []
    assert (await record_command.verify_here()).endswith(entries[-1]["hash"])


def reseal(entries: list[dict[str, Any]], place: int) -> None:
    """Make the seals from here on anew, as whoever rewrites the record would."""
    for before, each in zip(entries[place - 1 :], entries[place:], strict=False):
        each["prev_hash"] = before["hash"]
        each["hash"] = hash_of(before["hash"], each["number"], each["digest"])


CHANGES: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "words": lambda each: each[1]["entry"].update(facts_summary="Another fact."),
    "digest": lambda each: each[1].update(digest="0" * 64),
    "seal": lambda each: each[1].update(hash="f" * 64),
    "order": lambda each: each.insert(1, each.pop(2)),
    "gone": lambda each: each.pop(1),
    "first": lambda each: each.pop(0),
    "silence": lambda each: each[1].update(redacted=True, entry={"id": each[1]["entry"]["id"]}),
    "nonsense": lambda each: each[1].update(number="two", entry=[], hash=None, prev_hash={}),
    "no JSON": lambda each: each[1].update(entry={"id": 1e400}),
}


@pytest.mark.parametrize("change", CHANGES)
async def test_MOD_03_whatever_is_changed_is_seen(here, change):
    entries = await written()

    CHANGES[change](entries)

    assert faults_of(entries)


async def test_MOD_03_a_chain_that_was_sealed_anew_lacks_a_root_that_somebody_wrote_down(here):
    entries = await written()
    noted = entries[-1]["hash"]
    entries[1]["entry"]["facts_summary"] = "Another fact."
    entries[1]["digest"] = digest_of(entries[1]["entry"])
    entries[1]["hash"] = hash_of(entries[0]["hash"], 2, entries[1]["digest"])
    reseal(entries, 2)
    assert faults_of(entries) == []
    for row in entries:
        values = {name: row[name] for name in ("digest", "prev_hash", "hash")}
        await RecordEntry.filter(number=row["number"]).update(document=row["entry"], **values)
    await RecordHead.all().update(hash=entries[-1]["hash"])

    assert "4 entries" in await record_command.verify_here()
    with pytest.raises(Impossible, match="written anew"):
        await record_command.verify_here(noted)
    assert await record_command.verify_here(entries[2]["hash"].upper())


async def test_words_that_an_entry_says_were_taken_out_are_no_fault(here):
    entries = await written(2)
    bare = {"id": entries[0]["entry"]["id"], "redacted": ["facts_summary"]}
    await RecordEntry.filter(number=1).update(document=bare, redacted_at=now())
    telling = {"id": "https://x.example/record/9", "kind": "redaction", "about": bare["id"]}
    await append(RecordEntry(kind=EntryKind.REDACTION, document=telling), shown_at=now())

    assert faults_of(await published()) == []


async def test_an_entry_that_is_gone_from_the_end_is_missed_here(here):
    await written(3)
    await RecordEntry.filter(number=3).delete()

    with pytest.raises(Impossible, match="ends before its last entry"):
        await record_command.verify_here()


async def test_the_chain_of_another_server_is_read_page_by_page(here: Settings, web_server):
    entries = await written(3)
    base = await web_server(entries)

    told = await record_command.verify_there(base + "/", "server")
    assert told == f"chain server: 3 entries, each as it was sealed; root {entries[-1]['hash']}"
    with pytest.raises(Impossible, match="written anew"):
        await record_command.verify_there(base, "server", "a" * 64)
    entries[0]["entry"]["facts_summary"] = "Another."
    with pytest.raises(Impossible, match="entry 1: it does not say what was sealed"):
        await record_command.verify_there(base, "server")


async def test_what_is_no_record_is_said_plainly(here: Settings, web_server):
    base = await web_server("nonsense")

    assert "no entry yet" in await record_command.verify_there(base, "server")
    with pytest.raises(Impossible, match="cannot be verified"):
        await record_command.verify_there("http://127.0.0.1:9", "server")


@pytest.fixture
async def web_server(here: Settings) -> AsyncIterator[Callable[..., Awaitable[str]]]:
    """A server that publishes these entries, two on a page: `await web_server(entries)`."""
    served: list[Any] = []

    async def page(request: web.Request) -> web.Response:
        entries, after = served[-1], int(request.query.get("after", 0))
        if not isinstance(entries, list):
            return web.json_response({"entries": entries})
        shown = [each for each in entries if each["number"] > after][:2]
        body: dict[str, Any] = {"entries": shown}
        if shown and shown[-1]["number"] < len(entries):
            further = request.url.with_query(after=shown[-1]["number"])
            body["next"] = str(further)
        return web.json_response(body)

    application = web.Application()
    application.router.add_get("/record.json", page)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()

    async def serve(entries: Any) -> str:
        served.append(entries)
        host, port = runner.addresses[0][:2]
        return f"http://{host}:{port}"

    yield serve
    await runner.cleanup()
