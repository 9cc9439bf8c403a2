"""The instance's own Application actor: it signs what no person here signs."""

from tortoise.transactions import in_transaction

from actors.actor import Actor, Kind, local_uri
from actors.keys import keep_keys, make_keys, signer_of
from core.settings import settings
from federation.errors import Refused
from federation.signatures import Signer


async def ensure_instance_actor() -> Actor:
    """Make the instance's actor at the first start; its name is the domain, which no person has."""
    name = settings().server.account_domain
    if found := await Actor.get_or_none(local_name=name):
        return found
    rsa, public, ed25519, multikey = await make_keys()
    uri = local_uri(name, Kind.APPLICATION)
    async with in_transaction():
        actor = await Actor.create(
            uri=uri,
            local_name=name,
            kind=Kind.APPLICATION,
            name=name,
            host=name,
            url=settings().url("/about"),
            inbox=settings().url("/inbox"),
            shared_inbox=settings().url("/inbox"),
            outbox=f"{uri}/outbox",
            key_id=f"{uri}#main-key",
            public_key=public,
            multikey=multikey,
            multikey_id=f"{uri}#ed25519",
            is_locked=True,
            is_bot=True,
        )
        await keep_keys(actor, rsa, ed25519)
    return actor


async def instance_actor() -> Actor:
    """Return the instance's actor, which the first start made."""
    return await Actor.get(local_name=settings().server.account_domain)


async def instance_signer() -> Signer:
    """Lend the instance's key, for fetching; raise Refused where federation is switched off."""
    if not settings().federation.enabled:
        raise Refused("this server keeps to itself")
    return await signer_of(await instance_actor())
