"""The only way out, tried on servers that mean harm."""

import asyncio
import gzip
import re
import tracemalloc
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import federation
from federation import fetching
from federation.allowance import Budget, OverBudget
from federation.client import Client, client, use_client
from federation.errors import (
    ForbiddenAddress,
    Gone,
    Malformed,
    NotFound,
    Refused,
    TooLarge,
    Unbelievable,
    Unreachable,
)
from federation.keys import new_rsa
from federation.signatures import Letter, Signer, digest_of, signed_by, verify
from federation.vocabulary import AS2
from tests.federation.traps import Names, Trap, bomb, document, drip, redirect, reply, silence

MEGABYTE = 1024 * 1024


def document_of(body, **headers):
    return reply(200, body, content_type=AS2, **headers)


def in_chunks(body):
    chunks = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    return document_of(chunks, content_length=None, transfer_encoding="chunked")


@pytest.fixture
async def trap():
    async with Trap() as opened:
        yield opened


@pytest.fixture
async def other():
    async with Trap() as opened:
        yield opened


@pytest.fixture
async def away():
    async with Client(own_hosts=["our.test"], private_ok=True) as opened:
        yield opened


@pytest.fixture
async def hasty():
    async with Client(private_ok=True, timeout_s=0.3, media_timeout_s=0.3) as opened:
        yield opened


PRIVATE, PUBLIC = new_rsa()


@pytest.fixture
def signer():
    return Signer("https://our.test/actor#main-key", PRIVATE)


def verify_as(signer, request, trap):
    letter = Letter(
        method=request.method,
        target=request.target,
        headers=list(request.headers.items()),
        body=request.body,
        host=trap.host,
        base_url=trap.at(""),
    )
    signed = signed_by(letter)
    assert signed.key_id == signer.key_id
    verify(letter, signed, PUBLIC)


async def test_an_object_is_fetched_from_its_own_address(trap, away, signer):
    url = trap.on("/n/1", document({"id": trap.at("/n/1"), "type": "Note"}))

    assert await away.fetch_object(url, signer) == {"id": url, "type": "Note"}

    (request,) = trap.requests
    assert request.headers["accept"].startswith("application/activity+json")
    assert request.headers["host"] == trap.host
    assert request.headers["user-agent"] == "Rubric"
    verify_as(signer, request, trap)


async def test_without_a_signer_nothing_is_signed(trap, away):
    url = trap.on("/n/1", document({"id": trap.at("/n/1")}))

    await away.fetch_object(url)

    assert "signature" not in trap.requests[0].headers


async def test_the_target_goes_out_as_it_was_written(trap, away):
    url = trap.on("/%7Eana/%E4%BD%A0?b=2&a=1%2F2", document({"id": trap.at("/x")}))

    assert (await away.fetch(url)).url == url


# Whose word is it? (ORG)


async def test_ORG_01_a_document_that_speaks_for_another_host_is_not_believed(trap, other, away):
    url = trap.on("/n/1", document({"id": other.at("/n/1")}))
    other.on("/n/1", document({"id": other.at("/n/1")}))

    with pytest.raises(Unbelievable):
        await away.fetch_object(url)
    assert other.connections == 0


async def test_ORG_01_another_id_of_the_same_origin_is_asked_once(trap, away):
    url = trap.on("/@ana", document({"id": trap.at("/u/ana"), "name": "as told at /@ana"}))
    trap.on("/u/ana", document({"id": trap.at("/u/ana"), "name": "as told at /u/ana"}))

    assert (await away.fetch_object(url))["name"] == "as told at /u/ana"


@pytest.mark.parametrize(
    "elsewhere",
    [{"id": "/n/3"}, {}, {"id": ["/n/2"]}, {"id": "/n/2/"}],
)
async def test_ORG_01_it_must_then_speak_for_itself(trap, away, elsewhere):
    if isinstance(elsewhere.get("id"), str):
        elsewhere = {"id": trap.at(elsewhere["id"])}
    url = trap.on("/n/1", document({"id": trap.at("/n/2")}))
    trap.on("/n/2", document(elsewhere))

    with pytest.raises(Unbelievable):
        await away.fetch_object(url)
    assert len(trap.requests) == 2


