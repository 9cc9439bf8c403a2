"""What a document encloses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.enclosures import enclosures_of, seconds
from tests.federation.zoo import anything, documents, unhurried

PICTURE = "https://a.example/a.jpg"


def one(attachment, kind="Note"):
    (found,) = enclosures_of({"attachment": attachment}, kind)
    return found


def file(media_type, address, **more):
    return {"type": "Link", "mediaType": media_type, "href": address} | more


def test_a_picture_is_read_with_all_that_is_told_of_it():
    found = one(
        {
            "type": "Document",
            "mediaType": "image/webp",
            "url": PICTURE,
            "name": "a cat",
            "width": 1080,
            "height": 1440,
            "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
            "focalPoint": [-3, 0.2],
        }
    )

    assert (found.kind, found.media_type, found.url, found.alt) == (
        "image",
        "image/webp",
        PICTURE,
        "a cat",
    )
    assert (found.width, found.height, found.focus) == (1080, 1440, (-1.0, 0.2))
    assert found.blurhash == "LEHV6nWB2yk8pyo0adR*.7kCMdnj"


def test_a_video_has_a_length_and_a_poster():
    video = {"type": "Document", "mediaType": "video/mp4", "url": "https://a.example/v.mp4"}

    found = one(video | {"duration": "PT21S", "icon": {"type": "Image", "url": PICTURE}})

    assert (found.kind, found.duration, found.poster) == ("video", 21.0, PICTURE)
    assert one(video | {"preview": {"type": "Image", "url": {"href": PICTURE}}}).poster == PICTURE


@pytest.mark.parametrize(
    ("attachment", "kind"),
    [
        ({"type": "Image", "url": "https://a.example/x"}, "image"),
        ({"type": "Document", "url": "https://a.example/x.mp3"}, "audio"),
        ({"type": "Document", "url": "https://a.example/x.pdf"}, "link"),
        ({"type": "Video", "url": "https://a.example/x"}, "video"),
        ({"type": "Link", "href": "https://a.example/x"}, "link"),
        ({"type": "Link", "href": "https://a.example/x", "mediaType": "image/png"}, "image"),
        ({"type": "Page", "url": "https://a.example/x"}, "link"),
        ({"type": "Document", "url": [file("image/png", "https://a.example/x")]}, "image"),
        (
            {"type": "Document", "url": {"href": "https://a.example/x", "mimeType": "audio/ogg"}},
            "audio",
        ),
        ({"type": "Image", "url": ["https://a.example/x"]}, "image"),
    ],
)
def test_what_it_is_is_told_by_media_type_name_or_kind(attachment, kind):
    found = one(attachment)

    assert found.kind == kind
    assert found.url.startswith("https://a.example/x")


@pytest.mark.parametrize(
    "url", [None, 3, "", "javascript:alert(1)", "data:image/png;base64,", {}, [{}], "//x"]
)
def test_ORG_10_what_is_not_on_the_web_is_left_out(url):
    assert enclosures_of({"attachment": [{"type": "Image", "url": url}]}, "Note") == []


def test_DOS_01_the_surplus_is_left_out_and_each_address_stands_once():
    many = [{"type": "Image", "url": f"https://a.example/{each}.png"} for each in range(40)]

    assert len(enclosures_of({"attachment": many}, "Note")) == 20
    assert len(enclosures_of({"attachment": [many[0], many[0]]}, "Note")) == 1


@pytest.mark.parametrize("wrong", [-1, 0, 10**9, "12", True, None, []])
def test_sides_that_cannot_be_are_unknown(wrong):
    assert one({"type": "Image", "url": PICTURE, "width": wrong}).width == 0


@pytest.mark.parametrize("wrong", ["", "short", "x" * 165, "L<script>", 3, None])
def test_a_blurhash_that_is_none_is_left_out(wrong):
    assert one({"type": "Image", "url": PICTURE, "blurhash": wrong}).blurhash == ""


@pytest.mark.parametrize("wrong", [None, [], [0], [0, "1"], {"x": 1}, "0,0"])
def test_a_focus_that_is_none_is_left_out(wrong):
    assert one({"type": "Image", "url": PICTURE, "focalPoint": wrong}).focus is None


def test_of_a_video_the_file_that_suits_most_screens_is_taken():
    files = [file("video/mp4", f"https://a.example/{h}.mp4", height=h) for h in (1080, 480, 720)]
    document = {"url": [file("text/html", "https://a.example/"), *files], "name": "A film"}

    (found,) = enclosures_of(document, "Video")

    assert (found.url, found.kind, found.alt) == ("https://a.example/720.mp4", "video", "")


def test_a_video_within_a_playlist_is_found():
    inner = [file("video/mp4", "https://a.example/1080.mp4", height=1080)]
    playlist = file("application/x-mpegURL", "https://a.example/all.m3u8", tag=inner)

    assert enclosures_of({"url": [playlist]}, "Video")[0].url == "https://a.example/1080.mp4"


def test_a_video_that_is_nothing_but_a_playlist_is_a_link_to_its_page():
    playlist = file("application/x-mpegURL", "https://a.example/all.m3u8")
    page = file("text/html", "https://a.example/watch/1")
    cover = {"type": "Image", "url": PICTURE}

    (found,) = enclosures_of({"url": [playlist, page], "icon": cover}, "Video")
    (without_page,) = enclosures_of({"url": [playlist]}, "Video")

    assert (found.kind, found.url, found.poster) == ("link", "https://a.example/watch/1", PICTURE)
    assert (without_page.kind, without_page.url) == ("link", "https://a.example/all.m3u8")


def test_of_a_video_the_kind_that_plays_everywhere_is_taken():
    files = [
        file("video/webm", "https://a.example/720.webm", height=720),
        file("video/mp4", "https://a.example/480.mp4", height=480),
    ]

    assert enclosures_of({"url": files}, "Video")[0].url == "https://a.example/480.mp4"
    assert enclosures_of({"url": files[:1]}, "Video")[0].url == "https://a.example/720.webm"


def test_sound_alone_and_pictures_alone_are_not_taken_for_the_video():
    def told(*kinds):
        return [
            {"type": "PropertyValue", "name": "ffprobe_codec_type", "value": kind} for kind in kinds
        ]

    files = [
        file("video/mp4", "https://a.example/0.mp4", height=0),
        file("video/mp4", "https://a.example/silent.mp4", height=720, attachment=told("video")),
        file(
            "video/mp4",
            "https://a.example/1080.mp4",
            height=1080,
            attachment=told("video", "audio"),
        ),
    ]

    assert enclosures_of({"url": files}, "Video")[0].url == "https://a.example/1080.mp4"
    assert enclosures_of({"url": files[:2]}, "Video")[0].url == "https://a.example/silent.mp4"


def test_sound_and_pictures_may_be_posts_themselves():
    (sound,) = enclosures_of({"url": [file("audio/ogg", "https://a.example/x")]}, "Audio")
    (picture,) = enclosures_of({"url": PICTURE}, "Image")

    assert (sound.kind, picture.kind) == ("audio", "image")


def test_a_cover_stands_in_front_and_a_preview_behind_its_link():
    image = {"type": "Image", "url": PICTURE}
    shared = {"type": "Link", "href": "https://b.example/"}

    (cover,) = enclosures_of({"image": image}, "Article")
    (link,) = enclosures_of({"image": image, "attachment": [shared]}, "Page")

    assert (cover.kind, cover.url) == ("image", PICTURE)
    assert (link.kind, link.poster) == ("link", PICTURE)


def test_pictures_that_are_addresses_alone_are_pictures():
    pictures = [PICTURE, "https://a.example/second.jpg"]

    found = enclosures_of({"image": pictures}, "Note")

    assert [(each.kind, each.url) for each in found] == [("image", url) for url in pictures]


def test_a_thumbnail_of_what_is_attached_is_not_shown_twice():
    attached = {"type": "Image", "url": "https://a.example/full.jpg"}

    found = enclosures_of({"image": {"url": PICTURE}, "attachment": [attached]}, "Page")

    assert [each.url for each in found] == ["https://a.example/full.jpg"]


@pytest.mark.parametrize(
    ("value", "read"),
    [
        ("PT21S", 21),
        ("PT1H2M3.5S", 3723.5),
        ("P1DT1S", 86401),
        ("P0Y0M0DT0H1M0S", 60),
        (12.5, 12.5),
        ("P1Y", None),
        ("21", None),
        (-1, None),
        (True, None),
        (None, None),
        ("PT" + "1" * 90 + "S", None),
    ],
)
def test_durations(value, read):
    assert seconds(value) == read


kinds = st.sampled_from(["Note", "Video", "Audio", "Image", "Document", "Page"])


@unhurried
@given(documents(attachment=anything, url=anything, image=anything, icon=anything), kinds)
def test_ORG_22_anything_encloses_something_or_nothing(document, kind):
    for each in enclosures_of(document, kind):
        assert each.url.startswith("https://")
        assert each.kind in ("image", "video", "audio", "link")
