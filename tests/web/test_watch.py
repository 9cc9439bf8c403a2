"""Videos one after another, in the order of the list they were opened from."""

import re
from datetime import timedelta

import pytest

from actors.accounts import Account
from actors.actor import Actor
from actors.blocks import Block
from actors.groups import See, make_group
from core.clock import now
from inbox.timelines import put_in_homes
from notes.attachments import Attachment, Media
from notes.boards import Sharing
from notes.group_posts import GroupPost
from notes.media_files import MediaFile, Role
from notes.note import Audience, Note, Shows
from notes.reactions import Like
from notes.remote_media import LARGE, SMALL, remote_path
from notes.tags import tag_note
from outbox import gather
from tests.conftest import account_of
from tests.counting import counted
from tests.factories import boosted, followed, noted, stranger
from web.render import query


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


async def text_at(browser, path):
    """The text of a page, with its addresses as they are."""
    return (await (await browser.get(path)).text()).replace("&amp;", "&")


async def films_linked(browser, path):
    """Follow the link to each video of a list; return the links, and with what each begins."""
    links = re.findall(r'class="watch-this" href="([^"]+)"', await text_at(browser, path))
    return links, [(await watched(browser, each))[0] for each in links]


async def filmed_in(group, author, title, flair=()):
    """A thread of a group with a video; its newest comment is as old as it is."""
    note = await filmed(author, title, group_id=group.id)
    await GroupPost.create(note_id=note.id, group_id=group.id, active=note.id, flair=list(flair))
    return note


async def test_a_group_is_watched_in_each_of_its_orders(browser, mei, settle):
    tea = await make_group(mei, "tea", title="Tea")
    first, second, third = [
        await filmed_in(tea, mei, f"Film {each}", ["Pots: old"] if each != "c" else [])
        for each in "abc"
    ]
    talk = await noted(mei, "<p>No film</p>", group_id=tea.id)
    await GroupPost.create(note_id=talk.id, group_id=tea.id, active=talk.id)
    await GroupPost.filter(note_id=first.id).update(active=talk.id + 1)
    for number, name in enumerate(("ben", "eva", "ida")):
        old = await settle(name)
        await Actor.filter(id=old.id).update(created_at=now() - timedelta(days=30))
        await Account.filter(actor_id=old.id).update(created_at=now() - timedelta(days=30))
        for note in (second, first)[: 1 + (number == 0)]:
            await Like.create(actor_id=old.id, note_id=note.id, uri=f"urn:{name}:{note.id}")

    for sort, flair, order in (
        ("", "", [third, second, first]),
        ("active", "", [first, third, second]),
        ("top-week", "", [second, first]),
        ("", "Pots: old", [second, first]),
    ):
        path = query("/g/tea", sort=sort, flair=flair)
        links, begun = await films_linked(browser, path)
        back = re.search(r'class="tool" href="(/g/tea[^"]+)"', await text_at(browser, links[0]))[1]

        assert begun == await watched(browser, links[0]) == [str(each.id) for each in order], path
        assert await watched(browser, links[-1]) == [str(order[-1].id)]
        assert await films_linked(browser, back) == (links, begun)
        assert "No film" not in await text_at(browser, back)


async def test_the_groups_of_a_reader_are_watched(browser, mei):
    tea, pots = [await make_group(mei, name, title=name) for name in ("tea", "pots")]
    first, second = [await filmed_in(each, mei, "Film") for each in (tea, pots)]

    links, begun = await films_linked(browser, "/groups?show=video")

    assert begun == [str(second.id), str(first.id)]
    assert await watched(browser, links[1]) == [str(first.id)]
    assert 'href="/groups?show=video"' in await text_at(browser, links[1])


@pytest.mark.parametrize("see", [See.MEMBERS, See.SERVER])
async def test_PRIV_02_a_closed_group_is_watched_by_those_it_shows_itself_to(
    browser, browsers, mei, settle, see
):
    tea = await make_group(mei, "tea", title="Tea", see=see)
    audience = Audience.MEMBERS if see is See.MEMBERS else Audience.SERVER
    note = await filmed_in(tea, mei, "Secret steeping")
    await Note.filter(id=note.id).update(audience=audience)
    visitor, path = browsers(), f"/watch?from=group:{tea.id}:new:"

    answer = await visitor.get(path)

    assert "Secret steeping" not in await answer.text()
    assert answer.status == (404 if see is See.SERVER else 200)
    assert await watched(browser, path) == [str(note.id)]


