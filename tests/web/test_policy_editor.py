"""Writing the next version of the policy in a browser."""

import re

import pytest

from actors.accounts import Role
from moderation.adopting import adopt
from moderation.audit import StaffAct
from moderation.policy import coming, current
from moderation.policy_drafts import PolicyDraft
from moderation.reading import Draft
from moderation.vocabulary import AltText
from outbox.create import publish
from outbox.draft import Draft as NoteDraft
from tests.conftest import account_of
from tests.moderation.drafts import RULE, sections_of

WHY = {"en": "Because."}
RULE_FORM = {"id": "no-ads", "title.en": "No advertising", "category": "none", "appealable": "1"}
CONTENT = {"alt_text": "require", "max_tags": "12", "blocked_tags": "spam\nads"}
FILTER = {
    "id": "pills",
    "rule": "no-ads",
    "when.words": "pills",
    "then": "hold",
    "where": "both",
    "explanation.en": "No pills.",
}


@pytest.fixture
async def admin(settle, browser):
    someone = await settle("ada", role=Role.ADMIN)
    await browser.sign_in(await account_of(someone))
    await browser.get("/admin/policy")
    return someone


async def test_a_table_is_written_shown_and_published_with_its_reason(browser, admin):
    kept = await browser.post("/admin/policy/content", CONTENT)
    page = await (await browser.get("/admin/policy")).text()
    done = await browser.post("/admin/policy/publish", {"summary.en": "Describe it."})

    assert kept.status == 303
    assert "Tags kept out of public lists: spam, ads" in page.replace("<ins>", "").replace(
        "</ins>", ""
    )
    assert done.status == 303
    said = current().sections.content
    assert (said.alt_text, said.max_tags, said.blocked_tags) == (
        AltText.REQUIRE,
        12,
        ("spam", "ads"),
    )
    assert (current().version, current().by, current().summary["en"]) == (
        2,
        "admin",
        "Describe it.",
    )
    assert not await PolicyDraft.exists()
    assert (await StaffAct.get(act="policy.publish")).about == "policy:2"


async def test_rules_and_filters_are_added_changed_and_taken_out(browser, admin):
    await browser.post("/admin/policy/rules/new", RULE_FORM)
    await browser.post("/admin/policy/filters/new", FILTER)
    await browser.post("/admin/policy/rules/0", {**RULE_FORM, "title.zh": "禁止广告"})
    listed = await (await browser.get("/admin/policy/rules")).text()
    assert "No advertising" in listed
    await browser.post("/admin/policy/publish", {"summary.en": "First rule."})

    sections = current().sections
    assert sections.rules[0].title == {"en": "No advertising", "zh": "禁止广告"}
    assert sections.filters[0].when.words == ("pills",)

    await browser.post("/admin/policy/filters/0", {**FILTER, "removed": "1"})
    await browser.post("/admin/policy/publish", {"summary.en": "No filter."})

    assert current().sections.filters == ()


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(browser, admin):
    answer = await browser.post("/admin/policy/accounts", {"min_age": "ninety"})

    page = await answer.text()
    assert answer.status == 422
    assert "policy.accounts.min_age" in page
    assert 'value="ninety"' in page
    assert not await PolicyDraft.exists()


async def test_nothing_is_published_without_a_reason(browser, admin):
    await browser.post("/admin/policy/content", CONTENT)

    answer = await browser.post("/admin/policy/publish", {"summary.en": " "})

    assert answer.status == 422
    assert current().version == 1


async def test_an_outdated_draft_is_refused_and_both_sides_shown(browser, admin):
    await browser.post("/admin/policy/content", CONTENT)
    await adopt(Draft(sections_of(accounts={"min_age": 13}), 1), summary=WHY)

    answer = await browser.post("/admin/policy/publish", {"summary.en": "Late."})

    page = await answer.text()
    assert answer.status == 409
    assert "Someone published version 2 meanwhile" in page
    assert "No advertising" in page
    assert "Tags kept out of public lists: spam, ads" in page.replace("<ins>", "").replace(
        "</ins>", ""
    )
    assert current().version == 2

    await browser.post("/admin/policy/build-on", {"newest": "2"})
    await browser.post("/admin/policy/publish", {"summary.en": "Mine after all."})

    assert current().version == 3


