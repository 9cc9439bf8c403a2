"""The end of a group that lives here: by its owner's wish, or by a decision of the server."""

from actors import remembered, written
from actors.actor import Actor
from core.clock import now
from core.jobs import Lane, put
from federation.vocabulary import PUBLIC
from federation.write import write
from moderation.group_record import Act, write_act
from outbox.deliver import FIRM, Reach, send_out


async def close_group(group: Actor) -> None:
    """Close a group for good; its notes stay their authors', its name stays taken. Call in a
    transaction."""
    delete = write(
        "Delete",
        id=f"{group.uri}#delete",
        actor=group.uri,
        object=group.uri,
        to=[PUBLIC],
        cc=[group.followers_uri],
    )
    reach = Reach(followers_of=group)
    await send_out(delete, group, reach, lane=FIRM, key=group.uri, is_public=True)
    await write_act(group, Act.CLOSED, by=None)
    await Actor.filter(id=group.id, gone_at=None).update(gone_at=now())
    remembered.forget(group.uri)
    written.forget(group)
    # What it boosted goes from homes, and who followed it here follows no longer.
    await put("notes.erase", {"actor": group.id}, lane=Lane.LATER)
