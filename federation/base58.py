"""Bytes as base58btc, the way keys and proofs are written inside documents."""

from federation.errors import Malformed

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_VALUES = {letter: value for value, letter in enumerate(_ALPHABET)}

# A signature takes 88 letters; the time to read grows with the square of the length.
_LONGEST = 128


def encode(content: bytes) -> str:
    """Write bytes as multibase: `z` and base58btc."""
    number = int.from_bytes(content, "big")
    letters = []
    while number:
        number, value = divmod(number, 58)
        letters.append(_ALPHABET[value])
    zeros = len(content) - len(content.lstrip(b"\0"))
    return "z" + "1" * zeros + "".join(reversed(letters))


def decode(text: str) -> bytes:
    """Read multibase that is base58btc; raises Malformed."""
    if not text.startswith("z") or len(text) > _LONGEST:
        raise Malformed(f"{text[:100]!r} is no base58btc multibase of a key or signature")
    number = 0
    for letter in text[1:]:
        value = _VALUES.get(letter)
        if value is None:
            raise Malformed(f"{text[:100]!r} is no base58btc")
        number = number * 58 + value
    zeros = len(text) - 1 - len(text[1:].lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")
