"""Taking what we may safely use out of someone's JSON."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import FederationError, Malformed
from federation.read import (
    addressed,
    clipped,
    count,
    dicts,
    first_iri,
    flag,
    id_of,
    iri,
    iri_of,
    iris,
    link,
    loads,
    moment,
    number,
    recipients,
    text,
)
from federation.vocabulary import PUBLIC
from tests.federation.zoo import anything, unhurried


@pytest.mark.parametrize(
    "body",
    [
        b"\xef\xbb\xbf{}",
        '{"a":1}'.encode("utf-16"),
        '{"a":1}'.encode("utf-32"),
        '{"a":"ü"}'.encode("latin-1"),
        b'{"a":"\xed\xa0\x80"}',
        rb'{"a":"\ud800"}',
        rb'{"a":"\udc00\ud800"}',
        b'{"a":"\x00"}',
        rb'{"a":"\u0000"}',
        rb'{"\u0000":1}',
        rb'{"a":["b",{"c":"d\u0000"}]}',
        rb'{"a":["\u0000"]}',
    ],
)
def test_DOS_02_odd_encodings_are_refused(body):
    with pytest.raises(Malformed):
        loads(body)


def test_DOS_02_escapes_of_real_characters_are_read():
    assert loads(rb'{"a":"\ud83e\udd81 \u003cp\u003e \\u0000"}') == {"a": "🦁 <p> \\u0000"}


@pytest.mark.parametrize(
    "number",
    [
        *(b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9007199254740993", b"-9007199254740993"),
        *(b"1" * 4300, b"18446744073709551616", b"012", b"1.", b"+1"),
    ],
)
def test_DOS_01_numbers_beyond_exact_ones_are_refused(number):
    with pytest.raises(Malformed):
        loads(b'{"a":' + number + b"}")


@pytest.mark.parametrize(
    "number", [b"9007199254740992", b"-9007199254740992", b"0.1234567890123456789"]
)
def test_numbers_within_bounds_are_read(number):
    assert loads(b'{"a":' + number + b',"b":"12345678901234567890"}')["a"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":1,"a":1}',
        b'{"a":1,"b":{"c":1,"c":2}}',
        b'{"a":[{"c":1},{"c":1,"c":1}]}',
        rb'{"id":1,"\u0069d":2}',
        b'{"a" :1,"a"\n:1}',
        b'{"a":"\\":","a":1}',
    ],
)
def test_DOS_01_a_name_twice_in_one_object_is_refused(body):
    with pytest.raises(Malformed, match="twice"):
        loads(body)


@pytest.mark.parametrize(
    "name", ["@graph", "@included", "@reverse", "@nest", r"\u0040graph", r"@gr\u0061ph"]
)
def test_LD_02_words_that_move_meaning_are_refused_wherever_they_are(name):
    for body in ('{"%s":[]}', '{"a":[{"b":{"%s":1}}]}', '{"@context":[{"x":{"%s":1}}]}'):
        with pytest.raises(Malformed, match="@graph"):
            loads((body % name).encode())


def test_LD_02_the_same_words_may_be_talked_about():
    assert loads(b'{"content":"what is @graph?","tag":["@reverse"]}')


@pytest.mark.parametrize(
    "body", [b"", b" ", b"[]", b'"a"', b"1", b"null", b"{", b"{}{}", b"{'a':1}", b'{"a":1,}']
)
def test_ORG_19_what_is_no_object_is_malformed(body):
    with pytest.raises(Malformed):
        loads(body)


@unhurried
@given(st.binary(max_size=200))
def test_ORG_22_any_bytes_are_an_object_or_malformed(body):
    with suppress(Malformed):
        assert isinstance(loads(body), dict)


def test_names_of_things_have_no_room_for_markup_or_endlessness():
    assert iri("tag:example.com,2009:x") == "tag:example.com,2009:x"
    for value in (None, 1, True, "", "a b", "a\nb", "<a>", 'a"b', "x" * 1001, ["a"], {"id": "a"}):
        assert iri(value) is None


def test_a_thing_is_named_by_its_id_or_itself():
    assert iri_of({"id": "https://a.example/1"}) == "https://a.example/1"
    assert iri_of({"type": "Link", "href": "https://a.example/2"}) == "https://a.example/2"
    assert iri_of({"id": 7}) is None
    assert first_iri([None, {}, "https://a.example/3"]) == "https://a.example/3"


def test_ORG_01_an_id_is_nothing_but_a_web_address():
    assert id_of({"id": "https://a.example/1"}) == "https://a.example/1"
    for value in (None, 1, "", "tag:a", ["https://a.example/1"], {"href": "https://a.example/1"}):
        assert id_of({"id": value}) is None


def test_DOS_01_the_surplus_of_recipients_is_left_out():
    many = [f"https://a.example/{each}" for each in range(400)]

    to, cc, audience = addressed({"to": many[:200], "cc": many[200:], "audience": many[:9]})

    assert (len(to), len(cc), len(audience)) == (200, 56, 0)
    assert iris(many, 3) == many[:3]


def test_recipients_are_named_once_and_the_blind_are_among_them():
    document = {"to": "https://a.example/1", "bto": ["https://a.example/1", "https://a.example/2"]}
    document |= {"bcc": {"id": "https://a.example/3"}}

    assert addressed(document) == (
        ["https://a.example/1", "https://a.example/2"],
        ["https://a.example/3"],
        [],
    )


@pytest.mark.parametrize("spelling", ["as:Public", "Public", PUBLIC])
def test_PRIV_06_public_has_three_spellings(spelling):
    assert recipients([spelling, "https://a.example/1"]) == [PUBLIC, "https://a.example/1"]


@pytest.mark.parametrize(
    "spelling", ["public", "PUBLIC", "as:public", f"{PUBLIC}/", "https://a.example/#Public"]
)
def test_PRIV_06_nothing_else_is_public(spelling):
    assert PUBLIC not in recipients(spelling)


def test_objects_come_alone_or_in_lists():
    assert dicts({"a": 1}) == [{"a": 1}]
    assert dicts([1, {"a": 1}, None, "x"]) == [{"a": 1}]
    assert dicts("x") == dicts(None) == []
    assert len(dicts([{}] * 300)) == 100


@pytest.mark.parametrize(
    "value",
    [
        "2024-02-03T04:05:06Z",
        "2024-02-03T04:05:06.000000Z",
        "2024-02-03T05:05:06+01:00",
        "2024-02-03T04:05:06",
        "2024-02-03 04:05:06Z",
        "2024-02-03T04:05:06.0000000001Z",
    ],
)
def test_moments_are_read_into_utc(value):
    assert moment(value) == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        *(None, 1, "", "yesterday", "2024", "20240203", "2024-13-01T00:00:00Z"),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1066-10-14T09:00:00Z"),
        "2024-02-03T04:05:06Z" + "x" * 30,
    ],
)
def test_what_is_no_moment_is_none(value):
    assert moment(value) is None


@pytest.mark.parametrize(
    ("value", "read"), [(3, 3), (3.0, 3), (True, None), ("12", None), (1.5, None)]
)
def test_numbers_are_numbers(value, read):
    assert number(value) == read


@pytest.mark.parametrize(
    ("value", "read"), [(-1, 0), (2**63, 2**31 - 1), ("12", 0), (None, 0), (7, 7)]
)
def test_ORG_18_counts_are_hints_within_bounds(value, read):
    assert count(value) == read


def test_only_true_is_yes():
    assert flag(True)
    assert not any(flag(each) for each in (1, "true", None, [True]))


def test_ORG_10_links_are_web_addresses_from_wherever_they_stand():
    assert link("https://a.example/") == "https://a.example/"
    assert link({"type": "Link", "href": "https://a.example/"}) == "https://a.example/"
    assert link(["javascript:alert(1)", {"href": "https://a.example/"}]) == "https://a.example/"
    assert link({"href": "javascript:alert(1)"}) is None
    assert link(["//a.example/"]) is None


def test_XSS_06_words_have_no_direction_marks_and_no_controls():
    assert text({"name": " Ana\u202egpj.exe\x07\u2066 "}, "name") == "Anagpj.exe"
    assert text({"name": ["Ana"]}, "name") == ""


def test_words_are_cut_between_characters_that_people_see():
    family = "👩\u200d👩\u200d👧"
    assert clipped(f"ab{family}", 4) == "ab"
    assert clipped("e\u0301" * 3, 3) == "e\u0301"
    assert clipped("\u0301" * 9, 4) == "\u0301" * 4
    assert clipped("short", 10) == "short"


@unhurried
@given(anything)
def test_ORG_22_every_reader_takes_anything(value):
    for reader in (
        iri,
        iri_of,
        first_iri,
        iris,
        recipients,
        dicts,
        moment,
        number,
        count,
        flag,
        link,
    ):
        reader(value)
    try:
        addressed({"to": value, "cc": value, "bto": value, "audience": value})
        text({"name": value}, "name")
        id_of({"id": value})
    except FederationError:
        pytest.fail("a reader of parts refuses nothing; it leaves out")
