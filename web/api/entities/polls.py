"""Poll: a note's question, as the API writes it (mastodon-api.md 6.8)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from actors.actor import Actor
from notes.note import Note
from notes.polls import Poll as PollRow
from notes.polls import chosen_by
from web.api.answers import ts
from web.api.entities.emojis import emojis_of


class PollOption(msgspec.Struct):
    """An answer one can choose."""

    title: str
    votes_count: int | None


class Poll(msgspec.Struct, kw_only=True):
    """`voted` and `own_votes` are there for strangers too: some clients demand the list."""

    id: str
    expires_at: str | None
    expired: bool
    multiple: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOption]
    emojis: list[dict[str, Any]]
    voted: bool
    own_votes: list[int]


async def poll_for(poll: PollRow, note: Note, reader: Actor | None) -> Poll:
    """Write one poll for a reader."""
    return poll_of(poll, (await chosen_by(reader, [poll]))[poll.id], note, reader)


def poll_of(poll: PollRow, votes: Sequence[int], note: Note, reader: Actor | None) -> Poll:
    """Write a poll for a reader who chose `votes`; authors count as having voted."""
    is_own = reader is not None and note.author_id == reader.id
    counts = [max(0, each["votes"]) for each in poll.options]
    options = [
        PollOption(each["title"], None if poll.is_secret else count)
        for each, count in zip(poll.options, counts, strict=True)
    ]
    return Poll(
        id=str(poll.id),
        expires_at=ts(poll.ends_at) if poll.ends_at else None,
        expired=poll.is_over,
        multiple=poll.is_multiple,
        votes_count=sum(counts),
        voters_count=max(poll.voters_count, 0),
        options=options,
        emojis=emojis_of(note.emojis),
        voted=is_own or bool(votes),
        own_votes=sorted(votes),
    )
