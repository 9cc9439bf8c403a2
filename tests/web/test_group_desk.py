"""The desk of a group: reports its own moderators answer, and appeals against what they decided."""

from datetime import timedelta

import pytest

from actors.accounts import Role as StaffRole
from actors.actor import Actor
from actors.groups import Group, make_group
from actors.memberships import Role, State, membership_of, stand
from core.clock import now
from inbox.notifications import Notification
from moderation import group_acts, group_offices
from moderation.appeals import Appeal
from moderation.cases import Case, CaseWord
from moderation.decisions import Decision
from moderation.filing import file_report
from moderation.group_reports import hand_on_late
from moderation.links import token_of
from moderation.policy import put_in_force
from moderation.record import RecordEntry
from moderation.reports import Outcome, Report, ReportState
from moderation.states import AppealState, CaseState, DecisionState, Scope
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft
from outbox.refusals import NotValid
from tests.conftest import account_of
from tests.moderation.drafts import policy_of

ENGLISH = {"Accept_Language": "en"}


@pytest.fixture
async def mei(settle, browser):
    put_in_force(policy_of())
    actor = await settle("mei", title="Mei Lin")
    await browser.sign_in(await account_of(actor))
    return actor


@pytest.fixture
async def tea(mei):
    return await make_group(mei, "tea", title="Tea", rules={"en": ["Be kind"]})


@pytest.fixture
async def ana(settle, tea):
    return await member(await settle("ana"), tea)


@pytest.fixture
async def ben(settle, tea):
    return await member(await settle("ben"), tea)


@pytest.fixture
async def as_ben(browsers, ben):
    return await signed(browsers, ben)


async def member(person, tea, role=Role.MEMBER):
    await stand(person.id, tea.id, State.MEMBER, role=role)
    return person


async def signed(browsers, person):
    other = browsers()
    await other.sign_in(await account_of(person))
    return other


async def inside(author, tea, settle_down, text="Rude words"):
    note = await publish(author, Draft(text=text, group_id=tea.id))
    await settle_down()
    return await Note.get(id=note.id).select_related("author")


async def text_of(browser, path, status=200):
    page = await browser.get(path, **ENGLISH)
    assert page.status == status, (path, page.status)
    return await page.text()


async def reported(as_ben, note, settle_down, **more):
    await as_ben.get(f"/n/{note.id}/report")
    answer = await as_ben.post(f"/n/{note.id}/report", {"to": "group", "words": "Rude."} | more)
    assert answer.status == 303
    await settle_down()
    return await Report.get()


async def answered(browser, case, **form):
    await browser.get(f"/g/tea/reports/{case}")
    return await browser.post(f"/g/tea/reports/{case}", form, **ENGLISH)


async def test_a_report_in_a_group_reaches_its_own_moderators(
    browser, as_ben, ana, tea, mei, settle, settle_down
):
    boss = await settle("boss", role=StaffRole.ADMIN)
    note = await inside(ana, tea, settle_down)

    form = await text_of(as_ben, f"/n/{note.id}/report")
    report = await reported(as_ben, note, settle_down)
    desk = await text_of(browser, "/g/tea/reports")
    case = await text_of(browser, f"/g/tea/reports/{report.case_id}")
    told = await Notification.get(about=report.id)
    led = await browser.get(f"/g/tea/waiting/{report.id}")

    assert "The moderators of !tea" in form
    assert (report.group_id, report.state) == (tea.id, ReportState.IN_CASE)
    assert (await Case.get()).scope is Scope.GROUP
    assert f"/g/tea/reports/{report.case_id}" in desk
    assert "Rude." in case
    assert "Rude words" in case
    assert "@ben" not in case
    assert (told.reader_id, told.actor_id) == (mei.id, tea.id)
    assert led.headers["Location"] == f"/g/tea/reports/{report.case_id}"
    assert not await Notification.exists(reader_id=boss.id)
    assert "For the moderators of !tea" in await text_of(as_ben, f"/my/reports/{report.receipt}")


async def test_the_other_choice_reaches_the_moderators_of_the_server(
    browser, as_ben, ana, tea, settle, settle_down
):
    boss = await settle("boss", role=StaffRole.ADMIN)
    note = await inside(ana, tea, settle_down)

    report = await reported(as_ben, note, settle_down, to="server")

    assert report.group_id is None
    assert (await Case.get()).scope is Scope.SERVER
    assert await Notification.exists(reader_id=boss.id, about=report.id)
    assert "No report waits" in await text_of(browser, "/g/tea/reports")


