"""Videos one after another, in the order of the list they were opened from."""

import re

import pytest

from actors.blocks import Block
from inbox.timelines import put_in_homes
from notes.attachments import Attachment, Media
from notes.note import Audience, Shows
from notes.remote_media import LARGE, SMALL, remote_path
from notes.tags import tag_note
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import boosted, followed, noted, stranger


@pytest.fixture
async def mei(settle, browser):
    """Mei, signed in with the browser."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def filmed(author, title, **columns):
    """A note with a video, a poster and words."""
    note = await noted(
        author, "<p>Look</p>", title=title, has_media=True, shows=Shows.VIDEO, **columns
    )
    await Attachment.create(
        note_id=note.id,
        owner_id=author.id,
        media=Media.VIDEO,
        media_type="video/mp4",
        remote_url="https://elsewhere.example/film.mp4",
        poster_url="https://elsewhere.example/film.jpg",
        width=720,
        height=1280,
    )
    return note


async def watched(browser, address):
    page = await browser.get(address)
    assert page.status == 200
    return re.findall(r'<li id="n(\d+)">', await page.text())


async def test_a_list_is_watched_in_its_own_order_from_the_video_that_was_opened(browser, mei):
    ana = await stranger("ana")
    first, second, third = [await filmed(ana, f"Film {each}") for each in "abc"]
    await noted(ana, "<p>No film</p>")
    passed_on = await boosted(mei, first)
    for note in (first, second, third):
        await tag_note(note, "ferry")
    for row in (second, third, passed_on):
        await put_in_homes([mei.id], row.id)
    films = {each: str(each.id) for each in (first, second, third)}

    home = await watched(browser, "/watch?from=home")
    begun = await watched(browser, f"/watch?from=home&at={third.id}")
    tag = await watched(browser, f"/watch?from=tag:Ferry&at={second.id}")
    person = await watched(browser, "/watch?from=@ana@elsewhere.example")

    assert home == [films[first], films[third], films[second]]
    assert begun == [films[third], films[second]]
    assert tag == [films[second], films[first]]
    assert person == [films[third], films[second], films[first]]


async def test_a_card_with_a_video_leads_to_it_and_so_does_its_list(browser, mei):
    note = await filmed(mei, "Six o'clock")
    passed_on = await boosted(mei, note)
    await put_in_homes([mei.id], passed_on.id)

    home = (await (await browser.get("/")).text()).replace("&amp;", "&")
    person = (await (await browser.get("/@mei")).text()).replace("&amp;", "&")

    assert f'href="/watch?from=home&at={passed_on.id}"' in home
    assert 'href="/watch?from=home"' in home
    assert f'href="/watch?from=%40mei&at={passed_on.id}"' in person


async def test_pictures_of_which_some_move_are_counted_and_are_no_video(browser, mei):
    note = await noted(mei, "<p>Loops</p>", has_media=True, shows=Shows.PHOTOS)
    for number, media in enumerate((Media.IMAGE, Media.GIFV, Media.IMAGE)):
        url = f"https://elsewhere.example/{number}"
        await Attachment.create(
            note_id=note.id, owner_id=mei.id, media=media, remote_url=url, duration=1.0
        )

    page = await (await browser.get("/@mei")).text()

    assert re.search(r'class="on-cover">.*3 pictures.*3</span>', page)
    assert "0:01" not in page


async def test_one_that_is_passed_on_is_watched_once(browser, mei):
    note = await filmed(mei, "Twice")
    for row in (note, await boosted(mei, note)):
        await put_in_homes([mei.id], row.id)

    assert await watched(browser, "/watch?from=home") == [str(note.id)]


async def test_the_videos_go_on_by_links_that_keep_their_list(browser, mei):
    notes = [await filmed(mei, f"Film {number}") for number in range(11)]

    first = await (await browser.get(f"/watch?from=local&at={notes[9].id}")).text()
    link = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    rest = await watched(browser, link)
    last = await (await browser.get(link)).text()

    assert "from=local" in link
    assert rest == [str(notes[1].id), str(notes[0].id)]
    assert "You have seen everything" in last


async def test_without_scripts_there_are_posters_and_players_with_the_file(browser, mei):
    await filmed(mei, "Six o'clock")

    text = await (await browser.get("/watch?from=local")).text()

    film = await Attachment.get()
    assert f'poster="{remote_path(film, SMALL)}"' in text
    assert re.search(r'<video controls preload="none" playsinline', text)
    assert f'<source src="{remote_path(film, LARGE)}" type="video/mp4">' in text
    assert "autoplay" not in text
    assert "data-posters" not in text


async def test_who_saves_data_gets_posters_alone(browser, mei):
    await filmed(mei, "Six o'clock")

    text = await (await browser.get("/watch?from=local", Save_Data="on")).text()

    assert "data-posters" in text
    assert 'preload="none"' in text


async def test_sensitive_videos_are_covered_until_asked_for(browser, mei):
    await filmed(mei, "Operation", is_sensitive=True)

    text = await (await browser.get("/watch?from=local")).text()

    assert text.index('<details class="veil">') < text.index("<video")


async def test_an_empty_list_says_what_will_be_there(browser, mei):
    for source in ("home", "explore", "local", "federated", "tag:none", "@mei"):
        text = await (await browser.get(f"/watch?from={source}")).text()
        assert "No videos here yet" in text
        assert 'class="empty"' in text


@pytest.mark.parametrize("source", ["nowhere", "@nobody", "@no@elsewhere.example", "@@", "@", "/"])
async def test_a_list_that_is_none_is_missing(browser, here, source):
    assert (await browser.get(f"/watch?from={source}")).status == 404


async def test_PRIV_07_who_blocks_the_reader_is_not_watched(browser, mei, settle):
    ben = await settle("ben")
    await filmed(ben, "Mine")
    await Block.create(uri="urn:b", blocker_id=ben.id, blocked_id=mei.id)

    assert (await browser.get("/watch?from=@ben")).status == 404
    assert await watched(browser, "/watch?from=local") == []


async def test_PRIV_02_narrow_videos_are_watched_by_those_who_may_see_them(browser, mei, settle):
    ben = await settle("ben")
    secret = await filmed(ben, "For few", audience=Audience.FOLLOWERS)
    await tag_note(secret, "ferry")

    before = [await watched(browser, f"/watch?from={each}") for each in ("@ben", "tag:ferry")]
    await followed(mei, ben)

    assert before == [[], []]
    assert await watched(browser, "/watch?from=@ben") == [str(secret.id)]
    assert await watched(browser, "/watch?from=tag:ferry") == []


async def test_a_visitor_watches_what_the_first_page_shows(browser, settle):
    note = await filmed(await settle("ben"), "Here")

    assert await watched(browser, "/watch?from=home") == [str(note.id)]


async def test_watching_asks_the_database_the_same_however_much_there_is(browser, mei):
    await filmed(mei, "One")
    await browser.get("/watch?from=local")
    with counted() as few:
        await browser.get("/watch?from=local")
    for number in range(7):
        await filmed(mei, f"Film {number}")
    with counted() as many:
        assert len(await watched(browser, "/watch?from=local")) == 8

    assert len(few) == len(many) <= 24
