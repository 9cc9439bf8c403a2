"""What one does with a note or a person."""

import pytest

from actors.blocks import Block, Mute
from actors.follows import Follow, is_following
from core.clock import now
from inbox.notifications import Event, Notification
from notes.note import Audience, Note
from notes.polls import Poll, Vote
from notes.reactions import Bookmark, Like, Pin
from tests.conftest import account_of
from tests.factories import followed, noted, stranger


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def test_a_note_is_liked_boosted_and_kept_and_all_is_taken_back(browser, mei, settle):
    note = await noted(await settle("ben"))

    for act in ("like", "boost", "bookmark"):
        answer = await browser.post(f"{note.page}/{act}", {"next": "/local"})
        assert (answer.status, answer.headers["Location"]) == (303, "/local")

    assert await Like.exists(actor_id=mei.id, note_id=note.id)
    assert await Note.exists(author_id=mei.id, boost_of_id=note.id)
    assert await Bookmark.exists(actor_id=mei.id, note_id=note.id)
    for act in ("unlike", "unboost", "unbookmark"):
        await browser.post(f"{note.page}/{act}")
    assert not await Like.exists()
    assert not await Note.exists(author_id=mei.id)
    assert not await Bookmark.exists()


async def test_the_author_is_told(browser, mei, settle, settle_down):
    ben = await settle("ben")
    note = await noted(ben)

    await browser.post(f"{note.page}/like")
    await settle_down()

    assert (await Notification.get(reader_id=ben.id)).event == Event.LIKE


@pytest.mark.parametrize("act", ["like", "boost", "bookmark", "pin", "vote", "unlike", "delete"])
async def test_PRIV_15_what_one_may_not_see_one_cannot_act_upon(browser, mei, settle, act):
    note = await noted(await settle("ben"), audience=Audience.FOLLOWERS)

    answer = await browser.post(f"{note.page}/{act}", {"choice": "0"})

    assert answer.status == 404
    assert not await Like.exists()
    assert not await Note.exists(author_id=mei.id)


@pytest.mark.parametrize("act", ["like", "boost", "bookmark", "delete", "vote"])
async def test_WEB_01_acts_need_the_token_of_the_form(browser, mei, settle, act):
    note = await noted(mei)

    answer = await browser.post(f"{note.page}/{act}", {"csrf": "forged"})

    assert answer.status == 403
    assert (await Note.get(id=note.id)).deleted_at is None
    assert not await Like.exists()


async def test_nobody_acts_without_signing_in(browser, settle):
    note = await noted(await settle("ben"))
    await browser.get(note.page)

    assert (await browser.post(f"{note.page}/like")).status == 401
    assert (await browser.post("/@ben/follow")).status == 401


async def test_PRIV_04_a_note_for_followers_cannot_be_passed_on(browser, mei, settle):
    ben = await settle("ben")
    await followed(mei, ben)
    note = await noted(ben, audience=Audience.FOLLOWERS)

    answer = await browser.post(f"{note.page}/boost")
    page = await (await browser.get(note.page)).text()

    assert answer.status == 303
    assert "cannot be boosted" in page
    assert not await Note.exists(author_id=mei.id)


async def test_at_most_five_pins_and_the_page_says_so(browser, mei):
    notes = [await noted(mei) for _ in range(6)]
    for each in notes:
        await browser.post(f"{each.page}/pin")

    page = await (await browser.get(notes[0].page)).text()

    assert await Pin.filter(actor_id=mei.id).count() == 5
    assert "At most 5 notes can be pinned." in page


async def test_a_vote_is_cast_once(browser, mei, settle):
    note = await noted(await settle("ben"))
    options = [{"title": "Yes", "votes": 0}, {"title": "No", "votes": 0}]
    poll = await Poll.create(note_id=note.id, options=options)

    await browser.post(f"{note.page}/vote", {"choice": "1"})
    await browser.post(f"{note.page}/vote", {"choice": "0"})
    page = await (await browser.get(note.page)).text()

    assert [each.choice for each in await Vote.filter(poll_id=poll.id)] == [1]
    assert "you have voted" in page


