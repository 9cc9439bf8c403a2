"""The lot: from a seed and the people it is drawn from follows who is asked first, and who next;
pure, so that anyone who knows both can draw it again."""

from collections.abc import Iterable
from hashlib import sha256
from secrets import token_hex


def new_seed() -> str:
    """Make what a lot follows from; nobody can foresee it or choose it."""
    return token_hex(32)


def order_of(seed: str, people: Iterable[int]) -> list[int]:
    """Order people by the SHA-256 of the seed, a space and their id, lowest first."""
    return sorted(people, key=lambda each: sha256(f"{seed} {each}".encode()).digest())


def digest_of(people: Iterable[int]) -> str:
    """Return the SHA-256 of the ids a lot was drawn from, in ascending order, with spaces."""
    return sha256(" ".join(str(each) for each in sorted(people)).encode()).hexdigest()