async def test_ORG_01_an_id_that_redirects_does_not_speak_for_itself(trap, away):
    url = trap.on("/n/1", redirect("/n/2"))
    trap.on("/n/2", document({"id": trap.at("/n/1")}))

    with pytest.raises(Malformed, match="redirects"):
        await away.fetch_object(url)


@pytest.mark.parametrize("claimed", [{}, {"id": None}, {"id": 1}, {"id": ["a"]}, {"id": {}}])
async def test_ORG_01_a_document_without_an_id_is_malformed(trap, away, claimed):
    url = trap.on("/n/1", document(claimed))

    with pytest.raises(Malformed):
        await away.fetch_object(url)


async def test_ORG_01_a_redirect_lends_the_authority_of_where_it_ends(trap, other, away):
    url = trap.on("/n/1", redirect(other.at("/n/2")))
    other.on("/n/2", document({"id": other.at("/n/2")}))
    assert (await away.fetch_object(url))["id"] == other.at("/n/2")

    other.on("/n/2", document({"id": trap.at("/n/1")}))
    with pytest.raises(Unbelievable):
        await away.fetch_object(url)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/activity+json",
        "Application/Activity+JSON; charset=utf-8",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json; profile="https://a.example https://www.w3.org/ns/activitystreams"',
    ],
)
async def test_ORG_02_activitypub_is_read(trap, away, content_type):
    url = trap.on("/n/1", document({"id": trap.at("/n/1")}, content_type))

    assert await away.fetch_object(url)


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "text/plain",
        "text/html; charset=utf-8",
        "application/ld+json",
        'application/ld+json; profile="https://example.org/"',
        "image/png",
        "application/activity+json-seq",
        "text/plain\r\nContent-Type: application/activity+json",
        "",
    ],
)
async def test_ORG_02_a_file_that_looks_like_activitypub_is_not(trap, away, content_type):
    url = trap.on("/n/1", document({"id": trap.at("/n/1")}, content_type))

    with pytest.raises(Malformed):
        await away.fetch_object(url)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (201, Refused),
        (206, Refused),
        (400, Refused),
        (401, Refused),
        (403, Refused),
        (404, NotFound),
        (410, Gone),
        (500, Unreachable),
        (503, Unreachable),
        (429, Unreachable),
    ],
)
async def test_ORG_02_only_200_carries_a_document(trap, away, status, kind):
    body = b'{"id": "%s"}' % trap.at("/n/1").encode()
    url = trap.on("/n/1", reply(status, body, content_type=AS2, retry_after="7"))

    with pytest.raises(kind) as caught:
        await away.fetch_object(url)
    assert getattr(caught.value, "retry_after", 7) == 7


@pytest.mark.parametrize(
    "uri", ["http://our.test/u/mei", "http://OUR.test./u/mei", "https://our.test:443/u/mei"]
)
async def test_ORG_08_what_is_ours_is_never_fetched(trap, uri):
    names = Names(trap.port, **{"our_test": ["127.0.0.1"]})
    async with Client(own_hosts=["our.test"], private_ok=True, resolver=names) as away:
        for ask in (away.fetch, away.fetch_object, away.fetch_json):
            with pytest.raises(Refused, match="ours"):
                await ask(uri)

    assert names.asked == []
    assert trap.connections == 0


async def test_ORG_08_nor_by_way_of_another(trap, away):
    url = trap.on("/n/1", redirect("http://our.test/n/1"))

    with pytest.raises(Refused, match="ours"):
        await away.fetch_object(url)


async def test_ORG_08_nor_posted_to(away, signer):
    with pytest.raises(Refused, match="ours"):
        await away.post("http://our.test/inbox", b"{}", signer)


# Where it may not go (SSRF)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1"])
async def test_SSRF_01_a_name_that_means_an_inner_address_is_not_called(trap, signer, address):
    names = Names(trap.port, evil_example=[address])
    async with Client(resolver=names) as away:
        for ask in (
            away.fetch("https://evil.example/n/1", signer),
            away.fetch_json("https://evil.example/.well-known/nodeinfo"),
            away.fetch_bytes("https://evil.example/a.png", limit=9, types=["image/png"]),
            away.post("https://evil.example/inbox", b"{}", signer),
        ):
            with pytest.raises(ForbiddenAddress):
                await ask

    assert names.asked
    assert trap.connections == 0


