"""Reporting, following one's report, and what moderators answer."""

import re

import pytest

from actors.accounts import Role
from actors.actor import Actor
from actors.blocks import Block, Mute
from core.limits import TooMany
from moderation import filing
from moderation.cases import Case
from moderation.filing import attach, file_report
from moderation.policy import put_in_force
from moderation.reports import Report, ReportState
from notes.note import Audience
from outbox.sent import Sent
from tests.conftest import account_of
from tests.moderation.drafts import policy_of
from tests.moderation.rows import note_by, stranger
from web.routes import PAGES

ENGLISH = {"Accept_Language": "en"}
STAFF_PAGES = [(method, path) for method, path, _ in PAGES if path.startswith(("/mod", "/admin"))]


@pytest.fixture
async def ana(here):
    put_in_force(policy_of())
    return await stranger("ana", "far.example")


async def member(browser, settle, name="mei", role=Role.MEMBER) -> Actor:
    actor = await settle(name, role=role)
    await browser.sign_in(await account_of(actor))
    return actor


async def test_a_note_is_reported_and_the_receipt_follows(browser, settle, ana):
    mei = await member(browser, settle)
    note = await note_by(ana)

    form = await browser.get(f"/n/{note.id}/report", **ENGLISH)
    text = await form.text()
    fields = {"rule": "no-ads", "words": "An ad.", "affected": "many"}
    answer = await browser.post(f"/n/{note.id}/report", fields)
    receipt = await browser.get(answer.headers["Location"], **ENGLISH)

    report = await Report.get(reporter_id=mei.id)
    assert "No advertising" in text
    assert "far.example" in text
    assert answer.status == 303
    assert answer.headers["Location"] == f"/my/reports/{report.receipt}"
    assert (report.target_id, report.notes, report.rules) == (ana.id, [note.id], ["no-ads"])
    assert "Who is affected?" in text
    shown = await receipt.text()
    assert "An ad." in shown
    assert "It affects many." in shown
    assert await Sent.all().count() == 0


async def test_a_person_is_reported_muted_blocked_and_their_server_told(browser, settle, ana):
    mei = await member(browser, settle)

    await browser.get("/@ana@far.example/report")
    fields = {"words": "Mei says: rude.", "forward": "1", "mute": "1", "block": "1"}
    answer = await browser.post("/@ana@far.example/report", fields)

    assert answer.status == 303
    assert await Mute.exists(muter_id=mei.id, muted_id=ana.id)
    assert await Block.exists(blocker_id=mei.id, blocked_id=ana.id)
    flag = bytes((await Sent.get(kind="Flag")).body).decode()
    assert "rude" in flag
    assert "mei" not in flag.lower()


async def test_an_unknown_rule_is_said_and_what_was_typed_is_kept(browser, settle, ana):
    await member(browser, settle)

    await browser.get("/@ana@far.example/report")
    fields = {"rule": "nope", "words": "Keep me."}
    answer = await browser.post("/@ana@far.example/report", fields, **ENGLISH)

    assert answer.status == 422
    text = await answer.text()
    assert "There is no such rule." in text
    assert "Keep me." in text
    assert not await Report.exists()


async def test_oneself_cannot_be_reported(browser, settle, ana):
    await member(browser, settle)

    await browser.get("/@mei/report")
    answer = await browser.post("/@mei/report", {}, **ENGLISH)

    assert answer.status == 422
    assert "You cannot report yourself." in await answer.text()


async def test_PRIV_02_a_note_one_cannot_see_cannot_be_reported(browser, settle, ana):
    await member(browser, settle)
    private = await note_by(await settle("jo"), audience=Audience.PEOPLE)

    assert (await browser.get(f"/n/{private.id}/report")).status == 404
    assert (await browser.post(f"/n/{private.id}/report", {})).status == 404


async def test_a_visitor_signs_in_first(browser, ana):
    note = await note_by(ana)

    assert (await browser.get(f"/n/{note.id}/report")).status == 303
    assert (await browser.get("/my/reports")).status == 303
    assert (await browser.post(f"/n/{note.id}/report", {})).status in (401, 403)
    assert not await Report.exists()


async def test_WEB_01_a_report_needs_the_token_of_its_form(browser, settle, ana):
    await member(browser, settle)

    answer = await browser.post("/@ana@far.example/report", {"csrf": "x"})

    assert answer.status == 403
    assert not await Report.exists()


async def test_MOD_05_too_many_reports_are_too_many(browser, settle, ana, monkeypatch):
    await member(browser, settle)
    monkeypatch.setattr(filing, "REPORTS_A_DAY", 1)

    await browser.get("/@ana@far.example/report")
    first = await browser.post("/@ana@far.example/report", {})
    second = await browser.post("/@ana@far.example/report", {})

    assert (first.status, second.status) == (303, 429)
    with pytest.raises(TooMany):
        await file_report(await Actor.get(name="mei"), ana)


async def test_one_sees_only_ones_own_reports(browser, browsers, settle, ana):
    mei = await member(browser, settle)
    report = await file_report(mei, ana, comment="Mine.")
    other = browsers()
    await member(other, settle, "jo")

    assert "Mine." in await (await browser.get(f"/my/reports/{report.receipt}")).text()
    assert f"/my/reports/{report.receipt}" in await (await browser.get("/my/reports")).text()
    assert (await other.get(f"/my/reports/{report.receipt}")).status == 404
    assert (await other.post(f"/my/reports/{report.receipt}/withdraw")).status == 404
    assert report.receipt not in await (await other.get("/my/reports")).text()
    assert (await Report.get(id=report.id)).state == ReportState.IN_CASE


