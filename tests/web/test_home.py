"""The first page, and finding what others wrote."""

import re

import pytest

from actors.actor import Actor
from core import sql
from core.clock import now
from core.paging import Page
from core.settings import settings
from inbox import reading
from inbox.timelines import put_in_homes
from notes.attachments import Attachment
from notes.note import Audience, Shows
from notes.tags import tag_note
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


async def test_a_visitor_sees_what_this_place_is_and_the_latest_notes(browser, settle):
    ben = await settle("ben")
    await noted(ben, "<p>Bread at six</p>")
    await noted(ben, "<p>A secret</p>", audience=Audience.FOLLOWERS)

    page = await browser.get("/")
    text = await page.text()

    assert page.status == 200
    assert "Bread at six" in text
    assert "A secret" not in text
    assert "How we decide" in text


async def test_an_empty_place_says_what_will_be_there(browser, here):
    for path in ("/", "/explore", "/local", "/federated", "/tags/tea"):
        page = await browser.get(path)
        assert page.status == 200
        assert 'class="empty"' in await page.text()


async def test_a_member_sees_those_they_follow(browser, mei, settle):
    ben, cai = await settle("ben"), await settle("cai")
    await put_in_homes([mei.id], (await noted(ben, "<p>Mine to see</p>")).id)
    await put_in_homes([mei.id], (await boosted(ben, await noted(cai, "<p>Passed on</p>"))).id)
    await noted(cai, "<p>Not followed</p>")

    text = await (await browser.get("/")).text()

    assert "Mine to see" in text
    assert "Passed on" in text
    assert "Boosted by @ben" in text
    assert "Not followed" not in text


async def test_a_title_is_shown_once_although_readers_without_titles_get_it_twice(browser, mei):
    note = await noted(mei, "<p><strong>Tea &amp; co</strong></p><p>Words</p>", title="Tea & co")

    text = await (await browser.get(note.page)).text()

    assert text.count("<strong>Tea") == 0
    assert "Words" in text


async def test_the_list_goes_on_by_links(browser, settle):
    ben = await settle("ben")
    notes = [await noted(ben, f"<p>number {each};</p>") for each in range(30)]

    first = await (await browser.get("/local")).text()
    older = await (await browser.get(f"/local?max_id={notes[6].id}")).text()

    assert f"/local?max_id={notes[6].id}" in first.replace("&amp;", "&")
    assert "number 29;" in first
    assert "number 5;" not in first
    assert "number 5;" in older
    assert 'rel="prev"' in older
    assert "You have seen everything" in older


async def test_explore_has_only_who_wants_to_be_found(browser, settle):
    await noted(await settle("ben", is_discoverable=True), "<p>Found</p>")
    await noted(await settle("cai"), "<p>Quietly public</p>")

    text = await (await browser.get("/explore")).text()

    assert "Found" in text
    assert "Quietly public" not in text


async def test_a_tag_has_its_notes_and_topics_count_public_ones(browser, settle):
    ben = await settle("ben", is_discoverable=True)
    await tag_note(await noted(ben, "<p>Oolong</p>"), "Tea")
    await tag_note(await noted(ben, "<p>Hidden</p>", audience=Audience.PEOPLE), "Tea")

    tag = await (await browser.get("/tags/TEA")).text()
    explore = await (await browser.get("/explore")).text()

    assert "Oolong" in tag
    assert "Hidden" not in tag
    assert "1 note this week" in tag
    assert 'href="/tags/tea"' in explore


async def test_PRIV_03_a_tag_of_narrow_notes_alone_is_as_one_nobody_used(browser, settle):
    ben = await settle("ben")
    await tag_note(await noted(ben, audience=Audience.FOLLOWERS), "SecretPlan")

    used = await browser.get("/tags/secretplan")
    never = await browser.get("/tags/secretplaz")

    assert (await plain(used)).replace("plan", "plaz") == await plain(never)


