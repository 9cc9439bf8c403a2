"""An actor's keys: made, kept encrypted, lent for signing."""

import asyncio

from cachetools import LRUCache
from tortoise import fields
from tortoise.models import Model

from actors.actor import Actor
from core.secret import locked, opened
from federation.keys import new_ed25519, new_rsa
from federation.signatures import Signer


class ActorKey(Model):
    """The private halves of a local actor's keys, encrypted with the secret of this machine."""

    id = fields.IntField(primary_key=True)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "rubric.Actor", related_name="private_keys"
    )
    actor_id: int
    rsa = fields.BinaryField()
    ed25519 = fields.BinaryField()

    class Meta:
        table = "actor_key"


_signers: LRUCache[tuple[str, str], Signer] = LRUCache(2000)


async def make_keys() -> tuple[str, str, str, str]:
    """Make both pairs in a thread: (RSA private, RSA public, Ed25519 private, multikey)."""
    private, public = await asyncio.to_thread(new_rsa)
    ed_private, multikey = await asyncio.to_thread(new_ed25519)
    return private, public, ed_private, multikey


async def keep_keys(actor: Actor, rsa: str, ed25519: str) -> None:
    """Store the private halves of a new actor, encrypted (security.md OPS-04)."""
    await ActorKey.create(actor=actor, rsa=locked(rsa.encode()), ed25519=locked(ed25519.encode()))


async def signer_of(actor: Actor) -> Signer:
    """Lend a local actor's RSA key for signing requests."""
    return await _signer(actor, actor.key_id, "rsa")


async def document_signer_of(actor: Actor) -> Signer:
    """Lend a local actor's Ed25519 key for proofs inside documents (FEP-8b32)."""
    return await _signer(actor, actor.multikey_id, "ed25519")


async def _signer(actor: Actor, key_id: str, half: str) -> Signer:
    # Two instances may run in one process, so the cache is by key id and public key.
    mark = (key_id, actor.public_key)
    if found := _signers.get(mark):
        return found
    row = await ActorKey.get(actor_id=actor.id)
    signer = Signer(key_id, opened(bytes(getattr(row, half))).decode())
    _signers[mark] = signer
    return signer
