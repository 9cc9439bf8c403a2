"""Filters as clients of the first version know them: one word each."""

from typing import Any

from aiohttp import web
from tortoise.transactions import in_transaction

from notes.filters import (
    LONGEST_TITLE,
    MOST_FILTERS,
    Filter,
    FilterAction,
    FilterWord,
    Whole,
    expiry,
    filters_of,
)
from web.api.access import account_of
from web.api.answers import answer, nothing
from web.api.asked import Asked, asked
from web.api.entities import filters as entities
from web.api.errors import ApiError
from web.api.filters import check_word, contexts_in, filter_of, own_word, telling


async def old_index(request: web.Request) -> web.Response:
    """All words of all filters, as older clients know them."""
    found = await filters_of(account_of(request).actor)
    return answer([entities.old_of(each, word) for each in found for word in each.words])


async def old_show(request: web.Request) -> web.Response:
    """One word."""
    return answer(entities.old_of(*await _old(request)))


@telling
async def old_create(request: web.Request) -> web.Response:
    """Make a filter of one word."""
    owner, wanted = account_of(request).actor, await asked(request)
    if await Filter.filter(owner_id=owner.id).count() >= MOST_FILTERS:
        raise ApiError(f"There can be at most {MOST_FILTERS} filters")
    phrase = wanted.needed("phrase")
    check_word(phrase)
    async with in_transaction():
        columns = {"title": phrase[:LONGEST_TITLE]} | _old_columns(wanted)
        row = await Filter.create(owner_id=owner.id, **columns)
        word = await FilterWord.create(
            whole_id=row.id, keyword=phrase, is_whole=wanted.is_on("whole_word")
        )
    return answer(entities.old_of((await filters_of(owner, row.id))[0], word))


@telling
async def old_save(request: web.Request) -> web.Response:
    """Change a word, and the filter it stands in."""
    whole, word = await _old(request)
    wanted = await asked(request)
    phrase = wanted.text("phrase") or word.keyword
    check_word(phrase)
    whole_word = wanted.flag("whole_word")
    async with in_transaction():
        word.keyword = phrase
        word.is_whole = word.is_whole if whole_word is None else whole_word
        await word.save()
        await Filter.filter(id=whole.row.id).update(**_old_columns(wanted))
    return answer(entities.old_of(*await _old(request)))


@telling
async def old_delete(request: web.Request) -> web.Response:
    """Take a word away, and its filter with the last one."""
    whole, word = await _old(request)
    async with in_transaction():
        await word.delete()
        if len(whole.words) == 1 and not whole.notes:
            await Filter.filter(id=whole.row.id).delete()
    return nothing()


def _old_columns(wanted: Asked) -> dict[str, Any]:
    columns: dict[str, Any] = {"contexts": contexts_in(wanted)}
    if wanted.has("expires_in"):
        columns["expires_at"] = expiry(wanted.number("expires_in"))
    if (hides := wanted.flag("irreversible")) is not None:
        columns["action"] = FilterAction.HIDE if hides else FilterAction.WARN
    return columns


async def _old(request: web.Request) -> tuple[Whole, FilterWord]:
    word = await own_word(request)
    return await filter_of(account_of(request).actor, word.whole_id), word
