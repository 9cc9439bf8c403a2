"""Answering what lists suggest, and our own lists for others."""

import json

import pytest

from actors.accounts import Role
from moderation.adopting import adopt
from moderation.audit import StaffAct
from moderation.lists import ListedServer, suggestions
from moderation.policy import current
from moderation.policy_drafts import draft_by
from moderation.reading import Draft
from tests.conftest import account_of
from tests.moderation.drafts import entry, sections_of

WHY = {"en": "Because."}
LISTS = [{"id": "friends", "url": "https://far.example/list.csv"}]


@pytest.fixture
async def listed(here):
    sunset = {"limit": 90}
    tables = {"federation": {"lists": LISTS}, "moderation": {"sunset_days": sunset}}
    await adopt(Draft(sections_of(**tables), 1), summary=WHY)
    return await ListedServer.create(list_id="friends", host="bad.example", severity="limit")


async def test_an_admin_puts_a_suggestion_into_the_draft(browser, settle, listed):
    ada = await settle("ada", role=Role.ADMIN)
    await browser.sign_in(await account_of(ada))
    page = await (await browser.get("/mod/lists")).text()

    answer = await browser.post("/mod/lists", {"server": str(listed.id), "answer": "add"})

    assert "bad.example" in page
    assert answer.headers["Location"] == "/admin/policy"
    added = (await draft_by(ada)).sections.federation.entries[0]
    assert (added.domain, added.source) == ("bad.example", "friends")
    assert added.until is not None
    assert current().sections.federation.entries == ()


async def test_a_moderator_leaves_one_alone_and_cannot_add(browser, settle, listed):
    mira = await settle("mira", role=Role.MODERATOR)
    await browser.sign_in(await account_of(mira))
    await browser.get("/mod/lists")

    refused = await browser.post("/mod/lists", {"server": str(listed.id), "answer": "add"})
    await browser.post("/mod/lists", {"server": str(listed.id), "answer": "ignore"})

    assert refused.status == 403
    assert await suggestions() == []
    assert (await StaffAct.get(act="lists.ignore")).after == {"hosts": ["bad.example"]}


async def test_members_see_no_suggestions(browser, settle, listed):
    await browser.sign_in(await account_of(await settle("mei")))

    assert (await browser.get("/mod/lists")).status == 403


async def test_ours_can_be_fetched_by_anyone(browser):
    federation = {"entries": [entry("bad.example")]}
    await adopt(Draft(sections_of(federation=federation), 1), summary=WHY)

    text = await (await browser.get("/federation/servers.csv")).text()
    fires = json.loads(await (await browser.get("/federation/fires.json")).text())

    assert "bad.example,suspend,false,false,Spam." in text
    assert fires["orderedItems"][0]["entityKey"] == "bad.example"
