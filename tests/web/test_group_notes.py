"""Notes in groups elsewhere: what of the group's decisions shows on their pages."""

import pytest

from actors.actor import Actor
from core.clock import now
from notes.group_marks import settle_lock
from notes.group_posts import GroupPost, Standing
from notes.note import Note
from notes.removal import remove
from tests.conftest import account_of
from tests.factories import noted, stranger


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


@pytest.fixture
async def tea(here):
    """A group elsewhere."""
    group = await stranger("tea", kind="Group")
    return await Actor.get(id=group.id)


async def inside(group, author, content="<p>post</p>", standing=Standing.ACCEPTED, **columns):
    note = await noted(author, content, **columns)
    await Note.filter(id=note.id).update(group_id=group.id)
    if not note.in_reply_to_id or standing is not Standing.ACCEPTED:
        await GroupPost.create(
            note_id=note.id, group_id=group.id, standing=standing, reason="Rule 2", active=note.id
        )
    return await Note.get(id=note.id).select_related("author")


async def page_of(browser, note):
    answer = await browser.get(note.page)
    return answer.status, await answer.text()


async def test_a_locked_thread_offers_no_answer_and_says_why(browser, mei, tea):
    note = await inside(tea, await stranger("ana"))
    comment = await inside(tea, await stranger("bob"), "<p>comment</p>", answers=note)
    _, before = await page_of(browser, note)
    await settle_lock(note, tea, is_locked=True, reason="said enough")

    for each in (note, comment):
        _, text = await page_of(browser, each)
        assert "It takes no more comments." in text
        assert "said enough" in text
        assert 'id="quick-text"' not in text
        assert "/compose?reply_to" not in text
    assert 'id="quick-text"' in before
    await settle_lock(note, tea, is_locked=False)
    assert 'id="quick-text"' in (await page_of(browser, note))[1]


async def test_a_locked_comment_closes_what_is_below_it_alone(browser, mei, tea):
    note = await inside(tea, await stranger("ana"))
    comment = await inside(tea, await stranger("bob"), "<p>comment</p>", answers=note)
    below = await inside(tea, await stranger("cara"), "<p>below</p>", answers=comment)
    await settle_lock(comment, tea, is_locked=True)

    assert 'id="quick-text"' in (await page_of(browser, note))[1]
    for each in (comment, below):
        assert 'id="quick-text"' not in (await page_of(browser, each))[1]


async def test_what_a_group_removed_is_a_stub_with_the_reason(browser, mei, tea):
    ana = await stranger("ana")
    note = await inside(tea, ana)
    gone = await inside(tea, ana, "<p>rude</p>", Standing.REMOVED, answers=note)
    await remove(gone)

    _, text = await page_of(browser, note)
    status, alone = await page_of(browser, gone)

    for each in (text, alone):
        assert f"!{tea.handle} removed this note: Rule 2" in each
        assert "rude" not in each
    assert status == 410


async def test_one_of_ours_that_was_removed_is_hidden_below_and_shown_to_its_author(
    browser, mei, tea, settle
):
    note = await inside(tea, await stranger("ana"))
    mine = await inside(tea, mei, "<p>my comment</p>", Standing.REMOVED, answers=note)
    other = await inside(
        tea, await settle("ben"), "<p>bens comment</p>", Standing.REMOVED, answers=note
    )

    _, text = await page_of(browser, note)
    _, own = await page_of(browser, mine)

    assert "my comment" in text
    assert "bens comment" not in text
    assert "removed this note: Rule 2" in own
    assert "bens comment" in (await page_of(browser, other))[1]


async def test_that_a_note_waits_is_said_to_its_author_alone(browser, mei, tea, settle):
    mine = await inside(tea, mei, standing=Standing.PENDING)
    other = await inside(tea, await settle("ben"), standing=Standing.PENDING)

    assert "has not passed this on yet" in (await page_of(browser, mine))[1]
    assert "has not passed this on yet" not in (await page_of(browser, other))[1]
    await GroupPost.filter(note_id=mine.id).update(standing=Standing.REFUSED)
    assert "did not take this note: Rule 2" in (await page_of(browser, mine))[1]
    assert mine.created_at <= now()
