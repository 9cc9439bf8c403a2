"""Fetching notes from where they live, through the policy, and completing letters with them."""

from collections.abc import Mapping
from typing import Any

from tortoise.transactions import in_transaction

from actors.actor import Actor
from actors.instance import instance_signer
from actors.remote import resolve
from core.jobs import Lane, put
from core.rows import load_ids, load_one
from core.settings import settings
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError, Gone, NotFound, Refused, Unbelievable, Unreachable
from federation.urls import host_of, same_origin
from inbox.closed_groups import as_addressed
from inbox.judge import judged
from inbox.welcome import check_welcome
from moderation.gate import admit_host
from notes.incoming import is_buried, keep, prepare
from notes.note import Note
from notes.note_document import NoteDocument
from notes.prepared import Prepared
from notes.reading import note_document_from
from notes.visibility import OPEN

DEEPEST_LATER = 50


async def known_note(uri: str) -> Note | None:
    """Find a note we have, deleted ones not; its author is loaded."""
    note = await load_one(Note, "uri = ? AND deleted_at IS NULL", [uri])
    if note is not None:
        note.author = (await load_ids(Actor, [note.author_id]))[note.author_id]
    return note


async def note_of(uri: str, budget: Budget | None = None) -> Note:
    """Return the note of this id, fetched from its origin where we do not have it.

    Raises NotFound, Gone, Malformed, Unbelievable, Refused or Unreachable.
    """
    if found := await known_note(uri):
        return found
    if same_origin(uri, settings().server.base_url):
        raise NotFound(f"{uri} is no note of ours")
    if await Note.exists(uri=uri):
        raise Gone(f"{uri} was deleted")
    prepared = await fetched(uri, budget or Budget())
    if await is_buried(uri, prepared.author.uri):
        raise Gone(f"{uri} was deleted")
    prepared = await as_addressed(prepared)
    async with in_transaction():
        note, _ = await keep(prepared)
    return note


async def fetched(uri: str, budget: Budget) -> Prepared:
    """Fetch a note and its author from their origin, and ask the policy; nothing is written."""
    await admit_host(host_of(uri))
    document = await client().fetch_object(uri, await instance_signer(), budget=budget)
    return await believed(note_document_from(document), budget)


async def believed(read: NoteDocument, budget: Budget) -> Prepared:
    """Prepare what its own origin says: the author must live there too (FEP-fe34, ORG-06)."""
    if not same_origin(read.id, read.author):
        raise Unbelievable(f"{read.id} claims to be by {read.author}")
    author = await resolve(read.author, budget)
    if not author.is_present:
        raise Refused(f"{author.uri} is suspended or gone (ORG-21)")
    await check_welcome(read, author)
    return await prepare(read, author, await judged(read, author))


async def complete(payload: Mapping[str, Any]) -> None:
    """Fetch what a letter needs, then let it be handled; permanent failures are let be.

    All that one letter causes is counted together (DOS-09).
    """
    budget = Budget()
    for uri in payload["missing"]:
        await _fetched_if_it_can_be(uri, budget)
    await put("inbox.handle", payload["letter"])


async def _fetched_if_it_can_be(uri: str, budget: Budget) -> None:
    try:
        await note_of(uri, budget)
    except Unreachable:
        raise
    except FederationError:
        # The handler looks for itself whether what it needs is there.
        return


async def fetch_thread(payload: Mapping[str, Any]) -> None:
    """Go up from a reply to the beginning of its thread, in the background and within bounds."""
    budget = Budget(DEEPEST_LATER)
    uri: str = payload["uri"]
    for _ in range(DEEPEST_LATER):
        try:
            note = await note_of(uri, budget)
        except FederationError:
            return
        if not note.in_reply_to_uri or note.in_reply_to_id or note.audience not in OPEN:
            return
        uri = note.in_reply_to_uri


async def want_thread(note: Note) -> None:
    """Queue the completion of a thread whose beginning we do not know."""
    if note.in_reply_to_uri and note.in_reply_to_id is None and not note.author.is_local:
        await put("inbox.fetch_thread", {"uri": note.in_reply_to_uri}, lane=Lane.LATER)


def may_speak_for(actor: Actor, document: Mapping[str, Any]) -> bool:
    """Tell whether an embedded object counts: same origin, and by the one who signed (ORG-05)."""
    uri, author = document.get("id"), document.get("attributedTo")
    return isinstance(uri, str) and same_origin(uri, actor.uri) and author == actor.uri
