"""The pages of the policy, and its documents."""

import hashlib
import tomllib

import msgspec
import pytest
import time_machine

from federation.jcs import canonical
from moderation.adopting import adopt
from moderation.policy import current
from moderation.reading import Draft, draft_from
from tests.moderation.drafts import RULE, entry, sections_of, servers

ENGLISH = {"Accept_Language": "en"}
CHINESE = {"Accept_Language": "zh-CN"}


async def publish(**tables):
    why = {"en": "Less noise.", "zh": "少一些噪音。"}
    return await adopt(Draft(sections_of(**tables), current().version), summary=why)


async def test_the_policy_is_read_in_the_readers_language(browser):
    policy = await publish(**servers(entry("spam.example", until="2999-01-01")))

    page = await (await browser.get("/policy", **ENGLISH)).text()
    seite = await (await browser.get("/policy", **CHINESE)).text()

    assert "No advertising" in page
    assert "Less noise." in page
    assert "spam.example" in page
    assert "Spam." in page
    assert policy.sha256 in page
    assert "禁止广告" in seite
    assert "少一些噪音。" in seite
    assert "No advertising" not in seite


async def test_a_rule_without_a_translation_says_its_language(browser):
    await publish(rules=[{"id": "a", "title": {"en": "Only English"}}])

    page = await (await browser.get("/policy", **CHINESE)).text()

    assert 'id="a" lang="en"' in page


async def test_an_old_version_points_to_the_one_in_force(browser):
    await publish()
    await publish(accounts={"min_age": 16})

    page = await (await browser.get("/policy/2")).text()

    assert "no longer in force" in page
    assert 'href="/policy"' in page
    assert "no longer in force" not in await (await browser.get("/policy/3")).text()


@pytest.mark.parametrize(
    "path",
    [
        "/policy/9",
        "/policy/0",
        "/policy/99999999999999999999999",
        "/policy/1..9",
        "/policy/compare?a=1",
        "/policy/compare?a=x&b=2",
        "/policy.json?version=9",
        "/policy.json?version=-1",
        "/policy/9.json",
        "/policy/9.toml",
        "/policy/1.xml",
    ],
)
async def test_what_never_was_is_not_there(browser, path):
    assert (await browser.get(path)).status == 404


async def test_every_version_is_listed_with_its_reason(browser):
    await publish()

    page = await (await browser.get("/policy/history", **ENGLISH)).text()

    assert 'href="/policy/1"' in page
    assert "Less noise." in page
    assert "1 rule changed" in page


async def test_two_versions_stand_side_by_side(browser):
    await publish()
    changed = {**RULE, "text": {"en": "Sell your things elsewhere.", "zh": "请到别处售卖。"}}
    await publish(rules=[changed, {"id": "b", "title": {"en": "Be <b>kind</b>"}}])

    page = await (await browser.get("/policy/2..3", **ENGLISH)).text()

    assert "<ins>" in page
    assert "your" in page.split("<ins>")[1].split("</ins>")[0]
    assert "请<ins>到</ins>" in page
    assert "Be &lt;b&gt;kind&lt;/b&gt;" in page
    assert (await browser.get("/policy/compare?a=2&b=3")).headers["Location"] == "/policy/2..3"


async def test_a_changed_number_and_a_server_are_named_in_a_comparison(browser):
    await publish()
    await publish(accounts={"min_age": 16}, **servers(entry("spam.example")))

    page = await (await browser.get("/policy/2..3", **ENGLISH)).text()
    seite = await (await browser.get("/policy/2..3", **CHINESE)).text()

    assert "Youngest age" in page
    assert "spam.example" in page
    assert "refused" in page
    assert "spam.example" in seite


async def test_a_version_compared_with_itself_says_so(browser):
    page = await (await browser.get("/policy/1..1", **ENGLISH)).text()

    assert "The two versions say the same." in page