async def test_a_board_is_watched_in_the_order_of_keeping(browser, browsers, mei):
    notes = [await filmed(mei, f"Film {each}") for each in "abc"]
    board = await gather.make(mei, "Mornings", sharing=Sharing.LINK)
    for note in (notes[1], await noted(mei, "<p>Words</p>"), notes[2], notes[0]):
        await gather.put(board, note)
    order = [str(each.id) for each in (notes[0], notes[2], notes[1])]
    visitor = browsers()

    links, begun = await films_linked(visitor, board.page)
    back = query(board.page, show="video")

    assert begun == order
    assert await watched(visitor, links[1]) == order[1:]
    assert f'href="{back}"' in await text_at(visitor, links[1])
    assert await films_linked(visitor, back) == (links, begun)


async def test_PRIV_02_a_board_is_watched_by_those_who_may_look(browsers, browser, mei):
    note = await filmed(mei, "Mine")
    board = await gather.make(mei, "Mornings", sharing=Sharing.LINK)
    await gather.put(board, note)
    hidden = await gather.make(mei, "Evenings", sharing=Sharing.PRIVATE)
    visitor = browsers()

    for source in (f"board:{board.id}", f"board:{board.id}-no", f"board:{hidden.id}"):
        assert (await visitor.get(f"/watch?from={source}")).status == 404
    assert await watched(browser, f"/watch?from=board:{hidden.id}") == []
    assert await watched(browser, f"/watch?from=board:{board.id}") == [str(note.id)]


@pytest.mark.parametrize("path", ["/local", "/@mei"])
async def test_who_saves_data_gets_small_pictures(browser, mei, path):
    note = await noted(mei, "<p>Hills</p>", has_media=True, shows=Shows.PHOTOS)
    kept = await Attachment.create(note_id=note.id, owner_id=mei.id, width=1920, height=1440)
    for width in (240, 480, 960, 1920):
        for kind in ("avif", "jpeg"):
            await MediaFile.create(
                attachment_id=kept.id,
                role=Role.IMAGE,
                key=f"{width}.{kind}",
                media_type=f"image/{kind}",
                width=width,
                height=width * 3 // 4,
            )

    def widths(text):
        shown = "".join(re.findall(r"<picture>.*?</picture>", text))
        return set(re.findall(r"/media/(\d+)\.", shown))

    lists = [await (await browser.get(path, **more)).text() for more in ({}, {"Save_Data": "on"})]
    notes = [
        await (await browser.get(note.page, **more)).text() for more in ({}, {"Save_Data": "on"})
    ]

    assert [widths(each) for each in lists] == [{"240", "480", "960"}, {"240", "480"}]
    assert [widths(each) for each in notes] == [{"240", "480", "960", "1920"}, {"240", "480"}]


CHIP = re.compile(r'<a class="chip" href="/watch\?from=([^"]+)"')


async def test_a_list_that_is_seen_whole_and_holds_no_video_is_not_one_to_watch(browser, mei):
    ana = await stranger("ana")
    await tag_note(await noted(ana, "<p>No film</p>"), "tea")
    await tag_note(await filmed(ana, "Film"), "ferry")

    shown = {
        path: CHIP.findall(await (await browser.get(path)).text())
        for path in ("/tags/tea", "/tags/tea?show=video", "/tags/tea?show=photos", "/tags/ferry")
    }

    # Of a list that is narrowed to pictures nobody knows.
    assert shown == {
        "/tags/tea": [],
        "/tags/tea?show=video": [],
        "/tags/tea?show=photos": ["tag%3Atea"],
        "/tags/ferry": ["tag%3Aferry"],
    }


async def test_an_empty_page_leads_back_to_the_whole_list_and_to_videos_elsewhere(browser, mei):
    await tag_note(await noted(mei, "<p>No film</p>"), "tea")
    address = "/watch?from=tag:tea"

    bare = await (await browser.get(address)).text()
    await filmed(mei, "Film", audience=Audience.PUBLIC)
    full = await (await browser.get(address)).text()

    for page in (bare, full):
        assert '<a class="button primary" href="/tags/tea">' in page
    assert 'href="/watch?from=local"' not in bare
    assert 'href="/watch?from=local"' in full
