"""Getting to know actors elsewhere; whose key is this?"""

from datetime import timedelta
from typing import Any
from weakref import WeakKeyDictionary

from cachetools import TTLCache
from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from actors.actor import Actor, Kind, by_handle, by_uri, local_actor
from actors.instance import instance_signer
from actors.reading import ActorDocument, actor_document_from
from core.clock import now
from core.html import clean_remote
from core.ids import new_id
from core.names import quiet_name
from core.settings import settings
from federation import webfinger
from federation.allowance import Budget
from federation.client import Client, client
from federation.errors import FederationError, Gone, Malformed, NotFound, Unbelievable
from federation.flights import Flights
from federation.read import iri_of
from federation.urls import host_of, is_http, same_origin

STALE = timedelta(days=1)
KEYS_KEPT_S = 600

_KINDS = {each.value: each for each in Kind}

Sender = tuple[Actor, str]


class _Memory:
    """Stands before the database on the road of every letter; one for each running instance."""

    def __init__(self) -> None:
        self.senders: TTLCache[str, Sender] = TTLCache(5000, KEYS_KEPT_S)
        self.flights: Flights[Sender] = Flights()
        self.asked_again: TTLCache[str, bool] = TTLCache(10_000, 60)


_memories: WeakKeyDictionary[Client, _Memory] = WeakKeyDictionary()


def _memory() -> _Memory:
    return _memories.setdefault(client(), _Memory())


async def resolve(uri: str, budget: Budget | None = None) -> Actor:
    """Return the actor of this id: the row we have, or a fetched one.

    Raises NotFound, Gone, Malformed, Unreachable or Refused.
    """
    if found := await by_uri(uri):
        if found.gone_at is not None:
            raise Gone(f"{uri} is gone")
        return found
    if same_origin(uri, settings().server.base_url):
        raise NotFound(f"{uri} does not live here")
    actor = await fetch(uri, budget)
    if actor.uri != uri:
        raise Unbelievable(f"{uri} answered for {actor.uri}")
    return actor


async def fetch(uri: str, budget: Budget | None = None) -> Actor:
    """Ask an actor's own server who they are, and keep the answer; marks those who are gone.

    The actor's id may be another than what was asked, as when that was the URL of a page.
    """
    try:
        document = await client().fetch_object(uri, await instance_signer(), budget=budget)
    except Gone:
        await Actor.filter(uri=uri, local_name=None, gone_at=None).update(gone_at=now())
        forget(uri)
        raise
    return await keep(actor_document_from(document))


async def keep(read: ActorDocument) -> Actor:
    """Write what a believed document says into the actor's row."""
    values = await _columns(read)
    if found := await by_uri(read.id):
        if found.is_local:
            raise Unbelievable(f"{read.id} lives here")
        await Actor.filter(id=found.id).update(**values)
    else:
        try:
            await Actor.create(id=new_id(), uri=read.id, **values)
        except IntegrityError:
            await Actor.filter(uri=read.id).update(**values)
    forget(read.id)
    return await Actor.get(uri=read.id)


async def refresh(actor: Actor) -> Actor:
    """Fetch a remote actor again when what we know is older than a day; keep the old on failure."""
    if actor.is_local or (actor.fetched_at and actor.fetched_at > now() - STALE):
        return actor
    try:
        return await fetch(actor.uri)
    except FederationError:
        return actor


async def look_up(text: str) -> Actor:
    """Find who `name@host`, `!group@host` or a URL means, asking their server where needed.

    Raises NotFound when the text names nobody, or what `resolve` raises.
    """
    text = text.strip()
    handle = webfinger.parse_handle(text)
    if handle is None:
        return await _by_other_means(text)
    if found := await by_handle(handle.name, handle.host):
        return await refresh(found)
    if handle.host == settings().server.account_domain:
        raise NotFound(f"nobody here is called {handle.name}")
    return await fetch(await webfinger.find(handle))


async def _by_other_means(text: str) -> Actor:
    if is_http(text):
        return await by_page(text)
    if found := await local_actor(text.removeprefix("@")):
        return found
    raise NotFound(f"{text[:200]!r} names nobody")


async def by_page(url: str) -> Actor:
    """Find whose page or id a URL is."""
    if found := await Actor.filter(Q(uri=url) | Q(url=url), gone_at=None).first():
        return await refresh(found)
    if same_origin(url, settings().server.base_url):
        name = url.removeprefix(settings().url("/@"))
        if found := await local_actor(name):
            return found
        raise NotFound(f"{url} does not live here")
    return await fetch(url)


