"""What reaches far is done only by who typed its name, and is put back by one button (ADM-03)."""

from datetime import timedelta

import pytest

from actors.accounts import Role
from actors.actor import Actor
from actors.follows import Follow
from core.clock import now
from moderation.decisions import Decision
from moderation.enforce import settle as enforce
from moderation.filing import file_report
from moderation.handling import open_own
from moderation.policy import current, put_in_force
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.moderation.drafts import entry, policy_of
from tests.moderation.rows import follows, stranger
from tests.web.test_decisions import ENGLISH, FORM, staff
from web.pages.typed import name_of_all, newly_refused

FAR = FORM | {"about": "", "measure": "reject", "seen": "1"}


@pytest.fixture
async def desk(browser, here, settle):
    """A moderator at their browser; no measure takes two."""
    put_in_force(policy_of(moderation={"second_person_for": []}))
    return await staff(browser, settle, "mod")


@pytest.fixture
async def case(desk, browser, settle):
    """A case about a server that somebody here follows a person of."""
    await follows(await settle("mei"), await stranger("zoe", "far.example"))
    case = await open_own(desk, target=None, host="far.example", because="I saw it.")
    await browser.get(f"/mod/cases/{case.id}")
    await browser.post(f"/mod/cases/{case.id}/claim")
    return case


@pytest.mark.parametrize("typed", ["", "mei", "far.example.org"])
async def test_ADM_03_a_server_is_not_refused_by_who_types_another_name(browser, case, typed):
    answer = await browser.post(f"/mod/cases/{case.id}/decide", FAR | {"typed": typed}, **ENGLISH)

    page = await answer.text()
    assert answer.status == 422
    assert "Type far.example to go on" in page
    assert "nothing was done yet" in page
    assert "follows by people here" in page
    assert not await Decision.exists()
    assert current().sections.federation.entries == ()


async def test_ADM_03_a_server_is_refused_by_its_name_and_put_back_by_one_button(browser, case):
    await browser.post(f"/mod/cases/{case.id}/decide", FAR | {"typed": " Far.example "})
    await enforce()
    decision = await Decision.get()
    kept_out = (await Actor.get(name="zoe")).is_kept_out
    page = await (await browser.get(f"/mod/decisions/{decision.id}", **ENGLISH)).text()
    told = {"reason": "It was issued by mistake, and taken back within the hour."}
    done = await browser.post(f"/mod/decisions/{decision.id}/lift", told)
    await enforce()

    assert (kept_out, done.status) == (True, 303)
    assert "Take it back: it was a mistake" in page
    assert (await Decision.get()).state == "lifted"
    assert current().sections.federation.entries == ()
    assert not (await Actor.get(name="zoe")).is_kept_out
    assert (await Follow.get()).is_accepted


async def test_ADM_03_an_hour_later_a_decision_is_lifted_with_a_reason_alone(browser, case):
    await browser.post(f"/mod/cases/{case.id}/decide", FAR | {"typed": "far.example"})
    await Decision.all().update(issued_at=now() - timedelta(minutes=61))

    page = await (
        await browser.get(f"/mod/decisions/{(await Decision.get()).id}", **ENGLISH)
    ).text()

    assert "Take it back" not in page
    assert "Why it is lifted" in page


@pytest.mark.parametrize(
    ("measure", "more"),
    [
        ("close_account", {}),
        ("remove", {"everywhere_now": "1", "everywhere_because": "It is an address."}),
    ],
)
async def test_ADM_03_what_cannot_be_put_back_asks_for_the_name_of_the_person(
    browser, desk, settle, measure, more
):
    mei, jo = await settle("mei"), await settle("jo")
    note = await publish(mei, Draft(text="Buy my watches"))
    report = await file_report(jo, mei, notes=[note])
    at = f"/mod/cases/{report.case_id}"
    await browser.get(at)
    await browser.post(f"{at}/claim")
    about = str(note.id) if measure == "remove" else ""
    fields = FAR | {"measure": measure, "about": about} | more

    refused = await browser.post(f"{at}/decide", fields)
    unmade = not await Decision.exists()
    done = await browser.post(f"{at}/decide", fields | {"typed": "@mei"})

    assert (refused.status, unmade, done.status) == (422, True, 303)
    page = await (
        await browser.get(f"/mod/decisions/{(await Decision.get()).id}", **ENGLISH)
    ).text()
    assert ("Take it back" in page) == (measure == "close_account")


async def test_ADM_03_a_version_that_refuses_servers_is_published_by_their_name_or_number(
    browser, here, settle
):
    put_in_force(policy_of())
    await browser.sign_in(await account_of(await settle("ada", role=Role.ADMIN)))
    await browser.get("/admin/policy")
    why = {"summary.en": "They send advertising."}
    for place, host in enumerate(("loud.example", "spam.example")):
        fields = {"domain": host, "severity": "reject", "reason.en": "Ads."}
        kept = await browser.post("/admin/policy/entries/new", fields)
        assert kept.status == 303, place

    page = await (await browser.get("/admin/policy", **ENGLISH)).text()
    refused = await browser.post("/admin/policy/publish", why | {"typed": "1"})
    before = current().version
    done = await browser.post("/admin/policy/publish", why | {"typed": "2"})

    assert "Type 2 to go on" in page
    assert "2 servers would be refused" in page
    assert (refused.status, before, done.status) == (422, 1, 303)
    assert len(current().sections.federation.entries) == 2
    mild = {"domain": "dull.example", "severity": "limit", "reason.en": "Dull."}
    await browser.post("/admin/policy/entries/new", mild)
    assert (await browser.post("/admin/policy/publish", why)).status == 303


def test_a_server_that_was_refused_before_is_asked_for_no_more():
    before = policy_of(federation={"entries": [entry("loud.example", "reject")]}).sections
    after = policy_of(
        federation={"entries": [entry("loud.example", "drop"), entry("new.example", "drop")]}
    ).sections

    assert newly_refused(before, after) == ["new.example"]
    assert name_of_all(["new.example"]) == "new.example"
    assert name_of_all([]) == ""