async def test_SSRF_02_a_literal_is_not_called(trap, signer):
    async with Client() as away:
        for host in ("127.0.0.1", "[::ffff:127.0.0.1]", "0x7f.1", f"127.0.0.1:{trap.port}"):
            with pytest.raises(ForbiddenAddress):
                await away.fetch(f"https://{host}/", signer)

    assert trap.connections == 0


async def test_SSRF_03_a_mixed_answer_refuses_the_name(trap):
    names = Names(trap.port, evil_example=["93.184.216.34", "127.0.0.1"])
    async with Client(resolver=names) as away:
        with pytest.raises(ForbiddenAddress):
            await away.fetch("https://evil.example/")

    assert trap.connections == 0


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://meta.test/",
        "http://[::ffff:169.254.169.254]/",
        "http://user@elsewhere.test/",
        "ftp://elsewhere.test/",
        "file:///etc/passwd",
        "gopher://elsewhere.test/",
        "http://0x7f.1/",
    ],
)
async def test_SSRF_04_a_redirect_meets_the_same_gate(trap, location):
    names = Names(meta_test=["169.254.169.254"], elsewhere_test=["127.0.0.1"])
    url = trap.on("/n/1", redirect(location))
    async with Client(private_ok=True, resolver=names) as away:
        with pytest.raises(ForbiddenAddress):
            await away.fetch(url)
        with pytest.raises(ForbiddenAddress):
            await away.fetch_bytes(url, limit=9, types=["image/png"])


def test_SSRF_05_there_is_no_other_way_out():
    ways = re.compile(
        # A pair of sockets within this machine (`sock=`) is no way out.
        r"ClientSession\(|TCPConnector\(|asyncio\.open_connection\((?!sock=)|loop\.create_connection\("
        r"|urlopen\(|http\.client|^(?:import|from) (?:requests|httpx|urllib3)\b",
        re.MULTILINE,
    )
    root = Path(federation.__file__).parents[1]
    floors = ["core", "federation", "actors", "notes", "outbox", "moderation", "inbox", "web"]
    files = [file for floor in [*floors, "rubric"] for file in (root / floor).rglob("*.py")]

    found = [str(each.relative_to(root)) for each in files if ways.search(each.read_text("utf-8"))]

    assert found == ["federation/client.py"]


# How long and how much (DOS)


async def test_DOS_03_a_bomb_is_given_up_at_the_limit(trap, away):
    url = trap.on("/n/1", bomb(200 * MEGABYTE))
    tracemalloc.start()

    with pytest.raises(TooLarge):
        await away.fetch(url)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * MEGABYTE


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("deflate", zlib.compress),
        ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
        ("br", lambda body: body),
        ("x-unknown", gzip.compress),
        ("gzip", lambda body: b"no gzip at all"),
    ],
)
async def test_DOS_03_other_compressions_do_no_harm(trap, away, encoding, pack):
    body = pack(b'{"id":"' + b"a" * 50 * MEGABYTE + b'"}')
    url = trap.on(
        "/n/1",
        reply(200, body, content_type="application/activity+json", content_encoding=encoding),
    )

    with pytest.raises((Malformed, Unreachable)):
        await away.fetch(url)


async def test_a_compressed_document_is_read(trap, away):
    body = gzip.compress(b'{"id": "a"}')
    url = trap.on("/n/1", document_of(body, content_encoding="gzip"))

    assert (await away.fetch(url)).document == {"id": "a"}


@pytest.mark.parametrize("send", [document_of, in_chunks])
async def test_DOS_01_a_document_may_be_as_long_as_the_limit_and_no_longer(trap, away, send):
    empty = b'{"id":"","x":[]}'
    fits = empty + b" " * (fetching.LARGEST_DOCUMENT - len(empty))
    trap.on("/fits", send(fits))
    trap.on("/long", send(fits + b" "))

    assert (await away.fetch(trap.at("/fits"))).document == {"id": "", "x": []}
    with pytest.raises(TooLarge):
        await away.fetch(trap.at("/long"))


@pytest.mark.parametrize("slow", [drip(0.02), silence, drip(0.02, "image/png")])
async def test_DOS_07_a_slow_answer_ends_with_the_time_for_all_of_it(trap, hasty, slow):
    url = trap.on("/n/1", slow)
    begun = asyncio.get_running_loop().time()

    with pytest.raises((Unreachable, Malformed)):
        await hasty.fetch(url)
    with pytest.raises((Unreachable, Malformed)):
        await hasty.fetch_bytes(url, limit=MEGABYTE, types=["image/png"])
    assert asyncio.get_running_loop().time() - begun < 2


