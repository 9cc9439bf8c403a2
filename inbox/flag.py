"""Flag: a report reaches us."""

from actors.actor import Actor
from federation.activity import Activity
from moderation.flags import file_remote


async def flag(activity: Activity, sender: Actor) -> None:
    """Store a report from another server; what is ours in it decides whom it is about."""
    if not sender.is_local:
        await file_remote(activity, sender)
