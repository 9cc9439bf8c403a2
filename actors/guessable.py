"""Which passwords are among the first that anyone would try (security.md ACC-01).

A password is cut into as few pieces as it can be: common words (also with 0 for o and the like),
letters that stand together and are no more than one word, runs on the keyboard or in the alphabet,
numbers, one character repeated. Signs between pieces are free, every other character is a piece of
its own. Two pieces are too few: `Football2024!` is one word and one number. Two rows woven into
one (`q1w2e3r4t5`) are pulled apart first.

Of the passwords of ten and more characters in the two lists of leaked ones that Django 5.2 and
zxcvbn 4.5 ship (some 2,900), it refuses 92%; most of the rest look random.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

WORDS = Path(__file__).parent / "common_words.txt"
TOO_FEW = 2
LONGEST_WORD = 20
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "azertyuiop",
    "qwertzuiop",
    "01234567890",
)
_LOOKS_LIKE = str.maketrans("04135$@!7", "oaiessait")
_NUMBER = re.compile(r"\d+(?:[\W_]+\d+)*")
# Letters, but not of scripts where twelve of them are a whole sentence.
_WORD = re.compile(r"(?:(?![\u2e80-\uffff])[^\W\d_]){1,12}(?![^\W\d_])")
_SAME = re.compile(r"(.)\1+")
_SIGNS = re.compile(r"[\W_]+")
_TWICE = re.compile(r"(.+?)\1+")


def is_guessable(password: str, about: Iterable[str] = ()) -> bool:
    """Tell whether a password is made of too few pieces; what `about` holds is a piece too."""
    text = password.casefold()
    if whole := _TWICE.fullmatch(text):
        text = whole[1]
    words = _words() | {each.casefold() for each in about if len(each) > 2}
    if _pieces(text, words) <= TOO_FEW:
        return True
    return all(_is_run(half) or _SAME.fullmatch(half) for half in (text[::2], text[1::2]))


def _pieces(text: str, words: frozenset[str]) -> int:
    """Count the fewest pieces, from the left to the right."""
    plain = text.translate(_LOOKS_LIKE)
    fewest = [0] + [len(text) + 1] * len(text)
    for start in range(len(text)):
        for end, price in _steps(text, plain, start, words):
            fewest[end] = min(fewest[end], fewest[start] + price)
    return fewest[-1]


def _steps(text: str, plain: str, start: int, words: frozenset[str]) -> Iterable[tuple[int, int]]:
    """Yield each end of a piece that starts here, with what it counts."""
    yield start + 1, 1
    for pattern, price in ((_NUMBER, 1), (_SAME, 1), (_SIGNS, 0), (_WORD, 1)):
        if found := pattern.match(text, start):
            yield found.end(), price
    for end in range(start + 3, min(len(text), start + LONGEST_WORD) + 1):
        if text[start:end] in words or plain[start:end] in words or _is_run(text[start:end]):
            yield end, 1


def _is_run(part: str) -> bool:
    return any(part in row or part in row[::-1] for row in ROWS)


@lru_cache
def _words() -> frozenset[str]:
    return frozenset(WORDS.read_text("utf-8").split())
