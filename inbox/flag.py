"""Flag: a report reaches us."""

from actors.actor import Actor
from federation.activity import Activity
from moderation.flags import file_remote
from outbox.flag import pass_to_moderators


async def flag(activity: Activity, sender: Actor) -> None:
    """Store a report from another server; what is ours in it decides whom it is about. One for a
    group goes on to those of its moderators who live elsewhere."""
    if sender.is_local:
        return
    report = await file_remote(activity, sender)
    if report.group_id is not None:
        group = await Actor.get(id=report.group_id)
        await pass_to_moderators(group, activity.document, await Actor.get(id=report.target_id))
