"""JSON in the one spelling that is hashed for proofs (RFC 8785)."""

import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import FederationError, Malformed
from federation.jcs import canonical

# RFC 8785, appendix B: the bits of a number and how ECMAScript writes it.
NUMBERS = """
    0000000000000000 0
    8000000000000000 0
    0000000000000001 5e-324
    8000000000000001 -5e-324
    7fefffffffffffff 1.7976931348623157e+308
    ffefffffffffffff -1.7976931348623157e+308
    4340000000000000 9007199254740992
    c340000000000000 -9007199254740992
    4430000000000000 295147905179352830000
    44b52d02c7e14af5 9.999999999999997e+22
    44b52d02c7e14af6 1e+23
    44b52d02c7e14af7 1.0000000000000001e+23
    444b1ae4d6e2ef4e 999999999999999700000
    444b1ae4d6e2ef4f 999999999999999900000
    444b1ae4d6e2ef50 1e+21
    3eb0c6f7a0b5ed8c 9.999999999999997e-7
    3eb0c6f7a0b5ed8d 0.000001
    41b3de4355555553 333333333.3333332
    41b3de4355555554 333333333.33333325
    41b3de4355555555 333333333.3333333
    41b3de4355555556 333333333.3333334
    41b3de4355555557 333333333.33333343
    becbf647612f3696 -0.0000033333333333333333
    43143ff3c1cb0959 1424953923781206.2
"""


@pytest.mark.parametrize(
    ("bits", "written"), [each.split() for each in NUMBERS.strip().splitlines()]
)
def test_a_number_is_written_as_javascript_does(bits, written):
    [number] = struct.unpack(">d", bytes.fromhex(bits))

    assert canonical(number) == written.encode()


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (0, "0"),
        (-7, "-7"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (100.0, "100"),
        (2**53, "9007199254740992"),
        (2**53 + 1, "9007199254740992"),
        (10**21, "1e+21"),
        (0.00001, "0.00001"),
        (1e-7, "1e-7"),
    ],
)
def test_whole_and_broken_numbers_are_one_kind(number, written):
    assert canonical(number) == written.encode()


def test_names_are_sorted_by_utf16_units():
    names = ["\u20ac", "\r", "\ufb33", "1", "\U0001f600", "\u0080", "\u00f6"]

    written = json.loads(canonical(dict.fromkeys(names, 0)))

    assert list(written) == ["\r", "1", "\u0080", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_text_is_escaped_only_where_it_must_be():
    text = '\u20ac$\x0f\nA\'B"\\\\"/\x7f\u2028\b\f\r\t'

    assert canonical(text) == (
        '"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/\x7f\u2028\\b\\f\\r\\t"'.encode()
    )


def test_nothing_stands_between():
    document = {"b": [True, False, None, {}, []], "a": {"d": (1, "x"), "c": ""}}

    assert canonical(document) == b'{"a":{"c":"","d":[1,"x"]},"b":[true,false,null,{},[]]}'


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        -float("inf"),
        10**400,
        "\ud800",
        {"\udc00": 1},
        {1: 2},
        {None: 1},
        b"bytes",
        {1, 2},
        object(),
    ],
)
def test_what_json_cannot_say_is_malformed(value):
    with pytest.raises(Malformed):
        canonical({"inside": [value]})


def test_a_document_without_bottom_is_malformed():
    document = []
    document.append(document)

    with pytest.raises(Malformed):
        canonical(document)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


@given(json_values)
def test_whatever_comes_is_spelled_or_malformed(document):
    try:
        written = canonical(document)
    except FederationError:
        return

    assert canonical(json.loads(written)) == written


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_comes_back_as_it_was(number):
    assert float(canonical(number)) == number
