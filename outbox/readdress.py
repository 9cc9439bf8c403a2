"""What to do with a letter whose letterbox is not there: ask whose it is (reliability.md 3.5)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.follows import Follow, end
from actors.remote import fetch
from core.jobs import Job, Lane, put
from federation.errors import FederationError, NotFound, Unreachable
from outbox.letters import Address, redirect
from outbox.sent import Delivery, State

CONFIRMATIONS = 3
A_DAY_S = 86_400
REDIRECTS = range(300, 400)


async def readdress(payload: Mapping[str, Any]) -> None:
    """Send a letter to the letterbox its owner has now, or stop it; job `outbox.readdress`."""
    letter = await Delivery.get_or_none(id=payload["letter"], state=State.WAITING)
    if letter is None:
        return
    owner = await Actor.get_or_none(id=letter.for_actor_id) if letter.for_actor_id else None
    if owner is None:
        await _stop(letter)
        return
    try:
        fresh = await fetch(owner.uri)
    except Unreachable:
        raise
    except NotFound:
        await _stop(letter)
        await _look_again(owner, seen=1)
    except FederationError:
        await _stop(letter)
    else:
        is_personal = letter.inbox != owner.shared_inbox
        await _send_on(letter, Address(fresh.inbox if is_personal else fresh.letterbox, fresh.id))


async def _stop(letter: Delivery) -> None:
    # A redirect that leads nowhere new is a failure like others, and has its time.
    if letter.code not in REDIRECTS:
        await Delivery.filter(id=letter.id, state=State.WAITING).update(state=State.STOPPED)


async def _send_on(letter: Delivery, address: Address) -> None:
    if letter.inbox == address.inbox:
        await _stop(letter)
    else:
        await redirect(letter, address)


async def _look_again(owner: Actor, *, seen: int) -> None:
    """Ask once more tomorrow: servers come back from the dead, and followers with them."""
    payload = msgspec.json.encode({"actor": owner.id, "seen": seen})
    name = "outbox.confirm_gone"
    if not await Job.exists(parked=False, name=name, payload=payload):
        await put(name, payload, lane=Lane.LATER, after_seconds=A_DAY_S)


async def confirm_gone(payload: Mapping[str, Any]) -> None:
    """Give up a follower who was found gone on three days; job `outbox.confirm_gone`."""
    owner = await Actor.get_or_none(id=payload["actor"])
    if owner is None:
        return
    try:
        await fetch(owner.uri)
    except Unreachable:
        raise
    except NotFound:
        if payload["seen"] + 1 < CONFIRMATIONS:
            await _look_again(owner, seen=payload["seen"] + 1)
        else:
            await _give_up(owner)
    except FederationError:
        return


async def _give_up(owner: Actor) -> None:
    async with in_transaction():
        for follow in await Follow.filter(follower_id=owner.id):
            await end(follow)
