"""/api/v2/filters and /api/v1/filters: what a reader would rather not see."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any

from aiohttp import web
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.broker import Topic, publish
from core.paging import number
from notes.filters import (
    LONGEST_TITLE,
    LONGEST_WORD,
    MOST_FILTERS,
    MOST_MARKED,
    MOST_WORDS,
    Context,
    Filter,
    FilterAction,
    FilterNote,
    FilterWord,
    Whole,
    expiry,
    filters_of,
)
from web.api.access import account_of
from web.api.answers import answer, nothing
from web.api.asked import Asked, asked
from web.api.entities import filters as entities
from web.api.errors import ApiError, Invalid
from web.api.statuses import seen_note
from web.errors import Missing

Change = Callable[[web.Request], Awaitable[web.Response]]


def telling(change: Change) -> Change:
    """Have the other apps of whoever changes their filters hear of it."""

    @wraps(change)
    async def handler(request: web.Request) -> web.Response:
        response = await change(request)
        await publish(Topic.FILTERS, reader=account_of(request).actor.id)
        return response

    return handler


async def index(request: web.Request) -> web.Response:
    """All of one's filters."""
    found = await filters_of(account_of(request).actor)
    return answer([entities.filter_of(each) for each in found])


async def show(request: web.Request) -> web.Response:
    """One of one's filters."""
    return answer(entities.filter_of(await _own(request)))


@telling
async def create(request: web.Request) -> web.Response:
    """Make a filter, with its words."""
    owner, wanted = account_of(request).actor, await asked(request)
    if await Filter.filter(owner_id=owner.id).count() >= MOST_FILTERS:
        raise ApiError(f"There can be at most {MOST_FILTERS} filters")
    columns = _columns(wanted, is_new=True)
    async with in_transaction():
        row = await Filter.create(owner_id=owner.id, **columns)
        await _save_words(row, wanted)
    return answer(entities.filter_of((await filters_of(owner, row.id))[0]))


@telling
async def save(request: web.Request) -> web.Response:
    """Change a filter; words with an id are changed or taken away, others are new."""
    found, wanted = await _own(request), await asked(request)
    async with in_transaction():
        if columns := _columns(wanted, is_new=False):
            await Filter.filter(id=found.row.id).update(**columns)
        await _save_words(found.row, wanted)
    return answer(entities.filter_of(await _own(request)))


@telling
async def delete(request: web.Request) -> web.Response:
    """Drop a filter."""
    await Filter.filter(id=(await _own(request)).row.id).delete()
    return nothing()


async def words(request: web.Request) -> web.Response:
    """The words of a filter."""
    return answer([entities.keyword_of(each) for each in (await _own(request)).words])


@telling
async def add_word(request: web.Request) -> web.Response:
    """Give a filter more words."""
    found, wanted = await _own(request), await asked(request)
    if len(found.words) >= MOST_WORDS:
        raise ApiError(f"There can be at most {MOST_WORDS} keywords in a filter")
    word = await FilterWord.create(whole_id=found.row.id, **_word(wanted))
    return answer(entities.keyword_of(word))


async def show_word(request: web.Request) -> web.Response:
    """One of one's words."""
    return answer(entities.keyword_of(await own_word(request)))


@telling
async def save_word(request: web.Request) -> web.Response:
    """Change a word."""
    word = await own_word(request)
    await word.update_from_dict(_word(await asked(request), word)).save()
    return answer(entities.keyword_of(word))


@telling
async def delete_word(request: web.Request) -> web.Response:
    """Take a word away."""
    await (await own_word(request)).delete()
    return nothing()


async def named(request: web.Request) -> web.Response:
    """The single statuses of a filter."""
    return answer([entities.named_of(each) for each in (await _own(request)).notes])


