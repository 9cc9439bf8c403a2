"""What a Question asks."""

from datetime import UTC, datetime

import pytest
from hypothesis import given

from notes.questions import question_of
from tests.federation.zoo import anything, unhurried


def option(name, votes):
    return {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": votes}}


def test_a_question_is_read():
    asked = question_of(
        {"oneOf": [option("tea", 3), option("coffee", 1)], "endTime": "2024-01-01T00:00:00Z"}
    )

    assert asked.options == [("tea", 3), ("coffee", 1)]
    assert (asked.multiple, asked.voters) == (False, 4)
    assert (asked.ends, asked.closed) == (datetime(2024, 1, 1, tzinfo=UTC), None)


def test_several_answers_may_be_given_to_anyof():
    asked = question_of({"anyOf": [option("tea", 3), option("coffee", 3)], "votersCount": 4})

    assert (asked.multiple, asked.voters) == (True, 4)


@pytest.mark.parametrize(
    ("told", "read"), [(-1, 0), (2**53, 2**31 - 1), ("12", 0), (None, 0), (True, 0), ([], 0)]
)
def test_ORG_18_counts_are_hints_within_bounds(told, read):
    asked = question_of({"oneOf": [option("tea", told)], "votersCount": told or 0})

    assert asked.options == [("tea", read)]
    assert asked.voters == read


def test_the_surplus_of_options_is_left_out():
    asked = question_of({"oneOf": [option("x" * 900 + str(each), 0) for each in range(50)]})

    assert len(asked.options) == 20
    assert len(asked.options[0][0]) == 200


@pytest.mark.parametrize("told", [{}, {"oneOf": []}, {"anyOf": "x"}, {"oneOf": [{"name": ""}]}])
def test_without_a_choice_there_is_no_question(told):
    assert question_of(told) is None


def test_what_only_says_that_it_is_closed_was_closed_when_it_ended():
    ended = datetime(2024, 1, 1, tzinfo=UTC)
    told = {"oneOf": [option("tea", 1)], "endTime": "2024-01-01T00:00:00Z"}

    assert question_of(told | {"closed": True}).closed == ended
    assert question_of(told | {"closed": "2024-01-01T00:00:00Z"}).closed == ended


@pytest.mark.parametrize("said", [True, "yes", {"type": "Object"}])
def test_what_does_not_say_when_it_was_closed_is_closed_all_the_same(said):
    told = {"oneOf": [option("tea", 1)], "closed": said}
    posted = told | {"published": "2024-01-01T00:00:00Z"}

    assert question_of(told).closed is not None
    assert question_of(posted).closed == datetime(2024, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("said", [False, None, ""])
def test_what_is_said_not_to_be_closed_is_open(said):
    assert question_of({"oneOf": [option("tea", 1)], "closed": said}).closed is None


@unhurried
@given(anything, anything)
def test_ORG_22_anything_is_a_question_or_none(one, other):
    question_of({"oneOf": one, "anyOf": other, "closed": one, "votersCount": other})
