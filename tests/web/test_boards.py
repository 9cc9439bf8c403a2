"""Boards: made, filled, looked at by those who may, and gone without a trace."""

import re

import pytest

from actors.blocks import Block
from actors.follows import Follow
from notes.boards import Board, BoardNote, Sharing
from notes.note import Audience
from notes.reactions import Bookmark
from notes.removal import remove
from outbox import gather
from outbox.refusals import NotAllowed, NotValid
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import boosted, followed, noted
from tests.web.plain import plain


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei", title="Mei Lin")
    await browser.sign_in(await account_of(actor))
    return actor


@pytest.fixture
async def ben(settle):
    """Ben, who lives here as well."""
    return await settle("ben", title="Ben")


@pytest.fixture
async def seen_by_ben(browsers, ben):
    """Ben's browser."""
    other = browsers()
    await other.sign_in(await account_of(ben))
    return other


async def board_with(owner, *notes, sharing=Sharing.PUBLIC, name="Mornings"):
    board = await gather.make(owner, name, sharing=sharing)
    for note in notes:
        await gather.put(board, note)
    return board


async def text_of(browser, path):
    page = await browser.get(path)
    assert page.status == 200, path
    return await page.text()


async def test_a_note_is_saved_to_a_new_board_and_taken_off_again(browser, mei, ben):
    note = await noted(ben, "<p>Bread at six</p>")

    assert f'href="{note.page}/save"' in await text_of(browser, note.page)
    await browser.fill(
        f"{note.page}/save", f"{note.page}/save", {"name": "Bread", "sharing": "public"}
    )
    board = await Board.get(owner_id=mei.id)
    shown = await text_of(browser, board.page)
    again = await text_of(browser, f"{note.page}/save")
    await browser.post(f"{note.page}/save", {"name": "", "sharing": "public"})

    assert (board.name, board.sharing, board.page) == ("Bread", "public", f"/boards/{board.id}")
    assert "Bread at six" in shown
    assert "1 note" in shown
    assert re.search(rf'value="{board.id}" checked', again)
    assert "Bread at six" not in await text_of(browser, board.page)
    assert "Nothing on this board yet" in await text_of(browser, board.page)


async def test_saving_twice_or_a_board_of_one_name_twice_changes_nothing(browser, mei, ben):
    note = await noted(ben)
    board = await board_with(mei, note)
    await gather.put(board, note)

    page = await browser.fill(
        f"{note.page}/save", f"{note.page}/save", {"name": "Mornings", "board": str(board.id)}
    )

    assert page.status == 422
    assert "You have a board of this name." in await page.text()
    assert await BoardNote.filter(board_id=board.id).count() == 1
    assert await Board.filter(owner_id=mei.id).count() == 1


async def test_a_board_is_changed_and_deleted_by_its_owner_alone(browser, mei, seen_by_ben):
    board = await board_with(mei, await noted(mei, "<p>Here to stay</p>"))
    for way in ("edit", "delete", "add"):
        assert (await seen_by_ben.get(f"/boards/{board.id}/{way}")).status == 404
        assert (await seen_by_ben.post(f"/boards/{board.id}/{way}", {"name": "x"})).status == 404

    await browser.fill(
        f"/boards/{board.id}/edit",
        f"/boards/{board.id}/edit",
        {"name": "Evenings", "about": "After work", "sharing": "private"},
    )
    changed = await text_of(browser, f"/boards/{board.id}")
    asked = await text_of(browser, f"/boards/{board.id}/delete")
    gone = await browser.post(f"/boards/{board.id}/delete")

    assert "Evenings" in changed
    assert "After work" in changed
    assert "This cannot be undone" in asked
    assert gone.headers["Location"] == "/@mei/boards"
    assert (await browser.get(f"/boards/{board.id}")).status == 404
    assert not await BoardNote.exists()
    assert "Here to stay" in await text_of(browser, "/@mei")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "Give the board a name."),
        ({"name": "x" * 81}, "At most 80 characters."),
        ({"name": "x", "about": "y" * 501}, "At most 500 characters."),
    ],
)
async def test_a_board_that_cannot_be_is_refused_with_a_sentence(browser, mei, values, field):
    page = await browser.fill("/boards/new", "/boards/new", values)

    assert page.status == 422
    assert field in await page.text()
    assert not await Board.exists()


async def test_there_are_bounds(mei, ben, monkeypatch):
    monkeypatch.setattr(gather, "MOST_BOARDS", 1)
    monkeypatch.setattr(gather, "MOST_NOTES", 1)
    board = await board_with(mei, await noted(ben))

    with pytest.raises(NotValid):
        await gather.make(mei, "Another", sharing=Sharing.PUBLIC)
    with pytest.raises(NotAllowed):
        await gather.put(board, await noted(ben))


async def test_what_one_may_not_see_or_a_boost_is_not_kept(mei, ben):
    board = await board_with(mei)

    for note in (
        await noted(ben, audience=Audience.FOLLOWERS),
        await boosted(ben, await noted(ben)),
    ):
        with pytest.raises(NotAllowed):
            await gather.put(board, note)


