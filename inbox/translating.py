"""Notes in another language, by a service the operator named that speaks as LibreTranslate does.

Only what everyone may see is brought there, and what comes back is cleaned like any other words.
"""

import hashlib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import msgspec
from cachetools import LRUCache, TTLCache

from actors.actor import Actor
from core.html import clean_remote
from core.languages import language_tag
from core.limits import count
from core.rows import load, load_one
from core.settings import settings
from federation.client import client
from federation.errors import FederationError, Unreachable
from notes.attachments import Attachment
from notes.note import Note
from notes.polls import Poll
from notes.visibility import OPEN
from outbox.refusals import NotAllowed

PROVIDER = "LibreTranslate"
AN_HOUR = 3600
TRANSLATIONS_AN_HOUR = 200  # of one person; what was translated before is free
PATIENCE_S = 20.0
# What the service may call a language that we call otherwise, the first one it knows.
OTHER_NAMES = {
    "zh-CN": ("zh-Hans", "zh"),
    "zh-TW": ("zh-Hant", "zt"),
    "zh-HK": ("zh-Hant", "zt"),
    "pt-BR": ("pb",),
}


@dataclass(frozen=True)
class Translated:
    """A note in another language; `content` is HTML, `captions` are by their attachments' ids."""

    language: str
    written_in: str
    title: str
    content: str
    summary: str
    options: tuple[str, ...]
    captions: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Words:
    """All that a note says: its HTML, then plain texts; `captions` are ids of attachments."""

    content: str
    title: str
    summary: str
    options: tuple[str, ...]
    captions: tuple[int, ...]
    alts: tuple[str, ...]

    @property
    def texts(self) -> list[str]:
        """What is brought to the service, as HTML, in the order in which it comes back."""
        plain = (self.title, self.summary, *self.options, *self.alts)
        return [self.content, *(html.escape(each, quote=False) for each in plain)]


@dataclass(frozen=True)
class Brought:
    """What came back: in which language the texts were, and each of them in another."""

    written_in: str
    texts: tuple[str, ...]

    @property
    def size(self) -> int:
        """How many letters it holds."""
        return sum(map(len, self.texts))


_known: TTLCache[str, dict[str, list[str]]] = TTLCache(8, AN_HOUR)
# By the texts themselves: whatever changes a note, what it said before is never shown for it.
_done: LRUCache[tuple[str, ...], Brought] = LRUCache(2_000_000, getsizeof=lambda one: one.size)


def is_offered() -> bool:
    """Tell whether there is somebody who translates."""
    return bool(settings().translate.endpoint)


async def languages() -> dict[str, list[str]]:
    """Say into which languages each language is translated; nothing where nobody translates.

    Raises Unreachable where the service does not answer as it should.
    """
    endpoint = settings().translate.endpoint
    if not endpoint:
        return {}
    if endpoint not in _known:
        _known[endpoint] = _read_languages(await _ask("/languages"))
    return _known[endpoint]


async def translated(note: Note, reader: Actor, language: str) -> Translated:
    """Translate a note; raises NotAllowed for what is not translated, Unreachable, or TooMany."""
    if note.is_boost or note.audience not in OPEN or note.held_at is not None:
        raise NotAllowed("Only what everyone may see is translated.")
    known = await languages()
    target = _named(language, {each for targets in known.values() for each in targets})
    source = _named(note.language, set(known)) or "auto"
    if not target or (source != "auto" and target not in known[source]):
        raise NotAllowed("This is not translated into that language.")
    words = await _words_of(note)
    return await _put_together(note, words, target, await _brought(words, reader, source, target))


async def _brought(words: Words, reader: Actor, source: str, target: str) -> Brought:
    key = (settings().translate.endpoint, source, target, _mark(words.texts))
    if found := _done.get(key):
        return found
    await count(f"translations:{reader.id}", most=TRANSLATIONS_AN_HOUR, seconds=AN_HOUR)
    found = await _bring(words.texts, source, target)
    if found.size <= _done.maxsize:
        _done[key] = found
    return found


def _mark(texts: Sequence[str]) -> str:
    return hashlib.sha256(msgspec.json.encode(texts)).hexdigest()


async def _words_of(note: Note) -> Words:
    poll = await load_one(Poll, "note_id = ?", [note.id])
    shown = await load(Attachment, "note_id = ? AND alt <> '' ORDER BY position, id", [note.id])
    return Words(
        content=note.content,
        title=note.title,
        summary=note.summary,
        options=tuple(str(each["title"]) for each in poll.options) if poll else (),
        captions=tuple(each.id for each in shown),
        alts=tuple(each.alt for each in shown),
    )


async def _put_together(note: Note, words: Words, target: str, found: Brought) -> Translated:
    content, *rest = found.texts
    title, summary, *plain = (html.unescape(each) for each in rest)
    many = len(words.options)
    return Translated(
        language=target,
        written_in=found.written_in or note.language,
        title=title,
        summary=summary,
        content=await clean_remote(content),
        options=tuple(plain[:many]),
        captions=tuple(zip(words.captions, plain[many:], strict=True)),
    )


async def _bring(texts: Sequence[str], source: str, target: str) -> Brought:
    """Have texts translated in one go, empty ones left out; also say what language they were in."""
    wanted = [each for each in texts if each.strip()]
    if not wanted:
        raise NotAllowed("There are no words here to translate.")
    asked = {"q": wanted, "source": source, "target": target, "format": "html"}
    if key := settings().translate.key:
        asked["api_key"] = key
    answer = await _ask("/translate", asked)
    got = answer.get("translatedText") if isinstance(answer, dict) else None
    if not _are_texts(got) or len(got) != len(wanted):
        raise Unreachable("the translator answered something else than was asked")
    back = iter(got)
    found = tuple(next(back) if each.strip() else each for each in texts)
    heard = source if source != "auto" else _heard(answer.get("detectedLanguage"))
    return Brought(heard, found)


def _are_texts(given: Any) -> TypeGuard[list[str]]:
    return isinstance(given, list) and all(isinstance(each, str) for each in given)


def _heard(detected: Any) -> str:
    """Read which language the longest text, which comes first, was found to be in."""
    first = detected[0] if isinstance(detected, list) and detected else detected
    said = first.get("language") if isinstance(first, dict) else None
    return language_tag(said) if isinstance(said, str) else ""


async def _ask(path: str, values: dict[str, Any] | None = None) -> Any:
    try:
        return await client().ask_neighbour(path, values, seconds=PATIENCE_S)
    except FederationError as error:
        raise Unreachable(f"the translator: {error}") from error


def _read_languages(answer: Any) -> dict[str, list[str]]:
    if not isinstance(answer, list):
        raise Unreachable("the translator names no languages")
    named = [
        each for each in answer if isinstance(each, dict) and isinstance(each.get("code"), str)
    ]
    return {str(each["code"]): _targets(each, named) for each in named}


def _targets(language: dict[str, Any], all_of_them: list[dict[str, Any]]) -> list[str]:
    """Read into what a language is translated: older services do not say, and know each pair."""
    said = language.get("targets")
    targets = said if isinstance(said, list) else [each["code"] for each in all_of_them]
    return [str(each) for each in targets if each != language["code"]]


def _named(language: str, known: set[str]) -> str:
    """Find the service's name of a language; "" where it has none."""
    tag = language_tag(language)
    names = (tag, *OTHER_NAMES.get(tag, ()), tag.partition("-")[0])
    return next((each for each in names if each and each in known), "")
