"""Status: a note as the API writes it (mastodon-api.md 6.1).

What is the same for every reader is written once for each state of a note and kept as bytes; what
differs is written around it. A page costs the same few queries whatever it shows.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import msgspec
from cachetools import LRUCache

from actors.actor import Actor
from core import sql
from core.html import shown
from core.plain import text_of
from core.rows import load, load_ids
from notes.cards import Card
from notes.documents import Parts, parts_of
from notes.filters import Context, filters_of, matches
from notes.note import Audience, Note
from notes.polls import Poll as PollRow
from notes.polls import chosen_by
from notes.quoted import Quoted, quoted_by
from notes.quoting import Standing, approvals_of, standings
from notes.text import with_quote, with_title
from notes.visibility import OPEN
from web.api.answers import ts
from web.api.entities.accounts import MOST_NUMBER, VISIBILITY, accounts_of
from web.api.entities.cards import card_of
from web.api.entities.emojis import emojis_of
from web.api.entities.filters import FilterResult, results_of
from web.api.entities.group_places import GroupOfStatus, places_of
from web.api.entities.media import SIGNED_S, MediaAttachment, media_of
from web.api.entities.polls import Poll, poll_of
from web.api.shapes_of_notes import QuoteApproval, StatusApplication
from web.render import absolute


class Mention(msgspec.Struct):
    """Someone named in a status; `url` is the address of the link in `content`."""

    id: str
    username: str
    url: str
    acct: str


class StatusTag(msgspec.Struct):
    """A hashtag of a status, without its #."""

    name: str
    url: str


class Quote(msgspec.Struct):
    """What a status quotes; the status is there only in the state `accepted`."""

    state: str
    quoted_status: msgspec.Raw | None


class ShallowQuote(msgspec.Struct):
    """What a status quotes that is quoted itself."""

    state: str
    quoted_status_id: str | None


class Words(msgspec.Struct, kw_only=True):
    """What of a status is the same for every reader, until it is edited."""

    id: str
    created_at: str
    edited_at: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str | None
    content: str
    media_attachments: list[MediaAttachment]
    mentions: list[Mention]
    tags: list[StatusTag]
    emojis: list[dict[str, Any]]
    card: dict[str, Any] | None
    tagged_collections: list[dict[str, Any]]
    application: StatusApplication | msgspec.UnsetType | None = msgspec.UNSET
    rubric: dict[str, Any]


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


@dataclass(frozen=True)
class Mine:
    """What a reader has done with the notes of a page."""

    liked: frozenset[int] = frozenset()
    boosted: frozenset[int] = frozenset()
    kept: frozenset[int] = frozenset()
    pinned: frozenset[int] = frozenset()
    muted: frozenset[int] = frozenset()
    votes: dict[int, list[int]] = field(default_factory=dict)
    filtered: dict[int, list[FilterResult]] = field(default_factory=dict)


# A note's words, by its id and what says that they are still the same.
_words: LRUCache[tuple[Any, ...], bytes] = LRUCache(16_000_000, getsizeof=len)


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
    words = await _words_of(whole)
    polls = await _polls_of(whole)
    accounts = await accounts_of(
        list({each.author_id: each.author for each in notes.values()}.values())
    )
    mine = await _mine(reader, whole, list(polls.values()), context)
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


async def _words_of(notes: Sequence[Note]) -> dict[int, bytes]:
    """Return the words of these notes; only those not written before cost queries."""
    groups = await places_of(notes)
    keys = {
        note.id: (
            *(note.id, note.edited_at, note.audience, note.has_media, note.card_id, _turn(note)),
            str(groups.get(note.id)),
        )
        for note in notes
    }
    missing = [note for note in notes if keys[note.id] not in _words]
    if missing:
        parts = await parts_of(missing)
        parents = await load_ids(Note, (note.in_reply_to_id for note in missing))
        cards = await load_ids(Card, (note.card_id for note in missing))
        for note in missing:
            parent = parents.get(note.in_reply_to_id or 0)
            _words[keys[note.id]] = msgspec.json.encode(
                _words_in(
                    note,
                    parts[note.id],
                    parent,
                    cards.get(note.card_id or 0),
                    groups.get(note.id),
                )
            )
    return {number: _words[key] for number, key in keys.items()}


