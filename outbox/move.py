"""Move: someone here now lives elsewhere."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.remote import fetch
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver
from outbox.refusals import NotAllowed


async def move(actor: Actor, target_uri: str) -> Actor:
    """Send one's followers to a new address, which must name the old one among its aliases.

    Raises NotAllowed with a sentence, or what fetching raises (ORG-16).
    """
    if actor.moved_to:
        raise NotAllowed("This account has moved already.")
    target = await fetch(target_uri)
    if actor.uri not in target.aliases:
        raise NotAllowed("First name this account as an alias at the new address.")
    async with in_transaction():
        await Actor.filter(id=actor.id).update(moved_to=target.uri)
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
