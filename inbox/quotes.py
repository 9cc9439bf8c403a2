"""QuoteRequest, and all that is heard about quotes: answers, authorizations, their end."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.blocks import blocks_between
from actors.instance import instance_signer
from core.clock import now
from core.jobs import Lane, put_many
from federation.activity import Activity
from federation.allowance import Budget
from federation.client import client
from federation.errors import (
    FederationError,
    Gone,
    Malformed,
    NotFound,
    Unbelievable,
    Unreachable,
)
from federation.read import iri_of, link
from federation.urls import host_of, same_origin
from federation.vocabulary import type_of
from inbox.fetch import known_note, may_speak_for, note_of
from inbox.judge import judged
from inbox.notifications import Event, tell
from moderation.gate import admit_host
from notes.incoming import is_ours, keep, prepare
from notes.note import Note
from notes.quotes import VERIFY, Quote, State, quote_in, settle
from notes.quoting import Standing, standing_of
from notes.reading import note_document_from
from notes.visibility import may_see
from outbox.quote import approve, refuse
from outbox.update import send_note

FETCHES = 10
RECHECK = timedelta(days=7)
RECHECKED = 50


async def wanted_by_quote_request(activity: Activity, quoter: Actor) -> list[str]:
    """Name the quoting note, where it came by its id alone."""
    about = activity.document.get("instrument")
    uri = iri_of(about)
    is_whole = isinstance(about, dict) and may_speak_for(quoter, about)
    if uri is None or is_whole or quoter.is_local or not is_ours(activity.object_id or ""):
        return []
    return [] if await Note.exists(uri=uri) else [uri]


async def quote_request(activity: Activity, quoter: Actor) -> None:
    """Answer who asks to quote a note of ours, at once, by its author's policy (PRIV-15)."""
    quoted = await known_note(activity.object_id or "")
    if quoted is None:
        raise NotFound(f"{activity.object_id} is not known here")
    if not quoted.is_local or quoter.is_local:
        return
    note = await _instrument(activity, quoter)
    quote = await quote_in(note.id)
    if quote is None or quote.quoted_uri != quoted.uri:
        raise Unbelievable(f"{note.uri} does not quote {quoted.uri}")
    quote.quoted_id = quoted.id
    await Quote.filter(id=quote.id).update(request_uri=activity.id, quoted_id=quoted.id)
    if quote.state is not State.REVOKED and await _may_quote(quoter, quoted):
        await approve(quote, quoted, quoter, activity.id)
        await tell_of_quote(note)
    else:
        await refuse(quote, quoted, quoter, activity.id)


async def accepted(activity: Activity, author: Actor) -> bool:
    """Show a quote of ours whose author agreed, and tell those who have it; False if it is about
    something else."""
    quote, note = await _asked(activity, author)
    if quote is None or note is None:
        return False
    stamp = link(iri_of(activity.document.get("result"))) or ""
    if not stamp or not same_origin(stamp, author.uri):
        raise Unbelievable(f"{author.uri} authorizes with {stamp or 'nothing'}")
    if quote.state is not State.REVOKED and await settle(quote, State.ACCEPTED, stamp=stamp):
        await send_note(note)
    return True


async def rejected(activity: Activity, author: Actor) -> bool:
    """Take note that the author of what a note of ours quotes did not agree."""
    quote, note = await _asked(activity, author)
    if quote is None or note is None:
        return False
    was = quote.state
    ended = State.REVOKED if was is State.ACCEPTED else State.REJECTED
    if was is not State.REVOKED and await settle(quote, ended, stamp="") and was != ended:
        await send_note(note)
    return True


async def stamp_deleted(uri: str, author: Actor) -> bool:
    """End what an authorization allowed, when the very author takes it back; False for others."""
    quote = (
        await Quote.filter(stamp_uri=uri).select_related("quoted", "note").first() if uri else None
    )
    if quote is None or not same_origin(uri, author.uri):
        return False
    if quote.quoted is None or quote.quoted.author_id != author.id:
        raise Unbelievable(f"{author.uri} takes back an authorization of another")
    if await settle(quote, State.REVOKED) and quote.note.is_local:
        await send_note(quote.note)
    return True


async def tell_of_quote(note: Note) -> None:
    """Tell someone here that a note quotes them, once they agreed; the note's author is loaded."""
    quote = await quote_in(note.id) if note.quote_uri else None
    if quote is None or quote.state is not State.ACCEPTED or quote.quoted_id is None:
        return
    quoted = await Note.get(id=quote.quoted_id).select_related("author")
    if quoted.author.is_local and note.held_at is None:
        await tell(quoted.author, Event.QUOTE, note.author, note)


async def tell_quoters(note: Note) -> None:
    """Tell those here who quote a note that it says something else now."""
    quoters = await Actor.filter(id__in=await _quoters_of(note), local_name__not_isnull=True)
    for quoter in quoters:
        await tell(quoter, Event.QUOTED_UPDATE, note.author, note)


