"""Under which handle an actor is shown: what WebFinger says has to point back (ORG-11)."""

import structlog

from actors.actor import Actor, Kind
from actors.reading import ActorDocument
from core.clock import now
from federation import webfinger
from federation.allowance import Budget
from federation.errors import FederationError, Unbelievable, Unreachable
from federation.urls import host_of
from federation.webfinger import Handle

log = structlog.get_logger()


async def handle_of(read: ActorDocument, known: Actor | None, budget: Budget | None) -> Handle:
    """Return the handle: `name@host-of-id`, unless another host answers for this very id.

    Raises Unbelievable when someone else has it, Unreachable while nobody says who does.
    """
    own = Handle(read.handle, host_of(read.id))
    claimed = _claimed(read, known, own)
    handle = own
    if claimed != own and await _points_to(claimed, read.id, known, budget):
        handle = claimed
    await _settle_with_rival(handle, read, budget)
    return handle


async def other_handle(asked: Handle, actor: Actor, budget: Budget | None = None) -> Handle | None:
    """Return the handle that was asked for, if the actor's own server names them so as well.

    Mastodon's names may live on another host than its ids; either side alone could be lying.
    """
    own = Handle(actor.name, host_of(actor.uri))
    if asked == own or actor.name != asked.name:
        return None
    try:
        found = await webfinger.look_up(own, budget=budget)
    except FederationError:
        return None
    return asked if found.uri == actor.uri and found.subject == asked else None


def _claimed(read: ActorDocument, known: Actor | None, own: Handle) -> Handle:
    """Return what they call themselves, or what was found out about them before."""
    if named := webfinger.parse_handle(read.webfinger or ""):
        return named
    if known is not None and known.name == own.name:
        return Handle(known.name, known.host)
    return own


async def _points_to(claimed: Handle, uri: str, known: Actor | None, budget: Budget | None) -> bool:
    try:
        return await webfinger.find(claimed, budget=budget) == uri
    except Unreachable:
        # It was found true before, and nobody says now that it is not.
        return known is not None and (known.name, known.host) == (claimed.name, claimed.host)
    except FederationError:
        return False


async def _settle_with_rival(handle: Handle, read: ActorDocument, budget: Budget | None) -> None:
    """Let WebFinger decide between two ids with one handle; whom it does not name is gone."""
    rival = await _rival(handle, read)
    if rival is None:
        return
    try:
        named = await webfinger.find(handle, budget=budget)
    except Unreachable:
        raise
    except FederationError as error:
        raise Unbelievable(f"{read.id} calls itself {handle}, as {rival.uri} does") from error
    if named != read.id or rival.is_local:
        raise Unbelievable(f"{read.id} calls itself {handle}, who is {rival.uri}")
    log.info("actor.replaced", handle=str(handle), old=rival.uri, new=read.id)
    await Actor.filter(id=rival.id).update(gone_at=now())


async def _rival(handle: Handle, read: ActorDocument) -> Actor | None:
    others = Actor.filter(name=handle.name, host=handle.host, gone_at=None).exclude(uri=read.id)
    # At Lemmy a group and a person may have one name.
    alike = others.filter(kind=Kind.GROUP) if read.is_group else others.exclude(kind=Kind.GROUP)
    return await alike.first()
