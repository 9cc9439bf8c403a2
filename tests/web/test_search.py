"""Searching, asking other servers, and coming from them."""

import socket
import time

import pytest
from selectolax.lexbor import LexborHTMLParser

from actors.accounts import Account
from actors.actor import Actor
from actors.blocks import Block
from core.limits import Tally
from inbox.naming import ASKED_AN_HOUR
from moderation.adopting import adopt
from moderation.policy import current
from moderation.reading import Draft
from notes.note import Audience, Note
from notes.tags import tag_note
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import noted, stranger
from tests.moderation.drafts import entry, sections_of, servers


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


# Why another server did not give what it was asked for.

REASONS = [
    (500, "did not answer", "没有应答"),
    (503, "did not answer", "没有应答"),
    (429, "did not answer", "没有应答"),
    (403, "refused to answer", "拒绝回答"),
    (401, "refused to answer", "拒绝回答"),
    (404, "knows nothing of this name", "没有这个名字"),
    (410, "This is gone", "已被移除"),
]


@pytest.mark.parametrize(("status", "english", "chinese"), REASONS)
async def test_why_nobody_came_of_a_whole_handle_is_said_in_both_languages(
    browser, mei, remote, status, english, chinese
):
    remote.person("ana")
    remote.statuses["/users/ana"] = status

    answer = await browser.get(f"/search?q=@ana@{remote.host}")
    text = await answer.text()
    in_chinese = await _in_chinese(browser, mei, f"@ana@{remote.host}")

    assert answer.status == 200
    assert english in text
    assert chinese in in_chinese
    assert "Nothing found" not in text
    # Only what may be otherwise in a moment is worth another try.
    assert ("Try again" in text) is (english == "did not answer")


@pytest.mark.parametrize(("status", "english", "_chinese"), REASONS)
async def test_why_nothing_came_of_an_address_is_said(
    browser, mei, remote, status, english, _chinese
):
    remote.statuses["/notes/7"] = status

    text = await (await browser.get(f"/search?q={remote.base}/notes/7")).text()

    assert english in text
    # What does not answer is asked once: nobody waits for it twice. Who refuses a signature is
    # asked with the other form of it (SIG-20).
    assert remote.fetches.count("/notes/7") == (2 if status == 401 else 1)


async def test_another_try_finds_who_lives_where_nobody_answered(browser, mei, remote):
    remote.person("ana")
    remote.statuses["/users/ana"] = 503
    words = f"@ana@{remote.host}"
    page = LexborHTMLParser(await (await browser.get(f"/search?q={words}")).text())

    del remote.statuses["/users/ana"]
    again = next(each for each in page.css(".empty a") if each.text() == "Try again")
    found = await (await browser.get(again.attributes["href"])).text()

    assert f"/@ana@{remote.host}" in found


async def test_a_host_where_nothing_listens_did_not_answer(browser, mei, domain):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nowhere = f"127.0.0.1:{probe.getsockname()[1]}"

    text = await (await browser.get(f"/search?q=@ana@{nowhere}")).text()

    assert f"{nowhere} did not answer" in text


async def test_an_answer_of_another_kind_is_none_of_the_fediverse(browser, mei, remote):
    remote.things["/cat"] = {"id": f"{remote.base}/cat", "type": "Cat"}

    text = await (await browser.get(f"/search?q={remote.base}/cat")).text()

    assert "answered something we cannot use" in text


async def test_a_server_that_the_policy_keeps_out_is_not_asked_and_the_reason_stands_there(
    browser, mei, remote, here
):
    remote.person("ana")
    why = {"en": "They sell letters", "zh": "他们出售信件"}
    rejected = servers(entry(remote.host, reason=why))
    await adopt(Draft(sections_of(**rejected), current().version), summary=why)

    text = await (await browser.get(f"/search?q=@ana@{remote.host}")).text()
    chinese = await _in_chinese(browser, mei, f"@ana@{remote.host}")

    assert f"{remote.host} is not let in here" in text
    assert "They sell letters" in text
    assert 'href="/federation"' in text
    assert "他们出售信件" in chinese
    assert remote.fetches == []


async def test_DOS_09_a_member_who_asks_very_often_is_told_so(browser, mei, remote):
    remote.person("ana")
    await Tally.create(
        key=f"look-ups:{mei.id}", since=int(time.time()) // 3600 * 3600, count=ASKED_AN_HOUR
    )

    text = await (await browser.get(f"/search?q=@ana@{remote.host}")).text()

    assert "You have asked other servers very often" in text
    assert remote.fetches == []


async def test_PRIV_07_who_is_blocked_reads_the_same_as_of_nobody(browser, mei, settle, remote):
    ben, ana = await settle("ben"), await stranger("ana", host=remote.host)
    for place, other in enumerate((ben, ana)):
        await Block.create(uri=f"urn:{place}", blocker_id=other.id, blocked_id=mei.id)

    for name, host in (("ben", ben.host), ("ana", remote.host)):
        hidden = await _said(browser, f"@{name}@{host}")
        missing = await _said(browser, f"@xyz@{host}")
        assert hidden.replace(name, "xyz") == missing
        assert "knows nothing of this name" in hidden


async def _in_chinese(browser, reader, words):
    await Account.filter(actor_id=reader.id).update(locale="zh-Hans")
    return await (await browser.get(f"/search?q={words}")).text()


async def _said(browser, words):
    page = LexborHTMLParser(await (await browser.get(f"/search?q={words}")).text())
    return page.css_first(".empty").text()


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

    hidden = await _said(browser, note.uri)
    missing = await _said(browser, note.uri.removesuffix(str(note.id)) + "7")

    assert "Whisper" not in hidden
    assert hidden == missing


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
