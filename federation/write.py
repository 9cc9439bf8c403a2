"""The activities we write."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import orjson

from federation.littleboxes import build
from federation.vocabulary import ACTOR_CONTEXT, ACTOR_TYPES, CONTEXT

# Only the outermost document names its context; inside, these would be read as something else.
_OUTERMOST = frozenset({"@context", "bto", "bcc"})
_SIGNED = frozenset({"proof", "signature"})


def write(
    kind: str,
    *,
    id: str,
    actor: str,
    object: Any,
    to: Iterable[str],
    cc: Iterable[str] = (),
    **more: Any,
) -> dict[str, Any]:
    """Write an activity; `more` that is None is left out, and moments are written out.

    Whoever is in both `to` and `cc` is named once. Lists stay lists: some refuse a bare value.
    """
    named = list(dict.fromkeys(to))
    document = {
        "type": kind,
        "id": id,
        "actor": actor,
        "object": _embedded(object),
        "to": named,
        "cc": [each for each in dict.fromkeys(cc) if each not in named],
    }
    rest = {key: _embedded(each) for key, each in more.items() if each is not None}
    return build(document | rest)


def tombstone(
    uri: str, *, deleted: datetime | None = None, was: str | None = None
) -> dict[str, Any]:
    """Write what is left of a deleted thing."""
    left: dict[str, Any] = {"id": uri, "type": "Tombstone"}
    if was:
        left["formerType"] = was
    if deleted:
        left["deleted"] = stamp(deleted)
    return left


def stamp(moment: datetime) -> str:
    """Write a moment in UTC with Z, to the second, as every server reads it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def with_context(document: dict[str, Any]) -> dict[str, Any]:
    """Put our `@context` in front of a document that goes out by itself; actors have their own."""
    about = document.get("object")
    inner = about.get("type") if isinstance(about, dict) else None
    is_actor = document.get("type") in ACTOR_TYPES or inner in ACTOR_TYPES
    return {"@context": ACTOR_CONTEXT if is_actor else CONTEXT} | document


def dumps(document: dict[str, Any]) -> bytes:
    """Encode a document of ours, the same bytes for the same document."""
    return orjson.dumps(document)


def _embedded(value: Any) -> Any:
    if isinstance(value, datetime):
        return stamp(value)
    # What someone signed is passed on as they signed it (federation.md 3.3).
    if isinstance(value, dict) and _SIGNED.isdisjoint(value):
        return {key: each for key, each in value.items() if key not in _OUTERMOST}
    return value
