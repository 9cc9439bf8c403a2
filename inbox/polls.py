"""Votes that come in, and telling everyone how a poll ended."""

from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.clock import now
from inbox.notifications import Event, tell
from notes.note import Note
from notes.note_document import NoteDocument
from notes.polls import Poll, Vote, cast
from notes.visibility import may_see
from outbox.update import send_note, want_results


async def vote(read: NoteDocument, voter: Actor) -> bool:
    """Count a vote on a poll of ours; False when the note answers no poll and is none.

    Whoever may not see the poll has no vote in it, and is not told so.
    """
    poll = await Poll.get_or_none(note__uri=read.in_reply_to or "", note__is_local=True)
    if poll is None:
        return False
    titles = [option["title"] for option in poll.options]
    if read.title not in titles:
        return False
    note = await Note.get(id=poll.note_id).select_related("author")
    if await may_see(voter, note) and await cast(
        poll, voter, [titles.index(read.title)], uris=[read.id]
    ):
        await want_results(note)
    return True


async def tell_ended() -> None:
    """Tell the author and all voters of polls that have ended; runs by the clock.

    Those here get an alert; whoever got one of our polls gets its result, once.
    """
    ended = await Poll.filter(ends_at__lt=now(), is_told=False).limit(100)
    for poll in ended:
        async with in_transaction():
            if await Poll.filter(id=poll.id, is_told=False).update(is_told=True):
                await _tell(poll)


async def _tell(poll: Poll) -> None:
    note = await Note.get(id=poll.note_id).select_related("author")
    votes = await Vote.filter(poll_id=poll.id).values("actor_id")
    concerned = {note.author_id, *(vote["actor_id"] for vote in votes)}
    for person in await Actor.filter(id__in=concerned).exclude(local_name=None):
        await tell(person, Event.POLL, note.author, note)
    if note.is_local and note.author.is_present and note.held_at is None:
        await Poll.filter(id=poll.id, closed_at=None).update(closed_at=poll.ends_at)
        await send_note(note)
