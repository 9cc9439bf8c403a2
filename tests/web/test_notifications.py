"""What a member was told, and private notes."""

import pytest

from actors.blocks import Mute
from inbox.notifications import Event, Notification
from notes.note import Audience
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import addressed, followed, noted, stranger


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def told(reader, event, actor, note=None, **columns):
    return await Notification.create(
        reader_id=reader.id,
        event=event,
        actor_id=actor.id,
        note_id=note.id if note else None,
        about=note.id if note else 0,
        **columns,
    )


async def test_likes_of_one_note_are_one_line(browser, mei, settle):
    note = await noted(mei, "<p>Bread</p>")
    for name in ("ben", "cai", "dan"):
        await told(mei, Event.LIKE, await settle(name), note)

    text = await (await browser.get("/notifications")).text()

    assert "and 2 others like your note" in text
    assert text.count("Bread") == 1


async def test_each_event_has_its_sentence(browser, mei, settle):
    ben = await settle("ben")
    own = await noted(mei, "<p>Mine</p>")
    await told(mei, Event.MENTION, ben, await noted(ben, "<p>Named</p>"))
    await told(mei, Event.MENTION, ben, await noted(ben, "<p>Answered</p>", answers=own))
    await told(mei, Event.BOOST, ben, own)
    await told(mei, Event.FOLLOW, ben)
    await told(mei, Event.POLL, ben, await noted(ben))
    await told(mei, Event.UPDATE, ben, await noted(ben))

    text = await (await browser.get("/notifications")).text()

    for sentence in (
        "mentioned you",
        "replied to you",
        "boosted your note",
        "follows you now",
        "has closed",
        "changed a note",
    ):
        assert sentence in text


async def test_looking_changes_nothing_and_reading_is_said(browser, mei, settle):
    note = await noted(mei)
    await told(mei, Event.LIKE, await settle("ben"), note)

    page = await (await browser.get("/notifications")).text()
    unread = await Notification.filter(is_read=False).count()
    answer = await browser.post("/notifications/read", {"next": "/notifications"})

    assert "New:" in page
    assert unread == 1
    assert answer.status == 303
    assert not await Notification.exists(is_read=False)
    assert "New:" not in await (await browser.get("/notifications")).text()


async def test_mentions_and_requests_have_faces_of_their_own(browser, settle):
    mei = await settle("mei", is_locked=True)
    await browser.sign_in(await account_of(mei))
    ben = await settle("ben", title="Ben Asks")
    await followed(ben, mei, is_accepted=False)
    await told(mei, Event.MENTION, ben, await noted(ben, "<p>Named</p>"))
    await told(mei, Event.LIKE, ben, await noted(mei, "<p>Liked</p>"))

    mentions = await (await browser.get("/notifications?show=mentions")).text()
    requests = await (await browser.get("/notifications?show=requests")).text()

    assert "Named" in mentions
    assert "Liked" not in mentions
    assert "Ben Asks" in requests


async def test_PRIV_09_what_became_invisible_is_told_no_more(browser, mei, settle):
    ben, cai = await settle("ben"), await settle("cai")
    note = await noted(ben, "<p>Secret now</p>", audience=Audience.PEOPLE)
    await told(mei, Event.MENTION, ben, note)
    await told(mei, Event.LIKE, cai, await noted(mei, "<p>Muted liker</p>"))
    await Mute.create(muter_id=mei.id, muted_id=cai.id)

    text = await (await browser.get("/notifications")).text()

    assert "Secret now" not in text
    assert "Muted liker" not in text


async def test_empty_lists_say_what_will_be_there(browser, mei):
    for path in ("", "?show=mentions", "?show=requests"):
        text = await (await browser.get(f"/notifications{path}")).text()
        assert 'class="empty"' in text
    for path in ("/messages", "/bookmarks"):
        assert 'class="empty"' in await (await browser.get(path)).text()


async def test_a_page_costs_the_same_however_many_lines(browser, mei, settle):
    ben = await settle("ben")

    async def fill(many):
        for _ in range(many):
            await told(mei, Event.MENTION, ben, await noted(ben, has_media=True, answers=own))

    own = await noted(mei)
    await fill(3)
    with counted() as few:
        await browser.get("/notifications")
    await fill(20)
    with counted() as many:
        page = await browser.get("/notifications")

    assert (await page.text()).count("replied to you") == 23
    assert len(few) == len(many) <= 24


async def test_messages_show_each_conversation_once(browser, mei, settle):
    ben, ana = await settle("ben", title="Ben"), await stranger("ana", title="Ana")
    first = await noted(ben, "<p>Old words</p>", audience=Audience.PEOPLE)
    await addressed(first, mei)
    last = await noted(mei, "<p>New words</p>", audience=Audience.PEOPLE, answers=first)
    await addressed(last, ben)
    other = await noted(ana, "<p>From afar</p>", audience=Audience.PEOPLE)
    await addressed(other, mei)
    await told(mei, Event.MENTION, ana, other)

    text = await (await browser.get("/messages")).text()

    assert "Old words" not in text
    assert text.index("From afar") < text.index("New words")
    assert text.count('class="badge new"') == 1
    assert "not end-to-end encrypted" in text


async def test_visitors_sign_in_first(browser, here):
    for path in ("/notifications", "/messages", "/bookmarks"):
        assert (await browser.get(path)).status == 303
