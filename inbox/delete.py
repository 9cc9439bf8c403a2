"""Delete: a note or an actor is withdrawn."""

from actors.actor import Actor
from actors.follows import Follow, end
from actors.remembered import forget
from core.clock import now
from federation.activity import Activity
from federation.errors import Malformed, Unbelievable
from federation.urls import same_origin
from inbox.forward import forward
from notes.note import Note
from notes.removal import bury, remove, remove_all_of


async def delete(activity: Activity, author: Actor) -> None:
    """Take away what the author themselves deletes; what we do not know stays buried (ORG-17)."""
    uri = activity.object_id
    if uri is None:
        raise Malformed("a Delete of something without an id")
    if uri == author.uri:
        await _depart(author)
        return
    note = await Note.get_or_none(uri=uri).select_related("author")
    if note is None:
        if same_origin(uri, author.uri) and not author.is_local:
            await bury(uri, author.uri)
        return
    if note.author_id != author.id:
        raise Unbelievable(f"{author.uri} deleted a note of {note.author.uri}")
    if not author.is_local:
        await forward(activity, note)
        await remove(note)


async def _depart(author: Actor) -> None:
    if author.is_local:
        return
    await Actor.filter(id=author.id).update(
        gone_at=now(), title="", about="", facts=[], avatar="", header=""
    )
    forget(author.uri)
    for follow in await Follow.filter(follower_id=author.id):
        await end(follow)
    for follow in await Follow.filter(followed_id=author.id):
        await end(follow)
    await remove_all_of(author)
