"""Searching, asking other servers, and coming from them."""

import pytest

from actors.actor import Actor
from actors.blocks import Block
from notes.note import Audience, Note
from notes.tags import tag_note
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import noted, stranger


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def test_people_are_found_by_the_beginning_of_their_name(browser, settle):
    await settle("annabel", is_discoverable=True, title="First")
    await settle("anton", title="Wants no finding")
    await stranger("anna", title="Second", is_discoverable=True)
    await settle("xiao", title="陈小雨", is_discoverable=True)

    found = await (await browser.get("/search?q=ann")).text()
    han = await (await browser.get("/search?q=小雨")).text()

    assert "First" in found
    assert "Second" in found
    assert "Wants no finding" not in found
    assert "陈小雨" in han.partition("</form>")[2]


async def test_PRIV_13_signs_that_mean_anything_mean_themselves(browser, settle):
    await settle("ben", title="Hundred", is_discoverable=True)

    for words in ("%", "_", "!"):
        assert "Hundred" not in await (await browser.get(f"/search?q=%{ord(words):02x}")).text()
        assert "Hundred" not in await (await browser.get(f"/search?q=%25{words}")).text()


async def test_someone_elsewhere_is_asked_for_by_members(browser, mei, remote):
    remote.person("ana")

    by_handle = await (await browser.get(f"/search?q=@ana@{remote.host}")).text()
    by_address = await (await browser.get(f"/search?q={remote.base}/users/ana")).text()

    assert f"/@ana@{remote.host}" in by_handle
    assert f"/@ana@{remote.host}" in by_address


async def test_visitors_have_nobody_asked(browser, remote):
    remote.person("ana")

    text = await (await browser.get(f"/search?q=@ana@{remote.host}")).text()

    assert "Nothing found" in text
    assert remote.fetches == []
    assert not await Actor.exists(name="ana")


async def test_a_note_elsewhere_is_fetched_by_its_address(browser, mei, remote):
    note = remote.note(remote.person("ana"), "<p>From afar</p>")

    text = await (await browser.get(f"/search?q={note['id']}")).text()

    assert "From afar" in text
    assert await Note.exists(uri=note["id"])


async def test_a_server_that_does_not_answer_is_nothing_found(browser, mei, remote):
    remote.statuses["/users/ana"] = 500

    answer = await browser.get(f"/search?q=@ana@{remote.host}")

    assert answer.status == 200
    assert "Nothing found" in await answer.text()


async def test_tags_are_found_by_their_beginning_with_their_use(browser, settle):
    ben = await settle("ben")
    for _ in range(3):
        await tag_note(await noted(ben), "FerryLove")
    await tag_note(await noted(ben, audience=Audience.FOLLOWERS), "FerrySecret")
    with counted() as asked:
        text = await (await browser.get("/search?q=%23ferry")).text()

    assert "FerryLove" in text
    assert "FerrySecret" not in text
    assert len(asked) <= 10


async def test_PRIV_13_a_narrow_note_is_not_found_by_its_address(browser, mei, settle):
    note = await noted(await settle("ben"), "<p>Whisper</p>", audience=Audience.FOLLOWERS)

    text = await (await browser.get(f"/search?q={note.uri}")).text()

    assert "Whisper" not in text
    assert "Nothing found" in text


async def test_PRIV_07_nobody_finds_who_blocks_them(browser, mei, settle):
    ben = await settle("ben", title="Ben Blocks", is_discoverable=True)
    await Block.create(uri="urn:b", blocker_id=ben.id, blocked_id=mei.id)

    for words in ("ben", f"ben@{ben.host}"):
        assert "Ben Blocks" not in await (await browser.get(f"/search?q={words}")).text()


async def test_no_words_no_search(browser, here):
    answer = await browser.get("/search")

    assert answer.status == 200
    assert "Nothing found" not in await answer.text()


async def test_nothing_is_asked_for_with_a_nul(browser, settle):
    await settle("ben")

    for path in ("/@ben%00", "/tags/a%00", "/search?q=%00", "/n/1%00"):
        assert (await browser.get_raw(path)).status == 400


async def test_odd_words_break_nothing(browser, mei):
    for words in ("@", "#", "@@@", "http://", "%00", "'; DROP TABLE note; --", "x" * 3000):
        assert (await browser.get("/search?q=" + words)).status in (200, 400)


# Taking part from one's own server.


async def test_a_visitor_is_led_to_their_own_server_by_a_page_that_says_so(browser, settle, remote):
    note = await noted(await settle("ben"), "<p>Bread</p>")
    remote.person("ana")

    asked = await (await browser.get(f"/interact?uri={note.page}&intent=like")).text()
    fields = {"uri": note.page, "intent": "like", "address": f"@ana@{remote.host}"}
    answer = await browser.post("/interact", fields)
    text = await answer.text()

    assert "Bread" in asked
    assert answer.status == 200
    assert f"authorize_interaction?uri={note.uri.replace(':', '%3A').replace('/', '%2F')}" in text
    assert "You are leaving" in text


async def test_an_address_that_is_none_is_said_to_be_wrong(browser, settle):
    await settle("ben")
    await browser.get("/interact?uri=/@ben")

    for address in ("ben", "@x@127.0.0.1:1", ""):
        answer = await browser.post("/interact", {"uri": "/@ben", "address": address})
        assert answer.status == 422
        assert "Is it written right?" in await answer.text()


async def test_PRIV_02_interact_tells_nothing_of_narrow_notes(browser, settle):
    note = await noted(await settle("ben"), "<p>Whisper</p>", audience=Audience.FOLLOWERS)

    hidden = await browser.get(f"/interact?uri={note.page}")
    missing = await browser.get("/interact?uri=/n/1")

    assert hidden.status == missing.status == 404
    assert "Whisper" not in await hidden.text()


async def test_members_go_to_the_thing_itself(browser, mei, settle):
    ben = await settle("ben")
    note = await noted(ben)

    for uri, page in (
        (note.page, note.page),
        (note.uri, note.page),
        ("acct:" + ben.full_handle, "/@ben"),
    ):
        answer = await browser.get(f"/interact?uri={uri}")
        assert answer.headers["Location"] == page


async def test_who_comes_from_elsewhere_finds_what_they_saw(browser, mei, remote):
    note = remote.note(remote.person("ana"), "<p>From afar</p>")

    answer = await browser.get(f"/authorize_interaction?uri={note['id']}")
    text = await (await browser.get(answer.headers["Location"])).text()

    assert answer.status == 303
    assert "From afar" in text
