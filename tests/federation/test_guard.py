"""Which addresses may be called at all."""

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from federation import guard
from federation.errors import ForbiddenAddress
from tests.federation.traps import Names, Trap, reply

FORBIDDEN = """
    0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3
    169.254.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.9 192.0.0.170
    192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.168.255.255 192.175.48.1
    198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
    255.255.255.255
    :: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
    ::ffff:0:8.8.8.8 64:ff9b::8.8.8.8 64:ff9b::7f00:1 64:ff9b:1::1 100::1 100:0:0:1::1
    1fff:ffff::1 2001::1 2001:10::1 2001:20::1 2001:1ff::1 2001:db8::1 2002::1 2002:7f00:1::
    2620:4f:8000::1 3fff::1 3fff:fff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fe80::1 fec0::1
    ff02::1 2606:4700::1%eth0
    localhost 127.1 0x7f.1 2130706433 0177.0.0.1 1.1.1.1. ::g
"""
ALLOWED = """
    1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 93.184.216.34 100.63.255.255 100.128.0.1
    128.0.0.1 169.253.255.255 172.15.255.255 172.32.0.1 191.255.255.255 192.0.1.1 192.167.0.1
    198.17.255.255 198.20.0.1 203.0.114.1 223.255.255.255 ::ffff:8.8.8.8
    2000::1 2001:200::1 2001:4860:4860::8888 2003::1 2606:4700::1111 2a01:4f8::1 3ffe::1
"""
ONLY_IN_DEVELOPMENT = "127.0.0.1 10.1.1.1 172.16.0.1 192.168.1.1 ::1 fd00::1 ::ffff:127.0.0.1"
NEVER = "0.0.0.0 169.254.169.254 :: fe80::1 ff02::1 224.0.0.1 100.64.0.1 ::127.0.0.1"


@pytest.mark.parametrize("ip", ["", *FORBIDDEN.split()])
def test_SSRF_01_a_special_address_is_forbidden(ip):
    assert not guard.is_allowed(ip)


@pytest.mark.parametrize("ip", ALLOWED.split())
def test_SSRF_01_a_public_address_is_allowed(ip):
    assert guard.is_allowed(ip)


@pytest.mark.parametrize("ip", ONLY_IN_DEVELOPMENT.split())
def test_development_may_call_private_addresses(ip):
    assert guard.is_allowed(ip, private_ok=True)
    assert not guard.is_allowed(ip)


@pytest.mark.parametrize("ip", NEVER.split())
def test_SSRF_01_even_development_may_not_call_the_rest(ip):
    assert not guard.is_allowed(ip, private_ok=True)


@given(st.ip_addresses(v=4))
def test_SSRF_01_an_address_in_disguise_is_judged_as_itself(address):
    assert guard.is_allowed(f"::ffff:{address}") == guard.is_allowed(str(address))


@given(st.ip_addresses(v=4))
def test_SSRF_01_no_more_is_allowed_than_the_standard_library_calls_global(address):
    assert not guard.is_allowed(str(address)) or (address.is_global and not address.is_multicast)


@pytest.mark.parametrize(
    "url",
    [
        "https://h.example/u/ana",
        "https://h.example/u/ana?page=1&q=%E4%BD%A0",
        "https://H.Example./",
        "https://h.example/%7Eana/a%2Fb;c=d/(e)'f'/@g",
        "https://1.1.1.1/",
        "https://[2606:4700::1111]/",
    ],
)
def test_a_plain_url_goes_on_the_wire_as_it_was_written(url):
    assert str(guard.check_url(url)) == url


def test_the_port_of_https_may_be_said():
    assert str(guard.check_url("https://h.example:443/a")) == "https://h.example/a"


def test_a_url_in_other_letters_is_encoded():
    assert (
        str(guard.check_url("https://bücher.example/ä")) == "https://xn--bcher-kva.example/%C3%A4"
    )


@pytest.mark.parametrize(
    "url",
    [
        "http://h.example/",
        "ftp://h.example/",
        "ws://h.example/",
        "file:///etc/passwd",
        "//h.example/",
        "https:h.example",
        "https:///h.example",
        "https://",
        "",
        "https://h.example:80/",
        "https://h.example:8443/",
        "https://h.example:0/",
        "https://h.example:99999/",
        "https://h.example:port/",
        "https://user@h.example/",
        "https://user:word@h.example/",
        "https://@h.example/",
        "https://h.example/#part",
        "https://h.example/a b",
        "https://h.example/\r\nX-Evil: 1",
        "https://h.example\\@evil.example/",
        " https://h.example/",
        "https://h.example/\x00",
        "https://localhost/",
        "https://intranet/",
        "https://a..example/",
        "https://-a.example/",
        f"https://{'a' * 64}.example/",
        f"https://{'a.' * 130}example/",
        "https://h%2eexample/",
        "https://[::1%25lo]/",
        "https://[not.an.address]/",
        f"https://h.example/{'a' * 2048}",
    ],
)
def test_a_url_that_is_not_plain_https_is_refused(url):
    with pytest.raises(ForbiddenAddress):
        guard.check_url(url)


