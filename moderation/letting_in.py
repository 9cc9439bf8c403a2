"""Letting somebody in at the moment the policy does, not when everybody was gone through."""

from collections.abc import Collection

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import covering
from actors.domains import Domain
from actors.remembered import forget
from federation.errors import Malformed
from federation.urls import host_of
from moderation.gate import measures_for, measures_of
from outbox.freed import send_on


async def as_of_now(actor: Actor) -> Actor:
    """Return an actor as they stand at this moment; what was remembered of them may be older.

    Who is let in again by the policy in force is so at once, with their server, so that what is
    answered goes out: `moderation.enforce` comes to them a little later (moderation/enforce.py).
    """
    actor = await Actor.get(id=actor.id)
    forget(actor.uri)
    if actor.is_kept_out and not measures_of(actor).reject:
        async with in_transaction():
            await Actor.filter(id=actor.id).update(is_kept_out=False)
            await _free(_hosts(actor))
        actor.is_kept_out = False
    return actor


async def _free(hosts: Collection[str]) -> None:
    """Unmark these servers, and what they lie below, where nothing rejects them any more."""
    above = {each for host in hosts for each in (host, *covering(host.partition(":")[0]))}
    marked = await Domain.filter(host__in=above, is_rejected=True).values_list("host", flat=True)
    freed = [str(host) for host in marked if not measures_for(str(host)).reject]
    await Domain.filter(host__in=freed).update(is_rejected=False)
    if freed:
        await send_on(freed)


def _hosts(actor: Actor) -> set[str]:
    hosts = {actor.host}
    for address in (actor.uri, actor.inbox, actor.letterbox):
        try:
            hosts.add(host_of(address))
        except Malformed:
            continue
    return hosts
