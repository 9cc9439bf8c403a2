"""Filter, FilterResult: what a reader would rather not see, as the API writes it."""

from collections.abc import Iterable

import msgspec

from notes.filters import FilterNote, FilterWord, Match, Whole
from web.api.answers import ts


class FilterKeyword(msgspec.Struct):
    """Words of a filter."""

    id: str
    keyword: str
    whole_word: bool


class FilterStatus(msgspec.Struct):
    """A single status of a filter."""

    id: str
    status_id: str


class Filter(msgspec.Struct, kw_only=True):
    """A filter; in results without its words and statuses."""

    id: str
    title: str
    context: list[str]
    expires_at: str | None
    filter_action: str
    keywords: list[FilterKeyword] | msgspec.UnsetType = msgspec.UNSET
    statuses: list[FilterStatus] | msgspec.UnsetType = msgspec.UNSET


class FilterResult(msgspec.Struct):
    """Why a status falls under a filter."""

    filter: Filter
    keyword_matches: list[str] | None
    status_matches: list[str] | None


class V1Filter(msgspec.Struct, kw_only=True):
    """One word of a filter, as older clients know filters."""

    id: str
    phrase: str
    context: list[str]
    whole_word: bool
    expires_at: str | None
    irreversible: bool


def filter_of(whole: Whole, *, is_result: bool = False) -> Filter:
    """Write a filter."""
    row = whole.row
    return Filter(
        id=str(row.id),
        title=row.title,
        context=list(row.contexts),
        expires_at=ts(row.expires_at) if row.expires_at else None,
        filter_action=row.action.value,
        keywords=msgspec.UNSET if is_result else [keyword_of(each) for each in whole.words],
        statuses=msgspec.UNSET if is_result else [named_of(each) for each in whole.notes],
    )


def keyword_of(word: FilterWord) -> FilterKeyword:
    """Write the words of a filter."""
    return FilterKeyword(str(word.id), word.keyword, word.is_whole)


def named_of(named: FilterNote) -> FilterStatus:
    """Write a single status of a filter."""
    return FilterStatus(str(named.id), str(named.note_id))


def results_of(matches: Iterable[Match], number: int) -> list[FilterResult]:
    """Write why a status falls under filters."""
    return [
        FilterResult(
            filter_of(each.filter, is_result=True),
            list(each.words) or None,
            [str(number)] if each.is_named else None,
        )
        for each in matches
    ]


def old_of(whole: Whole, word: FilterWord) -> V1Filter:
    """Write one word of a filter for older clients."""
    return V1Filter(
        id=str(word.id),
        phrase=word.keyword,
        context=list(whole.row.contexts),
        whole_word=word.is_whole,
        expires_at=ts(whole.row.expires_at) if whole.row.expires_at else None,
        irreversible=whole.row.action.value == "hide",
    )