async def test_someone_is_followed_and_let_go(browser, mei, settle, settle_down):
    ben = await settle("ben")

    await browser.post("/@ben/follow")
    await settle_down()
    page = await (await browser.get("/@ben")).text()

    assert await is_following(mei, ben)
    assert 'action="/@ben/unfollow"' in page
    await browser.post("/@ben/unfollow")
    assert not await Follow.exists()


async def test_someone_elsewhere_is_asked_by_letter(browser, mei, remote, settle_down):
    ana = remote.person("ana")
    await browser.get(f"/search?q=@ana@{remote.host}")

    answer = await browser.post(f"/@ana@{remote.host}/follow")
    await settle_down()

    assert answer.status == 303
    assert remote.last("Follow")["object"] == ana.uri
    assert "Asked to follow" in await (await browser.get(f"/@ana@{remote.host}")).text()


async def test_a_block_ends_follows_and_a_mute_has_an_end(browser, mei, settle, settle_down):
    ben, cai = await settle("ben"), await settle("cai")
    await followed(ben, mei)

    await browser.post("/@ben/block")
    await browser.post("/@cai/mute", {"span": "day"})
    await settle_down()

    assert await Block.exists(blocker_id=mei.id, blocked_id=ben.id)
    assert not await Follow.exists()
    mute = await Mute.get(muter_id=mei.id, muted_id=cai.id)
    assert 23 < (mute.ends_at - now()).total_seconds() / 3600 < 24.1
    await browser.post("/@ben/unblock")
    await browser.post("/@cai/unmute")
    assert not await Block.exists()
    assert not await Mute.exists()


async def test_who_asks_to_follow_is_let_in_or_not(browser, settle, settle_down):
    mei = await settle("mei", is_locked=True)
    await browser.sign_in(await account_of(mei))
    ben, cai = await settle("ben"), await settle("cai")
    for each in (ben, cai):
        await followed(each, mei, is_accepted=False)
        await Notification.create(reader_id=mei.id, event=Event.FOLLOW_REQUEST, actor_id=each.id)

    page = await (await browser.get("/notifications?show=requests")).text()
    await browser.post(f"/requests/{ben.id}/accept")
    await browser.post(f"/requests/{cai.id}/reject")
    await settle_down()

    assert f"/requests/{ben.id}/accept" in page
    assert await is_following(ben, mei)
    assert not await Follow.exists(follower_id=cai.id)
    assert [each.event for each in await Notification.filter(reader_id=mei.id)] == [Event.FOLLOW]
    assert (await browser.post(f"/requests/{cai.id}/accept")).status == 404


async def test_WEB_06_an_act_leads_back_to_us_alone(browser, mei, settle):
    note = await noted(await settle("ben"))

    for path in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = await browser.post(f"{note.page}/bookmark", {"next": path})
        assert answer.headers["Location"] == note.page


async def test_one_deletes_ones_own_notes_and_no_others(browser, mei, settle):
    own, other = await noted(mei), await noted(await settle("ben"))

    asked = await browser.get(f"{own.page}/delete")
    done = await browser.post(f"{own.page}/delete")
    refused = await browser.post(f"{other.page}/delete")

    assert "cannot be undone" in await asked.text()
    assert done.headers["Location"] == "/@mei"
    assert (await Note.get(id=own.id)).deleted_at
    assert refused.status == 404
    assert (await Note.get(id=other.id)).deleted_at is None


async def test_one_neither_follows_nor_blocks_oneself(browser, mei):
    for act in ("follow", "block", "mute"):
        assert (await browser.post(f"/@mei/{act}")).status == 303

    assert not await Follow.exists()
    assert not await Block.exists()
    assert not await Mute.exists()


async def test_OAU_08_who_is_not_confirmed_does_nothing_others_see(browser, settle):
    mei = await settle("mei")
    account = await account_of(mei)
    account.confirmed_at = None
    await account.save()
    await browser.sign_in(account)
    note = await noted(await settle("ben"))

    assert (await browser.post(f"{note.page}/like")).status == 403
    assert not await Like.exists()


async def test_strangers_accounts_elsewhere_are_blocked_too(browser, mei, settle_down):
    await stranger("ana")

    answer = await browser.post("/@ana@elsewhere.example/block")

    assert answer.status == 303
    assert await Block.exists(blocker_id=mei.id)
