"""What a Question asks, as its own server counts the answers."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from core.clock import now
from federation.read import clipped, count, dicts, moment, text

MAX_OPTIONS = 20
MAX_OPTION = 200


class Question(Struct, frozen=True, kw_only=True):
    """A poll; all counts are hints by who asked, never below zero nor endless (ORG-18)."""

    options: list[tuple[str, int]]
    multiple: bool
    voters: int
    ends: datetime | None
    closed: datetime | None


def question_of(document: dict[str, Any]) -> Question | None:
    """Read the poll in a document, None where there is nothing to choose from (FEP-9967)."""
    several = dicts(document.get("anyOf"), MAX_OPTIONS)
    choices = several or dicts(document.get("oneOf"), MAX_OPTIONS)
    options = [(_title(each), _votes(each)) for each in choices]
    options = [each for each in options if each[0]]
    if not options:
        return None
    most = count(sum(votes for _, votes in options))
    voters = document.get("votersCount")
    return Question(
        options=options,
        multiple=bool(several),
        voters=most if voters is None else count(voters),
        ends=moment(document.get("endTime")),
        closed=_closed(document),
    )


def _title(option: dict[str, Any]) -> str:
    return clipped(text(option, "name") or text(option, "content"), MAX_OPTION)


def _votes(option: dict[str, Any]) -> int:
    replies = option.get("replies")
    return count(replies.get("totalItems")) if isinstance(replies, dict) else 0


def _closed(document: dict[str, Any]) -> datetime | None:
    """Return when it was closed; some only say that it is."""
    said = document.get("closed")
    if not said:
        return None
    told = (said, *(document.get(name) for name in ("endTime", "updated", "published")))
    return next((at for at in map(moment, told) if at), None) or now()
