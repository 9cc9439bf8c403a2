"""Announce: a boost."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from federation.vocabulary import PUBLIC
from federation.write import write
from notes.interaction import Act, may_try
from notes.note import Audience, Note
from notes.reactions import count_boost
from notes.visibility import OPEN, may_see
from outbox.addresses import activity_uri
from outbox.create import check_pace
from outbox.deliver import Reach, deliver
from outbox.refusals import NotAllowed


async def boost(actor: Actor, note: Note) -> Note:
    """Show a note to one's followers; returns the boost, the old one when there is one."""
    if note.is_boost:
        note = await Note.get(id=note.boost_of_id).select_related("author")
    if actor.moved_to:
        raise NotAllowed("You have moved. Post from your new account.")
    await check_pace(actor)
    own = note.author_id == actor.id and note.audience == Audience.FOLLOWERS
    if not await may_see(actor, note) or not (note.audience in OPEN or own):
        raise NotAllowed("This note is not for everyone, so it cannot be boosted.")
    if note.held_at is not None:
        raise NotAllowed("This note waits to be looked at; nobody has seen it yet.")
    if not await may_try(note, actor, Act.BOOST):
        raise NotAllowed("The author does not want this note to be boosted.")
    async with in_transaction():
        uri = activity_uri()
        audience = note.audience if own else Audience.PUBLIC
        row, is_new = await Note.get_or_create(
            author_id=actor.id,
            boost_of_id=note.id,
            defaults={
                "id": new_id(),
                "uri": uri,
                "url": uri,
                "is_local": True,
                "kind": "Announce",
                "audience": audience,
            },
        )
        if is_new:
            await count_boost(note, 1)
            await _send(row, actor, note)
    return row


async def _send(row: Note, actor: Actor, note: Note) -> None:
    is_public = row.audience == Audience.PUBLIC
    activity = write(
        "Announce",
        id=row.uri,
        actor=actor.uri,
        object=note.uri,
        to=[PUBLIC] if is_public else [actor.followers_uri],
        cc=[actor.followers_uri, note.author.uri],
        published=now(),
    )
    reach = Reach(followers_of=actor, actors=[note.author])
    await deliver(activity, actor, reach, key=row.uri, is_public=is_public)
