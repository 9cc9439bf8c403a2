"""The ActivityPub client API: reading one's own inbox, and proxyUrl."""

import json
from functools import partial
from urllib.parse import urlsplit

import pytest

from core.clock import now
from federation.read import iri_of
from federation.vocabulary import PUBLIC
from moderation.policy import put_in_force
from notes.note import Audience, Note
from outbox import announce, block, like
from outbox.create import publish
from outbox.draft import Draft
from tests.factories import followed, noted
from tests.moderation.drafts import entry, policy_of, servers
from tests.walks.people import befriended, came
from tests.web.programs import AS2, program_of

PROXY = "/api/activitypub/proxy"


@pytest.fixture
def program(wire):
    """A program of someone: `await program(mei, "read")`."""
    return partial(program_of, wire)


async def inbox_of(app):
    """Read all pages."""
    status, head, headers = await app.send("GET", f"/u/{app.actor.name}/inbox")
    assert (status, head["type"]) == (200, "OrderedCollection")
    assert headers["Content-Type"].startswith(AS2)
    items, address = [], head["first"]
    while address:
        status, page, _ = await app.send("GET", "/u/" + address.partition("/u/")[2])
        assert (status, page["type"]) == (200, "OrderedCollectionPage")
        assert len(page["orderedItems"]) <= 20
        assert page["id"] == address
        items += page["orderedItems"]
        address = page.get("next")
    return items


