"""Cards of the waterfall: written once, and yet each reader's own and never stale."""

import re

import pytest

from actors.actor import Actor
from core.settings import use
from notes.attachments import Attachment
from notes.media_files import MediaFile
from notes.note import Audience, Note
from notes.reactions import Like
from tests.conftest import account_of, replaced
from tests.factories import followed
from tests.web.test_media import shown

CARD = re.compile(r'<li><a class="card.*?</li>', re.DOTALL)


@pytest.fixture
async def ben(settle):
    """Someone who posts pictures."""
    return await settle("ben")


@pytest.fixture
async def apart(here):
    """An instance whose public files are at media.test."""
    use(replaced(here, "media", base_url="http://media.test"))


async def card(browser, path="/local"):
    """The only card of a list, as this browser is shown it."""
    (found,) = CARD.findall(await (await browser.get(path)).text())
    return found


async def test_what_one_reader_did_is_not_on_the_card_of_another(browsers, settle, ben):
    _, _, note = await shown(ben)
    mei, cai = await settle("mei"), await settle("cai")
    await Note.filter(id=note.id).update(likes_count=1)
    await Like.create(actor=mei, note=note, uri="https://rubric.test/likes/1")
    hers, his, visitors = browsers(), browsers(), browsers()
    await hers.sign_in(await account_of(mei))
    await his.sign_in(await account_of(cai))

    cards = [await card(each) for each in (hers, his, visitors, hers)]

    assert ["is-on" in each for each in cards] == [True, False, False, True]
    assert cards[1] == cards[2]


async def test_a_narrow_card_is_for_those_who_see_the_note(browsers, settle, ben):
    _, small, _ = await shown(ben, Audience.FOLLOWERS)
    mei, cai = await settle("mei"), await settle("cai")
    await followed(mei, ben)
    hers, his = browsers(), browsers()
    await hers.sign_in(await account_of(mei))
    await his.sign_in(await account_of(cai))

    assert small in await card(hers, "/@ben")
    assert CARD.findall(await (await his.get("/@ben")).text()) == []
    assert CARD.findall(await (await browsers().get("/@ben")).text()) == []


async def test_a_card_is_written_in_the_language_of_its_reader(browser, ben):
    _, _, note = await shown(ben)
    await Note.filter(id=note.id).update(likes_count=1)

    english = await card(browser)
    browser.keep("locale", "zh-Hans")
    chinese = await card(browser)

    assert 'aria-label="Likes"' in english
    assert 'aria-label="Likes"' not in chinese
    assert chinese != english


async def test_a_card_stands_as_its_reader_wants_it(browser, ben):
    await shown(ben)

    columns = await card(browser)
    browser.keep("layout", "column")
    column = await card(browser)

    assert "240px" in columns
    assert "576px" in column


@pytest.mark.parametrize("changed", ["alt", "focus", "name", "title", "likes"])
async def test_a_card_says_at_once_what_was_changed(browser, ben, changed):
    _, _, note = await shown(ben)
    before = await card(browser)

    if changed == "alt":
        await Attachment.filter(note_id=note.id).update(alt="A red wall")
    elif changed == "focus":
        await Attachment.filter(note_id=note.id).update(focus_x=0.9)
    elif changed == "name":
        await Actor.filter(id=ben.id).update(title="Benjamin")
    elif changed == "title":
        await Note.filter(id=note.id).update(title="Red")
    else:
        await Note.filter(id=note.id).update(likes_count=3)

    assert await card(browser) != before


async def test_a_card_shows_the_files_that_are_there(browser, ben):
    _, small, note = await shown(ben)
    _, other, spare = await shown(ben, Audience.FOLLOWERS, "blue")
    before = await card(browser)
    (picture,) = await Attachment.filter(note_id=note.id)
    (donor,) = await Attachment.filter(note_id=spare.id)

    await MediaFile.filter(attachment_id=picture.id).delete()
    await MediaFile.filter(attachment_id=donor.id).update(attachment_id=picture.id)

    assert small in before
    after = await card(browser)
    assert small not in after
    assert other in after


async def test_a_narrowed_note_leaves_the_host_of_public_files(apart, browser, ben):
    _, small, note = await shown(ben)
    before = await card(browser)
    await browser.sign_in(await account_of(ben))

    await Note.filter(id=note.id).update(audience=Audience.FOLLOWERS)

    assert f"http://media.test{small}" in before
    after = await card(browser, "/@ben")
    assert "http://media.test" not in after
    assert small in after