@telling
async def add_named(request: web.Request) -> web.Response:
    """Put a status under a filter."""
    found, wanted = await _own(request), await asked(request)
    note = await seen_note(wanted.id("status_id"), account_of(request).actor)
    if len(found.notes) >= MOST_MARKED:
        raise ApiError(f"There can be at most {MOST_MARKED} statuses in a filter")
    row, _ = await FilterNote.get_or_create(whole_id=found.row.id, note_id=note.id)
    return answer(entities.named_of(row))


async def show_named(request: web.Request) -> web.Response:
    """One of the single statuses."""
    return answer(entities.named_of(await _own_named(request)))


@telling
async def delete_named(request: web.Request) -> web.Response:
    """Take a status out of a filter."""
    await (await _own_named(request)).delete()
    return nothing()


def _columns(wanted: Asked, *, is_new: bool) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    title = (wanted.text("title") or "").strip()
    if title or is_new:
        columns["title"] = title
    if wanted.has("context") or is_new:
        columns["contexts"] = contexts_in(wanted)
    if action := wanted.text("filter_action"):
        if action not in list(FilterAction):
            raise Invalid({"filter_action": ("ERR_INCLUSION", "is not included in the list")})
        columns["action"] = FilterAction(action)
    if wanted.has("expires_in"):
        columns["expires_at"] = expiry(wanted.number("expires_in"))
    if is_new and not title:
        raise Invalid({"title": ("ERR_BLANK", "can't be blank")})
    if len(title) > LONGEST_TITLE:
        raise Invalid({"title": ("ERR_TOO_LONG", f"is longer than {LONGEST_TITLE}")})
    return columns


def contexts_in(wanted: Asked) -> list[str]:
    """Read where a filter is to work. Raises Invalid where no such place is named."""
    found = list(dict.fromkeys(wanted.texts("context", 10)))
    if not found or any(each not in list(Context) for each in found):
        raise Invalid({"context": ("ERR_INVALID", "must name places where filters work")})
    return found


async def _save_words(row: Filter, wanted: Asked) -> None:
    for each in wanted.groups("keywords_attributes", MOST_WORDS):
        known = each.id("id")
        if known is None:
            await FilterWord.create(whole_id=row.id, **_word(each))
            continue
        word = await FilterWord.get_or_none(id=known, whole_id=row.id)
        if word is None:
            raise Missing(f"no keyword {known}")
        if each.is_on("_destroy"):
            await word.delete()
        else:
            await word.update_from_dict(_word(each, word)).save()


def _word(wanted: Asked, before: FilterWord | None = None) -> dict[str, Any]:
    keyword = (wanted.text("keyword") or "").strip() or (before.keyword if before else "")
    check_word(keyword)
    whole = wanted.flag("whole_word")
    otherwise = before.is_whole if before else False
    return {"keyword": keyword, "is_whole": otherwise if whole is None else whole}


def check_word(keyword: str) -> None:
    """Raise Invalid for a word that no filter can look for."""
    if not keyword.strip():
        raise Invalid({"keyword": ("ERR_BLANK", "can't be blank")})
    if len(keyword) > LONGEST_WORD:
        raise Invalid({"keyword": ("ERR_TOO_LONG", f"is longer than {LONGEST_WORD}")})


async def _own(request: web.Request) -> Whole:
    return await filter_of(account_of(request).actor, number(request.match_info["id"]))


async def filter_of(owner: Actor, wanted: int | None) -> Whole:
    """Find a filter of this owner, with its words. Raises Missing."""
    found = await filters_of(owner, wanted or 0)
    if not found:
        raise Missing(f"no filter {wanted}")
    return found[0]


async def _own_named(request: web.Request) -> FilterNote:
    found = await FilterNote.get_or_none(
        id=number(request.match_info["id"]), whole__owner_id=account_of(request).actor.id
    )
    if found is None:
        raise Missing(request.path)
    return found


async def own_word(request: web.Request) -> FilterWord:
    """Find a word, if its filter is the caller's (OAU-06)."""
    found = await FilterWord.get_or_none(
        id=number(request.match_info["id"]), whole__owner_id=account_of(request).actor.id
    )
    if found is None:
        raise Missing(request.path)
    return found
