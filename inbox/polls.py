"""Votes that come in, and telling everyone how a poll ended."""

from actors.actor import Actor
from core.clock import now
from inbox.notifications import Event, tell
from notes.note import Note
from notes.polls import Poll, Vote, cast
from notes.reading import NoteDocument


async def vote(read: NoteDocument, voter: Actor) -> bool:
    """Count a vote on a poll of ours; False when the note answers no poll and is none."""
    poll = await Poll.get_or_none(note__uri=read.in_reply_to or "", note__is_local=True)
    if poll is None:
        return False
    titles = [option["title"] for option in poll.options]
    if read.title not in titles:
        return False
    await cast(poll, voter, [titles.index(read.title)], uris=[read.id])
    return True


async def tell_ended() -> None:
    """Tell the author and all voters here of polls that have ended; runs by the clock."""
    ended = await Poll.filter(ends_at__lt=now(), is_told=False).limit(100)
    for poll in ended:
        note = await Note.get(id=poll.note_id).select_related("author")
        votes = await Vote.filter(poll_id=poll.id).values("actor_id")
        concerned = {note.author_id, *(vote["actor_id"] for vote in votes)}
        people = await Actor.filter(id__in=concerned).exclude(local_name=None)
        for person in people:
            await tell(person, Event.POLL, note.author, note)
        await Poll.filter(id=poll.id).update(is_told=True)
