"""Every kind of document that we emit, held against what other servers demand."""

import json
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser

from actors.actor import Actor
from actors.follows import Follow
from actors.remote import look_up
from core.ids import new_id
from notes.attachments import Attachment, Media
from notes.media_files import MediaFile, Role
from notes.note import Audience, Note
from outbox.accept import reject
from outbox.add import pin, unpin
from outbox.announce import boost
from outbox.block import block
from outbox.create import publish
from outbox.delete import close_account, withdraw
from outbox.draft import Draft, PollDraft
from outbox.flag import send_report
from outbox.follow import follow
from outbox.like import like
from outbox.move import move
from outbox.sent import Sent
from outbox.undo import unblock, unboost, unfollow, unlike
from outbox.update import edit, send_actor
from outbox.vote import vote
from tests.remote import AS2
from tests.walks import peer_rules
from tests.walks.people import came, fan_of, follows, known, say
from tests.walks.test_reactions import question
from tests.walks.wire import Envelope, set_to

needs_contexts = pytest.mark.skipif(
    not (peer_rules.CORPUS / "contexts").is_dir(),
    reason=f"NO CONTEXTS at {peer_rules.CORPUS}: nothing here proves that our documents are valid "
    "JSON-LD. Set RUBRIC_CORPUS to a folder of recorded documents.",
)


async def picture(mei, key=f"aa/aa/{'a' * 64}.webp", **more):
    """An upload of Mei's, as small as can be."""
    row = await Attachment.create(
        **{
            "id": new_id(),
            "owner_id": mei.id,
            "media": Media.IMAGE,
            "media_type": "image/webp",
            "alt": "A cup of tea",
            "width": 1080,
            "height": 1440,
            "blurhash": "LEHV6nWB2yk8pyo0adR*.7kCMdnj",
        }
        | more
    )
    role = Role.IMAGE if row.media == Media.IMAGE else Role.VIDEO
    await MediaFile.create(attachment_id=row.id, role=role, key=key, media_type=row.media_type)
    return row.id


async def rich(settle):
    """Someone here with all that a profile can have."""
    return await settle(
        "mei",
        title="Mei 美",
        about="<p>tea</p>",
        about_source="tea",
        avatar="/media/ab/a.webp",
        avatar_alt="Mei, smiling",
        header="/media/ab/h.webp",
        facts=[{"name": "Web", "value": '<a href="https://example.org">example.org</a>'}],
        aliases=["https://example.org/users/mei"],
        is_discoverable=True,
        is_indexable=True,
        hides_follows=False,
    )


async def notes_of_all_kinds(mei, remote):
    """Notes in every shape, by what is in them."""
    ana = f"@ana@{remote.host}"
    film = await picture(
        mei, media=Media.VIDEO, media_type="video/mp4", key=f"bb/bb/{'b' * 64}.mp4"
    )
    plain = await publish(mei, Draft(text=f"hello {ana} #tea #茶", language="en"))
    edited = await publish(mei, Draft(text="before"))
    await edit(mei, edited, Draft(text="after", summary="careful"))
    return {
        "plain": plain,
        "edited": edited,
        "titled": await publish(
            mei,
            Draft(text="body\n\n- one\n- two", title="Tea & <b>", attachments=[await picture(mei)]),
        ),
        "film": await publish(mei, Draft(text="", attachments=[film], is_sensitive=True)),
        "answer": await publish(mei, Draft(text="and", in_reply_to=plain)),
        "poll": await publish(mei, Draft(text="tea?", poll=PollDraft(["green", "black"], 600))),
        "polls": await publish(
            mei, Draft(text="teas?", poll=PollDraft(["green", "black"], 600, is_multiple=True))
        ),
        "quiet": await publish(mei, Draft(text="psst", audience=Audience.QUIET)),
        "friends": await publish(mei, Draft(text=f"dear {ana}", audience=Audience.FOLLOWERS)),
        "letter": await publish(mei, Draft(text=f"you, {ana}", audience=Audience.PEOPLE)),
    }


