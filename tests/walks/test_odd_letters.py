"""One thing wrong at a time: every field of every verb with each odd value (ORG-22)."""

import copy
from random import Random

import pytest

from core.jobs import Job
from notes.note import Note
from notes.polls import Poll
from outbox.create import publish
from outbox.draft import Draft, PollDraft
from tests.remote import PUBLIC
from tests.walks.people import befriended, came

ODD = (
    *(None, True, 0, -1, 2**53, 1.5, "", " ", "x", "☃", "\u202e", "a" * 5000),
    *([], [None], [[]], ["x", 1, {}], {}, {"id": None}, {"id": 1}, {"id": []}, {"type": []}),
    *({"type": "Note"}, {"type": ["Note", "Thing"], "id": "x"}, {"id": {"id": {"id": "x"}}}),
    *("https://☃.example/1", "https://xn--a.example/1", "http://0x7f.1/"),
    *("https://a.example:99999/", "https://a.example/" + "b" * 3000, "acct:a@b", "javascript:1"),
    *("2026-13-45T99:99:99Z", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59+23:59", "1e999"),
    [{"type": "Mention", "href": 1}, {"type": "Hashtag", "name": None}, {"type": "Emoji"}],
)
TRIES = 3


def twisted(document, chance, *, but=("id", "actor", "@context")):
    """The document with each of its fields, and those of what it embeds, once in some odd ways.

    Which, is drawn with a fixed seed: each field is tried, and few letters are sent.
    """
    for name in (each for each in document if each not in but):
        for odd in chance.sample(ODD, TRIES):
            yield document | {name: odd}
        inner = document[name]
        if isinstance(inner, dict):
            for changed in twisted(inner, chance, but=()):
                yield document | {name: changed}


@pytest.mark.parametrize("share", range(5))
async def test_ORG_22_one_odd_field_in_any_verb_breaks_nothing(
    settle, remote, settle_down, wire, share
):
    mei = await settle("mei")
    ana, _ = await befriended(mei, remote)
    bob, _ = await befriended(mei, remote, "bob")
    mine = await publish(mei, Draft(text="tea"))
    asked = await publish(mei, Draft(text="?", poll=PollDraft(["a", "b"], 3600, False)))
    note = await came(remote, ana, mei, settle_down)
    theirs = remote.things[note.uri.removeprefix(remote.base)]
    request = {"type": "Follow", "id": f"{mei.uri}#f", "actor": mei.uri, "object": ana.uri}
    whole = {
        **{"name": "T", "summary": "s", "sensitive": True, "updated": "2026-11-22T10:00:00Z"},
        **{"inReplyTo": mine.uri, "context": "x", "conversation": "x", "language": "en"},
        **{"contentMap": {"en": "x"}, "source": {"content": "x", "mediaType": "text/plain"}},
        "tag": [{"type": "Mention", "href": mei.uri, "name": "@mei"}],
        "attachment": {"type": "Image", "url": "https://a.example/1.png", "mediaType": "image/png"},
        "url": {"type": "Link", "href": "https://a.example/1", "mediaType": "text/html"},
        "replies": {"type": "Collection", "first": {"items": []}},
        "interactionPolicy": {"canReply": {"always": [PUBLIC]}},
        **{"quote": "x", "quoteUrl": "x", "likes": {"totalItems": 1}, "shares": {"totalItems": 1}},
    }
    poll = {
        **{"type": "Question", "endTime": "2027-01-01T00:00:00Z", "votersCount": 1},
        "oneOf": [{"type": "Note", "name": "a", "replies": {"totalItems": 1}}],
    }
    vote = remote.note(ana, name="a", inReplyTo=asked.uri, to=[mei.uri], cc=[])
    vote.pop("content")
    letters = [
        remote.activity("Follow", ana, mei.uri, to=[mei.uri]),
        remote.activity("Accept", ana, request),
        remote.activity("Reject", bob, request | {"object": bob.uri}),
        remote.activity("Undo", ana, {"type": "Like", "actor": ana.uri, "object": mine.uri}),
        remote.activity("Undo", ana, {"type": "Follow", "actor": ana.uri, "object": mei.uri}),
        remote.activity("Undo", ana, {"type": "Announce", "object": mine.uri}),
        remote.activity("Create", ana, remote.note(ana, **whole)),
        remote.activity("Create", ana, remote.note(ana, **poll)),
        remote.activity("Create", ana, vote),
        remote.activity("Update", ana, theirs | whole),
        remote.activity("Update", ana, ana.document(remote.base)),
        remote.activity("Like", ana, mine.uri),
        remote.activity("EmojiReact", ana, mine.uri, content=":x:", tag=[]),
        remote.activity("Announce", ana, mine.uri, published="2026-11-22T10:00:00Z"),
        remote.activity("Flag", ana, [mei.uri, mine.uri], content="words"),
        remote.activity("Add", ana, note.uri, target=f"{ana.uri}/featured"),
        remote.activity("Remove", ana, note.uri, target=f"{ana.uri}/featured"),
        remote.activity("Block", bob, mei.uri),
        remote.activity("Move", bob, bob.uri, target=f"{remote.base}/users/new"),
        remote.activity("Delete", bob, {"id": f"{bob.uri}/1", "type": "Tombstone"}),
    ]
    people = {ana.uri: ana, bob.uri: bob}

    broken = []
    chance = Random(share)
    for letter in letters[share::5]:
        for odd in twisted(letter, chance):
            odd = copy.deepcopy(odd) | {"id": remote.id()}
            if isinstance(odd.get("object"), dict) and odd["type"] == "Create":
                odd["object"].setdefault("id", remote.id("notes"))
                if odd["object"]["id"] == letter["object"]["id"]:
                    odd["object"]["id"] = remote.id("notes")
            answer = await wire.send(wire.letter(people[odd["actor"]], odd))
            if answer.status not in (202, 400):
                broken.append((answer.status, odd))
        await settle_down()
    left = await Job.filter(name__startswith="inbox.").values("name", "error")

    assert not broken, broken[:3]
    assert not left, left[:3]
    assert (await Note.get(id=mine.id)).deleted_at is None
    for each in await Note.filter(deleted_at=None, boost_of_id=None):
        page = await wire.get(f"/n/{each.id}")
        assert page.status < 500, (each.id, page)
    for path in (
        "/explore",
        "/federated",
        f"/@ana@{remote.host}",
        "/u/mei",
        "/u/mei/outbox?page=1",
    ):
        assert (await wire.get(path)).status < 500
    assert (await Poll.get(note_id=asked.id)).options[0]["votes"] <= 1
