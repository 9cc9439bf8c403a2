"""A panel by pages alone: agreed to, drawn at the desk, answered without names, and its end."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from actors.accounts import Account, Role
from actors.actor import Actor
from inbox.notifications import Event, Notification
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.filing import file_report
from moderation.links import token_of
from moderation.panels import Panel, SealedVerdict
from moderation.policy import put_in_force
from moderation.record import RecordEntry
from notes.attachments import Attachment
from notes.note import Note
from notes.uploads import keep_upload
from notes.visibility import may_see
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.counting import counted
from tests.moderation.drafts import policy_of
from tests.moderation.paneling import appealed, decision_of, fresh, sitting, willing
from tests.web.test_media import picture

ENGLISH = {"Accept_Language": "en"}
NAMES = ("ann", "ben", "cleo", "dan", "eva")
FACTS = "Mei Lin (@mei@here.example) sells watches, says jo: https://here.example/@mei"
WORDS = "@jo Buy my watches, says Mei Lin, at https://shop.example/watches"


@pytest.fixture
async def house(here, settle):
    """Two moderators, an author with a hidden note and a picture, a reporter, five to be drawn."""
    put_in_force(policy_of(appeals={"panel": 3, "panel_effect": "binding"}))
    mod = await settle("mod", role=Role.MODERATOR)
    other = await settle("other", role=Role.ADMIN)
    mei, jo = await settle("mei", title="Mei Lin"), await settle("jo", title="小乔")
    people = await willing(settle, *NAMES)
    upload = await keep_upload(mei, picture())
    await Attachment.filter(id=upload.id).update(alt="A watch of Mei Lin, ALTWORD")
    note = await publish(mei, Draft(text=WORDS, attachments=[upload.id]))
    appeal = await appealed(
        jo, mod, note, facts=FACTS, explanation="小乔说：Mei Lin, we keep this place free of ads."
    )
    return other, mei, jo, people, note, appeal


@pytest.fixture
async def desk(browser, house):
    """The browser of the moderator who hears the appeal."""
    await browser.sign_in(await account_of(house[0]))
    page = f"/mod/appeals/{house[5].id}"
    await browser.get(page)
    await browser.post(f"{page}/take")
    return browser


async def text(browser, path) -> str:
    answer = await browser.get(path, **ENGLISH)
    assert answer.status == 200, path
    return await answer.text()


async def drawn(desk, appeal) -> Panel:
    page = f"/mod/appeals/{appeal.id}"
    assert f'href="{page}/panel"' in await text(desk, page)
    preview = await text(desk, f"{page}/panel")
    assert "Draw 3 members by lot" in preview
    assert (await desk.post(f"{page}/panel")).status == 303
    return await Panel.get(appeal_id=appeal.id)


async def seated(browsers, panel):
    """Browsers of those who sit."""
    found = []
    for account in await sitting(panel):
        browser = browsers()
        await browser.sign_in(account)
        found.append(browser)
    return found


async def test_from_an_appeal_to_a_note_that_stands_again(desk, browsers, house, settle_down):
    _, _, jo, _, note, appeal = house
    panel = await drawn(desk, appeal)
    await settle_down()
    assert "appeal before a panel drawn by lot" in await text(desk, f"/mod/appeals/{appeal.id}")

    members = await seated(browsers, panel)
    for browser in members:
        assert f"/panels/{panel.id}" in await text(browser, "/notifications")
        assert f"/panels/{panel.id}" in await text(browser, "/settings/privacy")
        page = await text(browser, f"/panels/{panel.id}")
        assert "1. No advertising" in page
        assert "It was a joke of APPEAL." in page
    wrong = await members[0].post(f"/panels/{panel.id}", {"verdict": "overturn"}, **ENGLISH)
    assert wrong.status == 422
    assert "Give the reasons." in await wrong.text()
    fields = {"verdict": "overturn", "reason": "A joke indeed."}
    for browser in members:
        assert (await browser.post(f"/panels/{panel.id}", fields)).status == 303
    assert "You have answered." in await text(members[0], f"/panels/{panel.id}")
    await settle_down()

    assert (await fresh(appeal)).state == "overturned"
    assert await may_see(jo, await Note.get(id=note.id).select_related("author"))
    visitor = browsers()
    theirs = await text(visitor, f"/d/{token_of(await decision_of(appeal))}")
    assert "3 members were drawn." in theirs
    assert "A joke indeed." in theirs
    entry = await RecordEntry.get(kind="appeal")
    record = await text(visitor, f"/record/{entry.id}")
    assert "3 seats: 0 for the decision, 3 against it" in record
    about = await members[0].get(f"/panels/{panel.id}")
    assert about.headers["Location"] == f"/record/{entry.about_id}"
    told = await Notification.get(event=Event.PANEL_OVER)
    assert told.reader_id == house[0].id
    assert f"/mod/appeals/{appeal.id}" in await text(desk, "/notifications")


async def test_MOD_01_nothing_tells_whoever_sits_whom_it_is_about(
    desk, browsers, house, settle_down
):
    _, mei, jo, _, note, appeal = house
    panel = await drawn(desk, appeal)
    await settle_down()
    browser = (await seated(browsers, panel))[0]

    page = await text(browser, f"/panels/{panel.id}")

    shown = LexborHTMLParser(page).css_first("main").html
    decision = await decision_of(appeal)
    secrets = [
        *("Mei Lin", "@mei", "/@mei", "小乔", "@jo", "/@jo", mei.uri, jo.uri, "SECRET of the"),
        *(str(mei.id), str(jo.id), str(note.id), str(decision.id), str(appeal.id)),
        *("@mod", str(decision.drafted_by_id), note.page, f"/record/{decision.id}"),
    ]
    for each in secrets:
        assert each not in shown, each
    assert not re.search(r"\b(mei|jo)\b", shown, re.IGNORECASE)
    for each in ("Buy my watches", "https://shop.example/watches", "ALTWORD", "sells watches"):
        assert each in shown
    (image,) = LexborHTMLParser(page).css(".evidence img")
    loaded = await browser.get(image.attributes["src"])
    assert loaded.status == 200
    assert (await browser.get(image.attributes["src"].partition("?")[0])).status == 404


async def test_a_seat_is_given_up_and_the_next_is_asked(desk, browsers, house, settle_down):
    panel = await drawn(desk, house[5])
    await settle_down()
    before = await sitting(panel)
    browser = (await seated(browsers, panel))[0]
    await browser.get(f"/panels/{panel.id}")

    assert (await browser.post(f"/panels/{panel.id}/decline")).status == 303
    await settle_down()

    passed = await browser.get(f"/panels/{panel.id}", **ENGLISH)
    assert passed.headers["Location"] == "/notifications"
    assert "Your seat has passed to somebody else." in await text(browser, "/notifications")
    again = await browser.post(f"/panels/{panel.id}", {"verdict": "uphold", "reason": "x"})
    assert again.headers["Location"] == "/notifications"
    assert not await SealedVerdict.exists()
    now_there = {each.id for each in await sitting(panel)}
    assert len(now_there) == 3
    assert before[0].id not in now_there
    assert await Notification.filter(event=Event.PANEL_DRAWN).count() == 4


@pytest.mark.parametrize("who", ["mei", "jo", "mod", "other"])
async def test_nobody_but_who_sits_reads_the_page(desk, browsers, house, who):
    panel = await drawn(desk, house[5])
    browser = browsers()
    await browser.sign_in(await Account.get(actor__name=who).select_related("actor"))

    assert (await browser.get(f"/panels/{panel.id}")).status == 404
    assert (await browser.get("/panels/1")).status == 404
    assert (await browsers().get(f"/panels/{panel.id}")).status == 303


async def test_who_is_suspended_neither_reads_nor_speaks(desk, browsers, house):
    panel = await drawn(desk, house[5])
    account = (await sitting(panel))[0]
    browser = (await seated(browsers, panel))[0]
    await browser.get("/settings/privacy")
    await Actor.filter(id=account.actor_id).update(suspended_at=account.created_at)

    assert (await browser.get(f"/panels/{panel.id}")).status == 403
    said = await browser.post(f"/panels/{panel.id}", {"verdict": "uphold", "reason": "x"})
    assert said.status == 403
    assert not await SealedVerdict.exists()


async def test_too_few_members_are_said_and_the_appeal_stays(desk, house):
    await Account.filter(actor__name="ann").update(panels_since=None)
    await Account.filter(actor__name="ben").update(panels_since=None)
    await Account.filter(actor__name="eva").update(panels_since=None)
    page = f"/mod/appeals/{house[5].id}"
    await desk.get(page)

    assert (await desk.post(f"{page}/panel")).status == 303

    assert "Too few members can be drawn" in await text(desk, page)
    assert (await Appeal.get()).state == "in_review"


async def test_only_whoever_hears_it_sees_what_a_panel_would_read(browsers, house, desk):
    browser = browsers()
    await browser.sign_in(await Account.get(actor__name="mod").select_related("actor"))

    assert (await browser.get(f"/mod/appeals/{house[5].id}/panel")).status == 404


async def test_a_member_agrees_and_takes_it_back(browser, settle):
    mei = await settle("mei")
    await browser.sign_in(await account_of(mei))
    assert "The policy has no panels now." in await text(browser, "/settings/privacy")

    fields = {"audience": "public", "quoting": "public"}
    answer = await browser.post("/settings/privacy", fields | {"panels": "1"})
    assert answer.status == 303
    since = (await account_of(mei)).panels_since
    await browser.post("/settings/privacy", fields | {"panels": "1"})
    assert (await account_of(mei)).panels_since == since is not None
    await browser.post("/settings/privacy", fields)
    assert (await account_of(mei)).panels_since is None


async def test_it_is_off_until_somebody_agrees(settle):
    assert (await account_of(await settle("mei"))).panels_since is None


async def test_the_page_asks_as_much_for_many_notes_as_for_one(desk, browsers, house):
    _, mei, jo, _, _, appeal = house
    panel = await drawn(desk, appeal)
    decision = await decision_of(appeal)
    await type(decision).filter(id=decision.id).update(note_id=None)
    browser = (await seated(browsers, panel))[0]
    path = f"/panels/{panel.id}"
    await browser.get(path)
    with counted() as few:
        await text(browser, path)
    for number in range(5):
        upload = await keep_upload(mei, picture("blue"))
        note = await publish(mei, Draft(text=f"Watch {number}", attachments=[upload.id]))
        await file_report(jo, mei, notes=[note])
    await Case.filter(id=decision.case_id).update(
        notes=await Note.filter(author_id=mei.id).values_list("id", flat=True)
    )

    with counted() as many:
        page = await text(browser, path)

    assert "Watch 4" in page
    assert len(few) == len(many) <= 45
