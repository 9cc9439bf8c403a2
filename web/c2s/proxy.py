"""proxyUrl: documents of other servers, fetched for a person and as far as they are for them.

What a server gives us it may give because of somebody else here, so each document is looked at once
more: it has to be open, addressed to whoever asks, or for followers of somebody they follow.
"""

from typing import Any

from aiohttp import web

from actors.actor import Actor, by_uri
from actors.blocks import keeps_out
from actors.documents import document_of as actor_document
from actors.follows import is_following
from actors.keys import signer_of
from core.limits import count
from core.settings import settings
from federation.client import client
from federation.errors import Malformed, Refused, TooLarge, Unbelievable
from federation.read import first_iri, recipients
from federation.urls import host_of, is_http, same_origin
from federation.vocabulary import (
    ACTIVITY_TYPES,
    ACTOR_TYPES,
    COLLECTION_TYPES,
    NOTE_TYPES,
    PUBLIC,
    type_of,
)
from inbox.fetch import known_note
from moderation.gate import admit_host
from notes.documents import document_of, parts_of
from notes.note import Note
from notes.visibility import may_see
from outbox.sent import Sent
from web.activitypub.answers import as2
from web.api.access import account_of
from web.api.asked import asked
from web.api.errors import ApiError
from web.errors import Missing

AN_HOUR = 3600
ASKED_AN_HOUR = 600
ADDRESSED = NOTE_TYPES | ACTIVITY_TYPES
ADDRESSES = ("to", "cc", "audience", "bto", "bcc")
ITEMS = ("items", "orderedItems")
BLIND = frozenset({"bto", "bcc"})

Document = dict[str, Any]


async def show(request: web.Request) -> web.Response:
    """A document by its id: ours, or fetched with the person's own signature."""
    reader = account_of(request).actor
    uri = (await asked(request)).needed("id")
    if not is_http(uri):
        raise ApiError("`id` has to be an http(s) address")
    if same_origin(uri, settings().server.base_url):
        return as2(await _ours(uri, reader))
    await count(f"proxied:{reader.id}", most=ASKED_AN_HOUR, seconds=AN_HOUR)
    return as2(await _fetched(uri, reader))


async def _ours(uri: str, reader: Actor) -> Document:
    """Write what lives here, if the reader may see it; raises Missing for all else alike."""
    actor = await by_uri(uri)
    lives_here = actor is not None and actor.is_local and actor.is_present
    if actor is not None and lives_here and not await keeps_out(actor, reader):
        return actor_document(actor)
    note = await known_note(uri)
    if note is not None and note.is_local and not note.is_boost and await may_see(reader, note):
        return document_of(note, (await parts_of([note]))[note.id])
    sent = await Sent.get_or_none(uri=uri)
    if sent is not None and sent.actor_id == reader.id:
        return sent.document()
    raise Missing(uri)


async def _fetched(uri: str, reader: Actor) -> Document:
    if not settings().federation.enabled:
        raise Refused("this server keeps to itself")
    await admit_host(host_of(uri))
    known = await Note.get_or_none(uri=uri).select_related("author")
    if known is not None and not await may_see(reader, known):
        raise Missing(uri)
    try:
        document = await client().fetch_object(uri, await signer_of(reader))
    except (Unbelievable, TooLarge, Malformed) as error:
        raise ApiError(f"what the other server answers cannot be used: {error}") from error
    await admit_host(host_of(str(document["id"])))
    kind = type_of(document)
    if kind in ACTOR_TYPES:
        return document
    if kind in COLLECTION_TYPES:
        return await _sifted(document, reader)
    if kind not in ADDRESSED or not await is_for(document, reader):
        raise Missing(uri)
    return _without_blind(document)


async def is_for(document: Document, reader: Actor) -> bool:
    """Tell whether a note or an activity says of itself that it is for this reader."""
    named = {each for key in ADDRESSES for each in recipients(document.get(key))}
    about = document.get("object")
    if isinstance(about, dict) and type_of(about) in ADDRESSED and not await is_for(about, reader):
        return False
    if PUBLIC in named or reader.uri in named:
        return True
    by = first_iri(document.get("attributedTo") or document.get("actor"))
    author = await by_uri(by) if by else None
    if author is None or author.followers_uri not in named:
        return False
    return await is_following(reader, author) and not await keeps_out(author, reader)


async def _sifted(document: Document, reader: Actor) -> Document:
    """Leave out of a collection what is whole in it and not for the reader."""
    kept = dict(document)
    for name in ITEMS:
        if isinstance(document.get(name), list):
            kept[name] = [each for each in document[name] if await _may_pass(each, reader)]
    if isinstance(document.get("first"), dict):
        kept["first"] = await _sifted(document["first"], reader)
    return kept


async def _may_pass(item: Any, reader: Actor) -> bool:
    if not isinstance(item, dict) or type_of(item) not in ADDRESSED:
        return True
    return await is_for(item, reader)


def _without_blind(document: Document) -> Document:
    return {key: each for key, each in document.items() if key not in BLIND}
