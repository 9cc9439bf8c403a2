"""Following someone to their new address, once both addresses say that it is theirs."""

from collections.abc import Mapping
from typing import Any

from actors.actor import Actor
from actors.follows import readers_of
from actors.remote import fetch
from federation.errors import FederationError, Unreachable
from outbox.follow import follow
from outbox.refusals import NotAllowed
from outbox.undo import unfollow


async def follow_on(payload: Mapping[str, Any]) -> None:
    """Let everyone here who follows the old address follow the new one (ORG-16).

    Job `inbox.moved`; the new address is fetched fresh and must name the old one as its alias.
    """
    old = await Actor.get_or_none(id=payload["actor"])
    if old is None or old.is_local:
        return
    try:
        new = await fetch(payload["target"])
    except Unreachable:
        raise
    except FederationError:
        return
    if old.uri not in new.aliases or new.moved_to:
        return
    await Actor.filter(id=old.id).update(moved_to=new.uri)
    for reader in await Actor.filter(id__in=await readers_of(old.id)):
        await _change(reader, old, new)


async def _change(reader: Actor, old: Actor, new: Actor) -> None:
    if reader.id == new.id:
        return
    try:
        await follow(reader, new)
    except NotAllowed:
        return
    await unfollow(reader, old)
