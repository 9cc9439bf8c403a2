"""Rows for tests that begin where something was already written."""

from typing import Any

from actors.actor import Actor
from actors.follows import Follow, address
from core.ids import new_id
from notes.mentions import Mention
from notes.note import Note


async def noted(author: Actor, content: str = "<p>Hello</p>", **columns: Any) -> Note:
    """A note of someone, as it stands in the database; its thread is that of what it answers."""
    number = columns.pop("id", None) or new_id()
    uri = f"{author.uri}/notes/{number}"
    parent: Note | None = columns.pop("answers", None)
    if parent:
        columns |= {
            "in_reply_to_id": parent.id,
            "in_reply_to_uri": parent.uri,
            "thread_id": parent.thread_id,
        }
    values = {"uri": uri, "url": uri, "is_local": author.is_local, "thread_id": number} | columns
    note = await Note.create(id=number, author_id=author.id, content=content, **values)
    return await Note.get(id=note.id).select_related("author")


async def boosted(booster: Actor, note: Note, **columns: Any) -> Note:
    """A boost, as it stands in the database."""
    return await noted(booster, "", boost_of_id=note.id, kind="Announce", **columns)


async def stranger(name: str, host: str = "elsewhere.example", **columns: Any) -> Actor:
    """Someone who lives elsewhere."""
    uri = f"https://{host}/users/{name}"
    return await Actor.create(uri=uri, name=name, host=host, inbox=f"{uri}/inbox", **columns)


async def followed(follower: Actor, person: Actor, *, is_accepted: bool = True) -> Follow:
    """A follow in force, or still asked for."""
    uri = f"{follower.uri}/follows/{new_id()}"
    follow = await Follow.create(
        uri=uri, follower_id=follower.id, followed_id=person.id, is_accepted=is_accepted
    )
    await address(follower.id)
    return follow


async def addressed(note: Note, person: Actor, *, is_silent: bool = False) -> Mention:
    """Someone whom a note names."""
    return await Mention.create(note_id=note.id, actor_id=person.id, is_silent=is_silent)
