"""From an activity to the letterboxes it goes to."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import Apart, apart_from
from actors.keys import document_signer_of
from core.clock import now
from core.jobs import Lane, put
from core.settings import settings
from federation.errors import Refused
from federation.proofs import add_proof
from federation.read import iri_of
from federation.write import dumps, with_context
from outbox.fan_out import Plan
from outbox.letters import BULK, FIRM, SOON, TELLING, Address, call_back, write_letters
from outbox.sent import FORWARDED, Sent

__all__ = ["BULK", "FIRM", "SOON", "Reach", "deliver", "pass_on", "send_out"]

FEW = 20


@dataclass(frozen=True)
class Reach:
    """Whom an activity goes to, beside those who live here.

    `personal` means letterboxes of their own, not of their server (product.md 5.1).
    `hosts_that_had` is an object's id: all who were sent something about it are told as well;
    `everyone` means every server we know of; `among_groups` leaves out of the followers those
    whose server has no groups, and so does not know what groups pass on; `among_aware`, those whose
    server is not known to keep closed groups closed.
    """

    followers_of: Actor | None = None
    actors: Sequence[Actor] = ()
    inboxes: Sequence[str] = ()
    personal: bool = False
    hosts_that_had: str | None = None
    everyone: bool = False
    among_groups: bool = False
    among_aware: bool = False

    @property
    def is_small(self) -> bool:
        """Whether its letters can be written at once, without asking who follows whom."""
        return not (
            self.followers_of
            or self.hosts_that_had
            or self.everyone
            or len(self.actors) + len(self.inboxes) > FEW
        )


async def deliver(
    document: dict[str, Any],
    author: Actor,
    reach: Reach,
    *,
    lane: int = BULK,
    key: str | None = None,
    is_public: bool = False,
) -> Sent:
    """Keep an activity and queue its letters, here and elsewhere, with what the caller changed.

    Letters of one key (the object's id, if none is given) keep their order for each server; a
    Delete overtakes the others. Done once for each id. Raises Refused for an author who is
    suspended or gone, but for a Delete, or the word that they are suspended (ORG-21).
    """
    if sent := await Sent.get_or_none(uri=document["id"]):
        return sent
    async with in_transaction():
        sent = await send_out(document, author, reach, lane=lane, key=key, is_public=is_public)
        letter = b'{"signer":%d,"activity":%s}' % (author.id, dumps(document))
        await put("inbox.handle", letter)
    return sent


async def send_out(
    document: dict[str, Any],
    author: Actor,
    reach: Reach,
    *,
    lane: int = BULK,
    key: str | None = None,
    is_public: bool = False,
) -> Sent:
    """The same for what those who live here have already, as what a group passes on."""
    is_farewell = document["type"] == "Delete"
    if not (author.is_present or is_farewell or _tells_of_suspension(document, author)):
        raise Refused(f"{author.uri} is suspended or gone")
    if sent := await Sent.get_or_none(uri=document["id"]):
        return sent
    object_uri = iri_of(document["object"]) or ""
    sent = Sent(
        uri=document["id"],
        actor_id=author.id,
        kind=document["type"],
        object_uri=object_uri,
        key=object_uri if key is None else key,
        body=await _written(document, author, is_public=is_public),
        is_public=is_public,
    )
    async with in_transaction():
        if is_farewell and sent.key:
            await call_back(sent)
        await _queue(sent, reach, lane, await _blocked_by(author, sent.kind))
    return sent


def _tells_of_suspension(document: dict[str, Any], author: Actor) -> bool:
    """Tell whether it is the one thing that goes out for the suspended: that they are."""
    about = document["object"]
    is_own = isinstance(about, dict) and about.get("id") == author.uri
    return document["type"] == "Update" and is_own and about.get("suspended") is True


async def _written(document: dict[str, Any], author: Actor, *, is_public: bool) -> bytes:
    """Write it as it goes out; what all may read carries a proof, so that all may pass it on.

    Nothing else does, for whoever has a proof can show it to anyone (LD-05).
    """
    whole = with_context(document)
    if is_public:
        whole = add_proof(whole, await document_signer_of(author), created=now())
    return dumps(whole)


async def pass_on(body: bytes, author: Actor, reach: Reach, *, uri: str) -> Sent:
    """Queue somebody else's activity, unchanged, signed by an author who lives here."""
    if sent := await Sent.get_or_none(uri=uri):
        return sent
    sent = Sent(uri=uri, actor_id=author.id, kind=FORWARDED, body=body)
    async with in_transaction():
        await _queue(sent, reach, BULK, await _blocked_by(author, FORWARDED))
    return sent


async def _blocked_by(author: Actor, kind: str) -> Apart:
    return await apart_from(author) if kind in TELLING else Apart()


async def _queue(sent: Sent, reach: Reach, lane: int, blocked: Apart) -> None:
    is_off = not settings().federation.enabled
    sent.is_spread = reach.is_small or is_off
    await sent.save(force_create=True)
    if is_off:
        return
    named = [
        each
        for each in reach.actors
        if not each.is_local
        and each not in blocked
        and (each.is_present or sent.kind not in TELLING)
    ]
    few = named if len(named) <= FEW else []
    addresses = [Address(_box(each, reach), each.id) for each in few]
    addresses += [Address(inbox) for inbox in reach.inboxes]
    if addresses:
        # Who is named hears of it before the many who follow.
        await write_letters(sent, addresses, lane=SOON if lane == BULK else lane)
    if not reach.is_small:
        plan = Plan(
            sent=sent.id,
            lane=lane,
            actors=[each.id for each in named if not few],
            had=reach.hosts_that_had,
            followers_of=reach.followers_of.id if reach.followers_of else None,
            everyone=reach.everyone,
            among_groups=reach.among_groups,
            among_aware=reach.among_aware,
            personal=reach.personal,
        )
        await put("outbox.fanout", msgspec.json.encode(plan), lane=Lane.SOON)


def _box(actor: Actor, reach: Reach) -> str:
    return actor.inbox if reach.personal else actor.letterbox
