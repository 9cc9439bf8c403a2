"""Add and Remove: pins."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.ids import new_id
from federation.vocabulary import PUBLIC
from federation.write import write
from notes.note import Note
from notes.reactions import Pin
from notes.visibility import OPEN
from outbox.addresses import activity_uri
from outbox.deliver import Reach, deliver
from outbox.refusals import NotAllowed

MOST_PINS = 5


async def pin(actor: Actor, note: Note) -> None:
    """Show one's own open note first on one's page."""
    if note.author_id != actor.id or note.is_boost or note.audience not in OPEN:
        raise NotAllowed("You can pin your own notes that everyone may see.")
    async with in_transaction():
        if await Pin.filter(actor_id=actor.id).exclude(note_id=note.id).count() >= MOST_PINS:
            raise NotAllowed(f"At most {MOST_PINS} notes can be pinned.")
        _, is_new = await Pin.get_or_create(
            actor_id=actor.id, note_id=note.id, defaults={"id": new_id()}
        )
        if is_new:
            await _send("Add", actor, note)


async def unpin(actor: Actor, note: Note) -> None:
    """Take a pin away."""
    async with in_transaction():
        if await Pin.filter(actor_id=actor.id, note_id=note.id).delete():
            await _send("Remove", actor, note)


async def _send(kind: str, actor: Actor, note: Note) -> None:
    activity = write(
        kind,
        id=activity_uri(),
        actor=actor.uri,
        object=note.uri,
        to=[PUBLIC],
        cc=[actor.followers_uri],
        target=actor.featured_uri,
    )
    await deliver(activity, actor, Reach(followers_of=actor), key=note.uri, is_public=True)
