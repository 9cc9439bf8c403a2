"""Status: a note as the API writes it (mastodon-api.md 6.1).

What is the same for every reader is written once for each state of a note and kept as bytes; what
differs is written around it. A page costs the same few queries whatever it shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from actors.actor import Actor
from core import sql
from core.rows import load
from notes.filters import Context
from notes.note import Audience, Note
from notes.polls import Poll as PollRow
from notes.quoted import Quoted, quoted_by
from notes.quoting import Standing, approvals_of, standings
from web.api.answers import ts
from web.api.entities.accounts import MOST_NUMBER, VISIBILITY, accounts_of
from web.api.entities.filters import FilterResult
from web.api.entities.mine import Mine, mine_of
from web.api.entities.polls import Poll, poll_of
from web.api.entities.words import words_of
from web.api.shapes_of_notes import QuoteApproval


class Quote(msgspec.Struct):
    """What a status quotes; the status is there only in the state `accepted`."""

    state: str
    quoted_status: msgspec.Raw | None


class ShallowQuote(msgspec.Struct):
    """What a status quotes that is quoted itself."""

    state: str
    quoted_status_id: str | None


class Around(msgspec.Struct, kw_only=True):
    """What of a status changes by the minute, or is each reader's own."""

    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    poll: Poll | None
    quote_approval: QuoteApproval
    favourited: bool | msgspec.UnsetType = msgspec.UNSET
    reblogged: bool | msgspec.UnsetType = msgspec.UNSET
    muted: bool | msgspec.UnsetType = msgspec.UNSET
    bookmarked: bool | msgspec.UnsetType = msgspec.UNSET
    pinned: bool | msgspec.UnsetType = msgspec.UNSET
    filtered: list[FilterResult] | msgspec.UnsetType = msgspec.UNSET


async def statuses_of(
    rows: Sequence[Note], reader: Actor | None, context: Context | None = None
) -> list[msgspec.Raw]:
    """Write these notes and boosts, in their order; authors and what is boosted must be loaded.

    `context` is where they are read: by it the reader's filters are chosen.
    """
    notes = {each.id: each for row in rows for each in _both(row)}
    quotes = await quoted_by(list(notes.values()), reader)
    inner = {each.note.id: each.note for each in quotes.values() if each.note}
    below = await quoted_by(list(inner.values()), reader)
    notes = inner | notes
    whole = [each for each in notes.values() if not each.is_boost]
    words = await words_of(whole)
    polls = await _polls_of(whole)
    accounts = await accounts_of(
        list({each.author_id: each.author for each in notes.values()}.values())
    )
    mine = await mine_of(reader, whole, list(polls.values()), context)
    standing = await standings(reader, whole) if reader else {}
    page = Written(words, polls, accounts, mine, reader, quotes, below, standing)
    return [page.status(row) for row in rows]


async def status_of(note: Note, reader: Actor | None) -> msgspec.Raw:
    """Write one note or boost; its author and what it boosts must be loaded."""
    return (await statuses_of([note], reader))[0]


@dataclass(frozen=True)
class Written:
    """All that is needed to write the statuses of a page."""

    words: dict[int, bytes]
    polls: dict[int, PollRow]
    accounts: dict[int, msgspec.Raw]
    mine: Mine
    reader: Actor | None
    quotes: dict[int, Quoted]
    below: dict[int, Quoted]
    standing: dict[int, Standing]

    def status(self, row: Note) -> msgspec.Raw:
        """Write a note, or a boost around the note it boosts."""
        row, *boosted = _both(row)
        return msgspec.Raw(self._boost(row, *boosted) if boosted else self._whole(row))

    def _whole(self, note: Note) -> bytes:
        """Write a note with the note it quotes inside, of which only the quote's id is told."""
        quote = self.quotes.get(note.id)
        if quote is None:
            return self._note(note, b"null")
        shown = msgspec.Raw(self._quoted(quote.note)) if quote.note else None
        return self._note(note, msgspec.json.encode(Quote(quote.state, shown)))

    def _quoted(self, note: Note) -> bytes:
        quote = self.below.get(note.id)
        if quote is None:
            return self._note(note, b"null")
        number = str(quote.note.id) if quote.note else None
        return self._note(note, msgspec.json.encode(ShallowQuote(quote.state, number)))

    def _note(self, note: Note, quote: bytes) -> bytes:
        around = msgspec.json.encode(self._around(note))
        account = bytes(self.accounts[note.author_id])
        return b'%b,"account":%b,"reblog":null,"quote":%b,%b' % (
            self.words[note.id][:-1],
            account,
            quote,
            around[1:],
        )

    def _boost(self, row: Note, note: Note) -> bytes:
        """Write a boost: a status of its own that repeats what it boosts."""
        inner = self._whole(note)
        own = msgspec.json.encode(
            {
                "id": str(row.id),
                "created_at": ts(row.created_at),
                "uri": row.uri,
                "url": note.url or note.uri,
                "visibility": VISIBILITY[row.audience],
            }
        )
        account = bytes(self.accounts[row.author_id])
        # Of a key that comes twice the last counts; so as not to rely on it, the words come whole.
        outer = msgspec.json.decode(self._note(note, b"null"), type=dict[str, msgspec.Raw])
        outer |= msgspec.json.decode(own, type=dict[str, msgspec.Raw])
        outer |= {"account": msgspec.Raw(account), "reblog": msgspec.Raw(inner)}
        outer["media_attachments"] = outer["mentions"] = outer["tags"] = msgspec.Raw(b"[]")
        outer["poll"] = outer["card"] = outer["quote"] = msgspec.Raw(b"null")
        return msgspec.json.encode(outer)

    def _around(self, note: Note) -> Around:
        around = Around(
            replies_count=_count(note.replies_count),
            reblogs_count=_count(max(note.boosts_count, note.remote_boosts)),
            favourites_count=_count(max(note.likes_count, note.remote_likes)),
            quotes_count=_count(note.quotes_count),
            poll=self._poll(note),
            quote_approval=self._quote_approval(note),
        )
        if self.reader is not None:
            around.favourited = note.id in self.mine.liked
            around.reblogged = note.id in self.mine.boosted
            around.bookmarked = note.id in self.mine.kept
            around.muted = note.id in self.mine.muted
            around.filtered = self.mine.filtered.get(note.id, [])
            if note.author_id == self.reader.id and note.audience != Audience.PEOPLE:
                around.pinned = note.id in self.mine.pinned
        return around

    def _quote_approval(self, note: Note) -> QuoteApproval:
        automatic, manual = approvals_of(note)
        standing = self.standing.get(note.id, Standing.UNKNOWN)
        return QuoteApproval(automatic, manual, standing.value)

    def _poll(self, note: Note) -> Poll | None:
        poll = self.polls.get(note.id)
        return poll_of(poll, self.mine.votes.get(poll.id, []), note, self.reader) if poll else None


def _both(row: Note) -> tuple[Note, ...]:
    """Return a note, or a boost and what it boosts."""
    return (row, row.boost_of) if row.is_boost and row.boost_of else (row,)


def _count(number: int) -> int:
    return min(max(number, 0), MOST_NUMBER)


async def _polls_of(notes: Sequence[Note]) -> dict[int, PollRow]:
    ids = [note.id for note in notes]
    found = await load(PollRow, f"note_id IN ({sql.marks(ids)})", ids)
    return {poll.note_id: poll for poll in found}
