"""The pages of figures, and the documents beside them."""

import json
from datetime import UTC, datetime

import pytest

from actors.actor import Actor
from moderation.closed_figures import close_due, correct
from moderation.filing import file_report
from moderation.policy import put_in_force
from moderation.reports import Report
from tests.moderation.drafts import policy_of

MARCH = datetime(2026, 3, 10, tzinfo=UTC)
ENGLISH = {"Accept_Language": "en"}


@pytest.fixture
async def march(here, settle) -> None:
    """A report in March 2026, on a server that began in February."""
    put_in_force(policy_of())
    mei, bo = await settle("mei"), await settle("bo")
    await Actor.filter(kind="Application").update(created_at=datetime(2026, 2, 3, tzinfo=UTC))
    await file_report(mei, bo)
    await Report.all().update(created_at=MARCH)


async def test_the_pages_and_the_documents_say_the_same(march, browser, wire):
    empty = await browser.get("/transparency", **ENGLISH)
    await close_due()
    await Report.all().delete()
    await correct()

    page = await (await browser.get("/transparency/2026-03", **ENGLISH)).text()
    async with wire.get("/transparency/2026-03.json") as answer:
        document = json.loads(await answer.text())
    async with wire.get("/transparency.json") as answer:
        index = json.loads(await answer.text())

    assert "No month is over yet" in await empty.text()
    assert document["figures"]["reports"] == "<3"
    assert document["figures"]["reports_by_source"] == {"member": "<3"}
    assert document["corrections"][0]["changes"]["reports"] == 0
    assert "&lt;3" in page
    assert '<svg class="chart"' in page
    assert "Corrected since" in page
    assert "2026-03" in {each["period"] for each in index["periods"]}
    assert (await browser.get("/transparency")).status == 200
    assert (await browser.get("/transparency/2026-H1")).status == 200


@pytest.mark.parametrize("name", ["2099-01", "2026-13", "2026-H3", "1999-H1"])
async def test_what_is_not_closed_is_not_there(march, browser, wire, name):
    page = await browser.get(f"/transparency/{name}")
    async with wire.get(f"/transparency/{name}.json") as answer:
        status = answer.status

    assert (page.status, status) == (404, 404)