async def everything_said(mei, remote, settle_down):
    """Have Mei do all that can be done, and return what went out, by what happened."""
    ana, actor = await fan_of(mei, remote)
    other, stranger = await known(remote, "other", alsoKnownAs=[mei.uri])
    notes = await notes_of_all_kinds(mei, remote)
    await follow(mei, stranger)
    await settle_down()
    await unfollow(mei, stranger)
    await say(remote, "Follow", other, mei.uri, mei.inbox, settle_down)
    asked = await Follow.get(follower_id=stranger.id)
    await reject(asked.uri, stranger, mei)
    await follows(mei, actor)
    theirs = await came(remote, ana, mei, settle_down)
    asks = question(remote, ana, {"green": 1, "black": 2}, endTime="2099-01-01T00:00:00Z")
    await say(remote, "Create", ana, asks, mei.inbox, settle_down)
    await vote(mei, await Note.get(uri=asks["id"]).select_related("author"), [0])
    await like(mei, theirs)
    await boost(mei, theirs)
    await boost(mei, notes["friends"])
    await pin(mei, notes["plain"])
    await settle_down()
    await unlike(mei, theirs)
    await unboost(mei, theirs)
    await unpin(mei, notes["plain"])
    await send_actor({"actor_id": mei.id})
    await send_report(actor, [theirs.uri], "rude")
    await settle_down()
    await withdraw(mei, notes["quiet"])
    await withdraw(mei, notes["letter"])
    await block(mei, stranger)
    await settle_down()
    await unblock(mei, stranger)
    await move(mei, other.uri)
    await settle_down()
    await close_account({"actor_id": mei.id})
    await settle_down()
    return remote.letters


async def test_every_letter_keeps_the_rules_of_those_who_get_it(settle, remote, settle_down):
    mei = await rich(settle)
    host, base = remote.here.server.domain, remote.here.server.base_url

    letters = await everything_said(mei, remote, settle_down)

    for got in letters:
        peer_rules.check(got.document, host=host, base=base)
        peer_rules.check_activity(got.document)
        inner = got.document["object"]
        is_vote = got.type == "Create" and "content" not in inner
        if got.type in ("Create", "Update") and inner["type"] in ("Note", "Question"):
            assert is_vote or peer_rules.check_note(inner) is None
        if is_vote:
            assert set(inner) == {"id", "type", "name", "attributedTo", "inReplyTo", "to"}
    assert {got.type for got in letters} == {
        *("Create", "Update", "Delete", "Follow", "Accept", "Reject", "Undo", "Like", "Announce"),
        *("Block", "Flag", "Add", "Remove", "Move"),
    }


async def test_every_letter_is_signed_and_labelled_as_all_can_read(settle, remote, settle_down):
    mei = await rich(settle)
    await fan_of(mei, remote)
    await publish(mei, Draft(text="hello"))
    await settle_down()

    headers = {name.lower(): value for name, value in remote.letters[0].headers.items()}
    signature = headers["signature"]

    assert headers["content-type"] == AS2
    assert headers["accept"] == AS2
    assert headers["digest"].startswith("SHA-256=")
    assert f'keyId="{mei.uri}#main-key"' in signature
    assert 'algorithm="rsa-sha256"' in signature
    assert 'headers="(request-target) host date digest"' in signature


async def test_every_address_answers_as_what_it_is(settle, remote, settle_down, wire):
    mei = await rich(settle)
    ana, actor = await fan_of(mei, remote)
    await follows(mei, actor)
    notes = await notes_of_all_kinds(mei, remote)
    answer = await came(remote, ana, mei, settle_down, inReplyTo=notes["plain"].uri, cc=[mei.uri])
    await pin(mei, notes["titled"])
    await settle_down()

    for document in await served(wire, ana, mei, notes):
        peer_rules.check(document, host=wire.here.server.domain, base=wire.here.server.base_url)
        if document["type"] in ("Note", "Question"):
            peer_rules.check_note(document)
    first = (await wire.get(f"/n/{notes['plain'].id}/replies", ana)).json["first"]
    assert first["items"] == [notes["answer"].uri, answer.uri]


async def served(wire, ana, mei, notes) -> list[dict[str, Any]]:
    """Fetch all there is, and check how it is labelled."""
    paths = ["/actor", "/u/mei"]
    for name in ("outbox", "followers", "following", "featured"):
        paths.append(f"/u/mei/{name}")
    paths += [f"/u/mei/{name}?page=true" for name in ("outbox", "followers", "following")]
    paths += [f"/n/{note.id}" for note in notes.values()]
    for part in ("replies", "likes", "shares", "context"):
        paths.append(f"/n/{notes['plain'].id}/{part}")
    base = wire.here.server.base_url
    paths += [sent.uri.removeprefix(base) for sent in await Sent.filter(is_public=True)]
    found = []
    for path in paths:
        answer = await wire.get(path, ana)
        head = await wire.get(path, ana, method="HEAD")
        assert (answer.status, head.status) == (200, 200), path
        assert answer.headers["content-type"] == AS2, "Lemmy compares the whole header"
        assert head.headers["content-type"] == AS2
        assert "Accept" in answer.headers["vary"]
        assert answer.json["id"] == base + path, "the id is the address"
        found.append(answer.json)
    return found