async def test_a_report_is_withdrawn(browser, settle, ana):
    mei = await member(browser, settle)
    report = await file_report(mei, ana)

    await browser.get(f"/my/reports/{report.receipt}")
    answer = await browser.post(f"/my/reports/{report.receipt}/withdraw")
    again = await browser.post(f"/my/reports/{report.receipt}/withdraw")

    assert (answer.status, again.status) == (303, 303)
    assert (await Report.get(id=report.id)).state == ReportState.WITHDRAWN
    page = await (await browser.get(f"/my/reports/{report.receipt}", **ENGLISH)).text()
    assert "withdrawn" in page


async def test_long_lists_go_on(browser, settle, ana):
    mei = await member(browser, settle)
    for number in range(23):
        await file_report(mei, await stranger(f"p{number}", "far.example"))

    page = await (await browser.get("/my/reports")).text()
    more = re.search(r'rel="next" href="([^"]+)"', page)
    rest = await (await browser.get(more[1])).text()

    assert page.count("/my/reports/") == 20
    assert rest.count("/my/reports/") == 3


# Moderators.


@pytest.mark.parametrize("who", ["visitor", "member", "suspended moderator"])
async def test_ADM_01_nobody_but_staff_gets_in(browser, settle, ana, who):
    report = await file_report(await settle("jo"), ana)
    if who != "visitor":
        role = Role.MEMBER if who == "member" else Role.MODERATOR
        mei = await member(browser, settle, role=role)
        if who == "suspended moderator":
            await Actor.filter(id=mei.id).update(suspended_at=report.created_at)

    answers = {}
    for method, path in STAFF_PAGES:
        path = path.replace("{id}", str(report.id)).replace("{section}", "rules")
        path = path.replace("{place}", "0").replace("{acct}", ana.name)
        path = path.replace("{domain}", "far.example").replace("{code}", "wave")
        path = path.replace("{host}", "far.example")
        answer = await (browser.get(path) if method == "GET" else browser.post(path, {}))
        answers[method, path] = answer.status

    refused = {303, 401} if who == "visitor" else {403}
    assert len(answers) >= 4
    assert {at: each for at, each in answers.items() if each not in refused} == {}
    assert (await Report.get(id=report.id)).state == ReportState.IN_CASE


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ADMIN])
async def test_ADM_01_staff_gets_in(browser, settle, ana, role):
    await member(browser, settle, "mod", role)
    report = await file_report(await settle("jo"), ana, comment="Look here.")

    queue = await browser.get("/mod", **ENGLISH)
    page = await browser.get(f"/mod/cases/{report.case_id}", **ENGLISH)
    led = await browser.get(f"/mod/reports/{report.id}")

    assert led.headers["Location"] == f"/mod/cases/{report.case_id}"
    assert queue.status == page.status == 200
    assert f"/mod/cases/{report.case_id}" in await queue.text()
    assert "Look here." in await page.text()
    assert (await browser.get("/mod/reports/1")).status == 404


async def test_a_moderator_takes_a_case_and_settles_it(browser, browsers, settle, ana):
    mod = await member(browser, settle, "mod", Role.MODERATOR)
    reporter = browsers()
    mei = await member(reporter, settle)
    report = await file_report(mei, ana, notes=[await note_by(ana)])
    page = f"/mod/cases/{report.case_id}"

    await browser.get(page)
    taken = await browser.post(f"{page}/claim")
    fields = {"close_outcome": "not_upheld", "close_words": "Satire.", "no_breach": "Satire."}
    settled = await browser.post(f"{page}/close", fields)

    kept = await Case.get(id=report.case_id)
    assert taken.status == settled.status == 303
    assert (kept.state, kept.claimed_by_id) == ("decided", mod.id)
    receipt = await (await reporter.get(f"/my/reports/{report.receipt}", **ENGLISH)).text()
    assert "No rule was broken. Satire." in receipt
    assert "@mod" not in receipt
    listed = await (await browser.get("/mod?show=settled", **ENGLISH)).text()
    assert page in listed


async def test_a_moderator_does_not_work_on_what_is_about_them(browser, settle, ana):
    mod = await member(browser, settle, "mod", Role.MODERATOR)
    report = await file_report(await settle("mei"), mod)

    page = await browser.get(f"/mod/cases/{report.case_id}", **ENGLISH)
    await browser.post(f"/mod/cases/{report.case_id}/claim")

    assert page.status == 404
    assert (await Case.get(id=report.case_id)).state == "open"


async def test_MOD_01_a_remote_report_shows_its_server_and_nobody(browser, settle, ana):
    await member(browser, settle, "mod", Role.MODERATOR)
    mei = await settle("mei")
    report = await Report.create(
        uri="https://far.example/f/1",
        receipt="x" * 24,
        reporter_id=ana.id,
        reporter_host="far.example",
        target_id=mei.id,
        comment="Theirs.",
    )

    await attach(report)
    page = await (await browser.get(f"/mod/cases/{report.case_id}", **ENGLISH)).text()

    assert "far.example" in page
    assert "@ana" not in page


async def test_a_report_of_a_deleted_note_is_still_shown(browser, settle, ana):
    await member(browser, settle, "mod", Role.MODERATOR)
    note = await note_by(ana)
    report = await file_report(await settle("mei"), ana, notes=[note], comment="Gone now.")
    await type(note).filter(id=note.id).update(deleted_at=report.created_at)

    page = await browser.get(f"/mod/cases/{report.case_id}")

    assert page.status == 200
    assert "Gone now." in await page.text()
