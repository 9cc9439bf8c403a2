"""Undo: of a like, a boost, a follow, a block."""

from collections.abc import Sequence
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import Block
from actors.follows import end, follow_between
from actors.memberships import is_only_owner
from actors.remote_groups import is_joined
from federation.vocabulary import PUBLIC
from federation.write import write
from notes.note import Note
from notes.reactions import Like, count_like
from notes.removal import remove_boost
from outbox import block as blocking
from outbox import follow as following
from outbox import like as liking
from outbox.addresses import activity_uri
from outbox.deliver import BULK, FIRM, SOON, Reach, deliver
from outbox.refusals import NotAllowed


async def unlike(actor: Actor, note: Note) -> None:
    """Take a like back."""
    async with in_transaction():
        row = await Like.get_or_none(actor_id=actor.id, note_id=note.id)
        if row is None or not await Like.filter(id=row.id).delete():
            return
        await count_like(note, -1)
        concerned = await liking.concerned_by_like(note)
        inner = liking.document_of(row.uri, actor, note, concerned)
        await _send(inner, actor, Reach(actors=concerned), lane=SOON, key=row.uri)


async def unboost(actor: Actor, note: Note) -> None:
    """Take a boost of this note back."""
    async with in_transaction():
        row = await Note.get_or_none(author_id=actor.id, boost_of_id=note.id)
        if row is None or not await remove_boost(row):
            return
        to = [PUBLIC]
        cc = [actor.followers_uri, note.author.uri]
        inner = write("Announce", id=row.uri, actor=actor.uri, object=note.uri, to=to, cc=cc)
        reach = Reach(followers_of=actor, actors=[note.author])
        await _send(inner, actor, reach, lane=BULK, key=row.uri, cc=cc)


async def unfollow(follower: Actor, followed: Actor) -> None:
    """Stop following, or take the asking back."""
    if followed.is_group and await is_only_owner(follower, followed):
        raise NotAllowed("Hand this group on before you leave it.")
    async with in_transaction():
        row = await follow_between(follower, followed)
        if row is None or not await end(row):
            return
        reach = Reach(actors=[followed], personal=True)
        key = following.pair(follower, followed)
        if await is_joined(followed):
            leave = write(
                "Leave",
                id=activity_uri(),
                actor=follower.uri,
                object=followed.uri,
                to=[followed.uri],
            )
            await deliver(leave, follower, reach, lane=FIRM, key=key)
            return
        inner = following.document_of(row, follower, followed)
        await _send(inner, follower, reach, lane=FIRM, key=key)


async def unfollow_unknown(follower: Actor, followed: Actor) -> None:
    """Tell a server that takes somebody here for a follower that they are none (FEP-8fcf)."""
    async with in_transaction():
        if await follow_between(follower, followed):
            return
        to = [followed.uri]
        inner = write("Follow", id=activity_uri(), actor=follower.uri, object=followed.uri, to=to)
        reach = Reach(actors=[followed], personal=True)
        key = following.pair(follower, followed)
        await _send(inner, follower, reach, lane=FIRM, key=key)


async def unblock(blocker: Actor, blocked: Actor) -> None:
    """Let someone come near again; follows stay ended."""
    async with in_transaction():
        row = await Block.get_or_none(blocker_id=blocker.id, blocked_id=blocked.id)
        if row is None or not await Block.filter(id=row.id).delete():
            return
        inner = blocking.document_of(row.uri, blocker, blocked)
        reach = Reach(actors=[blocked], personal=True)
        await _send(inner, blocker, reach, lane=FIRM, key=row.uri)


async def _send(
    inner: dict[str, Any],
    actor: Actor,
    reach: Reach,
    *,
    lane: int,
    key: str,
    cc: Sequence[str] = (),
) -> None:
    activity = write(
        "Undo",
        id=activity_uri(),
        actor=actor.uri,
        object=inner,
        to=inner["to"],
        cc=cc,
        audience=inner.get("audience"),
    )
    await deliver(activity, actor, reach, lane=lane, key=key)
