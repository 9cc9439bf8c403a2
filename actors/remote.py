"""Getting to know actors elsewhere."""

from datetime import timedelta

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors.actor import Actor, by_handle, by_uri, local_actor
from actors.follows import address
from actors.handles import other_handle
from actors.instance import instance_signer
from actors.keeping import keep, mark_gone
from actors.reading import actor_document_from
from core.clock import now
from core.settings import settings
from federation import webfinger
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, Gone, NotFound, Unbelievable
from federation.urls import is_http, same_origin

STALE = timedelta(days=1)


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
        await mark_gone(uri)
        raise
    return await keep(actor_document_from(document), budget)


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
    actor = await fetch(await webfinger.find(handle))
    if other := await other_handle(handle, actor):
        async with in_transaction():
            await Actor.filter(id=actor.id).update(name=other.name, host=other.host)
            await address(actor.id)
        actor.name, actor.host = other.name, other.host
    return actor


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
