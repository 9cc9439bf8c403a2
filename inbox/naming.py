"""Whom or what a whole handle or address names, here or by the word of its own server."""

from dataclasses import dataclass

from actors.actor import Actor, by_handle, by_uri
from actors.blocks import Apart, apart_from
from actors.remote import look_up
from core.limits import TooMany, count
from federation.errors import FederationError, Malformed, NotFound
from federation.urls import host_of, is_http
from federation.webfinger import parse_handle
from inbox.fetch import known_note, note_of
from moderation.gate import admit_host
from notes.note import Note
from notes.visibility import may_see

ASKED_AN_HOUR = 120


@dataclass(frozen=True)
class Named:
    """The one that is named, as far as the viewer may find it, or why there is none."""

    actor: Actor | None = None
    note: Note | None = None
    trouble: FederationError | TooMany | None = None


NOTHING = Named()


def host_named(words: str) -> str:
    """Return whose word counts: the host of a whole handle or address, or nothing."""
    if handle := parse_handle(words):
        return handle.host
    try:
        return host_of(words) if is_http(words) else ""
    except Malformed:
        return ""


async def named(words: str, viewer: Actor | None) -> Named:
    """Find what we know; nobody is asked."""
    if handle := parse_handle(words):
        return await _seen(await by_handle(handle.name, handle.host), None, viewer)
    if not is_http(words):
        return NOTHING
    return await _seen(await by_uri(words), await known_note(words), viewer)


async def asked(words: str, viewer: Actor | None) -> Named:
    """Find what is named; members have its server asked where needed, and not too often.

    What the viewer may not find is missing to them, in the same words (PRIV-02, PRIV-07).
    """
    if viewer is None or not host_named(words):
        return await named(words, viewer)
    try:
        await count(f"look-ups:{viewer.id}", most=ASKED_AN_HOUR, seconds=3600)
    except TooMany as error:
        known = await named(words, viewer)
        return known if known != NOTHING else Named(trouble=error)
    try:
        await admit_host(host_named(words))
        found = await _told(words, viewer)
    except FederationError as error:
        return Named(trouble=error)
    return found if found != NOTHING else Named(trouble=NotFound(f"{words[:200]!r} names nobody"))


async def _told(words: str, viewer: Actor) -> Named:
    known = await named(words, viewer)
    if known.note is not None:
        return known
    try:
        return await _seen(await look_up(words), None, viewer)
    except Malformed:
        # It is there, and is nobody: an address may be that of a note.
        if not is_http(words):
            raise
    return await _seen(None, await note_of(words), viewer)


async def _seen(actor: Actor | None, note: Note | None, viewer: Actor | None) -> Named:
    if actor is not None:
        apart = await apart_from(viewer) if viewer else Apart()
        return Named(actor=actor) if actor.is_present and actor not in apart else NOTHING
    return Named(note=note) if note and await may_see(viewer, note) else NOTHING
