"""QuoteRequest, the answers to one, and taking an authorization back (FEP-044f)."""

from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import blocks_between
from federation.write import write
from notes.note import Audience, Note
from notes.quotes import Quote, State, count_quotes, quote_in, settle
from notes.quoting import Standing, standing_of
from notes.visibility import OPEN, may_see
from outbox.addresses import activity_uri
from outbox.deliver import FIRM, Reach, deliver
from outbox.refusals import NotAllowed, NotValid

# What never leaves this server asks nobody elsewhere.
_UNSAID = (Audience.SERVER, Audience.SELF)
REFUSED = "The author does not let you quote this note."


async def check_quotable(author: Actor, quoted: Note | None) -> None:
    """Raise NotValid unless someone may quote a note, or at least ask for it (PRIV-15)."""
    if quoted is None:
        return
    if quoted.is_boost or quoted.deleted_at or not await may_see(author, quoted):
        raise NotValid("quoted", "The note you quote is no longer there.")
    if await blocks_between(author.id, quoted.author_id):
        raise NotValid("quoted", REFUSED)
    if await standing_of(author, quoted) is Standing.DENIED:
        raise NotValid("quoted", REFUSED)


async def tie(note: Note, quoted: Note) -> None:
    """Tie a new note to what it quotes: settled at once where that lives here or is one's own."""
    quote = Quote(quoted_uri=quoted.uri)
    quote.note_id, quote.quoted_id = note.id, quoted.id
    if note.author_id == quoted.author_id:
        quote.state = State.ACCEPTED
    elif quoted.is_local:
        quote.state, quote.stamp_uri = State.ACCEPTED, quote.own_stamp
    await quote.save(force_create=True)
    await count_quotes(quoted.id)


async def ask(note: Note, document: dict[str, Any]) -> None:
    """Ask the author of what a note of ours quotes, where they live elsewhere; once.

    Of a note that is not open only the id is told: asking must not show it to one more.
    """
    quote = await quote_in(note.id) if note.quote_uri else None
    if quote is None or quote.quoted_id is None or note.audience in _UNSAID:
        return
    await count_quotes(quote.quoted_id)
    if quote.state is not State.PENDING or quote.request_uri:
        return
    quoted = await Note.get(id=quote.quoted_id).select_related("author")
    quote.request_uri = activity_uri()
    await Quote.filter(id=quote.id).update(request_uri=quote.request_uri)
    request = write(
        "QuoteRequest",
        id=quote.request_uri,
        actor=note.author.uri,
        object=quoted.uri,
        instrument=document if note.audience in OPEN else note.uri,
        to=[quoted.author.uri],
    )
    reach = Reach(actors=[quoted.author], personal=True)
    await deliver(request, note.author, reach, lane=FIRM, key=quote.request_uri)


async def approve(quote: Quote, quoted: Note, quoter: Actor, request_uri: str) -> None:
    """Give the authorization and say so; said again when asked again, for an answer may be lost."""
    async with in_transaction():
        await settle(quote, State.ACCEPTED, stamp=quote.own_stamp)
        await _answer("Accept", quote, quoted, quoter, request_uri, result=quote.own_stamp)


async def refuse(quote: Quote, quoted: Note, quoter: Actor, request_uri: str) -> None:
    """Say that a note may not be quoted."""
    async with in_transaction():
        if quote.state is not State.REVOKED:
            await settle(quote, State.REJECTED, stamp="")
        await _answer("Reject", quote, quoted, quoter, request_uri)


async def revoke(author: Actor, note: Note) -> None:
    """Take back that a note may quote one's own; everyone who has either is told."""
    quote = await quote_in(note.id)
    quoted = await Note.get_or_none(id=quote.quoted_id) if quote and quote.quoted_id else None
    if quote is None or quoted is None or quoted.author_id != author.id:
        raise NotAllowed("This note does not quote you.")
    quoter = await Actor.get(id=note.author_id)
    async with in_transaction():
        stamp = quote.stamp_uri
        if not await settle(quote, State.REVOKED) or not stamp:
            return
        delete = write("Delete", id=activity_uri(), actor=author.uri, object=stamp, to=[quoter.uri])
        reach = Reach(actors=[quoter], hosts_that_had=quoted.uri)
        await deliver(delete, author, reach, key=stamp)


async def _answer(
    kind: str, quote: Quote, quoted: Note, quoter: Actor, request_uri: str, **more: str
) -> None:
    note = await Note.get(id=quote.note_id)
    asked = write(
        "QuoteRequest",
        id=request_uri,
        actor=quoter.uri,
        object=quoted.uri,
        instrument=note.uri,
        to=[quoted.author.uri],
    )
    activity = write(
        kind, id=activity_uri(), actor=quoted.author.uri, object=asked, to=[quoter.uri], **more
    )
    reach = Reach(actors=[quoter], personal=True)
    await deliver(activity, quoted.author, reach, lane=FIRM, key=request_uri)
