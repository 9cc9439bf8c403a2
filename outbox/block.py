"""Block."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import Block
from actors.circles import part_in_circles
from actors.follows import end_between
from core.ids import new_id
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver
from outbox.letters import hold_back_from
from outbox.refusals import NotAllowed


async def block(blocker: Actor, blocked: Actor) -> None:
    """Keep someone away; their server is told, so that it keeps us from them too."""
    if blocker.id == blocked.id:
        raise NotAllowed("You cannot block yourself.")
    async with in_transaction():
        uri = activity_uri()
        _, is_new = await Block.get_or_create(
            blocker_id=blocker.id, blocked_id=blocked.id, defaults={"id": new_id(), "uri": uri}
        )
        await end_between(blocker, blocked)
        await part_in_circles(blocker, blocked)
        await hold_back_from(blocker.id, blocked)
        if is_new:
            activity = document_of(uri, blocker, blocked)
            reach = Reach(actors=[blocked], personal=True)
            await deliver(activity, blocker, reach, lane=FIRM, key=uri)


def document_of(uri: str, blocker: Actor, blocked: Actor) -> dict[str, object]:
    """Write a Block as it was, also for embedding in its Undo."""
    return write("Block", id=uri, actor=blocker.uri, object=blocked.uri, to=[blocked.uri])
