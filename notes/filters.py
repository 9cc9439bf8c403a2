"""Filter: words, and single notes, that a reader would rather not see (mastodon-api.md 6.7)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core import sql
from core.clock import now
from core.rows import load
from notes.note import Note

MOST_FILTERS = 100
MOST_WORDS = 200
MOST_MARKED = 500
LONGEST_TITLE = 200
LONGEST_WORD = 512


class Context(StrEnum):
    """Where notes are read."""

    HOME = "home"
    NOTIFICATIONS = "notifications"
    PUBLIC = "public"
    THREAD = "thread"
    ACCOUNT = "account"


class FilterAction(StrEnum):
    """What an app does with what matches: ask first, leave it out, or blur its pictures."""

    WARN = "warn"
    HIDE = "hide"
    BLUR = "blur"


class Filter(Model):
    """A named set of words and notes, for some places, perhaps until a time."""

    id = fields.IntField(primary_key=True)
    owner: fields.ForeignKeyRelation[Actor] = fields.ForeignKeyField(
        "rubric.Actor", related_name=False
    )
    owner_id: int
    title = fields.CharField(max_length=LONGEST_TITLE)
    contexts: Any = fields.JSONField(default=list)
    action = fields.CharEnumField(FilterAction, max_length=10, default=FilterAction.WARN)
    expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "filter"
        indexes = [("owner_id",)]


class FilterWord(Model):
    """A word or some words of a filter."""

    id = fields.IntField(primary_key=True)
    whole: fields.ForeignKeyRelation[Filter] = fields.ForeignKeyField(
        "rubric.Filter", related_name=False
    )
    whole_id: int
    keyword = fields.CharField(max_length=LONGEST_WORD)
    is_whole = fields.BooleanField(default=True)

    class Meta:
        table = "filter_word"
        indexes = [("whole_id",)]


class FilterNote(Model):
    """A single note of a filter."""

    id = fields.IntField(primary_key=True)
    whole: fields.ForeignKeyRelation[Filter] = fields.ForeignKeyField(
        "rubric.Filter", related_name=False
    )
    whole_id: int
    note: fields.ForeignKeyRelation[Note] = fields.ForeignKeyField(
        "rubric.Note", related_name=False
    )
    note_id: int

    class Meta:
        table = "filter_note"
        unique_together = [("whole", "note")]
        indexes = [("note_id",)]


@dataclass
class Whole:
    """A filter with all that belongs to it."""

    row: Filter
    words: list[FilterWord] = field(default_factory=list)
    notes: list[FilterNote] = field(default_factory=list)

    @property
    def is_over(self) -> bool:
        """Whether its time has passed."""
        return self.row.expires_at is not None and self.row.expires_at <= now()


@dataclass(frozen=True)
class Match:
    """Which words of a filter a note has, or that it is named there."""

    filter: Whole
    words: tuple[str, ...]
    is_named: bool


async def filters_of(owner: Actor, *numbers: int) -> list[Whole]:
    """Return somebody's filters, or those of these ids: one query where there are none."""
    wanted = f" AND id IN ({sql.marks(numbers)})" if numbers else ""
    rows = await load(Filter, f"owner_id = ?{wanted} ORDER BY id", [owner.id, *numbers])
    found = {row.id: Whole(row) for row in rows}
    if found:
        of_these = f"whole_id IN ({sql.marks(found)}) ORDER BY id"
        for word in await load(FilterWord, of_these, list(found)):
            found[word.whole_id].words.append(word)
        for named in await load(FilterNote, of_these, list(found)):
            found[named.whole_id].notes.append(named)
    return list(found.values())


def matches(filters: Iterable[Whole], context: Context, number: int, text: str) -> list[Match]:
    """Tell which filters a note falls under where it is read now."""
    found = []
    for each in filters:
        if each.is_over or context not in each.row.contexts:
            continue
        words = tuple(word.keyword for word in each.words if _has(text, word))
        is_named = any(named.note_id == number for named in each.notes)
        if words or is_named:
            found.append(Match(each, words, is_named))
    return found


def expiry(seconds: int | None) -> datetime | None:
    """Return when a filter of so many seconds ends; none, or nothing, never."""
    if not seconds or seconds <= 0:
        return None
    return datetime.fromtimestamp(now().timestamp() + min(seconds, 10**9), now().tzinfo)


def _has(text: str, word: FilterWord) -> bool:
    return _pattern(word.keyword, word.is_whole).search(text) is not None


@lru_cache(4096)
def _pattern(keyword: str, is_whole: bool) -> re.Pattern[str]:
    """Find words in any case; whole ones have no letter on either side, where they are words.

    Chinese has no space between words, so there a whole word is found within others.
    """
    literal = re.escape(keyword)
    if not is_whole:
        return re.compile(literal, re.IGNORECASE)
    before = r"(?<![A-Za-z0-9_])" if keyword[:1].isalnum() and keyword[:1].isascii() else ""
    after = r"(?![A-Za-z0-9_])" if keyword[-1:].isalnum() and keyword[-1:].isascii() else ""
    return re.compile(f"{before}{literal}{after}", re.IGNORECASE)
