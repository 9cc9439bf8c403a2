"""Blocking a whole server: nothing of it is seen, and nothing is told to it."""

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import ServerBlock
from actors.follows import Follow
from core.ids import new_id
from core.jobs import put
from core.settings import settings
from federation.errors import Malformed
from federation.urls import canonical_host, host_of, is_http, is_under
from outbox.letters import hold_back
from outbox.refusals import NotAllowed

MOST = 1000


async def block_server(blocker: Actor, name: str) -> ServerBlock:
    """Have nothing more to do with anyone of a server; the server itself is not told.

    `name` is a domain, a handle or an address. Follows in both directions end as work that comes
    after. Raises NotAllowed with a sentence.
    """
    host = _host(name)
    if is_under(host, settings().server.account_domain) or is_under(host, settings().server.domain):
        raise NotAllowed("You cannot block the server you live on.")
    if await ServerBlock.filter(blocker_id=blocker.id).count() >= MOST:
        raise NotAllowed("You block as many servers as one can.")
    async with in_transaction():
        row, _ = await ServerBlock.get_or_create(
            blocker_id=blocker.id, host=host, defaults={"id": new_id()}
        )
        await hold_back(blocker.id, host)
        await put("inbox.part_ways", {"actor": blocker.id, "host": host})
    return row


async def unblock_server(blocker: Actor, host: str) -> bool:
    """Let a server come near again; follows stay ended. False if it was not blocked."""
    return bool(await ServerBlock.filter(blocker_id=blocker.id, host=host).delete())


async def follows_between(actor: Actor, host: str) -> tuple[int, int]:
    """Return how many of a server someone follows, and how many of it follow them: what a block
    would end."""
    of_followed = Q(followed__host=host) | Q(followed__host__endswith=f".{host}")
    of_followers = Q(follower__host=host) | Q(follower__host__endswith=f".{host}")
    return (
        await Follow.filter(of_followed, follower_id=actor.id, is_accepted=True).count(),
        await Follow.filter(of_followers, followed_id=actor.id, is_accepted=True).count(),
    )


def _host(name: str) -> str:
    """Read what people type, or copy from somewhere, as the name of a server."""
    name = name.strip()
    try:
        host = host_of(name) if is_http(name) else canonical_host(name.rpartition("@")[2])
    except Malformed as error:
        raise NotAllowed("This is not the name of a server.") from error
    if "." not in host and ":" not in host:
        # A bare ending would take away a country.
        raise NotAllowed("This is not the name of a server.")
    return host
