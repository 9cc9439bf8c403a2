"""Notes in another language, by a service the operator named that speaks as LibreTranslate does.

Only what everyone may see is brought there, and what comes back is cleaned like any other words.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cachetools import LRUCache, TTLCache

from actors.actor import Actor
from core.html import clean
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

    @property
    def size(self) -> int:
        """How many letters it holds."""
        words = (self.title, self.content, self.summary, *self.options)
        return sum(map(len, words)) + sum(len(text) for _, text in self.captions)


_known: TTLCache[str, dict[str, list[str]]] = TTLCache(8, AN_HOUR)
_done: LRUCache[tuple[Any, ...], Translated] = LRUCache(2_000_000, getsizeof=lambda one: one.size)


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
    if note.is_boost or note.audience not in OPEN:
        raise NotAllowed("Only what everyone may see is translated.")
    known = await languages()
    target = _named(language, {each for targets in known.values() for each in targets})
    source = _named(note.language, set(known)) or "auto"
    if not target or (source != "auto" and target not in known[source]):
        raise NotAllowed("This is not translated into that language.")
    key = (settings().translate.endpoint, note.id, note.edited_at, target)
    if key not in _done:
        await count(f"translations:{reader.id}", most=TRANSLATIONS_AN_HOUR, seconds=AN_HOUR)
        found = await _translate(note, source, target)
        if found.size > _done.maxsize:
            return found
        _done[key] = found
    return _done[key]


async def _translate(note: Note, source: str, target: str) -> Translated:
    poll = await load_one(Poll, "note_id = ?", [note.id])
    options = [str(each["title"]) for each in poll.options] if poll else []
    shown = await load(Attachment, "note_id = ? AND alt <> '' ORDER BY position, id", [note.id])
    plain = [note.title, note.summary, *options, *(each.alt for each in shown)]
    texts = [note.content, *(html.escape(each, quote=False) for each in plain)]
    written_in, (content, *rest) = await _bring(texts, source, target)
    words = [html.unescape(each) for each in rest]
    return Translated(
        language=target,
        written_in=written_in or note.language,
        title=words[0],
        summary=words[1],
        content=clean(content),
        options=tuple(words[2 : 2 + len(options)]),
        captions=tuple(
            (each.id, text) for each, text in zip(shown, words[2 + len(options) :], strict=True)
        ),
    )


async def _bring(texts: Sequence[str], source: str, target: str) -> tuple[str, list[str]]:
    """Have texts translated in one go, empty ones left out; also say what language they were in."""
    wanted = [each for each in texts if each.strip()]
    if not wanted:
        raise NotAllowed("There are no words here to translate.")
    asked = {"q": wanted, "source": source, "target": target, "format": "html"}
    if key := settings().translate.key:
        asked["api_key"] = key
    answer = await _ask("/translate", asked)
    got = answer.get("translatedText") if isinstance(answer, dict) else None
    if not isinstance(got, list) or len(got) != len(wanted):
        raise Unreachable("the translator answered something else than was asked")
    back = iter(str(each) for each in got)
    found = [next(back) if each.strip() else each for each in texts]
    return (source if source != "auto" else _heard(answer.get("detectedLanguage"))), found


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
