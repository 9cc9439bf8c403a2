"""Delete: a note or an actor is withdrawn."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tortoise.transactions import in_transaction

from actors import written
from actors.accounts import Account
from actors.actor import Actor
from actors.profiles import own_faces
from core.clock import now
from core.jobs import Lane, put
from federation.vocabulary import PUBLIC
from federation.write import tombstone, write
from notes.chosen import CHOSEN, aside_of
from notes.files import set_aside
from notes.group_posts import group_of
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.removal import remove
from outbox.addresses import activity_uri, is_open, reach_of
from outbox.create import concerned_by
from outbox.deliver import Reach, deliver
from outbox.refusals import NotAllowed

# What was sent to each reader alone: a Delete of it is not said to followers either.
FEW = (*CHOSEN, Audience.PEOPLE)


async def withdraw(author: Actor, note: Note, *, keeps_media: bool = False) -> None:
    """Delete one's own note here and everywhere it went; its media go too, or wait for its author
    to write it anew."""
    if note.author_id != author.id or note.is_boost:
        raise NotAllowed("Only its author can delete a note.")
    note.author = author
    async with in_transaction():
        told = await _concerned(note)
        if keeps_media:
            await set_aside(note)
        # What the policy held went nowhere, so nobody is told that it is gone.
        if await remove(note) and not note.held_because:
            await _send(note, told)


async def take_back_everywhere(note: Note) -> None:
    """Ask all servers that had a note of someone here to delete it; it stays in the database.

    For good: servers remember that (product.md 6.2). Call in a transaction; the author is loaded.
    """
    await _send(note, await _concerned(note))


@dataclass(frozen=True)
class _Concerned:
    """Whom a Delete goes to, gathered before what it takes away is gone."""

    people: Sequence[Actor]
    named: Sequence[Actor]
    group: Actor | None


async def _concerned(note: Note) -> _Concerned:
    people, group = await concerned_by(note), await group_of(note)
    blind = {row.actor_id for row in await Mention.filter(note_id=note.id, is_blind=True)}
    return _Concerned(people, [each for each in people if each.id not in blind], group)


async def _send(note: Note, told: _Concerned) -> None:
    delete = write(
        "Delete",
        id=activity_uri(),
        actor=note.author.uri,
        object=tombstone(note.uri),
        to=_told(note, told.group, told.named),
        cc=[] if note.audience in FEW else [note.author.followers_uri],
        audience=told.group.uri if told.group else None,
    )
    reach = reach_of(note, told.people, had=note.uri)
    await deliver(delete, note.author, reach, key=note.uri, is_public=is_open(note))


def _told(note: Note, group: Actor | None, named: Sequence[Actor]) -> list[str]:
    """Return to whom a Delete is addressed; what goes to a group has to name it, and what goes to
    the chosen none of them."""
    if note.audience in CHOSEN:
        return [aside_of(note)]
    if not is_open(note):
        return [person.uri for person in named]
    return [group.uri, PUBLIC] if group else [PUBLIC]


async def close_account(payload: Mapping[str, Any]) -> None:
    """Say goodbye for someone who closed their account, and have what they posted taken away.

    Job `outbox.close_account`; it may run twice. The name stays taken (ACC-07).
    """
    actor = await Actor.get_or_none(id=payload["actor_id"])
    if actor is None or not actor.is_local:
        return
    async with in_transaction():
        delete = write(
            "Delete",
            id=f"{actor.uri}#delete",
            actor=actor.uri,
            object=actor.uri,
            to=[PUBLIC],
            cc=[actor.followers_uri],
        )
        await deliver(
            delete, actor, Reach(followers_of=actor, everyone=True), key=actor.uri, is_public=True
        )
        written.forget(actor)
        if faces := own_faces(actor):
            await put("notes.delete_files", {"keys": faces, "at": time.time()}, lane=Lane.LATER)
        await Account.filter(actor_id=actor.id, closed_at=None).update(closed_at=now())
        await Actor.filter(id=actor.id).update(
            gone_at=actor.gone_at or now(),
            title="",
            about="",
            about_source="",
            facts=[],
            avatar="",
            header="",
        )
        await put("notes.erase", {"actor": actor.id}, lane=Lane.LATER)
