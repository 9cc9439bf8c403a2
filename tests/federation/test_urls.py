"""Whose is this address?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed
from federation.urls import canonical_host, host_of, is_http, is_under, origin, same_origin
from tests.federation.zoo import unhurried

SPELLINGS = [
    "bad.example",
    "BAD.example",
    "bad.example.",
    "bad.example:443",
    "bad.example.:443",
    "BAD.EXAMPLE.:443",
    " bad.example ",
    "ｂａｄ.example",
    "bad。example",
    "ⓑⓐⓓ.example",
    "bad\u00ad.example",
    "Bad．Example",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_SIG_17_a_blocked_domain_is_one_domain_however_it_is_spelled(spelling):
    assert canonical_host(spelling) == "bad.example"
    assert is_under(spelling, "bad.example")


@pytest.mark.parametrize("spelling", ["bücher.example", "BÜCHER.example", "xn--bcher-kva.example"])
def test_SIG_17_a_name_and_its_ascii_form_are_one(spelling):
    assert canonical_host(spelling) == "xn--bcher-kva.example"


def test_SIG_17_a_block_covers_what_lies_below_on_any_port_and_nothing_beside():
    assert is_under("social.bad.example", "bad.example")
    assert is_under("bad.example:8443", "bad.example")
    assert not is_under("notbad.example", "bad.example")
    assert not is_under("bad.example", "social.bad.example")
    assert not is_under("no host at all", "bad.example")


def test_idna_2008_keeps_apart_what_is_written_apart():
    assert canonical_host("faß.example") != canonical_host("fass.example")


@pytest.mark.parametrize(
    "host",
    [
        *(
            "",
            ".",
            "..",
            "a..b",
            "a.example..",
            "a b.example",
            "a/b",
            "a@b",
            "a:b",
            "a:0",
            "a:65536",
        ),
        *("[::1", "[zz]", "1.2.3", "0x7f.1", "256.1.1.1", "xn--\u00fc", "-\u2060.example"),
        *("a" * 64 + ".example", ".".join(["a" * 60] * 5), "%65xample.com", "exa\x00mple.com"),
    ],
)
def test_what_is_no_host_is_malformed(host):
    with pytest.raises(Malformed):
        print(canonical_host(host))


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("https://a.example/u", "a.example"),
        ("HTTPS://A.Example", "a.example"),
        ("https://a.example.:443/u", "a.example"),
        ("http://a.example:80/", "a.example"),
        ("http://a.example:443/", "a.example:443"),
        ("https://a.example:8443/u", "a.example:8443"),
        ("http://127.0.0.1:8001/u", "127.0.0.1:8001"),
        ("https://[0:0:0:0:0:0:0:1]/u", "[::1]"),
        ("https://[::1]:8443/u", "[::1]:8443"),
        ("https://bücher.example/?q", "xn--bcher-kva.example"),
    ],
)
def test_the_host_of_an_address_keeps_an_unusual_port(uri, host):
    assert host_of(uri) == host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://A.example.:443/y", True),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", True),
        ("https://a.example/", "http://a.example/", False),
        ("https://a.example/", "https://a.example:444/", False),
        ("https://a.example/", "https://b.a.example/", False),
        ("https://a.example/", "https://a.example.evil.example/", False),
        ("https://a.example/", "https://a.example@evil.example/", False),
        ("https://a.example/", "https://evil.example\\@a.example/", False),
        ("acct:a@a.example", "acct:a@a.example", False),
        ("", "", False),
    ],
)
def test_origins_are_compared_as_scheme_host_and_port(one, other, same):
    assert same_origin(one, other) is same


def test_an_origin_is_scheme_host_and_port():
    assert origin("https://A.example/u?x#y") == ("https", "a.example", 443)
    assert origin("http://[::1]:8000/") == ("http", "[::1]", 8000)
    with pytest.raises(Malformed):
        origin("ftp://a.example/")


@pytest.mark.parametrize(
    "uri",
    [
        *(
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.example/",
            "/u/a",
            "a.example",
            "https://",
        ),
        *("https:///x", "https://a.example/a b", "https://a.example/\n", "https://u:p@a.example/"),
        *("https://a.example\\x", 'https://a.example/"', "https://a.example/<x>", "ht\ttps://a"),
        *("https://exa%6dple.com/", "https://a.example/" + "x" * 1000, "\u00a0https://a.example"),
    ],
)
def test_ORG_10_only_absolute_web_addresses_without_tricks_are_links(uri):
    assert not is_http(uri)


@unhurried
@given(st.text(max_size=80))
def test_a_canonical_host_is_canonical(host):
    try:
        once = canonical_host(host)
    except Malformed:
        return

    assert canonical_host(once) == once
    assert once.isascii()
    assert once == once.lower()


@unhurried
@given(st.text(max_size=80))
def test_ORG_22_any_text_is_an_address_or_is_not(uri):
    if is_http(uri):
        same_origin(uri, uri)
    assert same_origin(uri, "https://a.example") in (True, False)
