"""Like."""

from collections.abc import Sequence

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.ids import new_id
from federation.write import write
from notes.group_posts import group_of
from notes.interaction import Act, may_try
from notes.note import Note
from notes.reactions import Like, count_like
from notes.visibility import may_see
from outbox.addresses import activity_uri
from outbox.deliver import SOON, Reach, deliver
from outbox.refusals import NotAllowed


async def like(actor: Actor, note: Note) -> None:
    """Like a note once; its author is told by the inbox, wherever they live."""
    is_open_to = await may_see(actor, note) and await may_try(note, actor, Act.LIKE)
    if not is_open_to or not actor.is_present:
        raise NotAllowed("You cannot like this note.")
    async with in_transaction():
        uri = activity_uri()
        _, is_new = await Like.get_or_create(
            actor_id=actor.id, note_id=note.id, defaults={"id": new_id(), "uri": uri}
        )
        if not is_new:
            return
        await count_like(note, 1)
        concerned = await concerned_by_like(note)
        activity = document_of(uri, actor, note, concerned)
        await deliver(activity, actor, Reach(actors=concerned), lane=SOON, key=uri)


async def concerned_by_like(note: Note) -> list[Actor]:
    """Return who hears of a like: the author, and the group elsewhere that passes it on."""
    group = await group_of(note)
    return [note.author, group] if group and not group.is_local else [note.author]


def document_of(
    uri: str, actor: Actor, note: Note, concerned: Sequence[Actor]
) -> dict[str, object]:
    """Write a Like as it was; in a group elsewhere it names the group as its audience."""
    group = next((each.uri for each in concerned if each.id == note.group_id), None)
    to = [each.uri for each in concerned]
    return write("Like", id=uri, actor=actor.uri, object=note.uri, to=to, audience=group)
