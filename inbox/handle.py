"""The table: verb → what happens here when it comes.

A handler takes the activity and whose it is, and settles a state; it may run twice. It runs in the
transaction that also ends the job, and never asks another server: what it needs from elsewhere
stands in WANTS and is fetched before, as work of its own.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
import structlog
from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core import jobs
from core.jobs import Lane, Taken, put
from core.rows import load_ids
from federation.activity import Activity, activity_from
from federation.errors import FederationError
from inbox.accept import accept, reject
from inbox.add import add, remove, wanted_by_add
from inbox.announce import announce, wanted_by_announce
from inbox.block import block
from inbox.create import create, delivered_to, wanted_by_create
from inbox.delete import delete
from inbox.flag import flag
from inbox.follow import follow
from inbox.invite import invite
from inbox.leave import leave
from inbox.like import dislike, like
from inbox.move import move, wanted_by_move
from inbox.quotes import quote_request, wanted_by_quote_request
from inbox.ruled_here import lock
from inbox.spreading import spread_in_group
from inbox.undo import undo
from inbox.update import update, wanted_by_update
from notes.incoming import clean_beforehand

log = structlog.get_logger()

Handler = Callable[[Activity, Actor], Awaitable[None]]
Wants = Callable[[Activity, Actor], Awaitable[list[str]]]

HANDLERS: dict[str, Handler] = {
    "Accept": accept,
    "Add": add,
    "Announce": announce,
    "Block": block,
    "Create": create,
    "Delete": delete,
    "Dislike": dislike,
    "EmojiReact": like,
    "Flag": flag,
    "Follow": follow,
    "Invite": invite,
    "Join": follow,
    "Leave": leave,
    "Like": like,
    "Lock": lock,
    "Move": move,
    "QuoteRequest": quote_request,
    "Reject": reject,
    "Remove": remove,
    "Undo": undo,
    "Update": update,
}

WANTS: dict[str, Wants] = {
    "Add": wanted_by_add,
    "Announce": wanted_by_announce,
    "Create": wanted_by_create,
    "Move": wanted_by_move,
    "QuoteRequest": wanted_by_quote_request,
    "Update": wanted_by_update,
}


class Letter(msgspec.Struct, frozen=True):
    """What a job of the inbox carries: ids of the signer and of the box's owner, and the activity.

    `tried` says that what it wants was asked for already.
    """

    signer: int
    activity: dict[str, Any]
    owner: int | None = None
    tried: bool = False


_read = msgspec.json.Decoder(Letter)


async def handle_many(taken: Sequence[Taken]) -> None:
    """Let many letters have their effect in one transaction, each undone alone if it is refused."""
    letters = [(job, _read.decode(job.payload)) for job in taken]
    signers = await load_ids(Actor, [letter.signer for _, letter in letters])
    ready = [
        (activity, signers[letter.signer])
        for job, letter in letters
        if letter.signer in signers and (activity := await _ready(job, letter, signers))
    ]
    async with in_transaction():
        for activity, signer in ready:
            await _effect(activity, signer)
        await jobs.done([job.id for job in taken])


async def _ready(job: Taken, letter: Letter, signers: dict[int, Actor]) -> Activity | None:
    """Return the activity, or None after sending the letter to be completed first."""
    signer = signers[letter.signer]
    try:
        activity = activity_from(letter.activity)
        if letter.owner and activity.type == "Create":
            activity = await delivered_to(activity, signer, letter.owner)
        if activity.type in ("Create", "Update"):
            await clean_beforehand(activity.object, activity.actor)
        wants = WANTS.get(activity.type)
        missing = await wants(activity, signer) if wants and not letter.tried else []
    except FederationError as error:
        log.info("inbox.refused", host=signer.host, why=str(error)[:500])
        return None
    if not missing:
        return activity
    letter = msgspec.structs.replace(letter, tried=True)
    payload = {"missing": missing[:20], "letter": msgspec.to_builtins(letter)}
    await put("inbox.complete", payload, lane=Lane.USUAL)
    return None


async def _effect(activity: Activity, signer: Actor) -> None:
    handler = HANDLERS.get(activity.type)
    if handler is None:
        return
    if not signer.is_present and activity.type != "Delete":
        # They were let in at the door, and suspended while the letter waited (ORG-21).
        log.info("inbox.silenced", type=activity.type, host=signer.host)
        return
    try:
        async with in_transaction():
            await handler(activity, signer)
            await spread_in_group(activity, signer)
    except (FederationError, IntegrityError) as error:
        # One id for two things is refused by the tables themselves.
        log.info("inbox.refused", type=activity.type, host=signer.host, why=str(error)[:500])