async def test_a_changed_rule_is_marked_for_ninety_days(browser):
    with time_machine.travel("2026-01-10T12:00:00Z", tick=True):
        await publish()
    with time_machine.travel("2026-02-10T12:00:00Z", tick=True):
        await publish(rules=[{**RULE, "text": {"en": "Not here."}}])

    with time_machine.travel("2026-05-01T12:00:00Z", tick=True):
        marked = await (await browser.get("/policy", **ENGLISH)).text()
    with time_machine.travel("2026-06-01T12:00:00Z", tick=True):
        later = await (await browser.get("/policy", **ENGLISH)).text()

    assert "Changed on" in marked
    assert "Changed on" not in later


async def test_the_document_can_be_checked_by_anyone(wire):
    await publish()
    await publish(accounts={"min_age": 16})

    async with wire.get("/policy.json") as answer:
        newest = await answer.json()
        headers = answer.headers
    async with wire.get("/policy.json?version=2") as answer:
        older = await answer.json()
    async with wire.get("/policy/2.json") as answer:
        same = await answer.json()

    assert headers["Access-Control-Allow-Origin"] == "*"
    assert (newest["version"], newest["previous"], older["version"]) == (3, 2, 2)
    assert older == same
    for each in (newest, older):
        assert hashlib.sha256(canonical(each["sections"])).hexdigest() == each["sha256"]
    assert newest["sections"]["accounts"]["min_age"] == 16
    assert newest["summary_of_change"] == {"en": "Less noise.", "zh": "少一些噪音。"}


async def test_the_toml_can_be_put_into_config(wire):
    policy = await publish(**servers(entry("spam.example", since="2026-11-01")))

    async with wire.get("/policy/2.toml") as answer:
        text = await answer.text()
        headers = answer.headers

    assert draft_from(tomllib.loads(text)["policy"]) == Draft(policy.sections, 2)
    assert headers["Content-Disposition"] == 'attachment; filename="policy-2.toml"'


async def test_everyone_reads_which_servers_are_limited_and_why(browser):
    await publish(
        **servers(
            entry("spam.example", reason={"en": "Only ads.", "zh": "只有广告。"}),
            entry("old.example", until="2020-01-01"),
            mode="approval",
        )
    )

    page = await (await browser.get("/federation", **ENGLISH)).text()
    seite = await (await browser.get("/federation", **CHINESE)).text()

    assert "Only ads." in page
    assert "old.example" not in page
    assert "their notes wait for a moderator" in page
    assert "只有广告。" in seite


async def test_about_says_what_this_place_is_for_and_who_runs_it(browser, settle):
    purpose = {"en": "Pictures of <water>.", "zh": "水的照片。"}
    await publish(about={"purpose": purpose, "operator": "Water Club", "contact": "a@b.example"})

    page = await (await browser.get("/about", **ENGLISH)).text()
    seite = await (await browser.get("/about", **CHINESE)).text()

    assert "Pictures of &lt;water&gt;." in page
    assert "Water Club" in page
    assert "mailto:a@b.example" in page
    assert "水的照片。" in seite


async def test_moderators_are_named_only_where_the_policy_says_so(browser, settle):
    await settle("grace", role="moderator")

    await publish()
    assert "grace" not in await (await browser.get("/about")).text()
    await publish(transparency={"moderator_names": "name"})
    assert "grace" in await (await browser.get("/about")).text()


async def test_a_filter_is_explained_where_the_rules_are(browser):
    when = {"words": ["pills"]}
    told = {"en": "Reads like an ad.", "zh": "像广告。"}
    chosen = {"id": "f", "rule": "no-ads", "when": when, "then": "hold", "explanation": told}
    await publish(filters=[chosen])

    page = await (await browser.get("/policy", **ENGLISH)).text()

    assert "Reads like an ad." in page
    assert "it waits for a moderator" in page


async def test_the_document_of_a_version_is_what_was_adopted(wire):
    async with wire.get("/policy/1.json") as answer:
        body = await answer.read()

    assert msgspec.json.decode(body)["by"] == "operator"
