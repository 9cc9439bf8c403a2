"""Words in several languages: the one to show to a reader, and which of them counts."""

import re
from collections.abc import Mapping
from typing import NamedTuple

Words = dict[str, str]

TAG = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


class Said(NamedTuple):
    """Words in one language."""

    text: str
    language: str


def said_in(words: Mapping[str, str], wanted: str, authoritative: str = "en") -> Said:
    """Return the words in the wanted language, in a relative of it, or in the one that counts."""
    for tag in (wanted, *_relatives(wanted, words), authoritative, *words):
        if tag in words:
            return Said(words[tag], tag)
    return Said("", authoritative)


def is_same_language(one: str, other: str) -> bool:
    """Tell whether two tags name one language: `zh` and `zh-Hans` do."""
    return _primary(one) == _primary(other)


def check_words(words: Mapping[str, str], *, longest: int) -> None:
    """Raise ValueError for a language that is no tag, or for no words or too many."""
    for tag, text in words.items():
        if not TAG.fullmatch(tag):
            raise ValueError(f"{tag!r} is no language; write a tag such as en, zh or pt-BR")
        if not text.strip():
            raise ValueError(f"the text in {tag!r} is empty")
        if len(text) > longest:
            raise ValueError(f"the text in {tag!r} is longer than {longest} characters")


def _relatives(wanted: str, words: Mapping[str, str]) -> list[str]:
    return [tag for tag in words if is_same_language(tag, wanted)]


def _primary(tag: str) -> str:
    return tag.partition("-")[0].lower()
