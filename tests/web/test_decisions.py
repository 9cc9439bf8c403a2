"""A decision by pages alone: made, read, appealed against by its link, recorded."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from actors.accounts import Role
from actors.actor import Actor
from moderation.appeals import Appeal
from moderation.cases import Case
from moderation.decisions import Decision
from moderation.filing import file_report
from moderation.links import token_of
from moderation.policy import put_in_force
from moderation.record import RecordEntry, hash_of
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.moderation.drafts import policy_of

ENGLISH = {"Accept_Language": "en"}
FORM = {
    "measure": "hide",
    "rule": "no-ads",
    "facts": "It sells watches; FACTS.",
    "explanation": "We keep this place free of advertising.",
    "summary": "A note that sold things was hidden.",
    "no_end_because": "It is about nothing else.",
    "settles": "1",
    "outcome": "upheld",
    "to_reporters": "Thank you.",
}


@pytest.fixture
async def case(here, settle) -> Case:
    """A case about a note of mei, which jo has reported."""
    put_in_force(policy_of())
    mei, jo = await settle("mei"), await settle("jo")
    note = await publish(mei, Draft(text="Buy my watches PRIVATEWORD"))
    report = await file_report(jo, mei, notes=[note], comment="SECRET words")
    return await Case.get(id=report.case_id)


async def staff(browser, settle, name) -> Actor:
    actor = await settle(name, role=Role.MODERATOR)
    await browser.sign_in(await account_of(actor))
    return actor


async def decide(browser, settle, case) -> Decision:
    note = await Note.get(author_id=case.target_id)
    await staff(browser, settle, "mod")
    page = f"/mod/cases/{case.id}"
    await browser.get(page)
    await browser.post(f"{page}/claim")
    fields = FORM | {"about": str(note.id)}
    preview = await (await browser.post(f"{page}/decide", fields, **ENGLISH)).text()
    assert "The person concerned reads" in preview
    assert "The public reads" in preview
    assert not await Decision.exists()
    issued = await browser.post(f"{page}/decide", fields | {"seen": "1"})
    assert issued.status == 303
    return await Decision.get(case_id=case.id)


async def test_a_decision_is_seen_before_it_is_issued_and_settles_the_case(browser, settle, case):
    decision = await decide(browser, settle, case)

    assert decision.state == "in_force"
    assert (await Case.get(id=case.id)).state == "decided"
    page = await (await browser.get(f"/mod/decisions/{decision.id}", **ENGLISH)).text()
    assert "issued a decision" in page
    assert "1. No advertising" in await (await browser.get("/mod/people/mei", **ENGLISH)).text()


async def test_what_lacks_is_said_and_what_was_typed_is_kept(browser, settle, case):
    await staff(browser, settle, "mod")
    page = f"/mod/cases/{case.id}"
    await browser.get(page)
    await browser.post(f"{page}/claim")

    answer = await browser.post(f"{page}/decide", FORM | {"facts": ""}, **ENGLISH)

    text = await answer.text()
    assert answer.status == 422
    assert "Choose what is done." in text or "Say what happened." in text
    assert "free of advertising" in text


@pytest.mark.parametrize(
    ("act", "fields", "said", "name"),
    [
        ("hide", {"hours": "73", "hide_reason": "Now."}, "72 hours at most", "hours"),
        ("hide", {"hours": "5", "hide_reason": " "}, "Say why it cannot wait.", "hide_reason"),
        (
            "wait",
            {"for": "legal", "reason": "A lawyer reads it.", "wait_until": "2001-01-01"},
            "Choose a day within the next 90 days.",
            "wait_until",
        ),
        ("close", {"no_breach": " ", "close_outcome": "upheld"}, "why no rule was", "no_breach"),
        (
            "close",
            {"no_breach": "None.", "close_outcome": "misuse"},
            "Say what you looked at.",
            "close_words",
        ),
    ],
)
async def test_what_is_wrong_is_said_at_the_field_of_a_form_that_is_open(
    browser, settle, case, act, fields, said, name
):
    note = await Note.get(author_id=case.target_id)
    await staff(browser, settle, "mod")
    page = f"/mod/cases/{case.id}"
    await browser.get(page)
    await browser.post(f"{page}/claim")

    answer = await browser.post(f"{page}/{act}", fields | {"note": str(note.id)}, **ENGLISH)

    tree = LexborHTMLParser(await answer.text())
    field = tree.css_first(f'form[action$="/{act}"] [name="{name}"]')
    assert answer.status == 422
    assert field.attributes["aria-invalid"] == "true"
    assert said in tree.css_first(f'form[action$="/{act}"]').text()
    assert "open" in tree.css_first(f'details:has(form[action$="/{act}"])').attributes


async def test_a_note_that_is_hidden_for_now_says_until_when(browser, browsers, settle, case):
    note = await Note.get(author_id=case.target_id)
    await staff(browser, settle, "mod")
    page = f"/mod/cases/{case.id}"
    await browser.get(page)

    fields = {"note": str(note.id), "hours": "5", "hide_reason": "Now."}
    assert (await browser.post(f"{page}/hide", fields)).status == 303

    stub = await browsers().get(note.page, **ENGLISH)
    text = await stub.text()
    assert stub.status == 404
    assert "hidden until the moderators have decided" in text
    assert "Buy my watches" not in text
    assert "Now." not in text


async def test_the_link_works_without_an_account_and_someone_else_restores(
    browser, browsers, settle, case
):
    decision = await decide(browser, settle, case)
    note = await Note.get(id=decision.note_id)
    visitor, other = browsers(), browsers()
    link = f"/d/{token_of(decision)}"

    stub = await visitor.get(note.page, **ENGLISH)
    entry = await RecordEntry.get(decision_id=decision.id)
    assert stub.status == 404
    assert f"/record/{entry.id}" in await stub.text()
    read = await (await visitor.get(link, **ENGLISH)).text()
    assert "It sells watches" in read
    assert "Sell things elsewhere." in read
    assert "SECRET" not in read
    filed = await visitor.post(link, {"words": "It was a joke."})
    again = await visitor.post(link, {"words": "It was a joke."}, **ENGLISH)
    assert (filed.status, again.status) == (303, 422)

    appeal = await Appeal.get(decision_id=decision.id)
    own = await browser.post(f"/mod/appeals/{appeal.id}/take", **ENGLISH)
    assert own.status == 303
    assert (await Appeal.get(id=appeal.id)).state == "filed"
    await staff(other, settle, "other")
    await other.get(f"/mod/appeals/{appeal.id}")
    await other.post(f"/mod/appeals/{appeal.id}/take")
    fields = {"appeal_outcome": "overturned", "reasons": "A joke indeed."}
    assert (await other.post(f"/mod/appeals/{appeal.id}/settle", fields)).status == 303

    assert (await visitor.get(note.page)).status == 200
    assert "A joke indeed." in await (await visitor.get(link, **ENGLISH)).text()
    assert "taken back" in await (await visitor.get(f"/record/{entry.id}", **ENGLISH)).text()
    assert (await other.get(f"/mod/decisions/{decision.id}")).status == 200


@pytest.mark.parametrize("token", ["1.x", "x", "1", ".", "9" * 30 + ".x"])
async def test_a_link_we_did_not_make_opens_nothing(browser, case, token):
    assert (await browser.get(f"/d/{token}")).status == 404
    assert (await browser.post(f"/d/{token}", {"words": "x"})).status in (403, 404)


async def test_the_stamp_of_one_decision_opens_no_other(browser, settle, case):
    decision = await decide(browser, settle, case)
    _, _, stamp = token_of(decision).partition(".")

    assert (await browser.get(f"/d/{decision.id + 1}.{stamp}")).status == 404
    assert (await browser.get(f"/d/{decision.id}.{stamp[:-1]}")).status == 404


async def test_one_lists_what_was_decided_about_oneself(browser, browsers, settle, case):
    decision = await decide(browser, settle, case)
    mei = browsers()
    await mei.sign_in(await account_of(await Actor.get(id=case.target_id)))

    mine = await (await mei.get("/my/decisions")).text()
    theirs = await (await browser.get("/my/decisions")).text()

    assert f"/d/{token_of(decision)}" in mine
    assert f"/d/{decision.id}" not in theirs


async def test_MOD_01_03_the_record_is_public_narrowed_and_verifies_from_outside(
    browser, browsers, settle, case
):
    decision = await decide(browser, settle, case)
    visitor = browsers()

    listed = await (await visitor.get("/record?rule=no-ads&measure=hide", **ENGLISH)).text()
    nothing = await (await visitor.get("/record?measure=suspend", **ENGLISH)).text()
    chain = await (await visitor.get("/record.json")).json()
    one = await (await visitor.get(f"/record/{chain['entries'][0]['entry']['id'][-18:]}")).text()
    roots = await (await visitor.get("/record/roots.json")).json()
    feed = await (await visitor.get("/record.atom")).text()

    assert "A note that sold things was hidden." in listed
    assert "A note that sold things" not in nothing
    (first,) = chain["entries"]
    assert first["hash"] == hash_of("0" * 64, 1, first["digest"])
    assert list(roots["roots"].values()) == [first["hash"]]
    assert re.search(r"<entry>.*A note that sold things", feed, re.S)
    for secret in ("SECRET", "FACTS", "PRIVATEWORD", "@mei", "@jo"):
        assert all(secret not in each for each in (listed, str(chain), feed, one))
    assert decision.is_in_force


async def test_an_entry_waits_as_long_as_the_policy_says(browser, settle, case):
    put_in_force(policy_of(transparency={"delay_hours": 24}))
    decision = await decide(browser, settle, case)
    entry = await RecordEntry.get(decision_id=decision.id)

    assert (await browser.get(f"/record/{entry.id}")).status == 404
    assert (await (await browser.get("/record.json")).json())["entries"] == []
