"""Delete: a note or an actor is withdrawn."""

from actors.actor import Actor
from actors.remembered import forget
from core.clock import now
from core.jobs import Lane, put
from federation.activity import Activity
from federation.errors import Malformed, Unbelievable
from federation.urls import same_origin
from inbox.forward import forward
from inbox.passing_on import heed
from inbox.quotes import stamp_deleted
from inbox.ruled_here import remove as remove_from_group
from notes.note import Note
from notes.removal import bury, remove


async def delete(activity: Activity, author: Actor) -> None:
    """Take away what the author themselves deletes; what we do not know stays buried (ORG-17)."""
    uri = activity.object_id
    if uri is None:
        raise Malformed("a Delete of something without an id")
    if uri == author.uri:
        await depart(author)
        return
    note = await Note.get_or_none(uri=uri).select_related("author")
    if note is None:
        if await stamp_deleted(uri, author):
            return
        if same_origin(uri, author.uri) and not author.is_local:
            await bury(uri, author.uri)
        return
    if note.author_id != author.id and author.is_group and not author.is_local:
        await heed(activity, author, about=[activity.document])
        return
    if note.author_id != author.id and note.group_id and not author.is_local:
        await remove_from_group(activity, note, author)
        return
    if note.author_id != author.id:
        raise Unbelievable(f"{author.uri} deleted a note of {note.author.uri}")
    if not author.is_local:
        await forward(activity, note)
        await remove(note)


async def depart(author: Actor) -> None:
    """Hide all of someone who left at once; what they leave behind is taken away as work."""
    if author.is_local:
        return
    await Actor.filter(id=author.id).update(
        gone_at=author.gone_at or now(),
        title="",
        about="",
        facts=[],
        avatar="",
        header="",
    )
    forget(author.uri)
    await put("notes.erase", {"actor": author.id}, lane=Lane.LATER)