async def test_what_is_gone_says_so(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, _ = await known(remote, "ana")
    note = await publish(mei, Draft(text="hello"))
    await withdraw(mei, note)
    await close_account({"actor_id": mei.id})

    for path, uri in ((f"/n/{note.id}", note.uri), ("/u/mei", mei.uri)):
        answer = await wire.get(path, ana)
        assert (answer.status, answer.headers["content-type"]) == (410, AS2)
        peer_rules.check(answer.json, host=wire.here.server.domain, base=wire.here.server.base_url)
        assert (answer.json["id"], answer.json["type"]) == (uri, "Tombstone")
    finger = await wire.get(f"/.well-known/webfinger?resource=acct:mei@{wire.host}")
    assert finger.status == 410


async def test_webfinger_loops_back_for_everyone(settle, remote, wire):
    mei = await settle("mei")
    base, host = wire.here.server.base_url, wire.host

    for resource, uri in (
        (f"acct:mei@{host}", mei.uri),
        (f"acct:MEI@{host}", mei.uri),
        (f"mei%40{host}", mei.uri),
        (mei.uri, mei.uri),
        (f"{base}/@mei", mei.uri),
        (f"{base}/", f"{base}/actor"),
        (f"acct:{host}@{host}", f"{base}/actor"),
    ):
        answer = await wire.get(f"/.well-known/webfinger?resource={resource}")
        links = [each for each in answer.json["links"] if each["rel"] == "self"]
        assert answer.headers["content-type"].startswith("application/jrd+json")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert [(each["type"], each["href"]) for each in links] == [(AS2, uri)]
    for missing in (f"acct:nobody@{host}", "acct:mei@example.org", "mei"):
        assert (await wire.get(f"/.well-known/webfinger?resource={missing}")).status == 404
    assert (await look_up("@mei")).uri == mei.uri
    assert json.dumps(await Actor.all().count())


@pytest.mark.parametrize(
    "accept",
    [
        "application/activity+json",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        "application/ld+json",
        "application/activity+json, application/ld+json, text/html;q=0.1",
        "text/html, application/activity+json;q=0.5",
    ],
)
async def test_whoever_asks_for_a_document_gets_it(settle, remote, wire, accept):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="hello"))

    async with set_to(wire, "federation", authorized_fetch=False) as lax:
        for path in ("/actor", "/u/mei", f"/n/{note.id}"):
            asked = lax.asking(remote.person("x"), path).without("accept", "signature", "date")
            answer = await lax.send(asked.plus("Accept", accept))
            assert (answer.status, answer.headers["content-type"]) == (200, AS2)


@needs_contexts
async def test_no_term_of_ours_is_without_a_meaning(settle, remote, settle_down, wire):
    mei = await rich(settle)
    ana, actor = await fan_of(mei, remote)
    await follows(mei, actor)
    notes = await notes_of_all_kinds(mei, remote)
    await settle_down()
    documents = await served(wire, ana, mei, notes)
    documents.append((await wire.get("/u/mei")).json)
    fresh = await settle("ben")
    documents += [got.document for got in await everything_said(fresh, remote, settle_down)]

    undefined = {
        (document["type"], term)
        for document in documents
        for term in peer_rules.undefined_terms(document)
    }

    assert undefined == set()


@needs_contexts
def test_a_term_without_a_meaning_is_found():
    odd = {"@context": [peer_rules.AS, {"x": "https://x.example/"}], "type": "Odd", "odder": 1}

    assert peer_rules.undefined_terms(odd | {"x:fine": 1}) == {"_:Odd", "_:odder"}


async def test_a_page_leads_to_its_document(settle, remote, wire):
    mei = await settle("mei")
    note = await publish(mei, Draft(text="hello"))

    for path, uri in ((f"/n/{note.id}", note.uri), ("/@mei", mei.uri)):
        page = await wire.send(Envelope("GET", path, [("Host", wire.host), ("Accept", "*/*")]))
        assert page.status == 200
        links = LexborHTMLParser(page.body.decode()).css('link[rel="alternate"]')
        found = [(each.attributes["type"], each.attributes["href"]) for each in links]
        assert (AS2, uri) in found, path
    asked = await wire.get("/@mei")
    assert (asked.status, asked.headers["location"]) == (302, mei.uri)
