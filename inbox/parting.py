"""Taking leave of a server that somebody here blocks."""

from collections.abc import Mapping
from typing import Any

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import ServerBlock
from actors.circles import part_from_server
from actors.follows import Follow
from core import sql
from core.jobs import Lane, put
from outbox.accept import reject
from outbox.undo import unfollow

BATCH = 100


async def part_ways(payload: Mapping[str, Any]) -> None:
    """End the follows between someone and a server they block; job `inbox.part_ways`.

    One batch to a transaction; what the reader was told of its people goes with the last.
    """
    me, host = await Actor.get_or_none(id=payload["actor"]), str(payload["host"])
    if me is None or not await ServerBlock.exists(blocker_id=me.id, host=host):
        return
    async with in_transaction():
        between = await _between(me, host)
        for follow in between:
            await _end(follow, me)
        if len(between) == BATCH:
            await put("inbox.part_ways", payload, lane=Lane.LATER)
        else:
            await part_from_server(me.id, host)
            await _forget_what_was_told(me, host)


async def _between(me: Actor, host: str) -> list[Follow]:
    under = f".{host}"
    followed = Q(followed__host=host) | Q(followed__host__endswith=under)
    followers = Q(follower__host=host) | Q(follower__host__endswith=under)
    mine, theirs = Q(Q(follower_id=me.id), followed), Q(Q(followed_id=me.id), followers)
    return await Follow.filter(mine | theirs).limit(BATCH).select_related("follower", "followed")


async def _end(follow: Follow, me: Actor) -> None:
    if follow.follower_id == me.id:
        await unfollow(me, follow.followed)
    else:
        await reject(follow.uri, follow.follower, me)


async def _forget_what_was_told(me: Actor, host: str) -> None:
    await sql.rows(
        "DELETE FROM notification WHERE reader_id = ? AND actor_id IN"
        " (SELECT id FROM actor WHERE host = ? OR host LIKE ?)",
        [me.id, host, f"%.{host}"],
    )
