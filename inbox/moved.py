"""Following someone to their new address, once both addresses say that it is theirs."""

from collections.abc import Mapping
from typing import Any

from actors.actor import Actor, by_uri
from actors.follows import readers_of
from actors.remote import fetch
from core.clock import now
from federation.errors import FederationError, NotFound, Unreachable
from notes.incoming import is_ours
from outbox.follow import follow
from outbox.move import is_settled
from outbox.refusals import NotAllowed
from outbox.undo import unfollow


async def follow_on(payload: Mapping[str, Any]) -> None:
    """Let everyone here who follows the old address follow the new one (ORG-16).

    Job `inbox.moved`; the new address is fetched fresh and must name the old one as its alias.
    """
    old = await Actor.get_or_none(id=payload["actor"])
    if old is None or (is_settled(old) and not old.is_local):
        return
    if old.is_local and old.moved_to != payload["target"]:
        return
    try:
        new = await _new_home(payload["target"])
    except Unreachable:
        raise
    except FederationError:
        return
    if old.uri not in new.aliases or new.moved_to or not new.is_present:
        return
    await Actor.filter(id=old.id).update(moved_to=new.uri, moved_at=now())
    for reader in await Actor.filter(id__in=await readers_of(old.id)):
        await _change(reader, old, new)


async def _new_home(uri: str) -> Actor:
    """Return who lives at the new address, asked afresh; it may be one of ours."""
    if not is_ours(uri):
        return await fetch(uri)
    found = await by_uri(uri)
    if found is None:
        raise NotFound(f"{uri} does not live here")
    return found


async def _change(reader: Actor, old: Actor, new: Actor) -> None:
    if reader.id == new.id:
        return
    try:
        await follow(reader, new)
    except NotAllowed:
        return
    await unfollow(reader, old)
