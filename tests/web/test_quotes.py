"""Quotes on pages: written without a script, shown inside the note, taken back with a button."""

import pytest

from actors.accounts import Account
from notes.drafts import SavedDraft
from notes.note import Audience, Note
from notes.quotes import Quote, State, settle
from notes.quoting import Quoting, chosen_for
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.factories import noted


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    await browser.get("/compose")
    return actor


async def sent(browser, path, **fields):
    return await browser.post(path, fields)


async def test_a_note_is_quoted_without_a_script(browser, mei, settle):
    ben = await settle("ben", title="Ben")
    note = await publish(ben, Draft(text="The ferry"))

    shown = await (await browser.get(note.page)).text()
    form = await (await browser.get(f"/compose?quote={note.id}")).text()
    done = await sent(
        browser,
        "/compose",
        text="Look",
        quote=str(note.id),
        quoting="followers",
        audience="public",
        step="publish",
    )
    made = await Note.get(author_id=mei.id).select_related("author")
    page = await (await browser.get(made.page)).text()

    assert f"/compose?quote={note.id}" in shown
    assert f'name="quote" value="{note.id}"' in form
    assert "The ferry" in form
    assert done.status == 303
    assert chosen_for(made) is Quoting.FOLLOWERS
    assert 'class="quoted"' in page
    assert "The ferry" in page


async def test_a_draft_keeps_what_it_quotes(browser, mei, settle):
    note = await publish(await settle("ben"), Draft(text="The ferry"))

    await sent(browser, "/compose", text="Look", quote=str(note.id), audience="public", step="save")
    draft = await SavedDraft.get(author_id=mei.id)
    form = await (await browser.get(f"/compose?draft={draft.id}")).text()
    await sent(browser, f"/drafts/{draft.id}/publish")

    assert draft.quoted_id == note.id
    # Nobody said who may quote it, so nobody may.
    assert draft.quoting is Quoting.NOBODY
    assert "The ferry" in form
    assert await Quote.filter(quoted_id=note.id, note__author_id=mei.id).count() == 1


async def test_what_may_not_be_quoted_is_refused_and_the_form_keeps_it(browser, mei, settle):
    ben = await settle("ben")
    closed = await publish(ben, Draft(text="The ferry", quoting=Quoting.NOBODY))
    hidden = await publish(ben, Draft(text="few", audience=Audience.FOLLOWERS))

    page = await (await browser.get(closed.page)).text()
    refused = await sent(
        browser, "/compose", text="Look", quote=str(closed.id), audience="public", step="publish"
    )
    text = await refused.text()
    missing = await browser.get(f"/compose?quote={hidden.id}")

    assert f"/compose?quote={closed.id}" not in page
    assert refused.status == 422
    assert "The author does not let you quote this note." in text
    assert "Look" in text
    assert missing.status == 404
    assert not await Quote.exists()


async def test_who_is_quoted_takes_it_back_with_a_button(browser, mei, settle):
    ben = await settle("ben")
    note = await publish(mei, Draft(text="The ferry"))
    quoting = await publish(ben, Draft(text="Look", quoted=note))

    before = await (await browser.get(quoting.page)).text()
    done = await sent(browser, f"{quoting.page}/unquote")
    after = await (await browser.get(quoting.page)).text()
    again = await sent(browser, f"{note.page}/unquote")

    assert f"{quoting.page}/unquote" in before
    assert done.status == 303
    assert "The author of the quoted note took it back." in after
    assert "The ferry" not in after
    assert again.status == 303
    assert (await Quote.get(note_id=quoting.id)).state is State.REVOKED


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.PENDING, "has not agreed yet"),
        (State.REJECTED, "did not agree"),
        (State.REVOKED, "took it back"),
    ],
)
async def test_PRIV_01_what_was_not_agreed_to_is_not_shown(browser, settle, state, said):
    mei, ben = await settle("mei"), await settle("ben")
    note = await publish(mei, Draft(text="The ferry"))
    quoting = await publish(ben, Draft(text="Look", quoted=note))
    await settle_to(quoting, state)

    page = await (await browser.get(quoting.page)).text()

    assert said in page
    assert "The ferry" not in page


async def settle_to(note, state):
    await settle(await Quote.get(note_id=note.id), state)


async def test_the_link_for_readers_without_quotes_is_hidden_beside_the_card(browser, settle):
    mei, ben = await settle("mei"), await settle("ben")
    note = await publish(mei, Draft(text="The ferry"))
    html = '<p>Look</p><p class="quote-inline">RE: <a href="https://x.test/1">x</a></p>'
    quoting = await noted(ben, html, quote_uri=note.uri)
    await Quote.create(
        note_id=quoting.id, quoted_id=note.id, quoted_uri=note.uri, state=State.ACCEPTED
    )

    page = await (await browser.get(quoting.page)).text()

    assert 'class="prose with-quote"' in page
    assert 'class="quote-inline"' in page


async def test_the_usual_choice_is_a_setting(browser, mei):
    await sent(browser, "/settings/privacy", audience="public", quoting="nobody")
    wrong = await sent(browser, "/settings/privacy", audience="public", quoting="x")
    form = await (await browser.get("/compose")).text()

    assert (await Account.get(actor_id=mei.id)).preferences["quote_policy"] == "nobody"
    assert wrong.status == 422
    assert '<option value="nobody" selected>' in form


async def test_an_edit_changes_who_may_quote(browser, mei):
    note = await publish(mei, Draft(text="The ferry"))

    await browser.get(f"{note.page}/edit")
    await sent(browser, f"{note.page}/edit", text="The ferry", quoting="nobody")

    assert chosen_for(await Note.get(id=note.id).select_related("author")) is Quoting.NOBODY