async def test_what_came_is_there_by_whom_it_came(settle, program, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    await followed(mei, ana)
    app = await program(mei)
    mine = await publish(mei, Draft(text="mine"))
    plain = await publish(ana, Draft(text="plain"))
    named = await publish(ana, Draft(text="for @mei", audience=Audience.PEOPLE))
    await like.like(ana, mine)
    boost = await announce.boost(ana, mine)
    await settle_down()
    await followed(ana, mei)

    items = await inbox_of(app)

    assert {(each["type"], iri_of(each["object"])) for each in items} == {
        ("Create", plain.uri),
        ("Create", named.uri),
        ("Like", mine.uri),
        ("Announce", mine.uri),
    }
    assert boost.uri in [each["id"] for each in items]
    assert len({each["id"] for each in items}) == len(items) - 1
    assert {each["actor"] for each in items} == {ana.uri}
    create = next(each for each in items if each["type"] == "Create")
    status, _, _ = await (await program(ana)).send("GET", create["id"], headers={"Accept": AS2})
    assert status == 200


async def test_all_pages_have_everything_once(settle, program, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    await followed(mei, ana)
    uris = []
    for number in range(30):
        named = "@mei" if number % 3 == 0 else "@all"
        uris.append((await publish(ana, Draft(text=f"{number} for {named}"))).uri)
    await settle_down()

    items = await inbox_of(await program(mei))

    ids = [each["object"]["id"] for each in items]
    assert sorted(ids) == sorted(uris)
    for kind in ("mei", "all"):
        notes = [each["object"] for each in items]
        told = [each["id"] for each in notes if each["source"]["content"].endswith(kind)]
        assert told == [each for each in uris[::-1] if each in told]
        assert told


async def test_a_note_from_elsewhere_is_written_as_we_know_it(settle, program, remote, settle_down):
    mei = await settle("mei")
    person, actor = await befriended(mei, remote)
    note = await came(remote, person, mei, settle_down)

    (item,) = await inbox_of(await program(mei))

    assert item["object"]["id"] == note.uri
    assert item["object"]["attributedTo"] == actor.uri
    assert "replies" not in item["object"]
    assert "id" not in item


async def test_nothing_of_others_and_nothing_hidden_is_there(settle, program, settle_down):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    await followed(mei, ana)
    await publish(ana, Draft(text="for @bo", audience=Audience.PEOPLE))
    held = await publish(ana, Draft(text="held"))
    gone = await publish(bo, Draft(text="@mei from a blocked one"))
    await settle_down()
    await Note.filter(id=held.id).update(held_at=now())
    await block.block(mei, bo)

    items = await inbox_of(await program(mei))

    assert items == []
    assert gone.uri not in json.dumps(items)


@pytest.mark.parametrize("path", ["/u/mei/inbox", "/u/mei/inbox?page=true"])
async def test_an_inbox_is_read_by_its_owner_alone(settle, program, wire, path):
    mei, ana = await settle("mei"), await settle("ana")

    async with wire.get(path, headers={"Accept": AS2}) as response:
        assert response.status == 401
        assert (await response.json())["error"]
    assert (await (await program(ana)).send("GET", path))[0] == 403
    assert (await (await program(mei, "read:statuses", "write")).send("GET", path))[0] == 403
    assert (await (await program(mei)).send("GET", path))[0] == 200


async def test_a_program_reads_its_persons_outbox_whole(settle, program, wire):
    mei, ana = await settle("mei"), await settle("ana")
    note = await publish(mei, Draft(text="for @ana", audience=Audience.PEOPLE))

    async def outbox(actor):
        found = []
        for path in ("/u/mei/outbox", "/u/mei/outbox?page=true"):
            _, said, _ = await (await program(actor)).send("GET", path, headers={"Accept": AS2})
            found.append(said)
        return found[0]["totalItems"], [each["object"]["id"] for each in found[1]["orderedItems"]]

    assert await outbox(mei) == (1, [note.uri])
    assert await outbox(ana) == (0, [])


async def test_a_note_opens_to_the_token_of_its_reader_alone(settle, program):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    await followed(ana, mei)
    note = await noted(mei, audience=Audience.FOLLOWERS, uri="")
    uri = f"{mei.uri.partition('/u/')[0]}/n/{note.id}"
    await Note.filter(id=note.id).update(uri=uri)

    found = {
        actor.name: (await (await program(actor)).send("GET", uri, headers={"Accept": AS2}))[0]
        for actor in (mei, ana, bo)
    }

    assert found == {"mei": 200, "ana": 200, "bo": 404}
    lacking = await program(ana, "write")
    assert (await lacking.send("GET", uri, headers={"Accept": AS2}))[0] == 403
    lacking.token = "made-up"
    assert (await lacking.send("GET", uri, headers={"Accept": AS2}))[0] == 401


def put(remote, document):
    """Have a document there."""
    remote.things[urlsplit(document["id"]).path] = document


async def proxied(app, uri):
    """Ask the proxy as programs do: with a form."""
    return await app.send("POST", PROXY, data={"id": uri})


async def test_the_proxy_shows_what_lives_here_as_far_as_one_may_see_it(settle, program):
    mei, ana = await settle("mei"), await settle("ana")
    open_one = await publish(ana, Draft(text="open"))
    narrow = await publish(ana, Draft(text="narrow", audience=Audience.FOLLOWERS))
    app = await program(mei)

    shown = {uri: (await proxied(app, uri))[0] for uri in (ana.uri, open_one.uri, narrow.uri)}

    assert list(shown.values()) == [200, 200, 404]
    assert (await proxied(await program(ana), narrow.uri))[1]["id"] == narrow.uri
    assert (await proxied(app, f"{ana.uri}/nothing"))[0] == 404


async def test_the_proxy_fetches_with_the_persons_own_signature(settle, program, remote):
    mei = await settle("mei")
    person = remote.person("ana")
    note = remote.note(person, to=[PUBLIC], bcc=["https://x.example/u/secret"])
    app = await program(mei)

    assert (await proxied(app, person.uri))[1]["id"] == person.uri
    status, shown, headers = await proxied(app, note["id"])

    assert (status, shown["content"]) == (200, note["content"])
    assert "bcc" not in shown
    assert headers["Cache-Control"] == "private, no-store"


async def test_PRIV_01_the_proxy_passes_on_nothing_that_came_for_somebody_else(
    settle, program, remote
):
    mei, bo = await settle("mei"), await settle("bo")
    person, _ = await befriended(bo, remote)
    limited = [
        remote.note(person, to=[person.followers], cc=[]),
        remote.note(person, to=[bo.uri], cc=[]),
        remote.note(person, to=[], cc=[]),
        remote.activity("Create", person, remote.note(person, to=[bo.uri], cc=[]), to=[PUBLIC]),
    ]
    put(remote, limited[3])
    app, friend = await program(mei), await program(bo)

    assert [(await proxied(app, each["id"]))[0] for each in limited] == [404] * 4
    assert [(await proxied(friend, each["id"]))[0] for each in limited] == [200, 200, 404, 200]
    page = {"type": "OrderedCollectionPage", "id": remote.id(), "orderedItems": [limited[0], "x"]}
    put(remote, page)
    assert (await proxied(app, page["id"]))[1]["orderedItems"] == ["x"]
    assert (await proxied(friend, page["id"]))[1]["orderedItems"] == [limited[0], "x"]


async def test_the_proxy_is_no_way_around_what_we_know(settle, program, remote, settle_down):
    mei, bo = await settle("mei"), await settle("bo")
    person, _ = await befriended(bo, remote)
    note = await came(remote, person, bo, settle_down, to=[person.followers])
    remote.note(person, id=note.uri, to=[PUBLIC])
    remote.fetches.clear()

    status, _, _ = await proxied(await program(mei), note.uri)

    assert status == 404
    assert remote.fetches == []


@pytest.mark.parametrize(
    ("uri", "status"),
    [
        ("", 400),
        ("urn:x", 422),
        ("ftp://a.example/1", 422),
        ("{base}/nothing", 404),
        ("{base}/text", 422),
        ("{base}/other", 422),
        ("http://127.0.0.1:1/1", 503),
    ],
)
async def test_what_is_no_document_is_not_passed_on(settle, program, remote, uri, status):
    app = await program(await settle("mei"))
    remote.things["/text"] = {"no": "id"}
    remote.things["/other"] = {"id": "https://evil.example/1", "type": "Note"}

    found, said, _ = await proxied(app, uri.replace("{base}", remote.base))

    assert found == status, said
    assert said["error"]


async def test_a_server_that_is_kept_out_is_not_asked(settle, program, remote):
    app = await program(await settle("mei"))
    put_in_force(policy_of(**servers(entry(remote.host))))

    assert (await proxied(app, f"{remote.base}/users/ana"))[0] == 403
    assert remote.fetches == []
