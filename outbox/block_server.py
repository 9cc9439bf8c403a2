"""Blocking a whole server: nothing of it is seen, and nothing is told to it."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import ServerBlock
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
