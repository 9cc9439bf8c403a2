"""Writing what a believed document says of an actor into their row."""

import hashlib
from typing import Any

import structlog
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors.actor import Actor, Kind, by_uri
from actors.emojis import keep_emojis
from actors.follows import address
from actors.handles import handle_of
from actors.reading import ActorDocument
from actors.remembered import forget
from actors.remote_groups import remember_group
from core.clock import now
from core.html import clean_remote
from core.ids import new_id
from core.names import quiet_name
from federation.allowance import Budget
from federation.errors import Unbelievable
from federation.webfinger import Handle

log = structlog.get_logger()

_KINDS = {each.value: each for each in Kind}


async def keep(read: ActorDocument, budget: Budget | None = None) -> Actor:
    """Write an actor's row; may ask their host for the handle, so call it before a transaction.

    Raises Unbelievable for an actor of ours, or one who goes by someone else's handle.
    """
    known = await by_uri(read.id)
    if known is not None and known.is_local:
        raise Unbelievable(f"{read.id} lives here")
    values = await _columns(read, await handle_of(read, known, budget))
    if known is not None:
        _note_rotation(known, values["public_key"])
        await _change(known.id, values)
    else:
        await _create(read.id, values)
    forget(read.id)
    actor = await Actor.get(uri=read.id)
    if actor.is_group:
        await remember_group(actor, read)
    return actor


async def _change(actor_id: int, values: dict[str, Any]) -> None:
    async with in_transaction():
        await Actor.filter(id=actor_id).update(**values)
        await address(actor_id)


async def mark_gone(uri: str) -> None:
    """Note that an actor's own server answered 410 for them."""
    await Actor.filter(uri=uri, local_name=None, gone_at=None).update(gone_at=now())
    forget(uri)


async def _create(uri: str, values: dict[str, Any]) -> None:
    try:
        await Actor.create(id=new_id(), uri=uri, **values)
    except IntegrityError:
        await _change((await Actor.get(uri=uri)).id, values)


def _note_rotation(known: Actor, public_key: str) -> None:
    """Write down which key took the place of which, and when (SIG-12)."""
    if known.public_key and known.public_key != public_key:
        log.info(
            "actor.key_changed",
            actor=known.uri,
            old=_fingerprint(known.public_key),
            new=_fingerprint(public_key),
        )


def _fingerprint(pem: str) -> str:
    return hashlib.sha256(pem.encode()).hexdigest()[:16]


async def _columns(read: ActorDocument, handle: Handle) -> dict[str, Any]:
    key_id, public_key = read.public_keys[0] if read.public_keys else ("", "")
    multikey_id, multikey = read.multikeys[0] if read.multikeys else ("", "")
    return {
        "kind": _KINDS.get(read.type, Kind.SERVICE),
        "name": handle.name,
        "host": handle.host,
        "title": quiet_name(read.name),
        "about": await clean_remote(read.summary),
        "url": read.url or read.id,
        "inbox": read.inbox,
        "shared_inbox": read.shared_inbox or "",
        "outbox": read.outbox or "",
        "followers_uri": read.followers or "",
        "following_uri": read.following or "",
        "featured_uri": read.featured or "",
        "moderators_uri": read.moderators or "",
        "avatar": read.icon_url or "",
        "avatar_alt": read.icon_alt or "",
        "header": read.header_url or "",
        "header_alt": read.header_alt or "",
        "facts": [
            {"name": quiet_name(label), "value": await clean_remote(value)}
            for label, value in read.fields
        ],
        "key_id": key_id,
        "public_key": public_key,
        "multikey_id": multikey_id,
        "multikey": multikey,
        "emojis": await keep_emojis(handle.host, read.emojis),
        "is_locked": read.locked,
        "is_discoverable": read.discoverable,
        "is_indexable": read.indexable,
        "is_bot": read.type in ("Service", "Application"),
        "aliases": list(read.also_known_as),
        "moved_to": read.moved_to or "",
        "created_at": read.published or now(),
        "fetched_at": now(),
        "is_withdrawn": read.suspended,
        "gone_at": None,
    }
