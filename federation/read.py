"""Taking what we may safely use out of someone's JSON."""

import re
from datetime import UTC, datetime
from typing import Any

import orjson

from federation.errors import Malformed
from federation.urls import MAX_IRI, is_http
from federation.vocabulary import PUBLIC, PUBLIC_NAMES
from federation.weight import MAX_BYTES, members, weigh

MAX_RECIPIENTS = 256
MAX_TAGS = 100
MAX_ATTACHMENTS = 20
MAX_COUNT = 2**31 - 1

# Ways to say things elsewhere than where they stand; without JSON-LD they can only mislead (LD-02).
_KEYWORDS = frozenset({"@graph", "@included", "@reverse", "@nest"})
_KEYWORD_BYTES = tuple(each.encode() for each in sorted(_KEYWORDS))

_NO_IRI = re.compile(r"[\s\x00-\x20\x7f\\<>\"]")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_JOINS_ON = re.compile(r"[\u0300-\u036f\u200d\u20d0-\u20ff\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ]")


def loads(body: bytes, limit: int = MAX_BYTES) -> dict[str, Any]:
    """Decode someone's JSON object within our budgets; raise Malformed or TooLarge (DOS-01, -02).

    Strict UTF-8 without BOM, NUL or lone surrogates; no name twice in an object; none of the
    JSON-LD words that move meaning about (LD-02).
    """
    bones = weigh(body, limit)
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"no JSON: {error.msg}") from error
    if not isinstance(document, dict):
        raise Malformed("JSON that is no object")
    containers = _containers(document)
    if sum(len(each) for each in containers if type(each) is dict) != members(bones):
        raise Malformed("an object that has one name twice")
    if b"\\u00" in body or any(each in body for each in _KEYWORD_BYTES):
        _check_words(containers)
    return document


def loads_any(body: bytes) -> Any:
    """Decode any JSON within the same budgets, of a service that is no part of the fediverse."""
    weigh(body, MAX_BYTES)
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Malformed(f"no JSON: {error.msg}") from error


def _containers(document: dict[str, Any]) -> list[Any]:
    """Return every object and list in it."""
    found: list[Any] = [document]
    for each in found:  # grows as it is read
        inner = each.values() if type(each) is dict else each
        found += [value for value in inner if type(value) is dict or type(value) is list]
    return found


def _check_words(containers: list[Any]) -> None:
    for each in containers:
        if type(each) is dict and not _KEYWORDS.isdisjoint(each):
            raise Malformed("a document with @graph, @included, @reverse or @nest")
        if any("\0" in word for word in each if isinstance(word, str)):
            raise Malformed("a document with a NUL in it")
        if type(each) is dict and any("\0" in v for v in each.values() if isinstance(v, str)):
            raise Malformed("a document with a NUL in it")


def clipped(words: str, limit: int) -> str:
    """Cut to at most `limit` characters, and never in the middle of one that people see."""
    if len(words) <= limit:
        return words
    end = limit
    while end > 0 and (_JOINS_ON.match(words[end]) or words[end - 1] == "\u200d"):
        end -= 1
    return words[: end or limit]


def text(document: dict[str, Any], key: str, limit: int = 500) -> str:
    """Return words meant to be shown as they are, or "": no control or direction marks (XSS-06)."""
    value = document.get(key)
    if not isinstance(value, str):
        return ""
    return clipped(_CONTROLS.sub("", value).strip(), limit)


def markup(document: dict[str, Any], key: str, limit: int = 200_000) -> str:
    """Return what may be HTML or Markdown, raw, or ""; it is not safe to show before cleaning."""
    value = document.get(key)
    return value[:limit] if isinstance(value, str) else ""


def iri(value: Any) -> str | None:
    """Return the value if it can name something: no spaces, quotes or brackets, not endless."""
    if not isinstance(value, str) or not value or len(value) > MAX_IRI or _NO_IRI.search(value):
        return None
    return value


def iri_of(value: Any) -> str | None:
    """Return the id of a thing given by its id or whole; of a Link, what it leads to."""
    if isinstance(value, dict):
        return iri(value.get("id")) or iri(value.get("href"))
    return iri(value)


def id_of(document: dict[str, Any]) -> str | None:
    """Return the document's own id, which is nothing but an http(s) address (ORG-01)."""
    own = document.get("id")
    return own if isinstance(own, str) and is_http(own) else None


def first_iri(value: Any) -> str | None:
    """Return the first id of one thing or a list of things."""
    return next(iter(iris(value, 1)), None)


def iris(value: Any, most: int = MAX_RECIPIENTS) -> list[str]:
    """Return the ids of one thing or many, each once, in their order; the surplus is left out."""
    found: dict[str, None] = {}
    for each in value if isinstance(value, list) else [value]:
        if len(found) >= most:
            break
        if name := iri_of(each):
            found[name] = None
    return list(found)


def recipients(value: Any, most: int = MAX_RECIPIENTS) -> list[str]:
    """Return to whom something is addressed; Public, however it is spelled, by its one name."""
    found = iris(value, most)
    if PUBLIC_NAMES.isdisjoint(found):
        return found
    return list(dict.fromkeys(PUBLIC if each in PUBLIC_NAMES else each for each in found))


def addressed(document: dict[str, Any]) -> tuple[list[str], list[str], list[str]]:
    """Return `to`, `cc` and `audience`, the blind among the others, within one limit for all."""
    to = recipients(_with_blind(document, "to", "bto"))
    cc = recipients(_with_blind(document, "cc", "bcc"), MAX_RECIPIENTS - len(to))
    audience = document.get("audience")
    return to, cc, recipients(audience, MAX_RECIPIENTS - len(to) - len(cc)) if audience else []


def _with_blind(document: dict[str, Any], key: str, blind_key: str) -> Any:
    seen, blind = document.get(key), document.get(blind_key)
    if not blind:
        return seen
    named = (each if isinstance(each, list) else [each] for each in (seen, blind))
    return [each for some in named for each in some]


def dicts(value: Any, most: int = MAX_TAGS) -> list[dict[str, Any]]:
    """Return the objects of one or a list of them; what is none is left out."""
    if isinstance(value, dict):
        return [value]
    if not isinstance(value, list):
        return []
    return [each for each in value[: most * 2] if isinstance(each, dict)][:most]


def moment(value: Any) -> datetime | None:
    """Return a date and time in UTC; one without a zone is taken for UTC."""
    if not isinstance(value, str) or len(value) > 40 or not _DATE.match(value):
        return None
    try:
        read = datetime.fromisoformat(value)
        read = read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return read if 1900 <= read.year < 2200 else None


def number(value: Any) -> int | None:
    """Return a whole number; neither True nor "12" is one."""
    if isinstance(value, float) and value.is_integer() and abs(value) <= 2**53:
        return int(value)
    return value if type(value) is int else None


def count(value: Any) -> int:
    """Return how many they say there are: a hint, never below nothing nor endless (ORG-18)."""
    return min(max(number(value) or 0, 0), MAX_COUNT)


def flag(value: Any) -> bool:
    """Tell whether it says yes; only `true` does."""
    return value is True


def link(value: Any, limit: int = MAX_IRI) -> str | None:
    """Return an absolute http(s) address: itself, a Link's, or the first of a list (ORG-10)."""
    if isinstance(value, str):
        return value if is_http(value, limit) else None
    if isinstance(value, dict):
        return link(value.get("href") or value.get("url"), limit)
    if isinstance(value, list):
        return next((found for each in value[:16] if (found := link(each, limit))), None)
    return None
