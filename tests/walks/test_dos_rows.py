"""Exhaustion: the rows of security.md 6 that letters can reach, and what an inbox answers then."""

import asyncio
import json
import time

import pytest

from actors.actor import Actor
from federation.errors import FederationError
from inbox.fetch import note_of
from inbox.mailroom import LOOK_EVERY_S
from inbox.received import Received
from notes.note import Note
from tests.federation.traps import Trap, redirect
from tests.walks.people import befriended, follows, known, say
from tests.walks.wire import set_to


def nested(depth):
    """A list in a list, so deep."""
    return "[" * depth + "]" * depth


def with_more(document, more):
    """A document and one member more, which is JSON already."""
    return json.dumps(document)[:-1].encode() + b',"more":' + more.encode() + b"}"


async def test_DOS_01_what_is_too_long_is_not_read_to_its_end(settle, remote, wire, refused):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    asked = remote.activity("Follow", ana, mei.uri)
    million = 1024 * 1024

    announced = wire.letter(ana, asked).plus("Content-Length", str(million + 1))
    announced.body = b""
    chunk = b"%x\r\n" % 65536 + b"x" * 65536 + b"\r\n"
    endless = wire.letter(ana, asked).plus("Transfer-Encoding", "chunked")
    endless.body = chunk * 40 + b"0\r\n\r\n"

    await refused([announced, endless], 413)
    assert wire.answers[0].headers["content-type"].startswith("application/json")


async def test_DOS_01_a_stranger_may_send_less(settle, remote, wire):
    mei = await settle("mei")
    ana, actor = await known(remote, "ana")
    quarter = 256 * 1024
    asked = remote.activity("Follow", ana, mei.uri)
    size = len(with_more(asked, '""'))

    async def send(length):
        body = with_more(asked | {"id": remote.id("activities")}, f'"{"x" * length}"')
        return (await wire.send(wire.letter(ana, body))).status

    assert await send(quarter - size - 10) == 202
    assert await send(quarter - size + 10) == 413
    await follows(mei, actor)
    assert await send(quarter - size + 10) == 202


@pytest.mark.parametrize(
    ("fits", "too_much"),
    [
        (nested(31), nested(32)),
        (f"[{'0,' * 19_900}0]", f"[{'0,' * 20_000}0]"),
        (str(2**53), str(2**53 + 1)),
        ("0.1", "1e999"),
        ('{"a":1,"b":1}', '{"a":1,"a":1}'),
        ("null", "NaN"),
    ],
    ids=["depth", "values", "integers", "numbers", "names", "words"],
)
async def test_DOS_01_each_limit_holds_at_its_edge(settle, remote, wire, fits, too_much):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    asked = remote.activity("Follow", ana, mei.uri)

    good = await wire.send(wire.letter(ana, with_more(asked, fits)))
    bad = await wire.send(wire.letter(ana, with_more(asked | {"id": remote.id()}, too_much)))

    assert (good.status, bad.status) == (202, 400)


async def test_DOS_02_odd_encodings_are_refused(settle, remote, wire, refused):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    text = json.dumps(remote.activity("Follow", ana, mei.uri))
    odd = [
        text.encode("utf-16"),
        text.encode("utf-32"),
        b"\xef\xbb\xbf" + text.encode(),
        with_more({"id": "x"}, '"\\u0000"'),
        with_more({"id": "x"}, '"\\ud800"'),
        text.encode().replace(b"Follow", b"Foll\xffow"),
        text.encode().replace(b"Follow", b"Fol\x00low"),
        text.encode() + b"{}",
    ]

    await refused([wire.letter(ana, body) for body in odd], 400)


