"""What ends is looked at in time: renewed by admins, or left to its end; and what filters met."""

import re
from datetime import timedelta

import pytest

from actors.accounts import Role
from core.clock import now
from moderation.adopting import adopt
from moderation.audit import StaffAct
from moderation.decisions import Decision
from moderation.handling import open_own
from moderation.hits import FilterHit
from moderation.policy import current, put_in_force
from moderation.reading import Draft
from moderation.reviewing import ending_entries
from tests.conftest import account_of
from tests.moderation.deciding import decided, in_days, taken
from tests.moderation.drafts import entry, policy_of, sections_of
from tests.web.test_decisions import ENGLISH

WHY = {"en": "Because."}
KEY = "loud.example limit"


def day(days: int) -> str:
    return str((now() + timedelta(days=days)).date())


async def publish(*entries) -> None:
    sections = sections_of(federation={"entries": list(entries)})
    await adopt(Draft(sections, current().version), summary=WHY)


@pytest.fixture
async def ending(here):
    """Measures that end in a week, just did, did long ago, will much later, and never will."""
    await publish(
        entry("loud.example", "limit", until=day(7)),
        entry("was.example", "limit", until=day(-2)),
        entry("long-ago.example", "limit", until=day(-40)),
        entry("later.example", "limit", until=day(90)),
        entry("ever.example"),
    )


async def desk(browser, settle, role=Role.ADMIN, name="ada"):
    actor = await settle(name, role=role)
    await browser.sign_in(await account_of(actor))
    return actor


async def text_of(browser, path="/mod/review") -> str:
    answer = await browser.get(path, **ENGLISH)
    assert answer.status == 200
    return await answer.text()


def until_of(domain: str) -> str:
    found = [each for each in current().sections.federation.entries if each.domain == domain]
    return str(found[0].until)


async def test_what_ends_soon_or_just_did_is_listed_the_first_on_top(browser, settle, ending):
    await desk(browser, settle)

    page = await text_of(browser)

    assert page.index("was.example") < page.index("loud.example")
    assert "later.example" not in page
    assert "ever.example" not in page
    assert "long-ago.example" not in page


async def test_an_admin_renews_it_which_is_a_version_with_its_reason(browser, settle, ending):
    ada = await desk(browser, settle)
    await text_of(browser)
    form = {"answer": "renew", "key": KEY, "until": day(200), "why": "They still do it."}

    answer = await browser.post("/mod/review", form)

    assert answer.status == 303
    assert until_of("loud.example") == day(200)
    assert until_of("was.example") == day(-2)
    assert "They still do it." in current().summary["en"]
    act = await StaffAct.get(act="policy.renew")
    assert (act.actor_id, act.before["until"], act.after["until"]) == (ada.id, day(7), day(200))
    assert "loud.example" not in await text_of(browser)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"why": " "}, "Say why: it is published"),
        ({"until": day(3)}, "Choose a day that is later"),
        ({"until": "x"}, "Choose a day that is later"),
    ],
)
async def test_what_lacks_is_said_and_nothing_is_published(browser, settle, ending, more, said):
    await desk(browser, settle)
    await text_of(browser)
    form = {"answer": "renew", "key": KEY, "until": day(200), "why": "They still do it."}

    answer = await browser.post("/mod/review", form | more, **ENGLISH)

    assert answer.status == 422
    assert said in await answer.text()
    assert until_of("loud.example") == day(7)
    assert not await StaffAct.filter(act="policy.renew").exists()


@pytest.mark.parametrize("key", ["ever.example reject", "nobody.example limit", ""])
async def test_what_has_no_end_is_not_renewed(browser, settle, ending, key):
    await desk(browser, settle)
    await text_of(browser)
    form = {"answer": "renew", "key": key, "until": day(200), "why": "So."}

    await browser.post("/mod/review", form)

    assert current().version == 2
    assert "has no end" in await text_of(browser)


async def test_a_moderator_lets_it_end_and_renews_nothing(browser, settle, ending):
    await desk(browser, settle, Role.MODERATOR)
    page = await text_of(browser)
    renewed = {"answer": "renew", "key": KEY, "until": day(200), "why": "So."}

    refused = await browser.post("/mod/review", renewed)
    left = await browser.post("/mod/review", {"answer": "end", "key": KEY})

    assert "Renew and publish" not in page
    assert (refused.status, left.status) == (403, 303)
    assert until_of("loud.example") == day(7)
    assert "loud.example" not in await text_of(browser)
    assert [each.domain for each in await ending_entries()] == ["was.example"]
    assert (await StaffAct.get(act="policy.let_end")).after["until"] == day(7)