@pytest.mark.parametrize("where", ["alone", "of_moderator", "asleep"])
async def test_where_nobody_of_the_group_could_answer_it_is_not_offered(
    as_ben, ana, ben, tea, mei, settle_down, where
):
    author = mei if where == "of_moderator" else ana
    group = None if where == "alone" else tea
    note = await publish(author, Draft(text="Words", group_id=group.id if group else None))
    await settle_down()
    if where == "asleep":
        await Group.filter(actor_id=tea.id).update(asleep_at=now())

    assert "The moderators of !tea" not in await text_of(as_ben, f"/n/{note.id}/report")
    note = await Note.get(id=note.id).select_related("author")
    with pytest.raises(NotValid):
        await file_report(ben, author, notes=[note], to_group=True)


async def test_the_group_answers_with_a_measure_of_its_own(
    browser, as_ben, ana, ben, tea, mei, settle_down
):
    note = await inside(ana, tea, settle_down)
    report = await reported(as_ben, note, settle_down)
    wanted = {"act": "decide", "measure": "remove", "note": str(note.id), "rule": "1"}

    bare = await answered(browser, report.case_id, **wanted)
    answer = await answered(browser, report.case_id, **wanted, reason="Insults", words="Thanks.")
    await settle_down()
    again = await answered(browser, report.case_id, **wanted, reason="Insults")

    assert (bare.status, answer.status, again.status) == (422, 303, 422)
    report = await Report.get()
    decision = await Decision.get()
    assert (report.state, report.outcome) == (ReportState.ANSWERED, Outcome.UPHELD)
    assert (decision.case_id, decision.scope) == (report.case_id, Scope.GROUP)
    assert (await Case.get()).state is CaseState.DECIDED
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.REMOVED
    entry = await RecordEntry.get(decision_id=decision.id)
    assert entry.document["source"] == "member"
    receipt = await text_of(as_ben, f"/my/reports/{report.receipt}")
    assert "The report is right. Thanks." in receipt
    assert "No report waits" in await text_of(browser, "/g/tea/reports")
    assert str(report.case_id) in await text_of(browser, "/g/tea/reports?show=settled")


@pytest.mark.parametrize("measure", ["close", "leave_group"])
async def test_it_can_close_the_thread_or_put_the_person_out(
    browser, as_ben, ana, tea, settle_down, measure
):
    note = await inside(ana, tea, settle_down)
    report = await reported(as_ben, note, settle_down)

    answer = await answered(
        browser,
        report.case_id,
        act="decide",
        measure=measure,
        note=str(note.id),
        reason="Enough",
        until="2031-01-01",
    )

    assert answer.status == 303
    is_out = (await membership_of(ana, tea)).is_banned
    is_locked = (await GroupPost.get(note_id=note.id)).locked_at is not None
    assert (is_out, is_locked) == (measure == "leave_group", measure == "close")


async def test_that_no_rule_was_broken_is_said_with_the_reason(
    browser, as_ben, ana, tea, settle_down
):
    note = await inside(ana, tea, settle_down)
    report = await reported(as_ben, note, settle_down)

    bare = await answered(browser, report.case_id, act="nothing", outcome="not_upheld")
    misuse = await answered(
        browser, report.case_id, act="nothing", no_breach="Fine", outcome="misuse"
    )
    answer = await answered(
        browser, report.case_id, act="nothing", no_breach="A joke", outcome="not_upheld"
    )

    assert (bare.status, misuse.status, answer.status) == (422, 422, 303)
    assert (await Report.get()).outcome is Outcome.NOT_UPHELD
    assert (await Case.get()).no_breach == "A joke"
    assert not await Decision.exists()


async def test_a_case_is_handed_on_to_the_server(browser, as_ben, ana, tea, settle, settle_down):
    boss = await settle("boss", role=StaffRole.ADMIN)
    note = await inside(ana, tea, settle_down)
    report = await reported(as_ben, note, settle_down)

    bare = await answered(browser, report.case_id, act="hand_on")
    answer = await answered(browser, report.case_id, act="hand_on", hand_on_reason="A threat")
    await settle_down()

    assert (bare.status, answer.status) == (422, 303)
    case, report = await Case.get(), await Report.get()
    assert (case.scope, case.group_id, report.group_id) == (Scope.SERVER, None, None)
    assert "A threat" in (await CaseWord.get()).text
    assert await Notification.exists(reader_id=boss.id, about=report.id)
    assert (await browser.get(f"/g/tea/reports/{case.id}")).status == 404


