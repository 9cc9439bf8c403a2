"""JSON-LD and proofs: the rows of security.md 5, and of section 4 that need odd servers."""

import json
from datetime import timedelta
from urllib.parse import urljoin, urlsplit

import pytest

from actors.remote import look_up
from core.clock import now
from federation.errors import FederationError
from federation.keys import new_ed25519
from federation.proofs import add_proof
from federation.signatures import Signer
from inbox.fetch import note_of
from notes.note import Note
from outbox.create import publish
from outbox.draft import Draft
from tests.federation import traps
from tests.federation.traps import Trap, reply
from tests.remote import CONTEXT
from tests.walks.people import befriended, came, known, say
from tests.walks.wire import Envelope

FORGED = "<p>forged</p>"


async def proven(elsewhere, name="cara"):
    """Someone elsewhere with a key for documents, and what she signs with."""
    private, multikey = new_ed25519()
    uri = f"{elsewhere.base}/users/{name}"
    method = {"id": f"{uri}#ed25519", "type": "Multikey", "controller": uri}
    cara = elsewhere.person(name, assertionMethod=[method | {"publicKeyMultibase": multikey}])
    await look_up(f"@{name}@{elsewhere.host}")
    return cara, Signer(method["id"], private)


async def test_LD_01_a_signed_copy_yields_to_its_origin(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara = elsewhere.person("cara")
    note = await publish(mei, Draft(text="what do you think?"))
    true = elsewhere.note(cara, "<p>true</p>", inReplyTo=note.uri)
    signature = {"type": "RsaSignature2017", "creator": f"{cara.uri}#main-key", "created": "x"}
    forged = elsewhere.activity("Create", cara, true | {"content": FORGED})

    await remote.send(mei.inbox, forged | {"signature": signature}, ana)
    await settle_down()

    assert (await Note.get(uri=true["id"])).content == "<p>true</p>"


async def test_LD_02_words_that_move_meaning_are_refused_and_no_context_is_fetched(
    settle, remote, settle_down, wire, refused
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    asked = remote.activity("Follow", ana, mei.uri)
    trapped = f"{remote.base}/context"

    await refused(
        [
            wire.letter(ana, asked | {"x": [{word: {}}]})
            for word in ("@graph", "@included", "@reverse", "@nest")
        ],
        400,
    )
    remote.fetches.clear()
    note = remote.note(ana) | {"@context": trapped}
    context = [*CONTEXT, trapped, {"@import": trapped}]
    create = remote.activity("Create", ana, note) | {"@context": context}
    await remote.send(mei.inbox, create, ana)
    await settle_down()

    assert remote.fetches == []
    assert await Note.exists(uri=note["id"])


async def test_LD_03_a_name_means_what_it_always_means(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    bob, _ = await befriended(mei, remote, "bob")
    aliases = {"actor": "https://x.example/#x", "doer": f"{CONTEXT[0]}#actor"}
    note = remote.note(ana, FORGED)
    forged = remote.activity("Create", ana, note, doer=bob.uri) | {"@context": [*CONTEXT, aliases]}
    nameless = {key: value for key, value in forged.items() if key != "actor"}

    as_bob = await wire.send(wire.letter(bob, forged | {"content": FORGED}))
    without = await wire.send(wire.letter(bob, nameless))
    await settle_down()

    assert (as_bob.status, without.status) == (202, 400)
    assert not await Note.filter(author__uri=bob.uri).exists()


@pytest.mark.parametrize("change", [None, "content", "actor", "created", "method", "key", "old"])
async def test_LD_04_a_proof_is_believed_whole_or_not_at_all(
    settle, remote, elsewhere, settle_down, change
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara, signer = await proven(elsewhere)
    note = await publish(mei, Draft(text="what do you think?"))
    answer = elsewhere.note(cara, "<p>proven</p>", inReplyTo=note.uri)
    elsewhere.things.clear()  # the origin does not help
    create = elsewhere.activity("Create", cara, answer)
    if change == "key":
        signer = Signer(signer.key_id, new_ed25519()[0])
    made = now() + timedelta(days=2 if change == "old" else 0)
    sealed = json.loads(json.dumps(add_proof(create, signer, created=made)))
    match change:
        case "content":
            sealed["object"]["content"] = FORGED
        case "actor":
            sealed["actor"] = f"{elsewhere.base}/users/other"
        case "created":
            sealed["proof"]["created"] = "2020-01-01T00:00:00Z"
        case "method":
            sealed["proof"]["verificationMethod"] = f"{ana.uri}#ed25519"

    await remote.send(mei.inbox, sealed, ana)
    await settle_down()

    assert [each.content for each in await Note.filter(is_local=False)] == (
        ["<p>proven</p>"] if change is None else []
    )


async def test_LD_04_an_old_proof_brings_nothing_back(settle, remote, elsewhere, settle_down):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    cara, signer = await proven(elsewhere)
    note = await publish(mei, Draft(text="what do you think?"))
    answer = await came(elsewhere, cara, mei, settle_down, inReplyTo=note.uri)
    document = elsewhere.things[answer.uri.removeprefix(elsewhere.base)]
    newer = document | {"content": "<p>newer</p>", "updated": "2026-11-21T10:00:00Z"}
    await say(elsewhere, "Update", cara, newer, mei.inbox, settle_down)
    elsewhere.things[answer.uri.removeprefix(elsewhere.base)] = newer

    async def replay(kind, about):
        old = add_proof(elsewhere.activity(kind, cara, about), signer, created=now())
        await remote.send(mei.inbox, json.loads(json.dumps(old)), ana)
        await settle_down()
        return (await Note.get(id=answer.id)).content

    assert await replay("Update", document) == "<p>newer</p>"
    assert await replay("Create", document) == "<p>newer</p>"
    await say(elsewhere, "Delete", cara, answer.uri, mei.inbox, settle_down)
    assert await replay("Create", document) == ""


async def test_ORG_02_only_what_is_served_as_activitypub_is_taken_for_it(settle, remote):
    await settle("mei")
    ana, _ = await known(remote, "ana")
    profile = "https://www.w3.org/ns/activitystreams"
    wrong = [
        *("application/json", "text/plain", "text/html", "application/ld+json", "", "image/png"),
        'application/ld+json; profile="https://example.org/"',
        'text/html; profile="https://www.w3.org/ns/activitystreams"',
        "application/activity+jsonp",
    ]
    right = [
        *("application/activity+json", "Application/Activity+JSON"),
        "application/activity+json; charset=utf-8",
        f'application/ld+json; profile="{profile}"',
        f'application/ld+json; profile="https://example.org/ {profile}"',
    ]

    async with Trap() as trap:

        async def is_taken(number, content_type):
            uri = trap.at(f"/n/{number}")
            note = remote.note(ana) | {"id": uri, "attributedTo": trap.at("/u/x")}
            actor = ana.document(trap.at("")) | {"id": trap.at("/u/x"), "inbox": trap.at("/i")}
            actor |= {"preferredUsername": "x", "publicKey": {}, "endpoints": {}}
            trap.on("/u/x", traps.document(actor))
            body = json.dumps(note).encode()
            trap.on(f"/n/{number}", reply(200, body, content_type=content_type or None))
            try:
                return bool(await note_of(uri))
            except FederationError:
                return False

        assert [await is_taken(n, each) for n, each in enumerate(wrong)] == [False] * len(wrong)
        assert [await is_taken(n + 50, each) for n, each in enumerate(right)] == [True] * 5


async def test_ORG_03_no_file_of_ours_answers_as_a_document(settle, remote, wire):
    await settle("mei")

    for path in ("/static/rubric.css", "/media/aa/aa/x.json", "/favicon.ico", "/robots.txt"):
        answer = await wire.get(path)
        assert "json" not in answer.headers.get("content-type", "") or answer.status >= 400


async def test_ORG_04_nothing_here_leads_elsewhere(settle, remote, wire):
    await settle("mei")
    ana, _ = await known(remote, "ana")
    evil = ["//evil.example", "/\\evil.example", "/%2f%2fevil.example", "/%5cevil.example"]
    paths = [
        f"{start}{each}{end}"
        for start in ("", "/u", "/u/mei", "/n", "/@mei", "/web", "/actor", "/media", "/static")
        for each in evil
        for end in ("", "/", "/..", "?page=true")
    ]

    for path in paths:
        for asker in (None, ana):
            if asker is None:
                headers = [("Host", wire.host), ("Accept", "text/html")]
                answer = await wire.send(Envelope("GET", path, headers))
            else:
                answer = await wire.get(path, asker)
            # A browser takes a backslash for a slash, and two of them for another host.
            location = answer.headers.get("location", "").replace("\\", "/")
            assert answer.status < 500, path
            assert urlsplit(urljoin(wire.here.server.base_url, location)).netloc == wire.host


async def test_ORG_12_a_page_speaks_for_nobody(settle, remote):
    await settle("mei")
    ana = remote.person("ana")
    link = f'<link rel="alternate" type="application/activity+json" href="{ana.uri}">'

    async with Trap() as trap:
        trap.on("/page", reply(200, link.encode(), content_type="text/html"))
        with pytest.raises(FederationError):
            await look_up(trap.at("/page"))

    assert remote.fetches == []
