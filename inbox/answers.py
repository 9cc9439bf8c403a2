"""Fetching the answers to a remote note that nobody sent us, in the background and in bounds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cachetools import TTLCache
from tortoise.transactions import in_transaction

from actors.instance import instance_signer
from core.jobs import Lane, put
from core.settings import settings
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError
from federation.read import iri_of
from federation.urls import host_of, same_origin
from federation.vocabulary import ACTIVITY_TYPES, type_of
from inbox.fetch import believed
from moderation.gate import admit_host
from notes.group_posts import stir
from notes.incoming import is_buried, is_ours, keep
from notes.note import Note
from notes.prepared import Prepared
from notes.reading import note_document_from
from notes.visibility import OPEN

FETCHES = 50
PAGES = 5
LEVELS = 3
MOST = 200
FOR_ONE = 4  # the note, its author, their handle, and what it lists
PAUSE = timedelta(minutes=15)

# One look at each thread in a while, whoever opens it.
_looked: TTLCache[tuple[str, int], bool] = TTLCache(20_000, PAUSE.total_seconds())


async def want_answers(note: Note) -> None:
    """Queue a look for answers to a remote open note, when somebody here opens its page."""
    mark = (settings().server.base_url, note.id)
    if note.is_local or note.audience not in OPEN or mark in _looked:
        return
    _looked[mark] = True
    await put("inbox.fetch_answers", {"uri": note.uri}, lane=Lane.LATER)


async def fetch_answers(payload: Mapping[str, Any]) -> None:
    """Read the thread a note's server lists, `context` first, then answers three levels deep.

    Job `inbox.fetch_answers`; what cannot be had is left out. What one job may not fetch any more
    is left to the next, up to 200 notes of one thread (federation.md 12).
    """
    budget = Budget(FETCHES)
    left = int(payload.get("left", MOST))
    waiting = [(str(uri), int(level)) for uri, level in payload.get("rest", [])]
    try:
        waiting = waiting or await _begin(payload["uri"], budget)
    except FederationError:
        return
    while waiting and left > 0 and budget.left >= FOR_ONE:
        (uri, level), *waiting = waiting
        left -= 1
        waiting += [(each, level + 1) for each in await _take_in(uri, level, budget)]
    if waiting and left > 0:
        rest = {"uri": payload["uri"], "rest": waiting[:left], "left": left}
        await put("inbox.fetch_answers", rest, lane=Lane.LATER)


async def _begin(uri: str, budget: Budget) -> list[tuple[str, int]]:
    """Return what a thread's server lists, each with how deep it lies; a `context` has it all."""
    document = await client().fetch_object(uri, await instance_signer(), budget=budget)
    if found := await _listed(document, "context", budget):
        return [(each, LEVELS) for each in found if each != uri]
    return [(each, 1) for each in await _answers(document, budget)]


async def _answers(document: Mapping[str, Any], budget: Budget) -> list[str]:
    # PeerTube has its own word for it.
    named = "replies" if document.get("replies") else "comments"
    return await _listed(document, named, budget)


async def _take_in(uri: str, level: int, budget: Budget) -> list[str]:
    """Keep one answer, and return the answers to it that its server lists."""
    try:
        if await Note.exists(uri=uri) or is_ours(uri):
            return []
        await admit_host(host_of(uri))
        document = await client().fetch_object(uri, await instance_signer(), budget=budget)
        prepared = await believed(note_document_from(document), budget)
        await _keep(prepared)
        return await _answers(document, budget) if level < LEVELS else []
    except FederationError:
        # One answer that cannot be had must not hide the others.
        return []


async def _keep(prepared: Prepared) -> None:
    read = prepared.read
    if read.is_vote or await is_buried(read.id, prepared.author.uri):
        return
    async with in_transaction():
        note, is_new = await keep(prepared)
        if is_new and note.group_id is not None:
            await stir(note)


async def _listed(document: Mapping[str, Any], name: str, budget: Budget) -> list[str]:
    """Return the ids in a collection on the note's own host, page by page, none visited twice."""
    home, page = str(document["id"]), document.get(name)
    found: list[str] = []
    seen: set[str] = set()
    for _ in range(PAGES):
        if isinstance(page, str):
            if page in seen or not same_origin(page, home):
                break
            seen.add(page)
            page = (await client().fetch(page, await instance_signer(), budget=budget)).document
        if not isinstance(page, dict):
            break
        found += _items(page)
        page = page.get("first") or page.get("next")
    return list(dict.fromkeys(found))


def _items(page: Mapping[str, Any]) -> list[str]:
    """Return the ids of the notes on a page; some list the activities they came in (FEP-171b)."""
    items = page.get("orderedItems") or page.get("items") or []
    listed = items if isinstance(items, list) else [items]
    return [uri for item in listed if (uri := iri_of(_opened(item)))]


def _opened(item: Any) -> Any:
    for _ in range(LEVELS):
        if type_of(item) not in ACTIVITY_TYPES:
            break
        item = item.get("object")
    return item
