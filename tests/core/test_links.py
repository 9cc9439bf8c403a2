"""Where addresses end, and that each one found may be linked to."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.links import URL_IN_TEXT, shown_parts, url_at, web_link

LETTERS = st.sampled_from(
    [*"aZ0._-~:/?#[]@!$&'()*+,;=%\\^`{|}<>\" \n茶，。é", "https://", "http://"]
)


@given(st.lists(LETTERS, max_size=30).map("".join))
@settings(deadline=None, max_examples=500)
def test_XSS_02_every_address_found_in_text_may_be_linked_to(text: str) -> None:
    for found in URL_IN_TEXT.finditer(text):
        url = url_at(text, found.start())

        assert url is not None
        assert web_link(url) == url
        assert web_link(found[0]) == found[0]


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://a.example.", "https://a.example"),
        ("https://a.example/x?y=1#z!", "https://a.example/x?y=1#z"),
        ("https://a.example/Tea_(meal))", "https://a.example/Tea_(meal)"),
        ("https://a.example/x).", "https://a.example/x"),
        ("https://a.example/[x]]", "https://a.example/[x]"),
        ("https://a.example**", "https://a.example"),
        ("https://a.example/x**", "https://a.example/x"),
        ("https://a.example/茶", "https://a.example/"),
        ("https://a.example，", "https://a.example"),
        ("https://bücher.example/ä", "https://bücher.example/ä"),
        ("https://例え.jp/x", "https://例え.jp/x"),
        ("HTTPS://A.EXAMPLE/X", "HTTPS://A.EXAMPLE/X"),
        ("http://localhost:8000/@mei", "http://localhost:8000/@mei"),
        ("https://a.example/”", "https://a.example/"),
    ],
)
def test_an_address_ends_before_what_belongs_to_the_sentence(text: str, url: str) -> None:
    assert url_at(text, 0) == url


@pytest.mark.parametrize(
    "text",
    ["https://", "http://.", "ftp://a.example", "https:/a.example", "https://_a", "a.example"],
)
def test_these_are_no_addresses(text: str) -> None:
    assert url_at(text, 0) is None


def test_an_address_is_shown_without_its_scheme_and_its_end() -> None:
    url = "https://www.a.example/" + "long/" * 10

    scheme, shown, rest = shown_parts(url)

    assert (scheme, shown) == ("https://www.", "a.example/long/long/long/long/")
    assert scheme + shown + rest == url