async def test_DOS_05_endless_mentions_are_read_in_no_time(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    odd = ["@a.a.a." * 14_000, "<a " * 20_000, "&" * 60_000, "http://" * 8_000, "#" * 60_000]

    begun = time.monotonic()
    for text in odd:
        await say(remote, "Create", ana, remote.note(ana, text), mei.inbox, settle_down)

    assert time.monotonic() - begun < 15
    assert await Note.all().count() == len(odd)


async def test_DOS_08_redirects_that_go_round_are_left(settle, remote, wire):
    await settle("mei")
    ana = remote.person("ana")

    async with Trap() as trap:
        trap.on("/self", redirect(trap.at("/self"), 301))
        trap.on("/ping", redirect(trap.at("/pong")))
        trap.on("/pong", redirect(trap.at("/ping")))
        for number in range(30):
            trap.on(f"/far/{number}", redirect(trap.at(f"/far/{number + 1}")))
        for path in ("/self", "/ping", "/far/0"):
            letter = wire.letter(
                ana, remote.activity("Like", ana, ana.uri), keyId=trap.at(f"{path}#main-key")
            )
            assert (await wire.send(letter)).status == 401
            with pytest.raises(FederationError):
                await note_of(trap.at(path))

        assert len(trap.requests) <= 3 * 2 * 2


async def test_DOS_09_one_letter_causes_a_bounded_number_of_fetches(
    settle, remote, elsewhere, settle_down
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    chain = [elsewhere.note(cara)]
    for _ in range(120):
        chain.append(elsewhere.note(cara, inReplyTo=chain[-1]["id"]))
    elsewhere.fetches.clear()

    answer = remote.note(ana, inReplyTo=chain[-1]["id"])
    await say(remote, "Create", ana, answer, mei.inbox, settle_down)
    in_background = len(elsewhere.fetches)
    many = [elsewhere.note(elsewhere.person(f"p{number}"))["id"] for number in range(60)]
    remote_things = remote.note(
        ana, to=many, cc=many, tag=[{"type": "Mention", "href": u} for u in many]
    )
    elsewhere.fetches.clear()
    await say(remote, "Create", ana, remote_things, mei.inbox, settle_down)

    assert in_background <= 50
    assert len(elsewhere.fetches) <= 20


async def test_DOS_09_rings_and_endless_pages_are_left(settle, remote, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    one, two = remote.id("notes"), remote.id("notes")
    remote.note(ana, id=one, inReplyTo=two)
    second = remote.note(ana, id=two, inReplyTo=one)
    remote.fetches.clear()

    await say(remote, "Create", ana, second, mei.inbox, settle_down)

    assert len(remote.fetches) <= 3
    assert await Note.all().count() == 2


async def test_DOS_10_what_strangers_delete_and_invent_leaves_nothing(
    settle, remote, settle_down, wire
):
    await settle("mei")
    ana, _ = await known(remote, "ana")
    people = await Actor.all().count()

    for number in range(50):
        stranger = remote.note(ana, cc=[f"https://h{number}.example/users/x"])
        await wire.send(wire.letter(ana, remote.activity("Create", ana, stranger)))
        await wire.send(wire.letter(ana, remote.activity("View", ana, stranger["id"])))
    await settle_down()

    assert await Actor.all().count() == people
    assert not await Note.exists()
    assert await Received.all().count() == 50


async def test_unknown_verbs_are_answered_and_stored_nowhere(settle, remote, wire, refused):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    await wire.send(wire.letter(ana, remote.activity("Listen", ana, mei.uri)))

    await refused(
        [
            wire.letter(ana, remote.activity(kind, ana, mei.uri))
            for kind in ("View", "Travel", "Whatever", "Warn", "lock", "create")
        ],
        202,
    )


async def test_a_flood_from_one_host_is_told_to_wait(settle, remote, elsewhere, settle_down, wire):
    await settle("mei")
    ana, _ = await known(remote, "ana")
    cara, _ = await known(elsewhere, "cara")

    async with set_to(wire, "limits", inbox_queue_per_host=3) as narrow:

        async def send(other, person):
            like = other.activity("Like", person, person.uri)
            return (await narrow.send(narrow.letter(person, like))).status

        flood = [await send(remote, ana) for _ in range(5)]
        told = narrow.answers[-1]
        others = await send(elsewhere, cara)
        await settle_down()
        # Whether there is room is looked up once a second.
        await asyncio.sleep(LOOK_EVERY_S)
        after = await send(remote, ana)

    assert flood == [202, 202, 202, 429, 429]
    assert told.headers["retry-after"] == "300"
    assert told.headers["content-type"].startswith("application/json")
    assert (others, after) == (202, 202)


async def test_wrong_types_are_refused_in_json(settle, remote, wire, refused):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    asked = remote.activity("Follow", ana, mei.uri)
    types = ["application/json", "text/plain", "application/ld+json", "text/html"]
    letters = [wire.letter(ana, asked, headers={"Content-Type": each}) for each in types]
    letters.append(wire.letter(ana, asked, headers={"Content-Type": None}))

    await refused(letters, 415)

    for answer in wire.answers:
        assert answer.headers["content-type"].startswith("application/json")
        assert set(answer.json) == {"error", "code", "request_id"}
