"""Flag: a report sent on to where the author lives."""

from collections.abc import Sequence

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.instance import instance_actor
from federation.write import write
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver


async def send_report(target: Actor, notes: Sequence[str], comment: str) -> None:
    """Tell a remote server of a report, in the name of this instance: the reporter stays hidden.

    `notes` are ids of notes by the reported; the comment must not name anyone here (MOD-01).
    """
    if target.is_local:
        return
    instance = await instance_actor()
    activity = write(
        "Flag",
        id=activity_uri(),
        actor=instance.uri,
        object=[target.uri, *notes],
        to=[target.uri],
        content=comment,
        summary=comment,
    )
    async with in_transaction():
        reach = Reach(actors=[target], personal=True)
        await deliver(activity, instance, reach, lane=FIRM, key=activity["id"])
