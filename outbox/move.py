"""Move: someone here now lives elsewhere, or came here from elsewhere."""

from datetime import timedelta

from tortoise.transactions import in_transaction

from actors import written
from actors.actor import Actor, Kind, by_uri
from actors.remote import fetch
from core.clock import now
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver
from outbox.refusals import NotAllowed
from outbox.update import profile_changed

LOCK = timedelta(days=7)
MOST_ALIASES = 10


def is_settled(actor: Actor) -> bool:
    """Tell whether their followers went with them less than a week ago (ORG-16)."""
    return actor.moved_at is not None and actor.moved_at > now() - LOCK


async def add_alias(actor: Actor, other: Actor) -> None:
    """Say that another address is one's own as well, so that one can move from there to here."""
    if other.id == actor.id or other.kind == Kind.GROUP:
        raise NotAllowed("This cannot be another address of yours.")
    if other.uri in actor.aliases:
        return
    if len(actor.aliases) >= MOST_ALIASES:
        raise NotAllowed("You have named as many addresses as one can.")
    await _say(actor, aliases=[*actor.aliases, other.uri])


async def drop_alias(actor: Actor, uri: str) -> None:
    """Say no longer that an address is one's own."""
    await _say(actor, aliases=[each for each in actor.aliases if each != uri])


async def move(actor: Actor, target_uri: str) -> Actor:
    """Send one's followers to a new address, which must name the old one among its aliases.

    Those who live here are told by the inbox, as those elsewhere are by theirs. Raises NotAllowed
    with a sentence, or what fetching raises (ORG-16).
    """
    if actor.moved_to:
        raise NotAllowed("This account has moved already.")
    if is_settled(actor):
        raise NotAllowed("You moved less than a week ago. Please wait a little.")
    target = await _asked_afresh(target_uri)
    if target.id == actor.id or target.moved_to or not target.is_present:
        raise NotAllowed("Nobody can move there.")
    if actor.uri not in target.aliases:
        raise NotAllowed("First name this account as an alias at the new address.")
    async with in_transaction():
        await _say(actor, moved_to=target.uri, moved_at=now())
        activity = write(
            "Move",
            id=activity_uri(),
            actor=actor.uri,
            object=actor.uri,
            to=[actor.followers_uri],
            target=target.uri,
        )
        reach = Reach(followers_of=actor)
        await deliver(activity, actor, reach, lane=FIRM, key=actor.uri, is_public=True)
    return target


async def come_back(actor: Actor) -> None:
    """Live here again; those who went along stay where they are."""
    await _say(actor, moved_to="")


async def _asked_afresh(uri: str) -> Actor:
    found = await by_uri(uri)
    return found if found and found.is_local else await fetch(uri)


async def _say(actor: Actor, **columns: object) -> None:
    async with in_transaction():
        await Actor.filter(id=actor.id).update(**columns)
        for name, value in columns.items():
            setattr(actor, name, value)
        written.forget(actor)
        await profile_changed(actor)
