"""A person's page, and who follows whom."""

import pytest

from actors.actor import Actor
from actors.blocks import Block
from core.clock import now
from notes.note import Audience
from notes.reactions import Pin
from tests.conftest import account_of
from tests.factories import followed, noted, stranger
from tests.web.plain import plain


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def test_a_page_shows_who_it_is_and_what_they_wrote(browser, settle):
    ben = await settle(
        "ben",
        title="Ben",
        about="<p>Bread</p>",
        facts=[{"name": "Home", "value": "<b>here</b>"}],
        hides_follows=False,
    )
    await noted(ben, "<p>Crust</p>")
    other = await noted(await settle("cai"), "<p>?</p>")
    await noted(ben, "<p>An answer</p>", answers=other)

    text = await (await browser.get("/@ben")).text()
    replies = await (await browser.get("/@ben/replies")).text()

    assert "Bread" in text
    assert "Crust" in text
    assert "An answer" not in text
    assert "An answer" in replies
    assert 'href="/@ben/followers"' in text


async def test_pinned_notes_stand_first(browser, settle):
    ben = await settle("ben")
    old = await noted(ben, "<p>Pinned one</p>")
    await noted(ben, "<p>Newer one</p>")
    await Pin.create(actor_id=ben.id, note_id=old.id)

    text = await (await browser.get("/@ben")).text()

    assert text.index("Pinned one") < text.index("Newer one")
    assert text.count("Pinned one") == 1


async def test_the_same_person_has_one_address(browser, here, settle):
    await settle("ben")

    page = await browser.get(f"/@ben@{here.server.account_domain}")

    assert (page.status, page.headers["Location"]) == (303, "/@ben")
    assert (await browser.get("/@BEN")).status == 200
    assert (await browser.get("/@nobody")).status == 404


async def test_someone_elsewhere_has_a_page_here(browser, settle):
    ana = await stranger("ana", title="Ana", about="<p>Walks</p>")
    await noted(ana, "<p>From afar</p>")

    text = await (await browser.get("/@ana@elsewhere.example")).text()

    assert "Open on elsewhere.example" in text
    assert "From afar" in text


async def test_who_we_never_heard_of_is_searched_for_by_members_alone(browser, mei, browsers):
    page = await browser.get("/@zoe@nowhere.example")
    visitor = await browsers().get("/@zoe@nowhere.example")

    assert page.headers["Location"] == "/search?q=@zoe@nowhere.example"
    assert visitor.status == 404


async def test_PRIV_08_who_follows_whom_is_seen_only_where_it_is_allowed(browser, settle):
    ben, cai = await settle("ben"), await settle("cai", title="Cai Hidden")
    await followed(cai, ben)
    await Actor.filter(id=ben.id).update(followers_count=1)

    page = await (await browser.get("/@ben")).text()
    hidden = await (await browser.get("/@ben/followers")).text()
    await Actor.filter(id=ben.id).update(hides_follows=False)
    listed = await (await browser.get("/@ben/followers")).text()

    assert "1 follower" not in page
    assert "Cai Hidden" not in hidden
    assert "This list is private" in hidden
    assert "Cai Hidden" in listed


async def test_one_sees_ones_own_lists(browser, mei, settle):
    ben = await settle("ben", title="Ben")
    await followed(mei, ben)

    assert "Ben" in await (await browser.get("/@mei/following")).text()
    assert "Ben" not in await (await browser.get("/@mei/followers")).text()


async def test_a_suspended_person_has_a_dated_notice_and_no_words(browser, settle):
    ben = await settle("ben", about="<p>Bad words</p>", suspended_at=now())
    await noted(ben, "<p>Worse words</p>")

    text = await (await browser.get("/@ben")).text()

    assert "This account is suspended." in text
    assert "Bad words" not in text
    assert "Worse words" not in text


async def test_a_closed_account_is_gone(browser, settle):
    await settle("ben", gone_at=now())

    assert (await browser.get("/@ben")).status == 410


async def test_PRIV_07_who_blocks_the_reader_is_as_if_never_there(browser, mei, settle):
    ben = await settle("ben")
    await Block.create(uri="urn:b", blocker_id=ben.id, blocked_id=mei.id)

    blocked, missing = await browser.get("/@ben"), await browser.get("/@bun")

    assert await plain(blocked) == await plain(missing)


async def test_whom_the_reader_blocks_shows_no_notes_but_a_way_back(browser, mei, settle):
    ben = await settle("ben")
    await noted(ben, "<p>Unseen</p>")
    await Block.create(uri="urn:b", blocker_id=mei.id, blocked_id=ben.id)

    text = await (await browser.get("/@ben")).text()

    assert "Unseen" not in text
    assert 'action="/@ben/unblock"' in text


async def test_PRIV_03_a_page_of_narrow_notes_alone_looks_like_an_empty_one(browser, settle):
    ben, cai = await settle("ben"), await settle("cai")
    for _ in range(30):
        await noted(ben, audience=Audience.FOLLOWERS)

    full, empty = await browser.get("/@ben"), await browser.get("/@cai")

    same = (await plain(full)).replace("ben", "cai").replace(">B<", ">C<")
    assert same == await plain(empty)
    assert cai.notes_count == 0
