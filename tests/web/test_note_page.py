"""A note's page, its thread, and what stands where a note was."""

import pytest

from actors.blocks import Block
from core.clock import now
from inbox.timelines import put_in_homes
from notes.attachments import Attachment
from notes.note import Audience
from notes.polls import Poll, Vote
from notes.reactions import Bookmark, Like
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import addressed, boosted, followed, noted, stranger
from tests.web.plain import plain


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def test_a_note_shows_its_words_pictures_and_answers(browser, settle):
    ben = await settle("ben", title="Ben")
    note = await noted(ben, "<p>The <em>ferry</em></p>", title="At six", language="en")
    await Attachment.create(
        note_id=note.id, owner_id=ben.id, remote_url="https://x.test/p.jpg", alt="Hills in mist"
    )
    answer = await noted(ben, "<p>And back</p>", answers=note)
    await noted(ben, "<p>Again</p>", answers=answer)

    page = await browser.get(note.page)
    text = await page.text()

    assert page.status == 200
    assert "The <em>ferry</em>" in text
    assert 'alt="Hills in mist"' in text
    assert text.index("And back") < text.index("Again")
    assert f'id="n{answer.id}"' in text


async def test_the_viewers_own_acts_are_marked(browser, mei, settle):
    ben = await settle("ben")
    note = await noted(ben)
    await Like.create(actor_id=mei.id, note_id=note.id, uri="urn:like")
    await Bookmark.create(actor_id=mei.id, note_id=note.id)
    await boosted(mei, note)
    poll = await Poll.create(note_id=note.id, options=[{"title": "Yes", "votes": 1}] * 2)
    await Vote.create(uri="urn:v", poll_id=poll.id, actor_id=mei.id, choice=0)

    text = await (await browser.get(note.page)).text()

    for act in ("unlike", "unboost", "unbookmark"):
        assert f'action="{note.page}/{act}"' in text
    assert f'action="{note.page}/vote"' not in text
    assert "Your choice" in text


async def test_a_visitor_is_led_to_their_own_server(browser, settle):
    note = await noted(await settle("ben"))

    text = await (await browser.get(note.page)).text()

    assert "/interact?uri=" in text
    assert 'method="post" action="/n/' not in text


async def test_PRIV_02_missing_forbidden_and_deleted_narrow_notes_answer_alike(browser, settle):
    ben = await settle("ben")
    narrow = await noted(ben, audience=Audience.FOLLOWERS)
    taken = await noted(ben, audience=Audience.PEOPLE, deleted_at=now())
    held = await noted(ben, held_at=now())
    boost = await boosted(ben, narrow, audience=Audience.FOLLOWERS)

    await browser.get("/")
    missing = await browser.get("/n/123456789")
    answers = [await browser.get(each.page) for each in (narrow, taken, held, boost)]

    wanted = await plain(missing)
    for answer in answers:
        assert await plain(answer) == wanted
        assert [*answer.headers] == [*missing.headers]


async def test_a_deleted_open_note_leaves_a_stub(browser, settle):
    note = await noted(await settle("ben"), "", deleted_at=now())

    page = await browser.get(note.page)

    assert page.status == 410
    assert "The author deleted this note." in await page.text()


async def test_a_boost_leads_to_what_it_boosts(browser, settle):
    ben = await settle("ben")
    note = await noted(ben)
    boost = await boosted(ben, note)

    page = await browser.get(boost.page)

    assert (page.status, page.headers["Location"]) == (303, note.page)


async def test_PRIV_02_an_answer_to_a_hidden_note_looks_like_one_to_an_unknown_note(
    browser, settle
):
    ben = await settle("ben")
    hidden = await noted(ben, "<p>Whisper</p>", audience=Audience.FOLLOWERS)
    to_hidden = await noted(ben, "<p>Aloud</p>", answers=hidden)
    to_unknown = await noted(ben, "<p>Aloud</p>", in_reply_to_uri="https://x.test/1")

    for note in (to_hidden, to_unknown):
        text = await (await browser.get(note.page)).text()
        assert text.count("This note is not shown to you.") == 1
        assert "Whisper" not in text
        assert hidden.page not in text


async def test_a_taken_back_answer_leaves_its_place_to_those_below(browser, settle):
    ben = await settle("ben")
    note = await noted(ben)
    gone = await noted(ben, "", answers=note, deleted_at=now())
    await noted(ben, "<p>Below</p>", answers=gone)

    text = await (await browser.get(note.page)).text()

    assert "The author deleted this note." in text
    assert "Below" in text


async def test_who_blocks_or_is_blocked_is_not_seen(browser, mei, settle):
    ben = await settle("ben")
    note = await noted(ben)
    await Block.create(uri="urn:b", blocker_id=ben.id, blocked_id=mei.id)

    assert (await browser.get(note.page)).status == 404


async def test_a_named_person_sees_a_private_note_and_can_answer(browser, mei, settle):
    ben = await settle("ben")
    note = await noted(ben, "<p>For you</p>", audience=Audience.PEOPLE)
    await addressed(note, mei)

    text = await (await browser.get(note.page)).text()

    assert "For you" in text
    assert 'name="audience" value="people"' in text
    assert '<meta name="robots" content="noindex">' in text
    assert f'action="{note.page}/boost"' not in text


async def test_a_long_thread_goes_on_by_links(browser, settle):
    ben = await settle("ben")
    note = await noted(ben)
    answers = [await noted(ben, f"<p>answer {n};</p>", answers=note) for n in range(45)]

    first = await (await browser.get(note.page)).text()
    second = await (await browser.get(f"{note.page}?after={answers[39].id}")).text()

    assert "answer 39;" in first
    assert "answer 40;" not in first
    assert f"{note.page}?after={answers[39].id}" in first
    assert "answer 40;" in second


async def test_a_thread_costs_the_same_however_long(browser, mei, settle):
    ben = await settle("ben")
    note = await noted(ben)
    await put_in_homes([mei.id], note.id)
    for _ in range(3):
        await noted(ben, answers=note)
    await browser.get(note.page)
    with counted() as few:
        await browser.get(note.page)
    for _ in range(20):
        await noted(ben, answers=note)
    with counted() as many:
        await browser.get(note.page)

    assert len(few) == len(many) <= 45


async def test_a_note_from_elsewhere_names_its_server(browser, settle):
    ana = await stranger("ana")
    note = await noted(ana, "<p>From afar</p>")

    text = await (await browser.get(note.page)).text()

    assert "@ana@elsewhere.example" in text
    assert f'<link rel="canonical" href="{note.url}">' in text


async def test_servers_still_get_the_document(browser, settle, remote):
    ben = await settle("ben")
    note = await noted(ben)
    ana = remote.person("ana")

    status, document = await remote.get(f"{browser.base}{note.page}", ana)

    assert status == 200
    assert document["type"] == "Note"


async def test_markup_that_others_sent_is_shown_as_text(browser, settle):
    ana = await stranger("ana", title="<script>alert(1)</script>")
    note = await noted(ana, "<p>x</p>", title="<img src=x onerror=alert(1)>")
    await Attachment.create(
        note_id=note.id, owner_id=ana.id, remote_url="https://x.test/p.jpg", alt='"><script>1'
    )

    text = await (await browser.get(note.page)).text()

    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "><script>1" not in text


async def test_followers_see_what_is_for_followers(browser, mei, settle):
    ben = await settle("ben")
    note = await noted(ben, "<p>For followers</p>", audience=Audience.FOLLOWERS)
    assert (await browser.get(note.page)).status == 404

    await followed(mei, ben)

    assert "For followers" in await (await browser.get(note.page)).text()
