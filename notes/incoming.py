"""Keeping notes that were written elsewhere: document → rows, once, safe and within bounds."""

import hashlib
from typing import Any

from cachetools import TTLCache
from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from actors.actor import Actor
from actors.emojis import keep_emojis
from core.clock import now
from core.html import SMALL, clean_remote
from core.ids import new_id
from core.names import quiet_name
from core.rows import exists, insert, load, load_one
from core.settings import settings
from federation.errors import FederationError
from federation.urls import same_origin
from notes import search
from notes.attachments import Media, shows_of
from notes.belongings import KINDS_OF_MEDIA, keep_belongings
from notes.note import Audience, Note
from notes.note_document import NoteDocument, audience_of
from notes.prepared import Prepared, Verdict
from notes.reading import note_document_from

# Long HTML that was just cleaned, by its hash.
_long: TTLCache[bytes, str] = TTLCache(200, 600)

# Beside the thread of a group, for some of its people or for others.
_ASIDE = (Audience.FOLLOWERS, Audience.MUTUALS, Audience.CIRCLE, Audience.PEOPLE)
HELD_SERVER = "The policy holds what comes from this server."


async def prepare(read: NoteDocument, author: Actor, verdict: Verdict | None = None) -> Prepared:
    """Clean what came; whose word it is, the caller has settled.

    What is long is best cleaned once before a transaction begins (`clean_beforehand`).
    """
    emojis = await keep_emojis(author.host, read.emojis) if read.emojis else []
    return Prepared(read, author, await _cleaned(read.content), verdict or Verdict(), emojis=emojis)


async def clean_beforehand(document: Any, by: str) -> None:
    """Clean a long note while nobody waits for the database (DOS-04)."""
    if not isinstance(document, dict) or len(str(document.get("content", ""))) <= SMALL:
        return
    try:
        read = note_document_from(document, by=by)
    except FederationError:
        return
    await _cleaned(read.content)


async def _cleaned(html: str) -> str:
    if len(html) <= SMALL:
        return await clean_remote(html)
    mark = hashlib.sha256(html.encode("utf-8", "surrogatepass")).digest()
    if mark not in _long:
        _long[mark] = await clean_remote(html)
    return _long[mark]


async def is_buried(uri: str, owner_uri: str) -> bool:
    """Tell whether this was deleted before it came, by its very owner and no neighbour (ORG-17)."""
    return await exists("tombstone", "uri = ? AND owner_uri = ?", [uri, owner_uri])


def _why_held(prepared: Prepared) -> str:
    """Say why the policy holds a note; a word is needed where a group's queue holds it as well."""
    inside, verdict = prepared.inside, prepared.verdict
    is_both = verdict.is_held and inside is not None and inside.is_held
    return verdict.held_because or (HELD_SERVER if is_both else "")


async def keep(prepared: Prepared) -> tuple[Note, bool]:
    """Write a note and what belongs to it, and tell whether it is new; call in a transaction."""
    read, author = prepared.read, prepared.author
    parent = await _parent(read)
    note = await _inserted(prepared, parent)
    if note is None:
        return await _found(read.id), False
    note.author = author
    await keep_belongings(note, prepared)
    await search.index(note)
    await _adopt_orphans(note)
    if parent:
        await count_reply(parent, note, 1)
    return note, True


async def _inserted(prepared: Prepared, parent: Note | None) -> Note | None:
    """Write the row; None when the note is there already."""
    if note := await insert(Note, _columns(prepared, parent)):
        return note
    if await exists("note", "uri = ?", [prepared.read.id]):
        return None
    # Two notes of one millisecond can be given one number; the next number is another.
    return await insert(Note, _columns(prepared, parent))


