"""Whose key is this? From memory, from the database, or from their own server.

A key document is fetched once for all who ask at the same time, never for a key of ours, and never
more often than the limits of security.md 2 allow, whatever a signature claims (SIG-12, SIG-14).
"""

from collections import Counter
from typing import Any
from weakref import WeakKeyDictionary

from cachetools import TTLCache

from actors import remembered
from actors.actor import Actor, by_uri
from actors.instance import instance_signer
from actors.keeping import keep, mark_gone
from actors.reading import ActorDocument, actor_document_from
from actors.remembered import Sender
from core.settings import settings
from federation.allowance import Budget
from federation.client import Client, client
from federation.errors import FederationError, Gone, Malformed, Unbelievable, Unreachable
from federation.flights import Flights
from federation.read import iri_of
from federation.urls import host_of, same_origin

AGAIN_S = 60
MOST_AGAIN_PER_HOST = 30
HOST_WINDOW_S = 300
# So many letters may wait for the keys of one host, that it cannot use up the places of all.
MOST_WAITING_PER_HOST = 50
BUSY_S = 5.0


class _Questions:
    """What is being asked, and what was asked lately; one for each running instance."""

    def __init__(self) -> None:
        self.flights: Flights[ActorDocument] = Flights()
        self.waiting: Counter[str] = Counter()
        self.documents: TTLCache[str, ActorDocument] = TTLCache(500, AGAIN_S)
        self.again: TTLCache[str, bool] = TTLCache(10_000, AGAIN_S)
        self.again_at: TTLCache[str, list[int]] = TTLCache(10_000, HOST_WINDOW_S)


_all_questions: WeakKeyDictionary[Client, _Questions] = WeakKeyDictionary()


def _questions() -> _Questions:
    return _all_questions.setdefault(client(), _Questions())


async def sender_of(key_id: str, *, budget: Budget | None = None) -> Sender:
    """Return who signs with this key, and the key.

    The actor's own document must list the key (security.md law 1): raises Unbelievable when it
    does not, and NotFound, Gone, Malformed, Refused or Unreachable as fetching does.
    """
    if kept := remembered.sender(key_id):
        return kept
    found = await _known(key_id)
    if found is None and await by_uri(_page(key_id)):
        # We know the actor, and not this key of theirs: anybody can make up more of those.
        return await sender_again(key_id)
    found = found or await _asked(key_id, budget)
    remembered.remember(key_id, found)
    return found


async def sender_again(key_id: str) -> Sender:
    """Fetch the key anew after a failed check, for it may have been rotated (SIG-12).

    Raises Unbelievable, without asking, when this was done less than a minute ago for the key or
    too often for its host; and as `sender_of` does.
    """
    page = _page(key_id)
    _count_again(page)
    _questions().documents.pop(page, None)
    found = await _asked(key_id, None)
    remembered.remember(key_id, found)
    return found


async def has_left(uri: str) -> Actor | None:
    """Return an actor we know whose own id answers 410 to us; a 404 is not enough (SIG-13)."""
    actor = await by_uri(uri)
    if actor is None or actor.is_local:
        return None
    if actor.gone_at is None:
        try:
            _count_again(uri)
            await client().fetch(uri, await instance_signer())
        except Gone:
            await mark_gone(uri)
            return actor
        except Unreachable:
            raise
        except FederationError:
            return None
    return actor if actor.gone_at else None


def _count_again(page: str) -> None:
    questions = _questions()
    if page in questions.again:
        raise Unbelievable(f"{page} was fetched again just now")
    counted = questions.again_at.setdefault(host_of(page), [0])
    if counted[0] >= MOST_AGAIN_PER_HOST:
        raise Unbelievable(f"too many keys of {host_of(page)} were fetched again")
    counted[0] += 1
    questions.again[page] = True


async def _known(key_id: str) -> Sender | None:
    actor = await Actor.filter(key_id=key_id).first()
    if actor and actor.public_key:
        return actor, actor.public_key
    if actor := await Actor.filter(multikey_id=key_id).first():
        return actor, actor.multikey
    return None


async def _asked(key_id: str, budget: Budget | None) -> Sender:
    if same_origin(key_id, settings().server.base_url):
        raise Unbelievable(f"{key_id} is said to be a key of ours")
    read = await _document_at(_page(key_id), budget)
    key = _listed(read, key_id)
    if key is None:
        raise Unbelievable(f"{read.id} does not list the key {key_id}")
    return await keep(read, budget), key


async def _document_at(page: str, budget: Budget | None) -> ActorDocument:
    """Return the document of whose key lies there, a minute old at most."""
    questions, host = _questions(), host_of(page)
    if found := questions.documents.get(page):
        return found
    if questions.waiting[host] >= MOST_WAITING_PER_HOST:
        raise Unreachable(f"too many wait for keys of {host}", retry_after=BUSY_S)
    questions.waiting[host] += 1
    try:
        found = await questions.flights.ask(page, lambda: _fetched(page, budget))
    finally:
        questions.waiting[host] -= 1
        questions.waiting = +questions.waiting
    questions.documents[page] = found
    return found


async def _fetched(page: str, budget: Budget | None) -> ActorDocument:
    try:
        uri, document = await _owner_at(page, budget)
    except Gone:
        await mark_gone(page)
        raise
    if not same_origin(uri, page):
        raise Unbelievable(f"{page} is not where {uri} lives (SIG-10)")
    if document is None:
        document = await client().fetch_object(uri, await instance_signer(), budget=budget)
    read = actor_document_from(document)
    if read.id != uri:
        raise Unbelievable(f"{uri} answered for {read.id}")
    return read


async def _owner_at(page: str, budget: Budget | None) -> tuple[str, dict[str, Any] | None]:
    """Return whose key it says it is, and their document if that is what lay there.

    GoToSocial keeps a stub with `owner` at /main-key; `owner` is a pointer, never evidence.
    """
    fetched = await client().fetch(page, await instance_signer(), budget=budget)
    document = fetched.document
    is_stub = "publicKeyPem" in document and "inbox" not in document
    owner = iri_of(document.get("owner") if is_stub else document.get("id"))
    if owner is None:
        raise Malformed(f"{page} names no owner")
    return owner, document if owner == fetched.url and not is_stub else None


def _page(key_id: str) -> str:
    return key_id.partition("#")[0]


def _listed(read: ActorDocument, key_id: str) -> str | None:
    for listed_id, key in (*read.public_keys, *read.multikeys):
        if listed_id == key_id:
            return key
    # PeerTube signs with the bare id of the actor.
    if key_id == read.id and read.public_keys:
        return read.public_keys[0][1]
    return None
