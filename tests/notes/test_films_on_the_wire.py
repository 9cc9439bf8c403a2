"""What other servers and apps are told of a video."""

import pytest

from core.settings import settings
from federation.base58 import encode
from notes.attachments import Attachment, Media
from notes.documents import document_of, parts_of
from notes.enclosures import enclosures_of
from notes.media_files import MediaFile, Role
from notes.note import Audience
from notes.words import content_of
from tests.factories import noted
from web.api.entities.media import media_of


def key(letter: str, suffix: str) -> str:
    return f"{letter * 2}/{letter * 2}/{letter * 64}.{suffix}"


FILES = (
    (Role.VIDEO, key("a", "mp4"), "video/mp4", 720, 1280),
    (Role.POSTER, key("b", "jpg"), "image/jpeg", 720, 1280),
    (Role.POSTER, key("c", "avif"), "image/avif", 720, 1280),
    (Role.POSTER, key("d", "jpg"), "image/jpeg", 240, 427),
    (Role.CAPTIONS, key("e", "vtt"), "text/vtt", 0, 0),
    (Role.ORIGINAL, key("f", "mp4"), "video/mp4", 720, 1280),
)


@pytest.fixture
async def filmed(here, settle):
    """Make a note with a video of 21 seconds."""

    async def film(**columns):
        mei = await settle("mei")
        note = await noted(mei, **columns)
        video = await Attachment.create(
            owner_id=mei.id,
            note_id=note.id,
            media=Media.VIDEO,
            media_type="video/mp4",
            alt="a kettle",
            width=720,
            height=1280,
            duration=20.96,
            frame_rate="30000/1001",
            channels=2,
            blurhash="LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        )
        for role, name, kind, width, height in FILES:
            await MediaFile.create(
                attachment_id=video.id,
                role=role,
                key=name,
                media_type=kind,
                width=width,
                height=height,
                size=100_000,
                language="zh-CN" if role is Role.CAPTIONS else "",
            )
        return note

    return film


async def test_a_video_is_sent_as_other_servers_read_it(filmed):
    note = await filmed()

    parts = await parts_of([note])
    (sent,) = document_of(note, parts[note.id])["attachment"]

    def address(name):
        return settings().url(f"/media/{name}")

    assert sent == {
        "type": "Document",
        "mediaType": "video/mp4",
        "url": address(FILES[0][1]),
        "name": "a kettle",
        "width": 720,
        "height": 1280,
        "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        "size": 100_000,
        "digestMultibase": encode(b"\x12\x20" + b"\xaa" * 32),
        "duration": "PT21S",
        "icon": {
            "type": "Image",
            "mediaType": "image/jpeg",
            "url": address(FILES[1][1]),
            "width": 720,
            "height": 1280,
        },
        "preview": {
            "type": "Image",
            "url": {"type": "Link", "href": address(FILES[1][1]), "mediaType": "image/jpeg"},
        },
        "subtitleLanguage": [
            {
                "identifier": "zh-CN",
                "name": "中文 (简体, 中国)",
                "url": address(FILES[4][1]),
            }
        ],
    }


@pytest.mark.parametrize(
    ("count", "audience", "told"),
    [(4, "public", False), (5, "public", True), (18, "quiet", True), (5, "followers", False)],
)
async def test_pictures_beyond_the_fourth_are_led_to_and_we_read_it_without(
    here, settle, count, audience, told
):
    mei = await settle("mei")
    note = await noted(mei, "<p>Hills</p>", audience=Audience(audience), language="en")
    for number in range(count):
        await Attachment.create(
            owner_id=mei.id, note_id=note.id, remote_url=f"https://x.example/{number}"
        )

    document = document_of(note, (await parts_of([note]))[note.id])

    assert (f"🖼️ +{count - 4} <a" in document["content"]) is told
    assert (f'href="{settings().url(note.page)}"' in document["content"]) is told
    assert document["contentMap"] == {"en": document["content"]}
    assert content_of(document) == "<p>Hills</p>"
    assert note.content == "<p>Hills</p>"


async def test_we_read_our_own_videos(filmed):
    note = await filmed()

    document = document_of(note, (await parts_of([note]))[note.id])
    (read,) = enclosures_of(document, "Note")

    assert (read.kind, read.duration, read.width, read.height) == ("video", 21.0, 720, 1280)
    assert (read.url, read.poster) == (
        document["attachment"][0]["url"],
        document["attachment"][0]["icon"]["url"],
    )


async def test_MED_11_a_video_of_a_note_for_few_is_sent_with_addresses_that_end(filmed):
    note = await filmed(audience=Audience.FOLLOWERS)

    (sent,) = document_of(note, (await parts_of([note]))[note.id])["attachment"]

    addresses = [
        sent["url"],
        sent["icon"]["url"],
        sent["preview"]["url"]["href"],
        sent["subtitleLanguage"][0]["url"],
    ]
    assert all("?until=" in each and "&stamp=" in each for each in addresses)


async def test_apps_are_told_how_a_video_plays(filmed):
    note = await filmed()
    (video,) = (await parts_of([note]))[note.id].attachments

    meta = media_of(video, is_open=True).meta

    assert meta["length"] == "0:00:20.96"
    assert meta["fps"] == 30
    assert (meta["audio_encode"], meta["audio_channels"]) == ("aac", "stereo")
    assert meta["original"] == {
        "width": 720,
        "height": 1280,
        "frame_rate": "30000/1001",
        "duration": 20.96,
        "bitrate": 38168,
    }
    assert (meta["small"]["width"], meta["small"]["height"]) == (480, 853)
