"""The first link of a note, and what a page tells of itself."""

import pytest

from notes.card_reading import page_from
from notes.cards import first_link

PAGE = b"""<!doctype html><html lang="en-GB"><head><title>Plain</title>
<meta property="og:title" content="A &lt;b&gt;walk"><meta property="og:title" content="Second">
<meta name="description" content="Along the river"><meta property="og:site_name" content="Walks">
<meta property="og:image" content="/a.png"><meta property="og:image:alt" content="A river">
<meta property="og:image:width" content="640"><meta property="og:image:height" content="-3">
<meta name="author" content="Ana"><meta property="article:author" content="https://w.test/ana">
<meta property="article:published_time" content="2026-01-02T03:04:05Z">
</head><body></body></html>"""


@pytest.mark.parametrize(
    ("html", "url"),
    [
        ("<p>no</p>", None),
        ('<p><a href="https://a.test/?x=1&amp;y=2">x</a></p>', "https://a.test/?x=1&y=2"),
        ('<p><a href="https://b.test/u" class="u-url mention">@b</a></p>', None),
        ('<p><a class="mention hashtag" href="https://b.test/t">#t</a></p>', None),
        (
            '<p class="quote-inline">RE: <a href="https://q.test/1">q</a></p>'
            '<p><a href="https://c.test/">c</a> <a href="https://d.test/">d</a></p>',
            "https://c.test/",
        ),
        (f'<p><a href="https://a.test/{"x" * 1000}">x</a></p>', None),
    ],
)
def test_the_first_link_is_neither_a_name_nor_a_quote(html, url):
    assert first_link(html) == url


def test_a_page_is_read_by_what_it_says_of_itself():
    read = page_from(PAGE, "https://w.test/walk")

    assert read.title == "A <b>walk"
    assert read.description == "Along the river"
    assert read.language == "en-GB"
    assert (read.author_name, read.author_url) == ("Ana", "https://w.test/ana")
    assert read.provider_name == "Walks"
    assert (read.image_url, read.image_alt) == ("https://w.test/a.png", "A river")
    assert (read.width, read.height) == (640, 0)
    assert read.published_at is not None


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"\xff\xfe\x00",
        b"<meta content='x'>",
        b"<html lang='\"><script>'><meta property='og:image' content='javascript:alert(1)'>",
        b"<meta property='og:image' content='http://[::1'><meta property='og:title' content=''>",
        b"<meta property='og:image:width' content='99999999999999999999'>" * 3000,
    ],
)
def test_XSS_08_odd_pages_say_nothing(html):
    read = page_from(html, "https://w.test/")

    assert (read.title, read.image_url, read.width, read.language) == ("", "", 0, "")
    assert read.published_at is None
