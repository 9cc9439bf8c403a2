"""What someone's JSON may cost us."""

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import Malformed, TooLarge
from federation.read import loads
from federation.weight import MAX_DEPTH, MAX_NODES, skeleton
from tests.federation.zoo import unhurried


def nested(depth):
    return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)


def wide(values):
    """An object with a list, of that many values altogether."""
    return b'{"a":[' + b",".join([b"0"] * (values - 2)) + b"]}"


def test_DOS_01_a_document_may_be_as_long_as_the_limit_and_no_longer():
    body = b'{"a":"' + b"x" * 92 + b'"}'

    assert loads(body, 100)
    with pytest.raises(TooLarge):
        loads(body, 99)


def test_DOS_01_a_document_may_be_32_deep_and_no_deeper():
    assert loads(nested(MAX_DEPTH))
    assert loads(b'{"a":' + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1) + b"}")
    with pytest.raises(Malformed, match="deep"):
        loads(nested(MAX_DEPTH + 1))


def test_DOS_01_depth_is_not_hidden_by_brackets_within_words():
    inner = b'["]",["]",' * MAX_DEPTH + b'"[["' + b"]]" * MAX_DEPTH
    with pytest.raises(Malformed, match="deep"):
        loads(b'{"a":' + inner + b"}")
    assert loads(b'{"a":"' + b"[" * 100 + b'"}')


def test_DOS_01_a_document_may_hold_20_000_values_and_no_more():
    assert loads(wide(MAX_NODES))
    with pytest.raises(Malformed, match="values"):
        loads(wide(MAX_NODES + 1))


def test_DOS_01_commas_and_brackets_within_words_are_no_values():
    assert loads(b'{"a":"' + b",[{" * 20_000 + b'"}')


def test_DOS_01_empty_things_and_words_count_once():
    body = b'{"a":[' + b",".join([b"{ }", b"[]", b'"x"'] * 6_000) + b"]}"
    assert len(loads(body)["a"]) == 18_000


def test_DOS_01_what_never_closes_is_refused_quickly():
    for body in (b"[" * 1_000_000, b'{"a":"' * 100_000, b'\\"' * 500_000, b'"' * 1_000_000):
        with pytest.raises(Malformed):
            loads(body)


def test_a_skeleton_has_one_mark_for_each_string():
    assert skeleton(rb'{"a\"b":["\\","\\\"",1]}') == b'{":[",",1]}'


strings = st.text(max_size=8) | st.sampled_from(
    ['"', "\\", '\\"', "\\\\", ":", "[", "}", ",", "a\\"]
)
documents = st.dictionaries(
    strings,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | strings,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(strings, inner, max_size=4),
        max_leaves=30,
    ),
    max_size=6,
)


@unhurried
@given(documents, st.booleans())
def test_what_is_within_bounds_is_read_as_it_was_written(document, is_indented):
    words = ("\0", "@graph", "@included", "@nest", "@reverse")
    body = orjson.dumps(document, option=orjson.OPT_INDENT_2 if is_indented else None)
    if any(orjson.dumps(word)[1:-1] in body for word in words):
        return

    assert loads(body) == document
