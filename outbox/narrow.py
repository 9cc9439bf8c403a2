"""Showing a note to fewer people than before: never to more (PRIV-05, product.md 5.1)."""

from collections.abc import Sequence
from typing import Any

from tortoise.expressions import F
from tortoise.transactions import in_transaction

from actors.actor import Actor
from core.ids import new_id
from core.settings import settings
from notes.attachments import Attachment
from notes.chosen import CHOSEN, readers_chosen
from notes.incoming import count_reply
from notes.mentions import Mention
from notes.note import Audience, Note
from notes.polls import Poll
from notes.quotes import State, quote_in
from notes.quoting import Standing, standing_of
from notes.tags import NoteTag
from notes.visibility import may_see, narrower
from outbox.addresses import is_open
from outbox.create import NOBODY, address, announce_new
from outbox.delete import withdraw
from outbox.quote import tie
from outbox.refusals import NotAllowed, NotValid

_KEPT = (
    *("kind", "title", "content", "source", "summary", "is_sensitive", "language", "emojis"),
    *("interaction", "in_reply_to_uri", "in_reply_to_id", "context_uri", "quote_uri"),
    *("has_media", "shows", "created_at", "is_local"),
)


async def narrow(
    author: Actor, note: Note, audience: Audience, circles: Sequence[int] = ()
) -> Note:
    """Put a note for fewer in the place of one's own; returns the new one, which has its own id.

    The old one is deleted wherever it went, and servers remember that; copies may remain. Of the
    chosen `circles`, it is for those alone who saw the old one. Raises NotAllowed, NotValid.
    """
    if note.author_id != author.id or note.deleted_at or note.is_boost:
        raise NotAllowed("Only its author can change who sees a note.")
    if note.held_at is not None:
        raise NotAllowed("This note waits to be looked at; nobody has seen it yet.")
    if audience == note.audience or narrower(audience, note.audience) != audience:
        raise NotAllowed("A note can be shown to fewer people, never to more.")
    if audience == Audience.CIRCLE and not circles:
        raise NotValid("circles", "Choose a circle.")
    if await Poll.exists(note_id=note.id):
        raise NotAllowed("A poll stays with those who were asked.")
    async with in_transaction():
        fresh = await copied(author, note, audience)
        await _address_anew(note, fresh, circles)
        await move_belongings(note, fresh)
        await announce_new(fresh)
        await withdraw(author, note)
    return fresh


async def copied(author: Actor, note: Note, audience: Audience) -> Note:
    """Make a note like another under a new id; call in a transaction."""
    number = new_id()
    kept: dict[str, Any] = {name: getattr(note, name) for name in _KEPT}
    fresh = Note(
        **kept,
        id=number,
        uri=settings().url(f"/n/{number}"),
        url=settings().url(f"/n/{number}"),
        audience=audience,
    )
    fresh.author = author
    fresh.thread_id = number if note.thread_id == note.id else note.thread_id
    if fresh.thread_id == number:
        fresh.context_uri = settings().url(f"/n/{number}/context")
    await fresh.save(force_create=True)
    if is_open(fresh):
        # What is deleted below is counted off, and this is still there.
        await Actor.filter(id=author.id).update(notes_count=F("notes_count") + 1)
    return fresh


async def move_belongings(old: Note, fresh: Note) -> None:
    """Give a note's pictures, tags and answers to the one that takes its place."""
    await Attachment.filter(note_id=old.id).update(note_id=fresh.id)
    await NoteTag.filter(note_id=old.id).update(note_id=fresh.id)
    if fresh.quote_uri:
        await _quote_again(old, fresh)
    if fresh.in_reply_to_id is not None:
        await count_reply(await Note.get(id=fresh.in_reply_to_id), fresh, 1)
    answers = Note.filter(in_reply_to_id=old.id, is_local=True)
    for answer in await answers:
        await count_reply(fresh, answer, 1)
    await answers.update(in_reply_to_id=fresh.id, in_reply_to_uri=fresh.uri)


async def address_again(old: Note, fresh: Note) -> None:
    """Have a note be for the people the one was for in whose place it stands."""
    # The old ones say who has to be told that it is gone.
    await _copy(await Mention.filter(note_id=old.id), fresh)


async def _address_anew(old: Note, fresh: Note, circles: Sequence[int]) -> None:
    if fresh.audience == Audience.SELF:
        return
    named = await Mention.filter(note_id=old.id, is_silent=False).select_related("actor")
    if fresh.audience in CHOSEN:
        readers = await readers_chosen(fresh.author, fresh.audience, circles, about=[old])
        if not readers:
            raise NotValid("audience", NOBODY)
        await address(fresh, [each.actor for each in named], [each.id for each in readers])
    elif old.audience in CHOSEN:
        # Of the chosen nobody learns who the others are: it stays for those it names.
        await _copy(named, fresh)
    elif old.audience in (Audience.MEMBERS, Audience.SERVER):
        # It may name some who are not in the group, or live elsewhere, and never saw it.
        await _copy([each for each in named if await may_see(each.actor, old)], fresh)
    else:
        await address_again(old, fresh)


async def _copy(mentions: Sequence[Mention], fresh: Note) -> None:
    for mention in mentions:
        await Mention.create(
            id=new_id(),
            note_id=fresh.id,
            actor_id=mention.actor_id,
            is_silent=mention.is_silent,
            is_blind=mention.is_blind,
        )


async def _quote_again(old: Note, fresh: Note) -> None:
    """Have the new note quote what the old one did, if its author still lets it."""
    quote = await quote_in(old.id)
    quoted = None
    if quote and quote.quoted_id and quote.state in (State.PENDING, State.ACCEPTED):
        quoted = await Note.get(id=quote.quoted_id).select_related("author")
    if quoted is None or await standing_of(fresh.author, quoted) is Standing.DENIED:
        fresh.quote_uri = ""
        await Note.filter(id=fresh.id).update(quote_uri="")
        return
    await tie(fresh, quoted)