async def verify_quote(payload: Mapping[str, Any]) -> None:
    """Look whether a note from elsewhere may quote what it quotes; job `inbox.verify_quote`.

    What cannot be had stays as it is; an authorization that is wrong or gone ends it.
    """
    quote = await Quote.get_or_none(id=payload["quote"]).select_related("note__author")
    if quote is None or quote.note.is_local or quote.note.deleted_at is not None:
        return
    budget = Budget(FETCHES)
    try:
        quoted = await note_of(quote.quoted_uri, budget)
        state, stamp = await _found(quote, quoted, budget)
    except Unreachable:
        raise
    except FederationError:
        await Quote.filter(id=quote.id).update(checked_at=now())
        return
    async with in_transaction():
        quote = await Quote.get(id=quote.id).select_related("note__author")
        quote.quoted_id = quoted.id
        if await settle(quote, state, stamp=stamp):
            await tell_of_quote(quote.note)


async def recheck() -> None:
    """Queue another look at authorizations of others that nobody looked at for a week; runs by the
    clock."""
    old = Q(checked_at=None) | Q(checked_at__lt=now() - RECHECK)
    due = await Quote.filter(old, state=State.ACCEPTED, note__is_local=False).limit(RECHECKED)
    async with in_transaction():
        await Quote.filter(id__in=[each.id for each in due]).update(checked_at=now())
        await put_many(VERIFY, [{"quote": each.id} for each in due], lane=Lane.LATER)


async def _found(quote: Quote, quoted: Note, budget: Budget) -> tuple[State, str]:
    """Tell where a quote stands: by who quotes, by our own policy, or by the authorization."""
    quoter = quote.note.author
    if quoter.id == quoted.author_id:
        return State.ACCEPTED, quote.stamp_uri
    if quote.state is State.REVOKED:
        return State.REVOKED, quote.stamp_uri
    if quoted.is_local:
        if quote.state is State.ACCEPTED or await _may_quote(quoter, quoted):
            return State.ACCEPTED, quote.own_stamp
        return quote.state, quote.stamp_uri
    if not quote.stamp_uri:
        return quote.state, ""
    try:
        is_given = await _is_authorized(quote, quoted, budget)
    except (Gone, NotFound):
        is_given = False
    if is_given:
        return State.ACCEPTED, quote.stamp_uri
    ended = State.REVOKED if quote.state is State.ACCEPTED else State.REJECTED
    return ended, quote.stamp_uri


async def _is_authorized(quote: Quote, quoted: Note, budget: Budget) -> bool:
    """Fetch the authorization from the quoted author's own server, and read whom it names."""
    uri, author = quote.stamp_uri, quoted.author
    if not same_origin(uri, author.uri):
        return False
    await admit_host(host_of(uri))
    stamp = await client().fetch_object(uri, await instance_signer(), budget=budget)
    return (
        type_of(stamp) == "QuoteAuthorization"
        and iri_of(stamp.get("attributedTo")) == author.uri
        and iri_of(stamp.get("interactingObject")) == quote.note.uri
        and iri_of(stamp.get("interactionTarget")) == quoted.uri
    )


async def _instrument(activity: Activity, quoter: Actor) -> Note:
    """Return the quoting note: one we have, or the one that came with the question."""
    about = activity.document.get("instrument")
    uri = iri_of(about)
    if uri is None:
        raise Malformed("a QuoteRequest for no note")
    note = await known_note(uri)
    if note is None:
        if not isinstance(about, dict) or not may_speak_for(quoter, about):
            raise NotFound(f"{uri} could not be had")
        read = note_document_from(about, by=quoter.uri)
        note, _ = await keep(await prepare(read, quoter, await judged(read, quoter)))
    if note.author_id != quoter.id:
        raise Unbelievable(f"{quoter.uri} asks for a note of another")
    return note


async def _may_quote(quoter: Actor, quoted: Note) -> bool:
    if await blocks_between(quoter.id, quoted.author_id) or not await may_see(quoter, quoted):
        return False
    return await standing_of(quoter, quoted) is Standing.AUTOMATIC


async def _asked(activity: Activity, author: Actor) -> tuple[Quote | None, Note | None]:
    """Find the quote of ours that an answer is about; only the quoted author may give one."""
    inner = activity.object if isinstance(activity.object, dict) else {}
    asked = Quote.filter(note__is_local=True, quoted__author_id=author.id)
    quote = await asked.exclude(request_uri="").get_or_none(request_uri=activity.object_id or "")
    if quote is None and type_of(inner) == "QuoteRequest":
        quote = await asked.get_or_none(note__uri=iri_of(inner.get("instrument")) or "")
    if quote is None:
        return None, None
    note = await Note.get(id=quote.note_id)
    return (quote, note) if note.deleted_at is None else (None, None)


async def _quoters_of(note: Note) -> list[int]:
    rows = (
        await Quote.filter(quoted_id=note.id, state=State.ACCEPTED, note__is_local=True)
        .limit(RECHECKED)
        .values("note__author_id")
    )
    return [row["note__author_id"] for row in rows]
