"""The threads of a group elsewhere that nobody sent us: read in the background, within bounds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.follows import readers_of
from actors.instance import instance_signer
from actors.remote_groups import RemoteGroup
from core.clock import now
from core.jobs import Lane, put
from core.rows import load_ids
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError
from federation.read import id_of, iri_of
from federation.urls import same_origin
from federation.vocabulary import ACTIVITY_TYPES, type_of
from inbox.fetch import note_of
from inbox.group_case import Case, listed_moderators
from inbox.group_posts import is_addressed, land
from inbox.timelines import fill_home
from notes.group_marks import settle_pin
from notes.note import Note
from notes.visibility import OPEN

FETCHES = 80
MOST_THREADS = 20
MOST_COMPLETED = 10
PAUSE = timedelta(hours=1)


async def want_threads(group: Actor) -> None:
    """Queue a look for a group's newest threads, when somebody here joins it or opens its page."""
    known = await RemoteGroup.get_or_none(actor_id=group.id)
    if known is None or (known.filled_at and known.filled_at > now() - PAUSE):
        return
    await RemoteGroup.filter(actor_id=group.id).update(filled_at=now())
    await put("inbox.fill_group", {"group": group.id}, lane=Lane.LATER)


async def fill(payload: Mapping[str, Any]) -> None:
    """Read a group's outbox for its newest threads, and have those completed that are new.

    Job `inbox.fill_group`. Lemmy keeps twenty there; pins and moderators come along.
    """
    group = await Actor.get_or_none(id=payload["group"])
    if group is None or group.is_local or not group.is_present:
        return
    budget = Budget(FETCHES)
    try:
        await listed_moderators(group, budget)
        newest = await _newest(group, budget)
        for place, (about, announce) in reversed(list(enumerate(newest))):
            note = await _take_in(about, Case(group, announce, budget))
            if note is not None and not note.is_local and place < MOST_COMPLETED:
                await put("inbox.fetch_answers", {"uri": note.uri}, lane=Lane.LATER)
        await _pins(group, budget)
    except FederationError:
        # What could be had is there; the rest is looked for the next time.
        pass
    for reader in (await load_ids(Actor, await readers_of(group.id))).values():
        await fill_home(reader, group)


async def _newest(group: Actor, budget: Budget) -> list[tuple[str, str]]:
    """Return ids of notes with the ids of the Announces that they came in, newest first."""
    page = await _page(group.outbox, group, budget)
    if page is not None and not _items(page):
        page = await _page(page.get("first"), group, budget)
    items = _items(page or {})
    found = [(_note_in(each), _id_in(each, group)) for each in items[:MOST_THREADS]]
    return [(uri, announce) for uri, announce in found if uri]


async def _page(named: Any, group: Actor, budget: Budget) -> Mapping[str, Any] | None:
    if isinstance(named, dict):
        return named
    uri = iri_of(named)
    if not uri or not same_origin(uri, group.uri):
        return None
    return (await client().fetch(uri, await instance_signer(), budget=budget)).document


def _items(page: Mapping[str, Any]) -> list[Any]:
    items = page.get("orderedItems") or page.get("items") or []
    return items if isinstance(items, list) else [items]


def _note_in(item: Any) -> str:
    """Go through what wraps a note to its id."""
    for _ in range(3):
        if not isinstance(item, dict) or type_of(item) not in ACTIVITY_TYPES:
            break
        item = item.get("object")
    return iri_of(item) or ""


def _id_in(item: Any, group: Actor) -> str:
    uri = id_of(item) if isinstance(item, dict) and type_of(item) == "Announce" else None
    return uri if uri and same_origin(uri, group.uri) else ""


async def _take_in(uri: str, case: Case) -> Note | None:
    """Keep one thread where it stands in the group, under the date it was written."""
    try:
        note = await note_of(uri, case.budget)
        if note.audience not in OPEN or not await is_addressed(note, case):
            return None
    except FederationError:
        # One that cannot be had must not hide the others.
        return None
    async with in_transaction():
        await land(note, case, is_inside=True, at=note.created_at, is_old=True)
    return note


async def _pins(group: Actor, budget: Budget) -> None:
    """Show first what the group's featured collection lists; Lemmy puts whole notes into it."""
    if not group.featured_uri:
        return
    page = await _page(group.featured_uri, group, budget)
    for uri in [iri_of(each) for each in _items(page or {})][:MOST_THREADS]:
        note = await Note.get_or_none(uri=uri or "", group_id=group.id, deleted_at=None)
        if note is not None:
            async with in_transaction():
                await settle_pin(note, group, is_pinned=True)
