"""JSON in the one spelling that is hashed for proofs (JCS, RFC 8785)."""

from decimal import Decimal
from json.encoder import encode_basestring
from math import isfinite
from typing import Any

from federation.errors import Malformed

# Deeper than anything that federation.read lets in.
DEEPEST = 64
_EXACT = 2**53


def canonical(document: Any) -> bytes:
    """Spell a document canonically; raises Malformed for what has no spelling in JSON."""
    try:
        return _spelled(document, DEEPEST).encode("utf-8")
    except UnicodeEncodeError as error:
        raise Malformed("a document with half a character in it") from error


def _spelled(value: Any, depth: int) -> str:
    if depth == 0:
        raise Malformed("a document that is too deep")
    match value:
        case str():
            return encode_basestring(value)
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return _number(value)
        case list() | tuple():
            return f"[{','.join([_spelled(each, depth - 1) for each in value])}]"
        case dict():
            return f"{{{','.join(_members(value, depth))}}}"
    raise Malformed(f"{type(value).__name__} is nothing that JSON knows")


def _members(value: dict[Any, Any], depth: int) -> list[str]:
    if not all(isinstance(name, str) for name in value):
        raise Malformed("a member without a name")
    # Sorted as JavaScript does, by UTF-16 units and not by characters.
    names = sorted(value, key=lambda name: name.encode("utf-16-be", "surrogatepass"))
    return [f"{encode_basestring(name)}:{_spelled(value[name], depth - 1)}" for name in names]


def _number(value: float) -> str:
    if isinstance(value, int) and -_EXACT <= value <= _EXACT:
        return str(value)
    try:
        exact = float(value)
    except OverflowError as error:
        raise Malformed("a number larger than JSON can say") from error
    if not isfinite(exact):
        raise Malformed("a number that is none")
    return _as_javascript(exact)


def _as_javascript(value: float) -> str:
    """Write the fewest digits that mean this number, with point and exponent as ECMAScript does."""
    if value == 0:
        return "0"
    sign, numerals, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)  # noqa: S101 (it is a word only for what is not finite)
    digits = "".join(map(str, numerals))
    point = len(digits) + exponent
    if len(digits) <= point <= 21:
        written = digits + "0" * (point - len(digits))
    elif 0 < point <= 21:
        written = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        written = f"0.{'0' * -point}{digits}"
    else:
        fraction = f".{digits[1:]}" if len(digits) > 1 else ""
        written = f"{digits[0]}{fraction}e{point - 1:+d}"
    return f"-{written}" if sign else written