def _columns(prepared: Prepared, parent: Note | None) -> dict[str, Any]:
    read = prepared.read
    # Ids sort by time; a note from the future would stay on top, so it counts as new.
    written = min(read.published or now(), now())
    number = new_id(written)
    inside = prepared.inside
    held_at = now() if prepared.verdict.is_held or (inside and inside.is_held) else None
    return {
        "id": number,
        "uri": read.id,
        "url": read.url or read.id,
        "author_id": prepared.author.id,
        "kind": read.type,
        "is_local": False,
        "audience": audience_for(prepared),
        "created_at": written,
        "fetched_at": now(),
        "in_reply_to_uri": read.in_reply_to or "",
        "in_reply_to_id": parent.id if parent else None,
        "thread_id": (parent.thread_id or parent.id) if parent else number,
        "context_uri": read.context or "",
        "group_id": _group_of(prepared, parent),
        "quote_uri": read.quote or "",
        **_what_shows(prepared),
        "held_at": held_at,
        "held_because": _why_held(prepared) if held_at else "",
        **words_of(prepared),
        **hints_of(read),
    }


def _group_of(prepared: Prepared, parent: Note | None) -> int | None:
    """Return the group it is in: that which let it in, or its thread's, if it is for all there."""
    if prepared.inside:
        return int(prepared.inside.group.id)
    is_aside = audience_for(prepared) in _ASIDE
    return None if parent is None or is_aside else parent.group_id


def _what_shows(prepared: Prepared) -> dict[str, Any]:
    enclosed = [] if prepared.verdict.has_no_media else prepared.read.attachments
    return {
        "has_media": bool(enclosed),
        "shows": shows_of(KINDS_OF_MEDIA.get(each.kind, Media.UNKNOWN) for each in enclosed),
    }


async def _found(uri: str) -> Note:
    found = await load_one(Note, "uri = ?", [uri])
    if found is None:
        raise IntegrityError(f"the number for {uri} is taken twice")
    found.author = await Actor.get(id=found.author_id)
    return found


async def count_reply(parent: Note, reply: Note, by: int) -> None:
    """Count an open reply; what is narrow or held must not show in a public number (PRIV-03)."""
    if reply.audience in (Audience.PUBLIC, Audience.QUIET) and reply.held_at is None:
        await Note.filter(id=parent.id).update(replies_count=F("replies_count") + by)


def words_of(prepared: Prepared) -> dict[str, Any]:
    """Return what a note says, as its columns hold it."""
    read = prepared.read
    label = prepared.verdict.label
    return {
        "title": quiet_name(read.title),
        "content": prepared.content,
        "source": read.source[:40_000],
        "summary": (read.summary or label)[:500],
        "is_sensitive": read.sensitive or bool(label),
        "language": read.language[:20],
        "emojis": prepared.emojis,
        "interaction": read.interaction,
    }


def hints_of(read: NoteDocument) -> dict[str, int]:
    """Return what its own server counts (ORG-18)."""
    return {"remote_likes": read.likes, "remote_boosts": read.shares}


def audience_for(prepared: Prepared) -> Audience:
    """Return for whom it is, no wider than the policy lets its server be heard."""
    if prepared.inside and prepared.inside.audience:
        return prepared.inside.audience
    audience = Audience(audience_of(prepared.read, prepared.author.followers_uri))
    if audience == Audience.PEOPLE and prepared.read.is_limited:
        return Audience.CIRCLE
    if prepared.verdict.is_quiet and audience == Audience.PUBLIC:
        return Audience.QUIET
    return audience


async def _parent(read: NoteDocument) -> Note | None:
    if not read.in_reply_to:
        return None
    return await load_one(Note, "uri = ?", [read.in_reply_to])


async def _adopt_orphans(note: Note) -> None:
    """Tie replies that came before their parent to it: a pending edge is no failure."""
    orphans = await load(
        Note, "in_reply_to_uri = ? AND in_reply_to_id IS NULL AND id <> ?", [note.uri, note.id]
    )
    for orphan in orphans:
        await Note.filter(id=orphan.id).update(in_reply_to_id=note.id)
        await Note.filter(thread_id=orphan.thread_id).update(
            thread_id=note.thread_id, **({"group_id": note.group_id} if note.group_id else {})
        )
        await count_reply(note, orphan, 1)


def is_ours(uri: str) -> bool:
    """Tell whether an id lies on this host, and so is looked up, never fetched (ORG-08)."""
    return same_origin(uri, settings().server.base_url)
