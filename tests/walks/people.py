"""Beginnings that many stories share: who follows whom, before anything happens."""

from collections.abc import Awaitable, Callable
from typing import Any

from actors.actor import Actor, by_uri
from actors.follows import Follow, address
from actors.remote import look_up
from core.ids import new_id
from notes.note import Note
from tests.remote import Document, Person, Remote

SettleDown = Callable[[], Awaitable[None]]


async def known(remote: Remote, name: str, kind: str = "Person", **more: Any) -> tuple:
    """Someone there whom we have met: who they are there, and who they are to us."""
    person = remote.person(name, kind, **more)
    return person, await look_up(f"@{name}@{remote.host}")


async def follows(follower: Actor, followed: Actor) -> Follow:
    """A follow in force, as if it had been asked for and accepted."""
    follow = await Follow.create(
        id=new_id(),
        uri=f"{follower.uri}#follows/{followed.id}",
        follower=follower,
        followed=followed,
        is_accepted=True,
    )
    await address(follower.id)
    return follow


async def befriended(mei: Actor, remote: Remote, name: str = "ana", **more: Any) -> tuple:
    """Someone there whom Mei follows."""
    person, actor = await known(remote, name, **more)
    await follows(mei, actor)
    return person, actor


async def fan_of(mei: Actor, remote: Remote, name: str = "ana") -> tuple:
    """Someone there who follows Mei."""
    person, actor = await known(remote, name)
    await follows(actor, mei)
    return person, actor


async def say(
    remote: Remote, kind: str, person: Person, about: Any, inbox: str, down: SettleDown, **more: Any
) -> Document:
    """Let someone there say something, and wait until it had its effect."""
    activity = remote.activity(kind, person, about, **more)
    status = await remote.send(inbox, activity, person)
    assert status == 202, status
    await down()
    return activity


async def came(remote: Remote, person: Person, mei: Actor, down: SettleDown, **more: Any) -> Note:
    """A note from there that came here."""
    document = remote.note(person, **more)
    await say(remote, "Create", person, document, mei.inbox, down)
    return await Note.get(uri=document["id"]).select_related("author")


async def actor_of(person: Person) -> Actor:
    """Who someone there is to us."""
    found = await by_uri(person.uri)
    assert found is not None
    return found
