"""A memory for very many small things: what it knows, for how long, and how much at most."""

import hashlib
import time

import pytest

from core.lately import Lately


def mark(number: int) -> bytes:
    return hashlib.sha256(str(number).encode()).digest()


def test_what_was_added_is_known_and_nothing_else() -> None:
    lately = Lately(100, 60)

    lately.add(mark(1))

    assert mark(1) in lately
    assert mark(2) not in lately


def test_it_never_holds_more_than_it_may_and_forgets_the_oldest() -> None:
    lately = Lately(100, 60)

    for number in range(1000):
        lately.add(mark(number))

    known = [number for number in range(1000) if mark(number) in lately]
    assert 50 <= len(known) <= 100
    assert known == list(range(1000 - len(known), 1000))


def test_it_knows_for_as_long_as_asked_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    at = time.monotonic()
    monkeypatch.setattr("core.lately.time.monotonic", lambda: at)
    lately = Lately(100, 60)
    at += 59
    lately.add(mark(1))

    at += 59
    assert mark(1) in lately
    at += 120
    lately.add(mark(2))
    at += 61
    assert mark(1) not in lately