async def test_what_a_group_leaves_lying_goes_to_the_server_by_itself(
    as_ben, ana, tea, settle, settle_down
):
    await settle("boss", role=StaffRole.ADMIN)
    note = await inside(ana, tea, settle_down)
    await reported(as_ben, note, settle_down)

    await hand_on_late()
    before = (await Case.get()).scope
    await Case.all().update(decide_by=now() - timedelta(hours=1))
    await hand_on_late()
    await hand_on_late()

    assert (before, (await Case.get()).scope) == (Scope.GROUP, Scope.SERVER)
    assert "did not answer in time" in (await CaseWord.get()).text


async def test_MOD_01_who_is_reported_does_not_see_it_though_a_moderator(
    browser, browsers, as_ben, ana, tea, settle_down
):
    note = await inside(ana, tea, settle_down)
    report = await reported(as_ben, note, settle_down)
    await member(ana, tea, Role.MODERATOR)
    as_ana = await signed(browsers, ana)

    assert (await as_ana.get(f"/g/tea/reports/{report.case_id}")).status == 404
    assert "No report waits" in await text_of(as_ana, "/g/tea/reports")
    assert (await as_ben.get("/g/tea/reports")).status == 404
    assert (await as_ben.get(f"/g/tea/reports/{report.case_id}")).status == 404


async def test_MOD_01_who_reported_does_not_decide(
    browser, browsers, ana, tea, as_ben, settle_down
):
    note = await inside(ana, tea, settle_down)
    report = await reported(as_ben, note, settle_down)
    await stand((await Actor.get(name="ben")).id, tea.id, State.MEMBER, role=Role.MODERATOR)

    page = await text_of(as_ben, f"/g/tea/reports/{report.case_id}")
    answer = await answered(
        as_ben, report.case_id, act="decide", measure="remove", note=str(note.id), reason="So"
    )

    assert "You are part of this case" in page
    assert answer.status == 422
    assert not await Decision.exists()


async def test_an_appeal_is_filed_by_the_person_and_heard_by_another_moderator(
    browser, browsers, ana, ben, as_ben, tea, mei, settle_down
):
    note = await inside(ana, tea, settle_down)
    decision = await group_acts.remove(mei, tea, note, reason="Insults", rule=1)
    await member(ben, tea, Role.MODERATOR)
    as_ana = await signed(browsers, ana)
    mine = await text_of(as_ana, "/my/decisions")
    at = f"/d/{token_of(decision)}"

    own = await text_of(as_ana, at)
    await as_ana.post(at, {"words": "It was a quotation."})
    await settle_down()
    appeal = await Appeal.get()
    listed = await text_of(as_ben, "/g/tea/appeals")
    page = f"/g/tea/appeals/{appeal.id}"
    by_decider = await text_of(browser, page)
    refused = await browser.post(page, {"act": "take"}, **ENGLISH)
    await as_ben.get(page)
    await as_ben.post(page, {"act": "take"})
    bare = await as_ben.post(page, {"act": "settle", "appeal_outcome": "overturned"})
    wrong = await as_ben.post(page, {"act": "settle", "appeal_outcome": "amended", "reasons": "x"})
    done = await as_ben.post(
        page, {"act": "settle", "appeal_outcome": "overturned", "reasons": "It was."}
    )

    assert "!tea" in mine
    assert "Made by the moderators of !tea." in own
    assert "1. Be kind" in own
    assert page in listed
    assert "You decided this." in by_decider
    assert [each.status for each in (refused, bare, wrong, done)] == [422, 422, 422, 303]
    assert (await Appeal.get()).state is AppealState.OVERTURNED
    assert (await Decision.get()).state is DecisionState.OVERTURNED
    assert (await GroupPost.get(note_id=note.id)).standing is Standing.ACCEPTED
    assert "It was." in await text_of(as_ana, at)
    assert "It was." in await text_of(as_ben, page)


async def test_an_appeal_can_be_refused_with_its_ground(
    browser, browsers, ana, ben, as_ben, tea, mei, settle_down
):
    await member(ben, tea, Role.MODERATOR)
    decision = await group_offices.ban(mei, tea, ana, reason="Insults")
    as_ana = await signed(browsers, ana)
    at = f"/d/{token_of(decision)}"
    await as_ana.get(at)
    await as_ana.post(at, {"words": "You are all fools."})
    page = f"/g/tea/appeals/{(await Appeal.get()).id}"

    assert (await as_ana.get(page)).status == 404
    await as_ben.get(page)
    bare = await as_ben.post(page, {"act": "refuse", "refuse_reasons": "Only insults"})
    done = await as_ben.post(
        page, {"act": "refuse", "why": "abusive", "refuse_reasons": "Only insults"}
    )

    assert (bare.status, done.status) == (422, 303)
    assert (await Appeal.get()).state is AppealState.INADMISSIBLE
    assert (await membership_of(ana, tea)).is_banned
