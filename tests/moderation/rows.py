"""People and notes elsewhere, as rows: for tests that need no other server."""

from typing import Any

from actors.actor import Actor, Kind
from actors.follows import Follow, address
from core.ids import new_id
from core.settings import settings
from notes.note import Note


async def stranger(name: str, host: str, **columns: Any) -> Actor:
    """Someone on another server, whom we know."""
    uri = columns.pop("uri", f"https://{host}/users/{name}")
    return await Actor.create(
        uri=uri,
        name=name,
        host=host,
        inbox=f"{uri}/inbox",
        shared_inbox=f"https://{host}/inbox",
        kind=columns.pop("kind", Kind.PERSON),
        **columns,
    )


async def note_by(author: Actor, **columns: Any) -> Note:
    """A public note of theirs."""
    number = new_id()
    base = settings().server.base_url if author.is_local else author.uri
    note = await Note.create(
        id=number,
        uri=columns.pop("uri", f"{base}/n/{number}"),
        author_id=author.id,
        is_local=author.is_local,
        content="<p>hello</p>",
        **columns,
    )
    note.author = author
    return note


async def follows(follower: Actor, followed: Actor) -> Follow:
    """A follow in force."""
    follow = await Follow.create(
        uri=f"{follower.uri}/follows/{new_id()}",
        follower_id=follower.id,
        followed_id=followed.id,
        is_accepted=True,
    )
    await address(follower.id)
    return follow
