"""Showing one's own note to fewer people (PRIV-05), by the page for it."""

import pytest

from actors.follows import is_following
from notes.note import Audience, Note
from outbox.create import publish
from outbox.draft import Draft, PollDraft
from tests.conftest import account_of
from tests.walks.people import fan_of


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def test_PRIV_05_a_note_is_shown_to_fewer_under_a_new_address(
    browser, mei, remote, settle_down
):
    _ana, her = await fan_of(mei, remote)
    note = await publish(mei, Draft(text="tea"))
    await settle_down()

    page = await (await browser.get(f"/n/{note.id}")).text()
    form = await (await browser.get(f"/n/{note.id}/audience")).text()
    answer = await browser.post(f"/n/{note.id}/audience", {"audience": "followers"})
    await settle_down()

    fresh = await Note.get(author_id=mei.id, deleted_at=None)
    assert f"/n/{note.id}/audience" in page
    assert [
        key for key in ("public", "quiet", "followers", "people") if f'value="{key}"' in form
    ] == [
        "quiet",
        "followers",
        "people",
    ]
    assert (answer.status, answer.headers["Location"]) == (303, f"/n/{fresh.id}")
    assert (fresh.id != note.id, fresh.audience) == (True, Audience.FOLLOWERS)
    assert sorted(remote.types()) == ["Create", "Create", "Delete"]
    assert await is_following(her, mei)


@pytest.mark.parametrize("chosen", ["public", "followers", "", "everyone"])
async def test_PRIV_05_the_page_widens_nothing(browser, mei, chosen):
    note = await publish(mei, Draft(text="tea", audience=Audience.FOLLOWERS))

    answer = await browser.fill(f"/n/{note.id}", f"/n/{note.id}/audience", {"audience": chosen})

    assert answer.status == 422
    assert (await Note.get()).deleted_at is None


async def test_a_poll_stays_with_those_who_were_asked(browser, mei):
    note = await publish(mei, Draft(text="?", poll=PollDraft(["a", "b"], 3600, False)))

    page = await (await browser.get(f"/n/{note.id}")).text()
    answer = await browser.post(f"/n/{note.id}/audience", {"audience": "quiet"})

    assert f"/n/{note.id}/audience" not in page
    assert answer.status == 422
    assert "A poll stays with those who were asked." in await answer.text()


async def test_nobody_narrows_what_is_not_theirs(browser, mei, settle):
    note = await publish(await settle("ben"), Draft(text="tea"))
    await browser.get("/n/{note.id}")

    assert (await browser.get(f"/n/{note.id}/audience")).status == 404
    assert (await browser.post(f"/n/{note.id}/audience", {"audience": "people"})).status == 404
    assert (await Note.get(id=note.id)).deleted_at is None