async def test_notes_are_added_from_ones_saves(browser, mei, ben):
    kept, on_it, other = [await noted(ben, f"<p>{each}</p>") for each in ("Kept", "On it", "No")]
    board = await board_with(mei, on_it)
    for note in (kept, on_it):
        await Bookmark.create(actor_id=mei.id, note_id=note.id)

    offered = await text_of(browser, f"/boards/{board.id}/add")
    await browser.post(f"/boards/{board.id}/add", {"note": str(kept.id)})

    assert f'value="{kept.id}"' in offered
    assert f'value="{on_it.id}"' not in offered
    assert f'value="{other.id}"' not in offered
    assert "Kept" in await text_of(browser, board.page)


async def test_PRIV_02_a_private_board_is_its_owners_and_looks_like_none(
    browser, mei, seen_by_ben, browsers
):
    board = await board_with(mei, await noted(mei), sharing=Sharing.PRIVATE)
    nobody = browsers()

    assert (await browser.get(board.page)).status == 200
    for reader in (seen_by_ben, nobody):
        hidden = await reader.get(f"/boards/{board.id}")
        never = await reader.get(f"/boards/{board.id + 1}")
        assert hidden.status == never.status == 404
        assert (await plain(hidden)).replace(str(board.id), "") == (await plain(never)).replace(
            str(board.id + 1), ""
        )
        assert "Mornings" not in await text_of(reader, "/@mei/boards")
    assert "Mornings" in await text_of(browser, "/@mei/boards")


async def test_a_board_by_link_opens_with_its_whole_address_alone(browser, mei, browsers):
    board = await board_with(mei, await noted(mei, "<p>For you</p>"), sharing=Sharing.LINK)
    nobody = browsers()

    shown = await text_of(nobody, board.page)
    assert "For you" in shown
    assert '<meta name="robots" content="noindex">' in shown
    assert len(board.secret) >= 32
    for path in (f"/boards/{board.id}", f"/boards/{board.id}-", board.page[:-1]):
        assert (await nobody.get(path)).status == 404
    assert "Mornings" not in await text_of(nobody, "/@mei/boards")

    await gather.change(board, name="Mornings", about="", sharing=Sharing.PRIVATE)
    old = board.page
    await gather.change(board, name="Mornings", about="", sharing=Sharing.LINK)
    assert board.page != old
    assert (await nobody.get(old)).status == 404


async def test_PRIV_01_narrow_notes_on_a_public_board_are_for_those_who_may_see_them(
    browser, mei, seen_by_ben, ben, browsers, settle
):
    cai = await settle("cai")
    await followed(mei, cai)
    secret = await noted(cai, "<p>For followers</p>", title="Secret", audience=Audience.FOLLOWERS)
    board = await board_with(mei, secret, await noted(cai, "<p>Open</p>"))

    assert "For followers" in await text_of(browser, board.page)
    for reader in (seen_by_ben, browsers()):
        for path in (board.page, "/@mei/boards", f"{board.page}?max_id=9223372036854775807"):
            text = await text_of(reader, path)
            assert "For followers" not in text
            assert "Secret" not in text
            assert "1 note" in text
            assert "2 notes" not in text

    await Follow.filter(follower_id=mei.id).delete()
    assert "For followers" not in await text_of(browser, board.page)


async def test_PRIV_07_who_is_blocked_does_not_see_the_boards(browser, mei, seen_by_ben, ben):
    note = await noted(ben)
    board = await board_with(mei, note)
    assert board.page in await text_of(seen_by_ben, note.page)

    await Block.create(uri="urn:b", blocker_id=mei.id, blocked_id=ben.id)

    assert (await seen_by_ben.get(board.page)).status == 404
    assert board.page not in await text_of(seen_by_ben, note.page)


async def test_a_note_names_the_public_boards_it_is_on(browser, mei, ben, browsers):
    note = await noted(ben)
    shown = await board_with(mei, note, name="Shown")
    for sharing in (Sharing.LINK, Sharing.PRIVATE):
        await board_with(mei, note, sharing=sharing, name=f"Hidden {sharing}")

    for reader in (browser, browsers()):
        text = await text_of(reader, note.page)
        assert f'href="{shown.page}"' in text
        assert "Hidden" not in text


async def test_a_deleted_note_disappears_from_boards(browser, mei, ben):
    note = await noted(ben, "<p>Soon gone</p>")
    board = await board_with(mei, note)

    await remove(note)

    assert not await BoardNote.exists()
    assert "Nothing on this board yet" in await text_of(browser, board.page)


@pytest.mark.parametrize("path", ["/boards/x", "/boards/1-", "/boards/-", "/boards/99999999999"])
async def test_an_address_that_names_no_board_is_missing(browser, here, path):
    assert (await browser.get(path)).status == 404


async def test_boards_ask_the_database_the_same_however_full_they_are(browser, mei, ben):
    for name in ("a", "b"):
        await board_with(mei, await noted(ben), name=name)
    paths = ("/@mei/boards", (await Board.first()).page)
    for path in paths:
        await browser.get(path)
        with counted() as few:
            await browser.get(path)
        for board in await Board.all().select_related("owner"):
            for _ in range(5):
                await gather.put(board, await noted(ben))
        with counted() as many:
            await browser.get(path)
        assert len(few) == len(many) <= 24
