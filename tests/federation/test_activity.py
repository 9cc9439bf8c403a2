"""An activity as it came off the wire."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.activity import Transient, activity_from
from federation.errors import Malformed
from federation.vocabulary import PUBLIC
from tests.federation.zoo import TYPES, anything, documents, unhurried

ANA = "https://a.example/ana"


def like(**more):
    return {
        "id": f"{ANA}/1",
        "type": "Like",
        "actor": ANA,
        "object": "https://b.example/n/1",
    } | more


def test_an_activity_is_read():
    document = like(to=["as:Public"], cc=ANA, audience=[], published="2024-01-01T00:00:00Z")

    read = activity_from(document)

    assert (read.id, read.type, read.actor) == (f"{ANA}/1", "Like", ANA)
    assert (read.object_id, read.object_type) == ("https://b.example/n/1", "")
    assert (read.to, read.cc, read.audience) == ([PUBLIC], [ANA], [])
    assert read.published == datetime(2024, 1, 1, tzinfo=UTC)
    assert read.is_public
    assert read.document is document


def test_an_embedded_object_is_known_by_id_and_type():
    read = activity_from(like(object={"id": "https://b.example/n/1", "type": ["Foo", "Note"]}))

    assert (read.object_id, read.object_type) == ("https://b.example/n/1", "Note")


@pytest.mark.parametrize("actor", [{"id": ANA, "type": "Person"}, [ANA], [{"id": ANA}]])
def test_the_actor_may_be_given_whole(actor):
    assert activity_from(like(actor=actor)).actor == ANA


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": 1},
        {"id": ""},
        {"id": ["https://a.example/1"]},
        {"id": {"id": "https://a.example/1"}},
        {"id": "tag:a.example,2024:1"},
        {"id": "https://b.example/1"},
        {"id": "http://a.example/1"},
        {"type": None},
        {"type": []},
        {"type": 3},
        {"type": "Note"},
        {"type": "Person"},
        {"type": "OrderedCollection"},
        {"actor": None},
        {"actor": 1},
        {"actor": [ANA, "https://b.example/bob"]},
        {"actor": "acct:ana@a.example"},
        {"actor": {"name": "Ana"}},
        {"object": None},
        {"object": ""},
        {"object": 3},
        {"object": []},
        {"object": {}},
        {"object": ["https://b.example/1", "https://b.example/2"]},
        {"object": "not a name"},
    ],
)
def test_ORG_19_ORG_22_what_is_no_activity_is_malformed(wrong):
    with pytest.raises(Malformed) as raised:
        activity_from(like(**wrong))

    assert not isinstance(raised.value, Transient)


@pytest.mark.parametrize("missing", ["id", "type", "actor", "object"])
def test_ORG_22_what_it_needs_it_has(missing):
    document = like()
    del document[missing]

    with pytest.raises(Malformed):
        activity_from(document)


def test_ORG_19_what_is_said_in_passing_is_told_apart():
    with pytest.raises(Transient):
        activity_from(like(id=None))


def test_an_unknown_verb_is_no_mistake_even_without_an_object():
    document = like(type="Wave")
    del document["object"]

    assert activity_from(document).type == "Wave"


def test_a_report_names_several_things():
    read = activity_from(
        like(type="Flag", object=["https://b.example/bob", {"id": "https://b.example/1"}])
    )

    assert read.object_id is None
    assert read.object_ids == ["https://b.example/bob", "https://b.example/1"]


def test_a_list_of_one_is_that_one():
    assert activity_from(like(object=["https://b.example/n/1"])).object == "https://b.example/n/1"


def test_blind_recipients_are_reached_and_not_told():
    note = {"id": f"{ANA}/n", "type": "Note", "bto": ["https://b.example/eve"], "content": "x"}
    document = like(
        type="Create", object=note, bto="https://b.example/bob", bcc=["https://c.example/c"]
    )

    read = activity_from(document)

    assert read.to == ["https://b.example/bob"]
    assert read.cc == ["https://c.example/c"]
    assert not {"bto", "bcc"} & (read.document.keys() | read.object.keys())
    assert "bto" not in read.document["object"]
    assert "bto" in document, "the received document itself stays as it came"


def test_blind_recipients_within_an_announced_activity_are_not_told_either():
    create = {
        "id": f"{ANA}/c",
        "type": "Create",
        "object": {"id": f"{ANA}/n", "bcc": ["x:y"]},
        "bto": [],
    }

    for about in (create, [create, "https://a.example/2"]):
        read = activity_from(like(type="Announce", object=about))
        inner = read.object[0] if isinstance(about, list) else read.object
        assert inner == {"id": f"{ANA}/c", "type": "Create", "object": {"id": f"{ANA}/n"}}


def test_a_mastodon_delete_has_a_target_of_none():
    read = activity_from(like(type="Delete", object={"id": f"{ANA}/n", "type": "Tombstone"}))

    assert (read.object_type, read.target_id) == ("Tombstone", None)


mostly_right = documents(
    id=st.just(f"{ANA}/1"),
    actor=st.sampled_from([ANA, {"id": ANA}]),
    type=st.sampled_from([*TYPES, "Like", "Wave"]),
    object=anything | st.just("https://b.example/n/1"),
)


@unhurried
@given(mostly_right)
def test_ORG_22_anything_is_an_activity_or_malformed(document):
    try:
        read = activity_from(document)
    except Malformed:
        return

    assert read.id.startswith("https://a.example/")
    assert all(
        isinstance(each, str) for each in (*read.to, *read.cc, *read.audience, *read.object_ids)
    )
