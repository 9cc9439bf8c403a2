"""Follow."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import blocks_between
from actors.follows import Follow
from core.ids import new_id
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver
from outbox.refusals import NotAllowed


async def follow(follower: Actor, followed: Actor, *, boosts: bool = True) -> Follow:
    """Ask to follow someone, here or elsewhere; in force once they accept."""
    if follower.id == followed.id:
        raise NotAllowed("You cannot follow yourself.")
    if not followed.is_present or await blocks_between(follower.id, followed.id):
        raise NotAllowed("You cannot follow this account.")
    async with in_transaction():
        uri = activity_uri()
        row, is_new = await Follow.get_or_create(
            follower_id=follower.id,
            followed_id=followed.id,
            defaults={"id": new_id(), "uri": uri, "shows_boosts": boosts},
        )
        if row.shows_boosts != boosts:
            row.shows_boosts = boosts
            await row.save(update_fields=["shows_boosts"])
        if is_new:
            activity = document_of(row, follower, followed)
            reach = Reach(actors=[followed], personal=True)
            await deliver(activity, follower, reach, lane=FIRM, key=pair(follower, followed))
    return row


def document_of(row: Follow, follower: Actor, followed: Actor) -> dict[str, object]:
    """Write a Follow as it was, also for embedding in its Accept, Reject and Undo."""
    return write("Follow", id=row.uri, actor=follower.uri, object=followed.uri, to=[followed.uri])


def pair(follower: Actor, followed: Actor) -> str:
    """Name what must stay in order between two actors (reliability.md 3.9)."""
    return f"{follower.uri} {followed.uri}"