@pytest.mark.parametrize("path", ["/", "/explore", "/local", "/federated", "/@ben"])
async def test_a_page_asks_the_database_the_same_however_full_it_is(browser, mei, settle, path):
    ben = await settle("ben", is_discoverable=True)
    await followed(mei, ben)
    await fill(mei, ben, 2)
    await browser.get(path)
    with counted() as few:
        await browser.get(path)
    await fill(mei, ben, 20)
    with counted() as new:
        await browser.get(path)
    with counted() as many:
        page = await browser.get(path)

    assert (await page.text()).count('class="card') >= 20
    assert len(few) == len(many) <= 24
    assert len(new) == len(many) + 1  # the files of covers that nobody saw before


async def fill(mei, ben, many):
    for number in range(many):
        note = await noted(ben, f"<p>{number}</p>", has_media=True)
        await Attachment.create(note_id=note.id, owner_id=ben.id, remote_url="https://x.test/y")
        await tag_note(note, "tea")
        await put_in_homes([mei.id], note.id)


async def test_pages_speak_the_language_of_their_reader(browser, here):
    text = await (await browser.get("/", Accept_Language="zh-CN")).text()

    assert 'lang="zh-Hans"' in text
    assert settings().server.name in text


async def test_who_is_suspended_is_not_read(browser, settle):
    ben = await settle("ben")
    await noted(ben, "<p>Before</p>")
    await Actor.filter(id=ben.id).update(suspended_at=now())

    assert "Before" not in await (await browser.get("/")).text()


@pytest.fixture
async def mixed(mei, settle):
    """Notes of every kind, in Mei's home, in public and under a tag."""
    ben = await settle("ben", is_discoverable=True)
    await followed(mei, ben)
    for words, shows in (("Words", "text"), ("Picture", "photos"), ("Film", "video")):
        for number in range(2):
            note = await noted(ben, f"<p>{words} {number};</p>", shows=Shows(shows))
            await tag_note(note, "tea")
            await put_in_homes([mei.id], note.id)
    await put_in_homes([mei.id], (await boosted(mei, note)).id)
    return ben


@pytest.mark.parametrize("path", ["/", "/explore", "/local", "/federated", "/tags/tea", "/@ben"])
async def test_a_list_is_narrowed_to_a_kind_and_says_so(browser, mixed, path):
    whole = await (await browser.get(path)).text()
    films = await (await browser.get(f"{path}?show=video&max_id=9223372036854775807")).text()

    assert {"Words 0;", "Picture 0;", "Film 0;"} <= set(kinds(whole))
    assert set(kinds(films)) == {"Film 0;", "Film 1;"}
    assert f'href="{path}?show=video" aria-current="page"' in films
    assert f'href="{path}"' in films


async def test_a_narrowed_list_goes_on_by_its_own_links(browser, mei):
    for number in range(30):
        await noted(mei, f"<p>Film {number};</p>", shows=Shows.VIDEO)
        await noted(mei, f"<p>Words {number};</p>")

    first = await (await browser.get("/local?show=video")).text()
    link = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    older = await (await browser.get(link)).text()

    assert len(kinds(first)) == 24
    assert kinds(older) == [f"Film {number};" for number in reversed(range(6))]


async def test_a_kind_that_is_not_there_and_one_that_is_none(browser, mixed):
    empty = await (await browser.get("/tags/tea?show=photos&max_id=5")).text()
    unknown = await (await browser.get("/tags/tea?show=smells")).text()

    assert "Nothing of this kind here" in empty
    assert {"Words 0;", "Film 0;"} <= set(kinds(unknown))


async def test_looking_for_the_few_videos_does_not_walk_over_all_notes(here, settle):
    await fill(await settle("mei"), await settle("ben"), 30)
    with counted() as said:
        await reading.local(None, Page(), shows=Shows.VIDEO)

    plans = [await sql.rows(f"EXPLAIN QUERY PLAN {each}") for each in said if " note n " in each]
    assert any("idx_note_of_video" in row["detail"] for plan in plans for row in plan)


async def test_how_notes_stand_is_remembered(browser, mixed):
    before = await (await browser.get("/local")).text()
    answer = await browser.post("/look", {"layout": "column", "next": "/local"})
    after = await (await browser.get("/local")).text()
    await browser.post("/look", {"layout": "heap", "next": "/local"})

    assert answer.status == 303
    assert 'class="waterfall"' in before
    assert 'class="waterfall column"' in after
    assert browser.cookie("layout") == "column"


def kinds(text):
    return re.findall(r"(?:Words|Picture|Film) \d+;", text)