LITERALS = """
    127.0.0.1 127.0.0.1. 127.1 0x7f.1 0x7f000001 2130706433 017700000001 0177.0.0.1 0.0.0.0 0
    127.0.0.0x1 [::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1]
    169.254.169.254 [fd00:ec2::254] １２７.０.０.１ 127。0。0。1 ①②⑦.⓪.⓪.①
"""


@pytest.mark.parametrize("host", LITERALS.split())
def test_SSRF_02_no_spelling_of_an_inner_address_is_a_url(host):
    with pytest.raises(ForbiddenAddress):
        guard.check_url(f"https://{host}/")


def test_development_may_use_http_and_any_port_but_no_tricks():
    assert guard.check_url("http://localhost:8000/u/ana", private_ok=True).port == 8000
    assert guard.check_url("http://[::1]:8000/", private_ok=True).host == "::1"

    for url in ("http://u@127.0.0.1/", "ftp://127.0.0.1/", "http://0x7f.1/", "http://0.0.0.0/"):
        with pytest.raises(ForbiddenAddress):
            guard.check_url(url, private_ok=True)


@given(st.text() | st.from_regex(r"https?://[^/]{0,20}/.{0,20}"))
def test_whatever_is_written_is_a_url_or_refused(text):
    for private_ok in (True, False):
        try:
            checked = guard.check_url(text, private_ok=private_ok)
        except ForbiddenAddress:
            continue
        assert isinstance(checked, URL)
        assert str(checked).isascii()
        assert not set(str(checked)) & set(" \r\n\t\\")


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://h.example/b"),
        ("b?c=1", "https://h.example/a/b?c=1"),
        ("https://other.example/b#part", "https://other.example/b"),
        ("//other.example/b", "https://other.example/b"),
    ],
)
def test_a_redirect_leads_to_an_absolute_url(location, target):
    assert guard.next_hop("https://h.example/a/", location) == target


@pytest.mark.parametrize(
    "location",
    ["http://h.example/", "https://127.0.0.1/", "https://u@h.example/", "/\\evil", "https://["],
)
def test_SSRF_04_a_redirect_passes_the_whole_gate(location):
    with pytest.raises(ForbiddenAddress):
        guard.next_hop("https://h.example/a", location)


def test_ORG_04_a_redirect_never_leaves_https_even_in_development():
    with pytest.raises(ForbiddenAddress, match="from https"):
        guard.next_hop("https://localhost/a", "http://localhost/a", private_ok=True)

    assert guard.next_hop("http://localhost/a", "https://localhost/a", private_ok=True)


async def test_SSRF_02_the_connector_opens_no_socket_to_a_literal():
    async with Trap() as trap:
        connector = aiohttp.TCPConnector(socket_factory=guard.socket_factory())
        async with aiohttp.ClientSession(connector=connector) as session:
            for host in ("127.0.0.1", "[::ffff:127.0.0.1]"):
                with pytest.raises(aiohttp.ClientConnectorError) as caught:
                    await session.get(f"http://{host}:{trap.port}/")
                assert isinstance(caught.value.os_error, ForbiddenAddress)

        assert trap.connections == 0


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["2606:4700::1111", "::1"]]
)
async def test_SSRF_03_one_bad_record_refuses_the_name(addresses):
    resolver = guard.CheckedResolver(Names(evil_example=addresses))

    with pytest.raises(ForbiddenAddress):
        await resolver.resolve("evil.example")


async def test_SSRF_03_a_name_that_changes_its_mind_is_judged_each_time():
    addresses = ["93.184.216.34"]
    resolver = guard.CheckedResolver(Names(evil_example=addresses))

    assert [each["host"] for each in await resolver.resolve("evil.example")] == addresses

    addresses[0] = "127.0.0.1"
    with pytest.raises(ForbiddenAddress):
        await resolver.resolve("evil.example")


async def test_SSRF_03_not_a_byte_is_written_to_a_peer_that_should_not_be_there():
    async with Trap() as trap:
        trap.on("/", reply(200))
        async with aiohttp.ClientSession(request_class=guard.request_class()) as session:
            with pytest.raises(aiohttp.ClientOSError) as caught:
                await session.get(trap.at("/"))

        assert isinstance(caught.value.__cause__, ForbiddenAddress)
        assert trap.received == b""
