"""The desk by pages: cases of one's own, decisions written anew, words taken out, the queue."""

from datetime import timedelta

import pytest

from actors.accounts import Role
from actors.actor import Actor
from moderation.appealing import file
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.duty import standing
from moderation.filing import file_report
from moderation.handling import case_with, merge
from moderation.policy import put_in_force
from moderation.record import RecordEntry
from moderation.reports import Kind
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.counting import counted
from tests.moderation.drafts import policy_of
from tests.moderation.rows import note_by, stranger
from tests.web.test_decisions import ENGLISH, FORM, staff


@pytest.fixture
async def note(here, settle) -> Note:
    """A note of mei."""
    put_in_force(policy_of())
    return await publish(await settle("mei"), Draft(text="Buy my watches"))


async def own_case(browser, note) -> Case:
    """A case about a note that the one who is signed in has opened."""
    await browser.get(f"/mod/cases/new?note={note.id}")
    answer = await browser.post(
        "/mod/cases/new", {"note": str(note.id), "because": "I saw it sell."}
    )
    assert answer.status == 303
    return await Case.get(source="own_initiative")


async def issued(browser, case, **more) -> Decision:
    """Decide in a case by its form."""
    note = await Note.get(author_id=case.target_id)
    fields = FORM | {"about": str(note.id), "seen": "1"} | more
    answer = await browser.post(f"/mod/cases/{case.id}/decide", fields)
    assert answer.status == 303, await answer.text()
    return await Decision.get(case_id=case.id)


async def test_a_case_is_opened_from_the_menu_of_a_note_and_has_it_as_evidence(
    browser, settle, note
):
    await staff(browser, settle, "mod")

    menu = await (await browser.get(note.page)).text()
    case = await own_case(browser, note)

    page = await (await browser.get(f"/mod/cases/{case.id}", **ENGLISH)).text()
    assert f"/mod/cases/new?note={note.id}" in menu
    assert "Buy my watches" in page
    assert "I saw it sell." in page
    assert "opened by a moderator" in page


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"account": "mei", "because": "x"}, 303, ""),
        ({"account": "@mei", "because": "x"}, 303, ""),
        ({"server": "Far.Example", "because": "x"}, 303, ""),
        ({"account": "mei"}, 422, "Say what you saw."),
        ({"because": "x"}, 422, "Say whom it is about."),
        ({"account": "nobody", "because": "x"}, 422, "Nobody has this handle."),
        ({"server": "no host", "because": "x"}, 422, "Write a name such as"),
        ({"note": "1", "because": "x"}, 422, "is not there"),
    ],
)
async def test_a_case_of_ones_own_is_about_somebody_or_a_server(
    browser, settle, note, fields, status, said
):
    await staff(browser, settle, "mod")
    await browser.get("/mod/cases/new")

    answer = await browser.post("/mod/cases/new", fields, **ENGLISH)

    assert answer.status == status
    assert said in await answer.text()
    assert await Case.all().count() == (1 if status == 303 else 0)


@pytest.mark.parametrize(
    "path", ["/mod/cases/new", "/mod/decisions/1/replace", "/mod/record/1/redact"]
)
async def test_ADM_01_members_open_nothing_and_change_nothing(browser, settle, note, path):
    await browser.sign_in(await account_of(await settle("jo")))
    await browser.get("/home")

    assert (await browser.get(path)).status == 403
    assert (await browser.post(path, {"because": "x", "account": "mei"})).status == 403
    assert not await Case.exists()


async def test_a_decision_is_replaced_from_its_page_and_both_are_linked(
    browser, browsers, settle, note
):
    await staff(browser, settle, "mod")
    old = await issued(browser, await own_case(browser, note))
    page = f"/mod/decisions/{old.id}"
    form = await (await browser.get(f"{page}/replace", **ENGLISH)).text()
    fields = FORM | {"about": str(note.id), "measure": "quiet", "facts": "It is milder."}

    seen = await (await browser.post(f"{page}/replace", fields, **ENGLISH)).text()
    wrong = await browser.post(f"{page}/replace", fields | {"facts": ""}, **ENGLISH)
    done = await browser.post(f"{page}/replace", fields | {"seen": "1"})

    assert "It sells watches; FACTS." in form
    assert f'action="{page}/replace"' in seen
    assert wrong.status == 422
    new = await Decision.get(supersedes_id=old.id)
    assert done.headers["Location"] == f"/mod/decisions/{new.id}"
    assert (
        f"/mod/decisions/{old.id}" in await (await browser.get(f"/mod/decisions/{new.id}")).text()
    )
    assert f"/mod/decisions/{new.id}" in await (await browser.get(page)).text()
    assert (await browser.get(f"{page}/replace")).status == 404
    assert (await browser.post(f"{page}/replace", fields | {"seen": "1"})).status == 404


