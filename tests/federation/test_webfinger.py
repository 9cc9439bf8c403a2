"""`@name@host` → actor."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from federation.client import Client, use_client
from federation.errors import ForbiddenAddress, Gone, Malformed, NotFound, Refused, Unreachable
from federation.webfinger import (
    Handle,
    find,
    found_in,
    host_meta,
    host_meta_json,
    jrd,
    look_up,
    parse_handle,
)
from tests.federation.traps import Names, Trap, document, reply

JRD = "application/jrd+json"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.fixture
async def trap():
    async with Trap() as opened:
        yield opened


@pytest.fixture(autouse=True)
async def away():
    async with Client(own_hosts=["our.test"], private_ok=True) as opened:
        use_client(opened)
        yield opened


def self_link(href, kind="application/activity+json"):
    return {"rel": "self", "type": kind, "href": href}


def asked_for(handle):
    return f"/.well-known/webfinger?resource=acct:{handle}"


@pytest.mark.parametrize(
    ("text", "handle"),
    [
        ("@ana@h.example", Handle("ana", "h.example")),
        ("!tea@h.example", Handle("tea", "h.example")),
        ("ana@h.example", Handle("ana", "h.example")),
        ("acct:ana@h.example", Handle("ana", "h.example")),
        ("ACCT:Ana.B-c_9@H.Example.", Handle("Ana.B-c_9", "h.example")),
        (" @ana@h.example\n", Handle("ana", "h.example")),
        ("ana@h.example:443", Handle("ana", "h.example")),
        ("ana@localhost:8000", Handle("ana", "localhost:8000")),
        ("h.example@h.example", Handle("h.example", "h.example")),
        ("@ana@bücher.example", Handle("ana", "xn--bcher-kva.example")),
        (f"{'a' * 64}@h.example", Handle("a" * 64, "h.example")),
    ],
)
def test_a_handle_is_read_however_it_is_written(text, handle):
    assert parse_handle(text) == handle


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ana",
        "@ana",
        "@h.example",
        "@@h.example",
        "ana@",
        "ana@h.example@evil.example",
        "ana@h.example/path",
        "ana@h.example?x",
        "ana@h.example#x",
        "an a@h.example",
        "ana@h example",
        ".ana@h.example",
        "ana.@h.example",
        "mëi@h.example",
        f"{'a' * 65}@h.example",
        f"ana@{'a' * 64}.example",
        "ana@h.example:99999",
        "ana@h..example",
        "https://h.example/@ana",
    ],
)
def test_what_is_no_handle_is_none(text):
    assert parse_handle(text) is None


@given(st.text() | st.from_regex(r"[@!]?[\w.-]{1,70}@[\w.:-]{1,70}"))
def test_every_handle_is_read_again_as_itself(text):
    handle = parse_handle(text)

    assert handle is None or parse_handle(f"@{handle}") == handle


@pytest.mark.parametrize("text", ["@a.a" * 25_000, "a." * 50_000, "a@" + "a." * 50_000, "@" * 99])
def test_DOS_05_a_hostile_handle_takes_no_time(text):
    begun = time.perf_counter()

    assert parse_handle(text) is None
    assert parse_handle(text[:400]) is None
    assert time.perf_counter() - begun < 0.1


async def test_a_handle_is_asked_of_its_host(trap):
    handle = Handle("Ana", trap.host)
    actor = trap.at("/u/ana")
    trap.on(
        asked_for(handle),
        document(
            {
                "subject": f"acct:ana@{trap.host}",
                "links": [
                    {"rel": "self", "type": "text/html", "href": trap.at("/")},
                    self_link(actor),
                    {
                        "rel": "http://ostatus.org/schema/1.0/subscribe",
                        "template": trap.at("/follow?{uri}"),
                    },
                ],
            },
            JRD,
        ),
    )

    assert await find(handle) == actor

    found = await look_up(handle)
    assert found.subject == Handle("ana", trap.host)
    assert found.subscribe == trap.at("/follow?{uri}")
    assert trap.requests[0].headers["accept"].startswith("application/jrd+json")
    assert "signature" not in trap.requests[0].headers


@pytest.mark.parametrize("kind", ["application/activity+json", LD_JSON])
def test_the_first_self_link_of_an_exact_type_counts(kind):
    links = [
        self_link("https://h.example/html", "text/html"),
        self_link("https://h.example/close", "application/activity+json; charset=utf-8"),
        self_link("https://h.example/first", kind),
        self_link("https://h.example/second"),
    ]

    assert found_in({"links": links}).uri == "https://h.example/first"


@pytest.mark.parametrize("links", [None, [], {}, "x", [1, None, {}], [{"rel": ["self"]}]])
def test_a_document_without_an_actor_is_not_found(links):
    with pytest.raises(NotFound):
        found_in({"subject": "acct:ana@h.example", "links": links})


@pytest.mark.parametrize("href", [None, 1, "", "/u/ana", "javascript:alert(1)", "ftp://h.example/"])
def test_ORG_10_an_actor_at_no_web_address_is_malformed(href):
    with pytest.raises(Malformed):
        found_in({"links": [self_link(href)]})


@pytest.mark.parametrize("subject", [None, 1, ["acct:a@h.example"], "https://h.example/u/ana"])
def test_a_subject_that_is_no_handle_is_none(subject):
    links = [self_link("https://h.example/u/ana")]

    assert found_in({"subject": subject, "links": links}).subject is None


@pytest.mark.parametrize(
    ("status", "kind"), [(404, NotFound), (410, Gone), (403, Refused), (500, Unreachable)]
)
async def test_refusals_keep_their_meaning(trap, status, kind):
    handle = Handle("ana", trap.host)
    trap.on(asked_for(handle), reply(status))

    with pytest.raises(kind) as caught:
        await find(handle)
    assert type(caught.value) is kind


async def test_gone_is_not_asked_elsewhere(trap):
    handle = Handle("ana", trap.host)
    trap.on(asked_for(handle), reply(410))

    with pytest.raises(Gone):
        await find(handle)
    assert len(trap.requests) == 1


async def test_on_404_host_meta_may_know_better(trap):
    handle = Handle("ana", trap.host)
    trap.on("/.well-known/host-meta", xrd(trap.at("/finger?q={uri}&amp;v=1")))
    trap.on(
        f"/finger?q=acct%3Aana%40{trap.host.replace(':', '%3A')}&v=1",
        document({"links": [self_link(trap.at("/u/ana"))]}, "application/json; charset=utf-8"),
    )

    assert await find(handle) == trap.at("/u/ana")


@pytest.mark.parametrize(
    "meta",
    [
        b"",
        b"<XRD/>",
        b'<XRD><Link rel="lrdd"/></XRD>',
        b'<XRD><Link rel="lrdd" template="https://h.example/no-uri"/></XRD>',
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',
        b"\xff\xfe\x00<Link",
    ],
)
async def test_a_host_meta_that_says_nothing_leaves_it_not_found(trap, meta):
    trap.on("/.well-known/host-meta", reply(200, meta, content_type="application/xrd+xml"))

    with pytest.raises(NotFound):
        await find(Handle("ana", trap.host))


async def test_a_host_meta_that_leads_back_is_not_followed(trap):
    trap.on("/.well-known/host-meta", xrd(trap.at("/.well-known/webfinger?resource={uri}")))

    with pytest.raises(NotFound):
        await find(Handle("ana", trap.host))
    assert len(trap.requests) <= 3


async def test_SSRF_05_host_meta_leads_to_no_inner_address(trap):
    trap.on("/.well-known/host-meta", xrd("http://169.254.169.254/?{uri}"))

    with pytest.raises(ForbiddenAddress):
        await find(Handle("ana", trap.host))


async def test_SSRF_05_a_handle_at_an_inner_address_is_not_asked():
    async with Trap() as trap:
        names = Names(trap.port, evil_example=["127.0.0.1"])
        async with Client(resolver=names) as strict:
            use_client(strict)
            for host in ("evil.example", "127.0.0.1", trap.host, "localhost"):
                with pytest.raises(ForbiddenAddress):
                    await find(Handle("ana", host))

        assert trap.connections == 0


async def test_ORG_08_our_own_handles_are_not_asked_for():
    with pytest.raises(Refused):
        await find(Handle("mei", "our.test"))


def xrd(template):
    body = f"""<?xml version='1.0' encoding='UTF-8'?>
        <XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'>
          <Link rel='other' template='https://h.example/{{uri}}'/>
          <Link type="application/xrd+xml" template="{template}" rel="lrdd" />
        </XRD>"""
    return reply(200, body.encode(), content_type="application/xrd+xml; charset=utf-8")


def test_our_group_says_that_it_is_one():
    told = jrd(
        Handle("tea", "h.example"),
        uri="https://h.example/g/tea",
        page="https://h.example/g/tea",
        kind="Group",
        base_url="https://h.example",
    )

    assert told["subject"] == "acct:tea@h.example"
    assert told["aliases"] == ["https://h.example/g/tea"]
    assert told["links"][:3] == [
        {
            "rel": "self",
            "type": "application/activity+json",
            "href": "https://h.example/g/tea",
            "properties": {"https://www.w3.org/ns/activitystreams#type": "Group"},
        },
        {
            "rel": "http://webfinger.net/rel/profile-page",
            "type": "text/html",
            "href": "https://h.example/g/tea",
        },
        {
            "rel": "http://ostatus.org/schema/1.0/subscribe",
            "template": "https://h.example/interact?uri={uri}",
        },
    ]


@pytest.mark.parametrize("kind", ["Person", "Group", "Application", "Service"])
def test_what_we_tell_is_what_we_would_find(kind):
    handle = Handle("mei", "h.example")

    told = jrd(
        handle,
        uri="https://h.example/u/mei",
        page="https://h.example/@mei",
        kind=kind,
        base_url="https://h.example",
    )

    assert [each["rel"] for each in told["links"]].count("self") == 1
    assert told["aliases"] == ["https://h.example/u/mei", "https://h.example/@mei"]
    found = found_in(told)
    assert (found.uri, found.subject) == ("https://h.example/u/mei", handle)


@pytest.mark.parametrize(("kind", "count"), [("Application", 1), ("Person", 0)])
def test_the_application_can_be_found_as_the_server_itself(kind, count):
    base = "https://h.example"

    told = jrd(Handle("x", "h.example"), uri=f"{base}/x", page=base, kind=kind, base_url=base)

    service = "https://www.w3.org/ns/activitystreams#Service"
    assert [each["rel"] for each in told["links"]].count(service) == count


def test_our_host_meta_leads_to_webfinger():
    (found,) = LexborHTMLParser(host_meta("https://h.example")).css("link")

    assert found.attributes["rel"] == "lrdd"
    assert found.attributes["template"] == "https://h.example/.well-known/webfinger?resource={uri}"


def test_our_host_meta_says_the_same_in_json():
    assert host_meta_json("https://h.example") == {
        "links": [
            {
                "rel": "lrdd",
                "type": "application/jrd+json",
                "template": "https://h.example/.well-known/webfinger?resource={uri}",
            }
        ]
    }


def test_who_asks_for_some_kinds_of_links_gets_those_alone():
    base = "https://h.example"
    asked = ["self", "http://webfinger.net/rel/avatar"]

    told = jrd(
        Handle("mei", "h.example"),
        uri=f"{base}/u/mei",
        page=f"{base}/@mei",
        kind="Person",
        base_url=base,
        rels=asked,
    )

    assert [each["rel"] for each in told["links"]] == ["self"]
    assert told["subject"] == "acct:mei@h.example"
