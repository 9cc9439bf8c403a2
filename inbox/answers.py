"""Fetching the answers to a remote note that nobody sent us, in the background and in bounds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from cachetools import TTLCache

from actors.instance import instance_signer
from core.jobs import Lane, put
from core.settings import settings
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError
from federation.read import iri_of
from federation.urls import same_origin
from inbox.fetch import note_of
from notes.note import Note
from notes.visibility import OPEN

FETCHES = 50
PAGES = 5
ANSWERS = 40
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
    """Read the thread a note's server lists, `context` first, then `replies` (federation.md 12).

    Job `inbox.fetch_answers`; what cannot be had is left out.
    """
    budget = Budget(FETCHES)
    try:
        signer = await instance_signer()
        document = await client().fetch_object(payload["uri"], signer, budget=budget)
        found = await _listed(document, "context", budget)
        found = found or await _listed(document, "replies", budget)
    except FederationError:
        return
    for uri in found[:ANSWERS]:
        await _had(uri, budget)


async def _had(uri: str, budget: Budget) -> None:
    try:
        await note_of(uri, budget)
    except FederationError:
        # One answer that cannot be had must not hide the others.
        return


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
    items = page.get("orderedItems") or page.get("items") or []
    listed = items if isinstance(items, list) else [items]
    return [uri for item in listed if (uri := iri_of(item))]