def _turn(note: Note) -> int:
    """Have words be written again while the addresses of pictures in them still hold."""
    is_signed = note.has_media and note.audience not in OPEN
    return int(time.time() * 2 // SIGNED_S) if is_signed else 0


def _words_in(
    note: Note,
    parts: Parts,
    parent: Note | None,
    card: Card | None,
    group: GroupOfStatus | None,
) -> Words:
    is_open = note.audience in OPEN
    return Words(
        id=str(note.id),
        created_at=ts(note.created_at),
        edited_at=ts(note.edited_at) if note.edited_at else None,
        in_reply_to_id=str(note.in_reply_to_id) if note.in_reply_to_id else None,
        in_reply_to_account_id=str(parent.author_id) if parent else None,
        sensitive=note.is_sensitive,
        spoiler_text=note.summary,
        visibility=VISIBILITY[note.audience],
        language=note.language or None,
        uri=note.uri,
        url=absolute(note.page) if note.is_local else (note.url or note.uri),
        content=_content(note, parts),
        media_attachments=[media_of(each, is_open=is_open) for each in parts.attachments],
        mentions=[_mention(each.actor) for each in parts.mentions if not each.is_silent],
        tags=[_tag(each) for each in parts.tags],
        emojis=emojis_of(note.emojis),
        card=card_of(card) if card else None,
        application=_application(note),
        tagged_collections=[],
        rubric={"title": note.title, "audience": note.audience.value, "group": group},
    )


def _application(note: Note) -> StatusApplication | msgspec.UnsetType | None:
    """Name the app that a note of ours was posted by; of others nothing is known."""
    if not note.is_local:
        return msgspec.UNSET
    if not isinstance(note.app, dict):
        return None
    return StatusApplication(str(note.app.get("name", "")), note.app.get("website") or None)


def _content(note: Note, parts: Parts) -> str:
    written = content_of(note.title, note.content)
    if parts.quote is None:
        return written
    return with_quote(written, parts.quote.page)


def content_of(title: str, content: str) -> str:
    """Show a title as clients that know none do, unless it stands in the text already."""
    titled = with_title(title, "") if title else ""
    has_it = not titled or content.startswith(titled)
    return str(shown(content if has_it else with_title(title, content)))


def _mention(actor: Actor) -> Mention:
    url = absolute(actor.page) if actor.is_local else (actor.url or actor.uri)
    return Mention(str(actor.id), actor.name, url, actor.handle)


def _tag(name: str) -> StatusTag:
    folded = name.casefold()
    return StatusTag(folded, absolute(f"/tags/{quote(folded, safe='')}"))


def _count(number: int) -> int:
    return min(max(number, 0), MOST_NUMBER)


async def _polls_of(notes: Sequence[Note]) -> dict[int, PollRow]:
    ids = [note.id for note in notes]
    found = await load(PollRow, f"note_id IN ({sql.marks(ids)})", ids)
    return {poll.note_id: poll for poll in found}


_DONE = ("liked", "kept", "pinned", "boosted", "muted")


async def _mine(
    reader: Actor | None,
    notes: Sequence[Note],
    polls: list[PollRow],
    context: Context | None = None,
) -> Mine:
    """Read what a reader did with these notes: five queries at most, none for nobody."""
    ids = [note.id for note in notes]
    if reader is None or not ids:
        return Mine()
    by = f"actor_id = ? AND note_id IN ({sql.marks(ids)})"
    rows = await sql.rows(
        f"SELECT 'liked' AS kind, note_id FROM \"like\" WHERE {by}"  # noqa: S608  names of our own
        f" UNION ALL SELECT 'kept', note_id FROM bookmark WHERE {by}"
        f" UNION ALL SELECT 'pinned', note_id FROM pin WHERE {by}"
        " UNION ALL SELECT 'muted', t.id FROM muted_thread m JOIN note t"
        f" ON t.thread_id = m.thread_id WHERE m.reader_id = ? AND t.id IN ({sql.marks(ids)})"
        " UNION ALL SELECT 'boosted', boost_of_id FROM note"
        f" WHERE author_id = ? AND deleted_at IS NULL AND boost_of_id IN ({sql.marks(ids)})",
        [value for _ in range(5) for value in (reader.id, *ids)],
    )
    kinds: dict[str, set[int]] = {name: set() for name in _DONE}
    for row in rows:
        kinds[row["kind"]].add(row["note_id"])
    return Mine(
        frozenset(kinds["liked"]),
        frozenset(kinds["boosted"]),
        frozenset(kinds["kept"]),
        frozenset(kinds["pinned"]),
        frozenset(kinds["muted"]),
        await chosen_by(reader, polls),
        await _filtered(reader, notes, context) if context else {},
    )


async def _filtered(
    reader: Actor, notes: Sequence[Note], context: Context
) -> dict[int, list[FilterResult]]:
    """Tell which filters of a reader these notes fall under; one query where there are none."""
    filters = await filters_of(reader)
    others = [note for note in notes if filters and note.author_id != reader.id]
    return {
        note.id: results_of(matches(filters, context, note.id, _readable(note)), note.id)
        for note in others
    }


def _readable(note: Note) -> str:
    return "\n".join((note.title, note.summary, text_of(note.content)))