async def test_DOS_07_time_is_counted_over_all_hops(trap, hasty):
    async def late(writer):
        await asyncio.sleep(0.2)
        await redirect("/b")(writer)

    async def later(writer):
        await asyncio.sleep(0.2)
        await document({"id": "x"})(writer)

    url = trap.on("/a", late)
    trap.on("/b", later)

    with pytest.raises(Unreachable):
        await hasty.fetch(url)


async def test_DOS_07_media_that_trickles_is_given_up_before_its_time(trap, monkeypatch):
    monkeypatch.setattr(fetching, "MEDIA_GRACE_S", 0.1)
    url = trap.on("/a.png", drip(0.02, "image/png"))
    async with Client(private_ok=True, media_timeout_s=30) as away:
        with pytest.raises(Unreachable, match="slowly"):
            await away.fetch_bytes(url, limit=MEGABYTE, types=["image/png"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_DOS_08_a_document_may_redirect_once(trap, away, status):
    url = trap.on("/a", redirect("/b", status))
    trap.on("/b", redirect("/c", status))
    trap.on("/c", document({"id": trap.at("/c")}))

    with pytest.raises(Malformed, match="too often"):
        await away.fetch(url)
    assert [each.target for each in trap.requests] == ["/a", "/b"]
    assert (await away.fetch(trap.at("/b"))).url == trap.at("/c")


async def test_DOS_08_a_picture_may_redirect_twice(trap, away):
    url = trap.on("/a", redirect("/b"))
    trap.on("/b", redirect("/c"))
    trap.on("/c", reply(200, b"picture", content_type="Image/PNG; x=y"))

    got = await away.fetch_bytes(url, limit=7, types=["image/png"])

    assert (got.content, got.content_type, got.url) == (b"picture", "image/png", trap.at("/c"))


@pytest.mark.parametrize("path", ["/self", "/ping"])
async def test_DOS_08_a_circle_is_left_at_once(trap, away, path):
    trap.on("/self", redirect("/self"))
    trap.on("/ping", redirect("/pong"))
    trap.on("/pong", redirect("/ping"))

    with pytest.raises(Malformed):
        await away.fetch_bytes(trap.at(path), limit=9, types=["image/png"])
    assert len(trap.requests) <= 2


async def test_DOS_09_every_request_is_paid_for(trap, away):
    url = trap.on("/a", redirect("/b"))
    trap.on("/b", document({"id": trap.at("/c")}))
    trap.on("/c", document({"id": trap.at("/c")}))
    budget = Budget(5)

    await away.fetch_object(url, budget=budget)
    assert budget.left == 2

    with pytest.raises(OverBudget):
        await away.fetch_object(url, budget=budget)
    assert len(trap.requests) == 5


async def test_a_file_of_another_kind_or_size_is_not_taken(trap, away):
    page = trap.on("/a", reply(200, b"<svg>", content_type="image/svg+xml"))
    large = trap.on("/b", reply(200, b"12345678", content_type="image/png"))

    with pytest.raises(Malformed):
        await away.fetch_bytes(page, limit=9, types=["image/png"])
    with pytest.raises(TooLarge):
        await away.fetch_bytes(large, limit=7, types=["image/png"])


# Signatures stay with whom they are for (SIG)


async def test_SIG_19_each_hop_is_signed_for_itself(trap, other, away, signer):
    url = trap.on("/a", redirect(other.at("/b")))
    other.on("/b", document({"id": other.at("/b")}))

    await away.fetch(url, signer)

    here, there = trap.requests[0].headers, other.requests[0].headers
    assert here["signature"] != there["signature"]
    verify_as(signer, other.requests[0], other)
    assert there["host"] == other.host
    assert "cookie" not in there
    assert "authorization" not in there
    assert here["signature"].encode() not in other.received


async def test_cookies_are_not_kept(trap, away):
    url = trap.on("/a", reply(200, b"{}", content_type="application/json", set_cookie="a=b"))

    await away.fetch_json(url)
    await away.fetch_json(url)

    assert b"a=b" not in trap.received


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_SIG_19_a_letter_follows_no_redirect(trap, other, away, signer, status):
    url = trap.on("/inbox", redirect(other.at("/inbox"), status))

    answer = await away.post(url, b"{}", signer)

    assert (answer.status, answer.is_done, answer.is_final) == (status, False, False)
    assert other.connections == 0


async def test_a_letter_is_signed_and_taken(trap, away, signer):
    url = trap.on("/inbox", reply(202))

    answer = await away.post(url, b'{"id": 1}', signer)

    (request,) = trap.requests
    assert answer.is_done
    assert answer.form == "cavage"
    assert (request.method, request.body) == ("POST", b'{"id": 1}')
    assert request.headers["content-type"] == "application/activity+json"
    assert request.headers["accept"] == "application/activity+json"
    assert request.headers["host"] == trap.host
    verify_as(signer, request, trap)


async def test_signing_can_be_done_in_threads(trap, signer):
    url = trap.on("/inbox", reply(202))
    with ThreadPoolExecutor(2) as threads:
        async with Client(private_ok=True, signing=threads) as away:
            answers = await asyncio.gather(*[away.post(url, b"{}", signer) for _ in range(8)])

    assert all(each.is_done for each in answers)
    for each in trap.requests:
        verify_as(signer, each, trap)


async def test_a_digest_may_be_made_once_for_many_letters(trap, away, signer):
    url = trap.on("/inbox", reply(202))

    await away.post(url, b"{}", signer, digest=digest_of(b"{}"))

    verify_as(signer, trap.requests[0], trap)


@pytest.mark.parametrize("status", [400, 401])
async def test_SIG_20_a_refusal_gets_a_second_knock_in_the_other_form(trap, away, signer, status):
    url = trap.on("/inbox", reply(status), reply(202))

    answer = await away.post(url, b"{}", signer)

    assert (answer.status, answer.form) == (202, "rfc9421")
    first, second = trap.requests
    assert "signature-input" not in first.headers
    assert "signature-input" in second.headers
    verify_as(signer, second, trap)


async def test_SIG_20_the_form_that_was_taken_is_remembered(trap, away, signer):
    url = trap.on("/inbox", reply(401), reply(202))
    await away.post(url, b"{}", signer)

    answer = await away.post(url, b"{}", signer)

    assert answer.form == "rfc9421"
    assert len(trap.requests) == 3


async def test_SIG_20_a_host_that_always_says_401_is_asked_twice(trap, away, signer):
    url = trap.on("/inbox", reply(401, b"who are you?"))

    answer = await away.post(url, b"{}", signer)

    assert (answer.status, answer.note) == (401, "who are you?")
    assert len(trap.requests) == 2
    assert all("signature" in each.headers for each in trap.requests)


@pytest.mark.parametrize(("first", "second"), [(401, 400), (400, 401), (401, 503)])
async def test_SIG_20_where_both_forms_are_refused_the_first_answer_counts(
    trap, away, signer, first, second
):
    url = trap.on("/inbox", reply(first, b"to the first"), reply(second, b"to the second"))

    answer = await away.post(url, b"{}", signer)

    assert (answer.status, answer.form, answer.note) == (first, "cavage", "to the first")
    assert len(trap.requests) == 2


@pytest.mark.parametrize("status", [400, 401])
async def test_SIG_20_who_takes_one_form_alone_is_asked_in_it(trap, away, signer, status):
    url = trap.on("/n/1", reply(status), document({"id": "x"}))

    fetched = await away.fetch(url, signer)
    await away.fetch(url, signer)

    assert fetched.document == {"id": "x"}
    forms = ["signature-input" in each.headers for each in trap.requests]
    assert forms == [False, True, True]
    verify_as(signer, trap.requests[1], trap)


@pytest.mark.parametrize("signed", [True, False])
async def test_SIG_20_who_refuses_both_forms_is_asked_twice_and_never_unsigned(
    trap, away, signer, signed
):
    url = trap.on("/n/1", reply(401))
    budget = Budget(20)

    with pytest.raises(Refused):
        await away.fetch(url, signer if signed else None, budget=budget)

    assert len(trap.requests) == 20 - budget.left == (2 if signed else 1)
    assert all(("signature" in each.headers) is signed for each in trap.requests)


@pytest.mark.parametrize("status", [403, 404, 410, 429, 500])
async def test_SIG_20_other_refusals_get_no_second_knock(trap, away, signer, status):
    url = trap.on("/inbox", reply(status, b"no", retry_after="60"))

    answer = await away.post(url, b"{}", signer)

    assert (answer.status, answer.retry_after, answer.note) == (status, 60, "no")
    assert len(trap.requests) == 1


async def test_connections_are_used_again(trap, away, signer):
    url = trap.on("/inbox", reply(202, b"thanks"))

    for _ in range(3):
        await away.post(url, b"{}", signer)

    assert trap.connections == 1


async def test_DOS_07_an_inbox_that_says_nothing_is_unreachable(trap, hasty, signer):
    with pytest.raises(Unreachable):
        await hasty.post(trap.on("/inbox", silence), b"{}", signer)


async def test_DOS_07_how_long_an_inbox_talks_does_not_matter(trap, hasty, signer):
    assert (await hasty.post(trap.on("/inbox", drip(0.02)), b"{}", signer)).is_done


async def test_a_closed_door_is_unreachable(away, signer):
    async with Trap() as gone:
        url = gone.at("/inbox")

    with pytest.raises(Unreachable):
        await away.post(url, b"{}", signer)
    with pytest.raises(Unreachable):
        await away.fetch(url)


async def test_SIG_14_one_slow_host_does_not_hold_up_another(trap, other, hasty):
    slow = [trap.on(f"/slow?{n}", silence) for n in range(300)]
    url = other.on("/n/1", document({"id": other.at("/n/1")}))
    stuck = [asyncio.create_task(hasty.fetch(each)) for each in slow]
    await asyncio.sleep(0)

    assert (await hasty.fetch_object(url))["id"] == url

    for each in stuck:
        each.cancel()
    await asyncio.gather(*stuck, return_exceptions=True)
    # On a slow machine the first four have given up meanwhile, and the next taken their place.
    assert trap.at_once <= 4


@pytest.mark.parametrize("host", ["ana.example", "h.example:443"])
async def test_other_servers_are_called_by_https(host):
    async with Client() as away:
        assert away.base_of(host) == f"https://{host}"


async def test_development_calls_its_own_machine_by_http(away):
    assert away.base_of("localhost:8000") == "http://localhost:8000"
    assert away.base_of("a.test") == "http://a.test"
    assert away.base_of("mastodon.example") == "https://mastodon.example"


async def test_the_client_is_ambient(away):
    use_client(away)

    assert client() is away


@pytest.fixture
async def beside(trap):
    """A client that may call private addresses nowhere but next door."""
    async with Client(own_hosts=["our.test"], neighbour=trap.at("/")) as opened:
        yield opened


async def test_the_neighbour_is_asked_at_its_private_address_and_nobody_else_is(trap, beside):
    trap.on("/languages", reply(200, b'[{"code": "en"}]', content_type="application/json"))

    assert await beside.ask_neighbour("/languages", seconds=5) == [{"code": "en"}]
    with pytest.raises(ForbiddenAddress):
        await beside.fetch_json(trap.at("/languages"))

    assert [(each.method, each.target) for each in trap.requests] == [("GET", "/languages")]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (redirect("https://elsewhere.example/"), Refused),
        (reply(200, b"<html>", content_type="text/html"), Malformed),
        (reply(200, b"[", content_type="application/json"), Malformed),
        (reply(200, b" " * 2_000_000, content_type="application/json"), TooLarge),
        (bomb(20 * MEGABYTE, "application/json"), TooLarge),
        (reply(500), Unreachable),
        (silence, Unreachable),
    ],
    ids=["redirect", "html", "broken", "large", "bomb", "trouble", "silence"],
)
async def test_SSRF_the_neighbour_is_trusted_no_further_than_anyone(trap, beside, answer, error):
    trap.on("/translate", answer)

    with pytest.raises(error):
        await beside.ask_neighbour("/translate", {"q": ["x"]}, seconds=1)

    assert [each.target for each in trap.requests] == ["/translate"]


async def test_SSRF_not_even_next_door_are_the_secrets_of_a_cloud():
    async with Client(neighbour="http://169.254.169.254") as opened:
        with pytest.raises(ForbiddenAddress):
            await opened.ask_neighbour("/languages", seconds=1)
