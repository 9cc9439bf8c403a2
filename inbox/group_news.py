"""Telling the people here what a group decided about them or their notes; one line each."""

from actors.actor import Actor
from actors.memberships import Membership, State
from core.ids import new_id
from inbox.notifications import Event, tell, untell
from notes.note import Note


async def tell_author(note: Note, group: Actor) -> None:
    """Tell an author here that a group removed or refused their note; the reason stands with it."""
    if note.author.is_local:
        await untell(note.author, Event.GROUP, group, note)
        await tell(note.author, Event.GROUP, group, note)


async def tell_banned(person: Actor, group: Actor) -> None:
    """Tell someone here that a group keeps them out; until when and why stands with the group."""
    if person.is_local:
        await untell(person, Event.GROUP, group)
        await tell(person, Event.GROUP, group)


async def tell_warned(note: Note, group: Actor, reason: str) -> None:
    """Tell an author here that a group's moderator warned them because of a note."""
    row, _ = await Membership.get_or_create(
        person_id=note.author_id,
        group_id=group.id,
        defaults={"id": new_id(), "state": State.LEFT},
    )
    if not row.is_banned:
        await Membership.filter(id=row.id).update(reason=reason[:500])
    await tell_author(note, group)
