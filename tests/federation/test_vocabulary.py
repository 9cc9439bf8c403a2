"""The names that servers agree on."""

import pytest
from hypothesis import given

from federation.vocabulary import ACTOR_CONTEXT, AS, CONTEXT, is_as2, type_of
from tests.federation.zoo import anything, unhurried


@pytest.mark.parametrize(
    "content_type",
    [
        "application/activity+json",
        "application/activity+json; charset=utf-8",
        "APPLICATION/Activity+JSON",
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        "application/ld+json;profile=https://www.w3.org/ns/activitystreams",
        'application/ld+json; profile="https://other.example https://www.w3.org/ns/activitystreams"',
        'application/ld+json; charset=utf-8; Profile="https://www.w3.org/ns/activitystreams"',
    ],
)
def test_ORG_02_these_say_activitypub(content_type):
    assert is_as2(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        *("", "application/json", "text/plain", "text/html", "application/ld+json", "image/png"),
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams#x"',
        "application/ld+json; profil=https://www.w3.org/ns/activitystreams",
        "application/activity+jsonx",
        'application/json; profile="https://www.w3.org/ns/activitystreams"',
        "text/plain; application/activity+json",
    ],
)
def test_ORG_02_nothing_else_is_believed(content_type):
    assert not is_as2(content_type)


@pytest.mark.parametrize(
    ("named", "read"),
    [
        ("Note", "Note"),
        ("as:Note", "Note"),
        (f"{AS}#Person", "Person"),
        (["schema:Thing", "Note"], "Note"),
        (["Foo", "Bar"], "Foo"),
        (["https://example.com/ns#Note"], "https://example.com/ns#Note"),
        (None, ""),
        (3, ""),
        ({"Note": 1}, ""),
        ([None, []], ""),
    ],
)
def test_LD_03_a_type_has_its_meaning_under_fixed_names_only(named, read):
    assert type_of({"type": named}) == read


@unhurried
@given(anything)
def test_ORG_22_anything_has_a_type_or_none(document):
    assert isinstance(type_of(document), str)


def test_LD_03_contexts_name_activitystreams_first_and_define_no_name_twice():
    assert CONTEXT[0] == ACTOR_CONTEXT[0] == AS
    assert CONTEXT[-1] is ACTOR_CONTEXT[-1]
    assert not any(name.startswith("@") for name in CONTEXT[-1])
