"""Notes of other programs, looked at here: Pixelfed, Loops, PeerTube and Lemmy."""

import re

import pytest
from tortoise.expressions import Q

from federation.vocabulary import PUBLIC
from notes.attachments import Attachment
from notes.incoming import keep, prepare
from notes.reading import note_document_from
from notes.remote_media import LARGE, SMALL, remote_path
from tests.factories import stranger

HOST = "https://elsewhere.example"


@pytest.fixture
async def ana(here):
    """Ana, who lives elsewhere."""
    return await stranger("ana")


async def came(author, **document):
    """A note that came in this form."""
    whole = {
        "id": f"{HOST}/things/1",
        "type": "Note",
        "attributedTo": author.uri,
        "to": [PUBLIC],
        "content": "<p>Look</p>",
        "published": "2026-11-20T10:00:00Z",
    } | document
    note, _ = await keep(await prepare(note_document_from(whole), author))
    return note


async def ours(path, which=SMALL):
    """Where we hand out this file of theirs; a video's small form is its poster."""
    url = HOST + path
    found = await Attachment.get(Q(remote_url=url) | Q(poster_url=url))
    return remote_path(found, which)


async def both(browser, note):
    """Its page, and the list it stands in."""
    page = await (await browser.get(note.page)).text()
    return page, await (await browser.get("/federated")).text()


async def test_an_album_of_pixelfed_is_a_carousel_with_its_descriptions(browser, ana):
    pictures = [
        {
            "type": "Image",
            "mediaType": "image/jpeg",
            "url": f"{HOST}/{number}.jpg",
            "name": f"Hill {number}",
            "width": 1080,
            "height": 1350,
            "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
            "focalPoint": [0.0, 0.9],
        }
        for number in range(3)
    ]
    page, cards = await both(browser, await came(ana, attachment=pictures))

    assert len(re.findall(r"data-view", page)) == 3
    assert 'alt="Hill 2" width="1080" height="1350"' in page
    assert page.count('<summary aria-label="Description of the picture">ALT</summary>') == 3
    assert f'<img class="fx2 fy0" src="{await ours("/0.jpg")}"' in cards
    assert re.search(r'aria-label="3 pictures".*?</svg>3', cards)


async def test_a_note_of_loops_is_a_video_with_its_poster(browser, ana):
    film = {
        "type": "Document",
        "mediaType": "video/mp4",
        "url": f"{HOST}/film.mp4",
        "preview": {"type": "Image", "url": f"{HOST}/film.jpg"},
        "width": 720,
        "height": 1280,
        "duration": "PT21S",
    }
    page, cards = await both(browser, await came(ana, attachment=[film]))

    assert f'poster="{await ours("/film.jpg")}" width="720" height="1280"' in page
    assert f'<source src="{await ours("/film.mp4", LARGE)}" type="video/mp4">' in page
    assert "0:21" in cards
    assert 'href="/watch?from=federated' in cards


async def test_a_video_of_peertube_has_its_shape_poster_and_length(browser, ana):
    files = [
        {"type": "Link", "mediaType": "text/html", "href": f"{HOST}/w/1"},
        *(
            {"type": "Link", "mediaType": "video/mp4", "href": f"{HOST}/{h}.mp4", "height": h}
            for h in (2160, 1080, 480)
        ),
    ]
    icon = {"type": "Image", "mediaType": "image/jpeg", "url": f"{HOST}/p.jpg", "width": 850, "height": 480}  # fmt: skip  # noqa: E501
    note = await came(
        ana, type="Video", name="A long walk", duration="PT245S", url=files, icon=[icon]
    )
    page, cards = await both(browser, note)

    assert f'poster="{await ours("/p.jpg")}" width="850" height="480"' in page
    assert f'<source src="{await ours("/480.mp4", LARGE)}" type="video/mp4">' in page
    assert "A long walk" in page
    assert "4:05" in cards
    assert f'src="{await ours("/p.jpg")}"' in cards


async def test_a_page_of_lemmy_shares_its_link_as_a_card(browser, ana):
    note = await came(
        ana,
        type="Page",
        name="How bread rises",
        attachment=[{"type": "Link", "href": "https://bakers.example/rising"}],
        image={"type": "Image", "url": f"{HOST}/thumb.jpg"},
    )
    page, cards = await both(browser, note)

    card = re.search(
        r'<a class="link-card" href="https://bakers.example/rising".*?</a>', page, re.S
    )
    assert "bakers.example/rising" in card[0]
    assert f'src="{await ours("/thumb.jpg")}"' in card[0]
    assert "carousel" not in re.sub("carousel.js", "", page.partition("note-side")[0])
    assert "How bread rises" in cards
    assert f'src="{await ours("/thumb.jpg")}"' in cards
    status = await (await browser.get(f"/api/v1/statuses/{note.id}")).json()
    assert status["media_attachments"] == []
    assert status["card"]["url"] == "https://bakers.example/rising"
    assert status["card"]["image"].endswith(await ours("/thumb.jpg"))
    alone = await (await browser.get(f"/api/v1/statuses/{note.id}/card")).json()
    assert alone == status["card"]


async def test_a_link_beside_a_picture_of_mbin_is_kept_as_a_card(browser, ana):
    link = {"type": "Link", "href": "https://bakers.example/rising"}
    picture = {"type": "Image", "mediaType": "image/png", "url": f"{HOST}/loaf.png"}
    page, _ = await both(browser, await came(ana, type="Page", attachment=[link, picture]))

    assert 'class="link-card" href="https://bakers.example/rising"' in page
    assert "data-view" in page


@pytest.mark.parametrize(("media_type", "name"), [("video/mp4", "Video"), ("audio/ogg", "Sound")])
async def test_a_video_and_a_sound_are_not_called_a_picture(browser, ana, media_type, name):
    file = {"type": "Document", "mediaType": media_type, "url": f"{HOST}/1", "name": "Rain"}
    page, _ = await both(browser, await came(ana, attachment=[file]))

    assert f'data-carousel aria-label="{name}"' in page
    assert '<summary aria-label="Description">ALT</summary>' in page


async def test_a_link_without_a_picture_is_a_card_of_words(browser, ana):
    link = {"type": "Link", "href": "https://bakers.example/rising"}
    page, cards = await both(browser, await came(ana, attachment=[link]))

    assert 'class="link-card" href="https://bakers.example/rising"' in page
    assert 'class="card words"' in cards
