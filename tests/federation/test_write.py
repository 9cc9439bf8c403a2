"""The activities we write."""

from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest

from federation.activity import activity_from
from federation.errors import Malformed
from federation.read import loads
from federation.vocabulary import ACTOR_CONTEXT, CONTEXT, PUBLIC
from federation.write import dumps, stamp, tombstone, with_context, write

ANA = "https://a.example/u/ana"
BOB = "https://b.example/bob"


def follow():
    return write("Follow", id=f"{ANA}/1", actor=ANA, object=BOB, to=[BOB])


def test_a_follow_is_as_every_server_reads_it():
    assert follow() == {
        "type": "Follow",
        "id": f"{ANA}/1",
        "actor": ANA,
        "object": BOB,
        "to": [BOB],
        "cc": [],
    }


def test_an_answer_embeds_what_it_answers_without_its_context():
    asked = with_context(follow()) | {"actor": BOB, "object": ANA}

    answer = write("Accept", id=f"{ANA}/2", actor=ANA, object=asked, to=[BOB])

    assert answer["object"]["type"] == "Follow"
    assert "@context" not in answer
    assert "@context" not in answer["object"]
    assert "@context" in asked


def test_what_someone_signed_is_passed_on_as_they_signed_it():
    signed = with_context(follow()) | {"actor": BOB, "proof": {"type": "DataIntegrityProof"}}

    announce = write("Announce", id=f"{ANA}/2", actor=ANA, object=signed, to=[PUBLIC])

    assert announce["object"] is signed


def test_everyone_is_named_once_and_always_in_a_list():
    written = write("Like", id=f"{ANA}/1", actor=ANA, object=BOB, to=(BOB, BOB), cc=[PUBLIC, BOB])

    assert written["to"] == [BOB]
    assert written["cc"] == [PUBLIC]


def test_what_is_none_is_left_out_and_moments_are_written():
    at = datetime(2024, 1, 1, 1, 2, 3, 456789, tzinfo=timezone(timedelta(hours=1)))

    written = write(
        "Announce", id=f"{ANA}/1", actor=ANA, object=BOB, to=[], published=at, audience=None
    )

    assert written["published"] == "2024-01-01T00:02:03Z"
    assert "audience" not in written


def test_a_deletion_leaves_a_tombstone():
    at = datetime(2024, 1, 1, tzinfo=UTC)

    assert tombstone(f"{ANA}/n") == {"id": f"{ANA}/n", "type": "Tombstone"}
    assert tombstone(f"{ANA}/n", deleted=at, was="Note")["deleted"] == stamp(at)
    assert tombstone(f"{ANA}/n", was="Note")["formerType"] == "Note"


def test_ORG_22_we_do_not_send_what_no_one_would_read():
    with pytest.raises(Malformed):
        write("Follow", id=f"{ANA}/1", actor=ANA, object={"id": BOB, "type": "Note"}, to=[BOB])


def test_the_outermost_document_names_its_context():
    assert with_context(follow())["@context"] is CONTEXT
    assert with_context({"type": "Group"})["@context"] is ACTOR_CONTEXT
    update = {"type": "Update", "object": {"type": "Person"}}
    assert with_context(update)["@context"] is ACTOR_CONTEXT
    assert next(iter(with_context(follow()))) == "@context"


def test_what_we_write_we_can_read():
    read = activity_from(loads(dumps(with_context(follow()))))

    assert (read.type, read.actor, read.object_id) == ("Follow", ANA, BOB)
    assert dumps(follow()) == dumps(follow()) == orjson.dumps(follow())
