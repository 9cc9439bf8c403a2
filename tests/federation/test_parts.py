"""The parts that actors and notes are both made of."""

import pytest
from hypothesis import given

from federation.parts import emojis_from, media_type_of, page_of, picture_from
from tests.federation.zoo import anything, unhurried

PAGE = "https://a.example/page"


def html(address):
    return {"type": "Link", "mediaType": "text/html", "href": address}


@pytest.mark.parametrize(
    "url",
    [
        PAGE,
        {"type": "Link", "href": PAGE},
        [{"type": "Link", "mediaType": "video/mp4", "href": "https://a.example/v.mp4"}, html(PAGE)],
        [{"type": "Link", "mimeType": "text/html", "href": PAGE}],
        [html("javascript:alert(1)"), html(PAGE)],
        ["mailto:ana@a.example", PAGE],
    ],
)
def test_the_page_is_the_first_that_says_it_is_one(url):
    assert page_of({"url": url}) == PAGE


def test_ORG_10_a_page_that_is_no_web_address_is_none():
    assert page_of({"url": "javascript:alert(1)"}) is None
    assert page_of({}) is None


def test_of_several_sizes_the_widest_is_taken():
    small, big = ({"url": f"https://a.example/{w}.png", "width": w} for w in (48, 120))

    assert picture_from([big, small]).url == picture_from([small, big]).url == big["url"]


def test_of_sizes_that_are_not_told_the_last_is_taken():
    pictures = [{"url": f"https://a.example/{each}.png"} for each in range(3)]

    assert picture_from(pictures).url == "https://a.example/2.png"


def test_a_picture_tells_what_it_shows():
    picture = picture_from({"type": "Image", "url": PAGE, "name": "name", "summary": "a cat"})

    assert (picture.alt, picture.width) == ("a cat", 0)
    assert picture_from(PAGE).url == PAGE
    assert picture_from({"type": "Image", "url": [{"href": PAGE}]}).url == PAGE


def test_ORG_10_a_picture_elsewhere_than_the_web_is_none():
    assert picture_from({"url": "file:///etc/passwd"}) is None
    assert picture_from("data:image/png;base64,") is None


def test_a_media_type_is_told_without_its_parameters():
    assert media_type_of({"mediaType": "Text/HTML; charset=utf-8"}) == "text/html"


def test_XSS_03_a_custom_emoji_has_a_plain_name_and_a_web_address():
    def emoji(name, url=PAGE):
        return {"type": "Emoji", "name": name, "icon": {"type": "Image", "url": url}}

    wrong = [emoji(':x" onerror=:'), emoji(":é:"), emoji(""), emoji(":y:", "javascript:x")]
    document = {
        "tag": [emoji(":blob:"), emoji("cat"), emoji(":blob:", "https://b.example"), *wrong]
    }

    assert emojis_from(document) == [
        {"shortcode": "blob", "url": PAGE},
        {"shortcode": "cat", "url": PAGE},
    ]


def test_one_emoji_may_come_without_a_list():
    tag = {"type": "Emoji", "name": ":blob:", "icon": {"url": PAGE}}

    assert emojis_from({"tag": tag}) == [{"shortcode": "blob", "url": PAGE}]


@unhurried
@given(anything)
def test_ORG_22_every_part_takes_anything(value):
    picture_from(value)
    page_of({"url": value})
    emojis_from({"tag": value})
    media_type_of({"mediaType": value})
