"""What someone's JSON may cost us, weighed on its bytes before it is decoded (DOS-01)."""

import re

from federation.errors import Malformed, TooLarge

MAX_BYTES = 1_048_576
MAX_DEPTH = 32
MAX_NODES = 20_000
MAX_NUMBER = 2**53

_SPACES = b" \t\r\n"
_ALL = bytes(range(256))
_NOT_BRACKETS = bytes(set(_ALL) - set(b"[]{}"))
_AS_LISTS = bytes.maketrans(b"{}", b"[]")
_LONG_NUMBER = re.compile(rb"[0-9]{16}")
_NUMBER = re.compile(rb"-?[0-9][0-9.eE+-]*")


def skeleton(body: bytes) -> bytes:
    """Return the JSON with each string as one quotation mark: what there is to count."""
    if b"\\" in body:
        # Left to right, pair by pair: what escapes a backslash cannot escape a quotation mark.
        body = body.replace(b"\\\\", b"").replace(b'\\"', b"")
    return b'"'.join(body.split(b'"')[::2])


def members(bones: bytes) -> int:
    """Count the `name: value` pairs of all objects, those that share a name included."""
    return bones.count(b":")


def weigh(body: bytes, limit: int) -> bytes:
    """Refuse what is too long, deep or wide, or counts beyond 2^53; return the skeleton.

    Numbers that are not finite are left to the decoder, which refuses them.
    """
    if len(body) > limit:
        raise TooLarge(f"a document of {len(body)} bytes, where {limit} are read")
    bones = skeleton(body)
    opened = bones.count(b"{") + bones.count(b"[")
    if bones.count(b",") + opened >= MAX_NODES and _nodes(bones) > MAX_NODES:
        raise Malformed(f"a document of more than {MAX_NODES} values")
    if opened > MAX_DEPTH and _is_deep(bones):
        raise Malformed(f"a document nested more than {MAX_DEPTH} deep")
    if _LONG_NUMBER.search(bones):
        _check_numbers(bones)
    return bones


def _nodes(bones: bytes) -> int:
    dense = bones.translate(None, _SPACES)
    opened = dense.count(b"{") + dense.count(b"[")
    # Every value is the root, follows a comma, or is the first in something.
    return 1 + dense.count(b",") + opened - dense.count(b"{}") - dense.count(b"[]")


def _is_deep(bones: bytes) -> bool:
    brackets = bones.translate(_AS_LISTS, _NOT_BRACKETS)
    for _ in range(MAX_DEPTH):
        # Each round takes away the innermost pairs.
        inner = brackets.replace(b"[]", b"")
        if not inner:
            return False
        if len(inner) == len(brackets):
            raise Malformed("brackets that do not close")
        brackets = inner
    return True


def _check_numbers(bones: bytes) -> None:
    for each in _NUMBER.findall(bones):
        digits = each.removeprefix(b"-")
        if digits.isdigit() and (len(digits) > 16 or int(digits) > MAX_NUMBER):
            raise Malformed("a number beyond those that are counted exactly")