async def test_a_returned_draft_is_written_anew_by_who_drafted_it_alone(
    browser, browsers, settle, note
):
    second = browsers()
    await staff(browser, settle, "mod")
    await staff(second, settle, "other")
    made = await issued(browser, await own_case(browser, note), about="", measure="suspend")
    page = f"/mod/decisions/{made.id}"
    await second.get(page)
    await second.post(f"{page}/return", {"reason": "Too hard."})

    form = await (await browser.get(f"{page}/rework", **ENGLISH)).text()
    foreign = await second.get(f"{page}/rework")
    fields = FORM | {"about": "", "measure": "warn"}
    seen = await (await browser.post(f"{page}/rework", fields, **ENGLISH)).text()
    done = await browser.post(f"{page}/rework", fields | {"seen": "1"})

    assert "Too hard." in form
    assert foreign.status == 404
    assert "The public reads" in seen
    assert done.status == 303
    assert (await Decision.get()).state == "in_force"
    assert (await Decision.get()).measure == "warn"


async def test_MOD_02_the_preview_warns_of_names_and_says_nothing_of_good_words(
    browser, settle, note
):
    jo = await settle("jo")
    report = await file_report(jo, note.author, notes=[note], category=Kind.SPAM)
    case = await Case.get(id=report.case_id)
    await staff(browser, settle, "mod")
    page = f"/mod/cases/{case.id}"
    shown = await (await browser.get(page, **ENGLISH)).text()
    await browser.post(f"{page}/claim")
    fields = FORM | {"about": str(note.id)}

    good = await (await browser.post(f"{page}/decide", fields, **ENGLISH)).text()
    bad = await (
        await browser.post(f"{page}/decide", fields | {"summary": "As @jo says."}, **ENGLISH)
    ).text()

    assert "Spam" in shown
    assert "Look again" not in good
    assert "name who reported it" in bad


async def test_an_admin_takes_words_out_of_the_record_and_moderators_do_not(
    browser, browsers, settle, note
):
    await staff(browser, settle, "mod")
    made = await issued(browser, await own_case(browser, note))
    entry = await RecordEntry.get(decision_id=made.id)
    page = f"/mod/record/{entry.id}/redact"
    admin = browsers()
    await admin.sign_in(await account_of(await settle("root", role=Role.ADMIN)))

    refused = await browser.get(page), await browser.post(page, {"facts_summary": "1", "why": "x"})
    asked = await (await admin.get(page, **ENGLISH)).text()
    lacking = await admin.post(page, {"facts_summary": "1"}, **ENGLISH)
    done = await admin.post(page, {"facts_summary": "1", "why": "It named him."})

    read = await (await browsers().get(f"/record/{entry.id}", **ENGLISH)).text()
    assert [each.status for each in refused] == [403, 403]
    assert FORM["summary"] in asked
    assert (lacking.status, done.status) == (422, 303)
    assert FORM["summary"] not in read
    assert "It named him." in read
    assert FORM["summary"] not in await (await browsers().get("/record")).text()
    assert FORM["summary"] not in await (await browsers().get("/record.json")).text()


# The queue.


async def crowd(settle, count: int) -> None:
    """So many reported people, each with a note and a case."""
    jo = await Actor.get_or_none(local_name="jo") or await settle("jo")
    there = await Case.all().count()
    for number in range(there, there + count):
        ana = await stranger(f"ana{number}", "far.example")
        await file_report(jo, ana, notes=[await note_by(ana)])


async def test_the_queue_is_in_the_order_of_its_deadlines_across_pages(browser, settle, note):
    await crowd(settle, 23)
    last = await Case.all().order_by("-id").first()
    assert last is not None
    await Case.filter(id=last.id).update(decide_by=last.decide_by - timedelta(days=3))
    await staff(browser, settle, "mod")

    first = await (await browser.get("/mod")).text()
    older = first.split("after=")[1].split('"')[0]
    rest = await (await browser.get(f"/mod?after={older}")).text()

    cases = [each.id for each in await Case.all().order_by("decide_by", "id")]
    places = [first.find(f'/mod/cases/{each}"') for each in cases[:20]]
    assert cases[0] == last.id
    assert places == sorted(places)
    assert -1 not in places
    assert [f'/mod/cases/{each}"' in rest for each in cases] == [False] * 20 + [True] * 3


