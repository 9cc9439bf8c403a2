"""Making actors that live here, people and groups alike: they share one name space."""

from typing import Any

from tortoise.exceptions import IntegrityError

from actors.actor import Actor, Kind, local_uri
from actors.keys import keep_keys
from core.settings import settings


class NameTaken(Exception):
    """Someone here has, or had, this name."""


async def make_actor(
    name: str, kind: Kind, keys: tuple[str, str, str, str], **columns: Any
) -> Actor:
    """Write the public side of somebody new and store their keys, as `make_keys` made them.

    Call in a transaction; raises NameTaken.
    """
    rsa, public, ed25519, multikey = keys
    uri = local_uri(name, kind)
    page = f"/g/{name}" if kind is Kind.GROUP else f"/@{name}"
    try:
        actor = await Actor.create(
            uri=uri,
            local_name=name,
            kind=kind,
            name=name,
            host=settings().server.account_domain,
            url=settings().url(page),
            inbox=f"{uri}/inbox",
            shared_inbox=settings().url("/inbox"),
            outbox=f"{uri}/outbox",
            followers_uri=f"{uri}/followers",
            following_uri="" if kind is Kind.GROUP else f"{uri}/following",
            featured_uri=f"{uri}/featured",
            key_id=f"{uri}#main-key",
            public_key=public,
            multikey=multikey,
            multikey_id=f"{uri}#ed25519",
            **columns,
        )
    except IntegrityError as error:
        raise NameTaken(name) from error
    await keep_keys(actor, rsa, ed25519)
    return actor