async def test_a_version_for_a_later_day_is_announced(browser, admin):
    await browser.post("/admin/policy/content", CONTENT)
    await browser.post("/admin/policy/publish", {"summary.en": "Later.", "effective": "2999-01-01"})

    page = await (await browser.get("/")).text()

    assert current().version == 1
    assert coming().version == 2
    assert "The rules change on" in page
    assert "/policy/1..2" in page


async def test_a_filter_is_tried_on_what_was_posted(browser, admin, settle, settle_down):
    mei = await settle("mei")
    await publish(mei, NoteDraft(text="cheap pills"))
    await publish(mei, NoteDraft(text="tea"))
    await browser.post("/admin/policy/rules/new", RULE_FORM)
    await browser.post("/admin/policy/filters/new", FILTER)

    await browser.post("/admin/policy/simulate", {"simulate": "30"})
    waiting = await (await browser.get("/admin/policy")).text()
    await settle_down()
    page = await (await browser.get("/admin/policy")).text()

    assert "The draft is being tried" in waiting
    assert "2 notes of the last 30 days that everyone may read were looked at." in page
    line = re.search(r"<bdi>pills</bdi></th>(.*?)</tr>", page, re.DOTALL)
    assert line
    assert re.findall(r"<td[^>]*><span>(.*?)</span></td>", line[1]) == ["1", "1", "1", "0 · 0 %"]
    assert "A sample of what pills met" in page
    assert current().version == 1


@pytest.mark.parametrize("days", ["0", "366", "", "x"])
async def test_days_that_are_none_are_refused(browser, admin, days):
    await browser.post("/admin/policy/content", CONTENT)

    answer = await browser.post("/admin/policy/simulate", {"simulate": days})

    assert answer.status == 422
    assert "Choose between 1 and 365 days." in await answer.text()
    assert (await PolicyDraft.get()).simulated_days == 0


@pytest.mark.parametrize("role", [Role.MEMBER, Role.MODERATOR])
async def test_ADM_01_only_admins_write_the_policy(browser, settle, role):
    await browser.sign_in(await account_of(await settle("mei", role=role)))

    for path in ("/admin/policy", "/admin/policy/content", "/admin/policy/rules/new"):
        assert (await browser.get(path)).status == 403
    await browser.get("/")
    for path in ("content", "publish", "discard", "build-on", "simulate", "rules/new"):
        assert (await browser.post(f"/admin/policy/{path}", CONTENT)).status == 403
    assert not await PolicyDraft.exists()


async def test_what_is_no_section_is_not_found(browser, admin):
    for path in ("nothing", "rules/7", "content/0", "rules/x"):
        assert (await browser.get(f"/admin/policy/{path}")).status == 404


async def test_a_difference_can_be_read_in_one_text(browser, admin):
    await adopt(Draft(sections_of(), 1), summary=WHY)
    await adopt(
        Draft(sections_of(rules=[{**RULE, "text": {"en": "Sell nothing here."}}]), 2), summary=WHY
    )

    page = await (await browser.get("/policy/2..3?view=inline")).text()

    assert 'class="diff inline"' in page
    assert "<del>" in page
    assert "<ins>" in page


async def test_panels_are_chosen_shown_and_published_and_four_seats_refused(browser, admin):
    fields = {"window_days": "30", "decide_days": "14", "on_overdue": "nothing"}
    fields |= {"panel": "4", "panel_effect": "binding"}

    refused = await browser.post("/admin/policy/appeals", fields, Accept_Language="en")
    kept = await browser.post("/admin/policy/appeals", fields | {"panel": "5"})
    done = await browser.post("/admin/policy/publish", {"summary.en": "Panels."})

    assert refused.status == 422
    assert "3 or 5 people" in await refused.text()
    assert (kept.status, done.status) == (303, 303)
    assert (current().sections.appeals.panel, current().sections.appeals.panel_effect) == (
        5,
        "binding",
    )
    page = await (await browser.get("/policy", Accept_Language="en")).text()
    assert "Members drawn by lot" in page
    document = await (await browser.get("/policy.json")).json()
    assert document["sections"]["appeals"]["panel"] == 5
    written = await (await browser.get(f"/policy/{current().version}.toml")).text()
    assert 'panel_effect = "binding"' in written
