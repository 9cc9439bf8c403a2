"""What we use of little-boxes."""

import asyncio
import copy
import logging
import pickle
import socket
import subprocess
import sys
from contextlib import suppress

import pytest
from hypothesis import given
from little_boxes import activitypub as lb
from little_boxes.errors import ActivityNotFoundError

from federation.errors import Malformed
from federation.littleboxes import build, check
from federation.vocabulary import ACTIVITY_TYPES, ACTOR_TYPES, COLLECTION_TYPES, NOTE_TYPES
from tests.federation.zoo import documents, unhurried

ANA = "https://a.example/ana"
BOB = "https://b.example/bob"


def activity(kind, about, **more):
    return {"id": f"{ANA}/1", "type": kind, "actor": ANA, "object": about} | more


@pytest.mark.parametrize(
    "kind", sorted(ACTIVITY_TYPES | ACTOR_TYPES | NOTE_TYPES | COLLECTION_TYPES)
)
def test_every_type_has_a_class_of_ours(kind):
    made = lb.ActivityType(kind)

    assert made.value == kind
    assert lb._ACTIVITY_CLS[made].__mro__[1].__name__ == "Checked"


def test_a_type_that_nobody_knows_is_still_unknown_to_the_enum():
    for value in ("Wave", None, 3, "follow"):
        with pytest.raises(ValueError, match="not a valid ActivityType"):
            lb.ActivityType(value)


def test_a_create_of_a_note_is_seen_through_its_class():
    document = activity("Create", {"type": "Note", "attributedTo": ANA, "content": "hi"})

    view = check(document)

    assert (view.kind, view.activity.actor) == ("Create", ANA)
    assert isinstance(view.activity, lb.Create)
    assert view.document is document


def test_the_document_stays_as_it_came():
    document = activity(
        "Create", {"type": "Note"}, **{"@context": ["https://x.example", {"a": "b"}]}
    )
    before = copy.deepcopy(document)

    check(document)

    assert document == before


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("Follow", {"id": BOB, "type": "Note"}),
        ("Follow", {"id": BOB, "type": "Follow"}),
        ("Block", {"id": BOB, "type": "Note"}),
        ("Undo", {"id": BOB, "type": "Person"}),
        ("Undo", {"id": BOB, "type": "Note"}),
        ("Accept", {"id": BOB, "type": "Person"}),
        ("Create", {"id": BOB, "type": "Follow"}),
        ("Create", {"id": BOB, "type": "Tombstone"}),
        ("Update", {"id": BOB, "type": "Like"}),
        ("Announce", {"id": BOB, "type": "Tombstone"}),
        ("Like", {"id": BOB, "type": "Person"}),
        ("Lock", {"id": BOB, "type": "Person"}),
        ("Like", None),
        ("Like", 3),
    ],
)
def test_ORG_22_a_verb_about_the_wrong_kind_of_thing_is_malformed(kind, about):
    with pytest.raises(Malformed):
        check(activity(kind, about))


@pytest.mark.parametrize("actor", [None, 3, {}, [], "not a name", {"id": 3}])
def test_ORG_22_an_activity_by_nobody_is_malformed(actor):
    with pytest.raises(Malformed):
        check(activity("Like", BOB) | {"actor": actor})


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("Follow", BOB),
        ("Follow", {"id": BOB, "type": "Group"}),
        ("Follow", {"id": BOB, "type": "Feed"}),
        ("Accept", {"type": "Follow", "actor": BOB, "object": ANA}),
        ("Reject", {"id": BOB, "type": "Join"}),
        ("Announce", {"id": BOB, "type": "Create"}),
        ("Flag", [BOB, "https://b.example/1"]),
        ("EmojiReact", BOB),
        ("Move", {"id": BOB, "type": "Page"}),
        ("Create", {"id": BOB, "type": "SomethingNew"}),
        ("Wave", BOB),
    ],
)
def test_what_servers_send_is_taken(kind, about):
    assert check(activity(kind, about)).kind == (kind if kind != "Wave" else "Activity")


def test_it_says_nothing_and_looks_up_nothing(capsys, caplog, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: pytest.fail("it looked up a name"))
    caplog.set_level(logging.DEBUG)

    check(activity("Create", {"id": f"{ANA}/n", "type": "Note", "content": "a secret"}))

    assert capsys.readouterr() == ("", "")
    assert "a secret" not in caplog.text


def test_what_was_not_authenticated_is_not_at_hand():
    with pytest.raises(ActivityNotFoundError):
        lb.BACKEND.fetch_iri(ANA)


async def test_500_letters_at_once_do_not_mix():
    async def one(number):
        actor = f"https://a.example/{number}"
        await asyncio.sleep(0)
        view = check(activity("Like", BOB) | {"actor": actor, "id": f"{actor}/1"})
        await asyncio.sleep(0)
        return view.activity.actor == actor

    assert all(await asyncio.gather(*(one(number) for number in range(500))))


def test_a_view_can_be_copied_and_pickled():
    view = check(activity("Like", BOB))

    assert copy.deepcopy(view).activity.object == BOB
    with pytest.raises(AttributeError):
        view.activity.__nonsense__  # noqa: B018
    assert pickle.dumps(view.document)


def test_nothing_is_not_the_same_as_zero():
    view = check(activity("Like", BOB, published="", cc=[]))

    assert view.activity.published == ""
    assert view.activity.cc == []
    assert view.activity.summary is None


def test_a_long_document_costs_no_more_than_a_short_one():
    note = {"id": f"{ANA}/n", "type": "Note", "content": "x" * 1_000_000}

    view = check(activity("Create", note))

    assert len(repr(view.activity.to_dict())) < 1_000


def test_what_we_build_is_ordered_by_its_class_and_keeps_its_object():
    note = {"id": f"{ANA}/n", "type": "Note", "content": "hi"}

    built = build({"to": [BOB], "actor": ANA, "object": note, "type": "Create", "id": f"{ANA}/1"})

    assert list(built) == ["type", "id", "actor", "object", "to"]
    assert built["object"] is note


@unhurried
@given(documents())
def test_ORG_22_anything_passes_or_is_malformed(document):
    with suppress(Malformed):
        check(document)


def test_it_has_no_way_to_call_other_servers():
    told = (
        "import sys, federation.littleboxes as door;"
        "print('requests' in sys.modules, hasattr(door.lb.requests, 'get'))"
    )

    asked = [sys.executable, "-c", told]
    said = subprocess.run(asked, capture_output=True, text=True, check=True)  # noqa: S603

    assert said.stdout.split() == ["False", "False"]
