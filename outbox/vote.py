"""A vote: a nameless note of one answer, to the author of the poll alone (FEP-9967)."""

from collections.abc import Sequence

from tortoise.transactions import in_transaction

from actors.actor import Actor
from federation.write import write
from notes.note import Note
from notes.polls import Poll, cast
from notes.visibility import may_see
from outbox.addresses import activity_uri
from outbox.deliver import SOON, Reach, deliver
from outbox.refusals import NotAllowed
from outbox.update import want_results


async def vote(voter: Actor, note: Note, choices: Sequence[int]) -> list[str]:
    """Answer a poll once; the poll's author counts, wherever they live. Returns the votes' ids."""
    poll = await Poll.get_or_none(note_id=note.id)
    if poll is None or not await may_see(voter, note) or note.author_id == voter.id:
        raise NotAllowed("You cannot vote here.")
    wanted = list(dict.fromkeys(choices))
    async with in_transaction():
        uris = [activity_uri() for _ in wanted]
        if not await cast(poll, voter, wanted, uris=uris):
            raise NotAllowed("This poll has ended, or you have voted.")
        if note.author.is_local:
            await want_results(note)
        else:
            for choice, uri in zip(wanted, uris, strict=True):
                await _send(voter, note, poll.options[choice]["title"], uri)
    return uris


async def _send(voter: Actor, note: Note, title: str, uri: str) -> None:
    answer = {
        "id": uri,
        "type": "Note",
        "name": title,
        "attributedTo": voter.uri,
        "inReplyTo": note.uri,
        "to": [note.author.uri],
    }
    activity = write(
        "Create", id=f"{uri}#create", actor=voter.uri, object=answer, to=[note.author.uri]
    )
    reach = Reach(actors=[note.author], personal=True)
    await deliver(activity, voter, reach, lane=SOON, key=uri)
