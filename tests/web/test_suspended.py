"""What the suspended can still do, and what others read where they were."""

import pytest

from actors.accounts import Role
from actors.actor import Actor
from core.clock import now
from inbox.notifications import Notification
from moderation import deciding
from moderation.appeals import Appeal
from moderation.decisions import Decision
from moderation.filing import file_report
from moderation.links import token_of
from moderation.policy import put_in_force
from moderation.record import RecordEntry
from notes.note import Note
from tests.conftest import account_of
from tests.moderation.deciding import again, decided, in_days, taken
from tests.moderation.drafts import policy_of
from tests.web.test_decisions import ENGLISH


@pytest.fixture
async def mei(here, settle) -> Actor:
    """Somebody who lives here."""
    put_in_force(policy_of())
    return await settle("mei", title="Mei of the harbour", about="<p>Boats</p>")


@pytest.fixture
async def decision(mei, settle) -> Decision:
    """She is suspended, by a decision that two agreed upon."""
    mod = await settle("mod", role=Role.MODERATOR)
    other = await settle("other", role=Role.ADMIN)
    case = await taken(await settle("jo"), mei, mod)
    made = await decided(case, mod, "suspend", until=in_days(9))
    await deciding.confirm(made, other)
    return await again(made)


async def test_they_sign_in_read_the_decision_and_appeal(browser, mei, decision, settle_down):
    await settle_down()
    await browser.sign_in(await account_of(mei))
    link = f"/d/{token_of(decision)}"

    home = await (await browser.get("/home", **ENGLISH)).text()
    mine = await (await browser.get("/my/decisions", **ENGLISH)).text()
    alerts = await (await browser.get("/notifications", **ENGLISH)).text()
    await browser.get(link)
    filed = await browser.post(link, {"words": "It was a joke."})

    assert "your account is suspended" in home
    assert link in mine
    assert link in alerts
    assert filed.status == 303
    assert (await Appeal.get(decision_id=decision.id)).state == "filed"


async def test_what_they_cannot_do_is_refused_with_the_truth(browser, mei, decision):
    await browser.sign_in(await account_of(mei))
    await browser.get("/home")

    written = await browser.post("/compose", {"text": "Still here"}, **ENGLISH)
    answer = await browser.post("/@jo/follow", **ENGLISH)

    kept, text = await written.text(), await answer.text()
    assert (written.status, answer.status) == (422, 403)
    assert "your account is suspended" in kept
    assert "Still here" in kept
    assert "Your account is suspended" in text
    assert 'href="/my/decisions"' in text
    assert "Confirm your e-mail" not in text + kept
    assert not await Note.filter(author_id=mei.id).exists()


async def test_their_page_says_why_until_when_and_where_it_is_recorded(browser, mei, decision):
    entry = await RecordEntry.get(decision_id=decision.id)

    page = await (await browser.get("/@mei", **ENGLISH)).text()

    assert f"/record/{entry.id}" in page
    assert "No advertising" in page
    assert "A note that sold things was taken out." in page
    assert "Boats" not in page
    assert "watches" not in page


async def test_a_page_leads_to_no_entry_that_nobody_can_read_yet(browser, mei, decision):
    await RecordEntry.filter(decision_id=decision.id).update(shown_at=in_days(1))

    page = await (await browser.get("/@mei", **ENGLISH)).text()

    assert "This account is suspended." in page
    assert "/record/" not in page
    assert "No advertising" not in page


async def test_a_suspended_moderator_is_told_of_no_work_but_of_what_was_decided_about_them(
    settle, settle_down, mei
):
    mod, other = await settle("mod", role=Role.MODERATOR), await settle("other", role=Role.ADMIN)
    decision = await decided(await taken(await settle("jo"), mod, other), other, "warn")
    await Actor.filter(id=mod.id).update(suspended_at=now())
    await settle_down()

    await file_report(await Actor.get(name="jo", host=mod.host), mei, comment="Loud")
    await settle_down()

    told = await Notification.get(reader_id=mod.id)
    assert (told.event, told.about) == ("moderation_warning", decision.id)
    assert await Notification.filter(reader_id=other.id, event="admin.report").exists()