async def test_the_queue_and_a_case_ask_no_more_of_many_than_of_few(browser, settle, note):
    await crowd(settle, 3)
    await staff(browser, settle, "mod")
    case = await Case.all().order_by("id").first()
    assert case is not None
    pages = ("/mod", f"/mod/cases/{case.id}")
    few = [await asked(browser, page) for page in pages]

    await crowd(settle, 15)
    target = await Actor.get(id=case.target_id)
    for number in range(5):
        more = await settle(f"reader{number}")
        await file_report(more, target, notes=[await note_by(target)])
    many = [await asked(browser, page) for page in pages]

    assert many == few


async def asked(browser, page: str) -> int:
    await browser.get(page)
    with counted() as statements:
        assert (await browser.get(page)).status == 200
    return len(statements)


async def test_MOD_01_who_is_reported_reads_nothing_of_it_though_a_moderator(browser, settle, note):
    jo = await settle("jo")
    mod = await staff(browser, settle, "mod")
    report = await file_report(jo, mod, comment="Shouts at newcomers")

    queue = await (await browser.get("/mod", **ENGLISH)).text()
    await file_report(jo, await Actor.get(id=note.author_id), notes=[note])
    more = await (await browser.get("/mod", **ENGLISH)).text()
    page = await browser.get(f"/mod/cases/{report.case_id}")
    claimed = await browser.post(f"/mod/cases/{report.case_id}/claim")

    assert f"/mod/cases/{report.case_id}" not in queue
    assert 'All <span class="count">' not in queue
    assert 'All <span class="count">1<' in more
    assert (page.status, claimed.status) == (404, 404)


async def test_MOD_01_who_is_decided_about_reads_and_hears_nothing_at_the_desk(
    browser, browsers, settle, note
):
    jo, mod = await settle("jo"), await staff(browser, settle, "mod")
    other = browsers()
    await staff(other, settle, "other")
    report = await file_report(jo, mod, comment="Shouts at newcomers")
    await other.get(f"/mod/cases/{report.case_id}")
    await other.post(f"/mod/cases/{report.case_id}/claim")
    fields = FORM | {"about": "", "measure": "warn", "seen": "1"}
    assert (await other.post(f"/mod/cases/{report.case_id}/decide", fields)).status == 303
    decision = await Decision.get(case_id=report.case_id)
    appeal = await file(decision, "I was not loud.")

    queue = await (await browser.get("/mod/appeals", **ENGLISH)).text()
    pages = (f"/mod/decisions/{decision.id}", f"/mod/appeals/{appeal.id}")
    read = [await browser.get(each) for each in pages]
    lifted = await browser.post(f"{pages[0]}/lift", {"reason": "Me."})
    taken = await browser.post(f"{pages[1]}/take")

    assert pages[1] not in queue
    assert pages[1] in await (await other.get("/mod/appeals")).text()
    assert [each.status for each in (*read, lifted, taken)] == [404] * 4
    assert (await other.get(pages[0])).status == 200


async def test_MOD_01_merging_shows_nobody_what_is_reported_about_themselves(
    browser, browsers, settle, note
):
    jo, mod = await settle("jo"), await staff(browser, settle, "mod")
    other = await settle("other", role=Role.MODERATOR)
    about_mod = await file_report(jo, mod, comment="Shouts at newcomers")
    about_mei = await file_report(jo, await Actor.get(id=note.author_id), notes=[note])
    page = f"/mod/cases/{about_mei.case_id}"

    shown = await (await browser.get(page, **ENGLISH)).text()
    into = await browser.post(f"{page}/merge", {"into": str(about_mod.case_id)}, **ENGLISH)
    theirs, mine = [await case_with(each.case_id or 0) for each in (about_mod, about_mei)]
    assert theirs is not None
    assert mine is not None
    await merge(theirs, mine, other)
    queue = await (await browser.get("/mod")).text()
    merged = await browser.get(page)

    assert str(about_mod.case_id) not in shown
    assert into.status == 422
    assert page not in queue
    assert merged.status == 404
    assert (await standing(mod, mine)).is_part
