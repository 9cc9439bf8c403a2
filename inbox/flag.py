"""Flag: a report reaches us, or an answer to one of ours."""

from actors.actor import Actor
from core.jobs import put
from core.settings import settings
from federation.activity import Activity
from moderation.flags import concerns, file_remote
from notes.incoming import is_buried
from outbox.flag import number_in


async def flag(activity: Activity, sender: Actor) -> None:
    """Store a report from another server; what is ours in it decides whom it is about."""
    if not sender.is_local and not await is_buried(activity.id, sender.uri):
        await file_remote(activity, sender)


async def answered(activity: Activity, sender: Actor, *, is_right: bool) -> bool:
    """Have somebody here told what another server found of a report that was sent on to it; False
    where it answers none of ours, or none that was for that server."""
    uri = activity.object_id or ""
    number = number_in(uri) if uri.startswith(settings().url("/a/")) else None
    if number is None or sender.is_local or not await concerns(number, sender.host):
        return False
    told = {"report_id": number, "host": sender.host, "is_right": is_right}
    await put("moderation.tell_of_answer", told)
    return True