async def test_a_renewed_measure_is_asked_for_again_though_its_old_end_was_let_be(
    browser, settle, ending
):
    await desk(browser, settle)
    await text_of(browser)
    await browser.post("/mod/review", {"answer": "end", "key": KEY})

    await publish(entry("loud.example", "limit", until=day(20)))

    assert [each.domain for each in await ending_entries()] == ["loud.example"]


async def test_a_measure_a_decision_stands_behind_is_renewed_by_a_decision(browser, settle, here):
    put_in_force(policy_of())
    ada = await desk(browser, settle)
    case = await open_own(ada, target=None, host="loud.example", because="I saw it.")
    await publish()
    made = await decided(case, ada, "limit", until=in_days(9))

    page = await text_of(browser)
    form = {"answer": "renew", "key": KEY, "until": day(200), "why": "So."}
    await browser.post("/mod/review", form)

    assert f"/mod/decisions/{made.id}/replace" in page
    assert "Renew and publish" not in page
    assert not await StaffAct.filter(act="policy.renew").exists()
    assert "A decision stands behind" in await text_of(browser)


async def test_decisions_that_end_are_let_be_but_none_about_oneself(
    browser, browsers, settle, here
):
    put_in_force(policy_of())
    ada, mei = await desk(browser, settle), await settle("mei")
    other = browsers()
    bo = await desk(other, settle, name="bo")
    soon = await decided(await taken(bo, mei, ada), ada, "quiet", until=in_days(9))
    later = await decided(await taken(bo, await settle("jo"), ada), ada, "quiet", until=in_days(99))
    own = await decided(await taken(mei, bo, ada), ada, "slow", until=in_days(9))
    page, theirs = await text_of(browser), await text_of(other)

    refused = await other.post("/mod/review", {"answer": "end", "decision": str(own.id)})
    await other.post("/mod/review", {"answer": "end", "decision": str(soon.id)})
    endless = await Decision.create(
        case_id=soon.case_id, thing="account", measure="quiet", drafted_by=ada, state="in_force"
    )
    await browser.post("/mod/review", {"answer": "end", "decision": str(endless.id)})

    for shown, made in ((True, soon), (False, later), (True, own)):
        assert (f"/mod/decisions/{made.id}" in page) is shown
    assert f"/mod/decisions/{own.id}" not in theirs
    assert refused.status == 404
    assert f"/mod/decisions/{soon.id}" not in await text_of(browser)
    assert await StaffAct.filter(act="decision.let_end").count() == 1


async def test_filters_show_what_they_met_and_what_they_would_have_done(browser, settle, here):
    filters = [
        {"id": "pills", "rule": "no-ads", "then": "hold", "when": {"words": ["pills"]}},
        {"id": "new", "rule": "no-ads", "then": "reject", "when": {"words": ["x"]}}
        | {"shadow_until": day(5)},
    ]
    await adopt(Draft(sections_of(filters=filters), 1), summary=WHY)
    for filter_id, was_trial, is_local in (
        *[("pills", False, False)] * 11,
        *[("pills", False, True)] * 3,
        *[("new", True, True)] * 7,
    ):
        await FilterHit.create(
            filter_id=filter_id, then="hold", was_trial=was_trial, is_local=is_local, author="a@b"
        )
    await desk(browser, settle, Role.MODERATOR)

    page = await text_of(browser, "/mod/filters")

    pills, new = page.split("<bdi>pills</bdi>")[1].split("<bdi>new</bdi>")
    cells = [each.split("</td>")[0] for each in re.split("<td[^>]*>", pills)[3:7]]
    assert cells == ["14", "3", "1", "0"]
    assert "on trial until" in new
    assert [each.split("</td>")[0] for each in re.split("<td[^>]*>", new)[3:7]] == [
        "7",
        "7",
        "1",
        "7",
    ]


@pytest.mark.parametrize("path", ["/mod/review", "/mod/filters"])
async def test_ADM_01_members_see_nothing_of_what_ends(browser, settle, here, path):
    await desk(browser, settle, Role.MEMBER)

    assert (await browser.get(path)).status == 403
    assert (await browser.post("/mod/review", {"answer": "end", "key": KEY})).status == 403
