"""Looking for words and links in a note, in time that grows with its length alone.

Case, width, unseen characters and accents laid over letters make no difference: `ＳＰＡＭ`, `s͟pam`
and `Spam` are one word. Patterns are looked for by RE2, which never tries a second way.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from html import unescape
from typing import NamedTuple
from urllib.parse import unquote

from core.links import CJK, URL_IN_TEXT
from core.plain import text_of
from federation.errors import Malformed
from federation.urls import canonical_host
from moderation.filters import When, compiled

MOST_CHARACTERS = 100_000  # of the text; a note that is shown has at most 40,000
MOST_BESIDE = 10_000  # of each of the other parts

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0]"
)
_LAID_OVER = re.compile("[\u0300-\u036f\u0489\u1ab0-\u1aff\u20d0-\u20f0]")
_NO_SPACES = rf"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff{CJK}"  # Thai, Lao, Burmese, Khmer
_UNSPACED = re.compile(f"[{_NO_SPACES}]")
_TOKEN = re.compile(rf"[^\W_{_NO_SPACES}]+|[{_NO_SPACES}]")
_RUN = re.compile(r"\S{1,256}|\s+")
_LETTERS = re.compile(r"[^\W_]+")

_ADDRESS = re.compile(r"https?://([^\s/?#<>\"'\\]+)", re.IGNORECASE)
_DOTTED = re.compile(rf"(?:[^\W{CJK}]|[.-])+")
_ANCHOR = re.compile(r"<a\s([^<>]*)>", re.IGNORECASE)
_HREF = re.compile(r"href\s*=\s*[\"']?([^\s\"'<>]+)", re.IGNORECASE)
_NO_LINK = re.compile(r"\b(?:mention|hashtag)\b|rel\s*=\s*[\"']?tag\b", re.IGNORECASE)


class Facts(NamedTuple):
    """What filters look at in a note; `text` is HTML, everything else is plain.

    `account_days` is how long ago its author was first seen, None for one of old; `media` are
    SHA-256 of its files; `lately` counts what its author wrote, by minutes, this note included.
    """

    text: str = ""
    title: str = ""
    summary: str = ""
    alts: Sequence[str] = ()
    tags: Sequence[str] = ()
    author: str = ""
    account_days: int | None = None
    media: Sequence[str] = ()
    lately: Mapping[int, int] = {}


class Wanted:
    """A filter's `when`, made ready to be looked for."""

    def __init__(self, when: When) -> None:
        words = [plainly(word) for word in when.words]
        self.parts = [squeezed(word) for word in words if _UNSPACED.search(word)]
        spaced = [_tokens(word) for word in words if not _UNSPACED.search(word)]
        self.words = frozenset(word for word in spaced if " " not in word)
        self.phrases = [f" {phrase} " for phrase in spaced if " " in phrase]
        self.hosts = frozenset(canonical_host(host) for host in when.links)
        self.most_links = when.more_links_than
        self.patterns = [compiled(pattern) for pattern in when.regex]
        self.media = frozenset(when.media)
        self.rate = when.rate
        self.account_days = when.account_days
        self._looks_inside = when.looks_inside

    def is_in(self, seen: "Seen") -> bool:
        """Tell whether it is meant: its author new enough, and one of the rest met."""
        days = seen.facts.account_days
        if self.account_days is not None and (days is None or days >= self.account_days):
            return False
        return not self._looks_inside or self._is_met(seen)

    def _is_met(self, seen: "Seen") -> bool:
        return (
            not self.words.isdisjoint(seen.words)
            or any(phrase in seen.spaced for phrase in self.phrases)
            or any(part in seen.squeezed for part in self.parts)
            or (bool(self.hosts) and any(self._is_wanted(host) for host in seen.hosts))
            or (self.most_links is not None and seen.links > self.most_links)
            or any(pattern.search(part) for pattern in self.patterns for part in seen.plain)
            or not self.media.isdisjoint(seen.facts.media)
            or (self.rate is not None and self._is_too_much(seen.facts.lately))
        )

    def _is_too_much(self, lately: Mapping[int, int]) -> bool:
        return self.rate is not None and lately.get(self.rate.minutes, 0) > self.rate.notes

    def _is_wanted(self, host: str) -> bool:
        return any(parent in self.hosts for parent in parents_of(host))


class Seen:
    """A note read for filters; each way of reading is done once, and only if someone wants it."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._html = facts.text[:MOST_CHARACTERS]
        rest = (facts.title, facts.summary, *facts.alts, *facts.tags)
        self._pieces = [text_of(self._html), *(each[:MOST_BESIDE] for each in rest if each)]

    @cached_property
    def plain(self) -> list[str]:
        """Its parts, each written in the one way that words are compared in."""
        return [plainly(piece) for piece in self._pieces]

    @cached_property
    def spaced(self) -> str:
        """All words with one space around each; a bar keeps the parts of the note apart."""
        return f" {' | '.join(map(_tokens, self.plain))} "

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word once."""
        return frozenset(self.spaced.split())

    @cached_property
    def squeezed(self) -> str:
        """Letters and digits alone, for scripts that put no spaces between words."""
        return "|".join(map(squeezed, self.plain))

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Every host the note links to or names."""
        return frozenset(_hosts([unescape(self._html), *self._pieces]))

    @cached_property
    def links(self) -> int:
        """How many addresses it links to, mentions and hashtags left out."""
        found = set()
        for attributes in _ANCHOR.findall(self._html):
            href = _HREF.search(attributes)
            if href and not _NO_LINK.search(attributes):
                found.add(unescape(href[1]).rstrip("/"))
        found |= {each.group().rstrip("/") for each in URL_IN_TEXT.finditer(self._pieces[0])}
        return len(found)


def plainly(text: str) -> str:
    """Write a text in the one way that words are compared in."""
    if text.isascii():
        return text.casefold()
    text = _normalised(_UNSEEN.sub("", text))[: 2 * MOST_CHARACTERS]
    return _LAID_OVER.sub("", _normalised(text.casefold()))


def squeezed(text: str) -> str:
    """Leave out everything between letters and digits."""
    return "".join(_LETTERS.findall(text))


def parents_of(host: str) -> Iterable[str]:
    """`a.b.example:8443` → itself, then `a.b.example`, `b.example`, `example` (SIG-17)."""
    yield host
    name, colon, port = host.rpartition(":")
    if colon and port.isdigit():
        host = name
        yield host
    while "." in host and not host.startswith("["):
        host = host.partition(".")[2]
        yield host


def _normalised(text: str) -> str:
    # Sorting a long run of marks takes time that grows with its square, so runs are cut.
    return "".join(unicodedata.normalize("NFKC", run) for run in _RUN.findall(text))


def _tokens(text: str) -> str:
    return " ".join(_TOKEN.findall(text))


def _hosts(texts: Iterable[str]) -> Iterable[str]:
    written: dict[str, None] = {}
    for text in texts:
        for authority in _ADDRESS.findall(text):
            bare = unquote(authority).rpartition("@")[2]
            written[bare] = written[_UNSPACED.split(bare, 1)[0]] = None
        for dotted in _DOTTED.findall(text):
            if "." in dotted.strip(".-"):
                written[dotted.strip(".-")] = None
    for host in written:
        try:
            yield canonical_host(host)
        except Malformed:
            continue
