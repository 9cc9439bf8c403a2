"""The activity that a verb sent, as its author may read it again."""

from actors.actor import Actor
from outbox.sent import Sent
from web.api.errors import Conflict


async def sent_as(actor: Actor, kind: str, key: str) -> str:
    """Return the id of the last activity of this kind about this (a note's id, a follow pair).

    Raises Conflict when there is none: things were so already.
    """
    row = await Sent.filter(actor_id=actor.id, kind=kind, key=key).order_by("-id").first()
    if row is None:
        raise Conflict("things are so already, and nothing was sent")
    return row.uri