async def sender_of(key_id: str, *, budget: Budget | None = None) -> Sender:
    """Return who signs with this key, and the key: from memory, the database, or their server.

    The actor's own document must list the key (security.md law 1). Raises as `resolve` does, and
    Unbelievable when the document does not list it.
    """
    memory = _memory()
    if kept := memory.senders.get(key_id):
        return kept
    sender = await _known(key_id) or await memory.flights.ask(
        key_id, lambda: _asked(key_id, budget)
    )
    memory.senders[key_id] = sender
    return sender


async def sender_again(key_id: str) -> Sender:
    """Fetch the key anew after a failed check, for it may have been rotated (SIG-12).

    At most once a minute for each key; raises Unbelievable in between.
    """
    memory = _memory()
    if memory.asked_again.get(key_id):
        raise Unbelievable(f"{key_id} was fetched again just now")
    memory.asked_again[key_id] = True
    sender = await memory.flights.ask(key_id, lambda: _asked(key_id, None))
    memory.senders[key_id] = sender
    return sender


def forget(uri: str) -> None:
    """Drop an actor from memory, as when they changed, were suspended, or left."""
    senders = _memory().senders
    for key_id in [key_id for key_id, (actor, _) in list(senders.items()) if actor.uri == uri]:
        senders.pop(key_id, None)


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
    actor_uri, document = await _key_document(key_id, budget)
    if not same_origin(actor_uri, key_id):
        raise Unbelievable(f"{key_id} is not where {actor_uri} lives (SIG-10)")
    if document is None:
        document = await client().fetch_object(actor_uri, await instance_signer(), budget=budget)
    read = actor_document_from(document)
    if read.id != actor_uri:
        raise Unbelievable(f"{actor_uri} answered for {read.id}")
    actor = await keep(read)
    if found := _listed(actor, read, key_id):
        return actor, found
    raise Unbelievable(f"{actor.uri} does not list the key {key_id}")


async def _key_document(key_id: str, budget: Budget | None) -> tuple[str, dict[str, Any] | None]:
    """Return whose key it says it is, and their document if that is what lay there.

    GoToSocial keeps a stub with `owner` at /main-key; `owner` is a pointer, never evidence.
    """
    fetched = await client().fetch(key_id.partition("#")[0], await instance_signer(), budget=budget)
    document = fetched.document
    is_stub = "publicKeyPem" in document and "inbox" not in document
    owner = iri_of(document.get("owner") if is_stub else document.get("id"))
    if owner is None:
        raise Malformed(f"{key_id} names no owner")
    return owner, document if owner == fetched.url and not is_stub else None


def _listed(actor: Actor, read: ActorDocument, key_id: str) -> str | None:
    for listed_id, key in (*read.public_keys, *read.multikeys):
        if listed_id == key_id:
            return key
    # PeerTube signs with the bare id of the actor.
    if key_id == actor.uri and read.public_keys:
        return read.public_keys[0][1]
    return None


async def _columns(read: ActorDocument) -> dict[str, Any]:
    key_id, public_key = read.public_keys[0] if read.public_keys else ("", "")
    multikey_id, multikey = read.multikeys[0] if read.multikeys else ("", "")
    name, host = await _handle(read)
    return {
        "kind": _KINDS.get(read.type, Kind.SERVICE),
        "name": name,
        "host": host,
        "title": quiet_name(read.name),
        "about": await clean_remote(read.summary),
        "url": read.url or read.id,
        "inbox": read.inbox,
        "shared_inbox": read.shared_inbox or "",
        "outbox": read.outbox or "",
        "followers_uri": read.followers or "",
        "following_uri": read.following or "",
        "featured_uri": read.featured or "",
        "moderators_uri": read.moderators or "",
        "avatar": read.icon_url or "",
        "avatar_alt": read.icon_alt or "",
        "header": read.header_url or "",
        "facts": [
            {"name": quiet_name(label), "value": await clean_remote(value)}
            for label, value in read.fields
        ],
        "key_id": key_id,
        "public_key": public_key,
        "multikey_id": multikey_id,
        "multikey": multikey,
        "is_locked": read.locked,
        "is_discoverable": read.discoverable,
        "is_indexable": read.indexable,
        "is_bot": read.type in ("Service", "Application"),
        "aliases": list(read.also_known_as),
        "moved_to": read.moved_to or "",
        "created_at": read.published or now(),
        "fetched_at": now(),
        "is_withdrawn": read.suspended,
        "gone_at": None,
    }


async def _handle(read: ActorDocument) -> tuple[str, str]:
    """The handle is `name@host-of-id` unless WebFinger on another host points back (ORG-11)."""
    own = read.handle, host_of(read.id)
    claimed = webfinger.parse_handle(read.webfinger or "")
    if claimed is None or (claimed.name, claimed.host) == own:
        return own
    try:
        if await webfinger.find(claimed) == read.id:
            return claimed.name, claimed.host
    except FederationError:
        return own
    return own
