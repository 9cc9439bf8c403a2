"""Keeping notes that were written elsewhere: document → rows, once, safe and within bounds."""

from dataclasses import dataclass, field
from typing import Any

from tortoise.expressions import F

from actors.actor import Actor
from core import sql
from core.clock import now
from core.html import clean_remote
from core.ids import new_id
from core.names import quiet_name
from core.rows import exists, load, load_one
from core.settings import settings
from federation.urls import same_origin
from federation.vocabulary import PUBLIC
from notes.attachments import Attachment, Media
from notes.note import Audience, Edit, Note
from notes.polls import Poll
from notes.reading import NoteDocument, audience_of
from notes.tags import NoteTag, tag_note
from notes.visibility import OPEN, narrower

_MEDIA = {each.value: each for each in Media}


@dataclass(frozen=True)
class Verdict:
    """What the policy says of a note before it is kept (moderation/gate.py fills it)."""

    is_held: bool = False
    held_because: str = ""
    is_quiet: bool = False
    has_no_media: bool = False
    label: str = ""


@dataclass(frozen=True)
class Prepared:
    """A believed note, its HTML cleaned: ready to be kept within a transaction."""

    read: NoteDocument
    author: Actor
    content: str
    verdict: Verdict = field(default_factory=Verdict)


async def prepare(read: NoteDocument, author: Actor, verdict: Verdict | None = None) -> Prepared:
    """Clean what came, before any transaction; whose word it is, the caller has settled."""
    content = await clean_remote(read.content)
    return Prepared(read, author, content, verdict or Verdict())


async def is_buried(uri: str) -> bool:
    """Tell whether this was deleted before it came (ORG-17)."""
    return await exists("tombstone", "uri = ?", [uri])


async def keep(prepared: Prepared) -> tuple[Note, bool]:
    """Write a note and what belongs to it, and tell whether it is new; call in a transaction."""
    read, author = prepared.read, prepared.author
    if found := await load_one(Note, "uri = ?", [read.id]):
        found.author = await Actor.get(id=found.author_id)
        return found, False
    parent = await _parent(read)
    # Ids sort by time; a note from the future would stay on top, so it counts as new.
    written = min(read.published or now(), now())
    note = Note(
        id=new_id(written),
        uri=read.id,
        url=read.url or read.id,
        kind=read.type,
        is_local=False,
        audience=_audience(prepared),
        created_at=written,
        fetched_at=now(),
        in_reply_to_uri=read.in_reply_to or "",
        context_uri=read.context or "",
        quote_uri=read.quote or "",
        **_words(prepared),
        **_hints(read),
    )
    note.author = author
    note.in_reply_to_id = parent.id if parent else None
    note.thread_id = (parent.thread_id or parent.id) if parent else note.id
    note.has_media = bool(_media(note, prepared))
    if prepared.verdict.is_held:
        note.held_at, note.held_because = now(), prepared.verdict.held_because
    await note.save(force_create=True)
    await _belongings(note, prepared)
    await _adopt_orphans(note)
    if parent:
        await count_reply(parent, note, 1)
    return note, True


async def replace(note: Note, prepared: Prepared) -> bool:
    """Write a newer version over a note and keep the older one; False where no word changed.

    A poll's counts come without a new date. Who may see it can only become fewer (PRIV-05).
    """
    read = prepared.read
    edited = min(read.updated or now(), now())
    if note.deleted_at is not None or (note.edited_at and edited < note.edited_at):
        return False
    await _poll(note, read)
    await _narrow(note, _audience(prepared))
    await _mentions(note, read)
    await Note.filter(id=note.id).update(**_hints(read))
    words = _words(prepared)
    has_new_media = await _has_new_media(note, prepared)
    if not has_new_media and all(getattr(note, name) == value for name, value in words.items()):
        return False
    await keep_edit(note)
    await Note.filter(id=note.id).update(**words, **_held(note, prepared), edited_at=edited)
    if has_new_media:
        await Attachment.filter(note_id=note.id).delete()
        await _attachments(note, prepared)
    await NoteTag.filter(note_id=note.id).delete()
    for tag in read.hashtags:
        await tag_note(note, tag)
    return True


async def _narrow(note: Note, wanted: Audience) -> None:
    audience = narrower(note.audience, wanted)
    if audience == note.audience:
        return
    await Note.filter(id=note.id).update(audience=audience)
    if note.in_reply_to_id is not None and audience not in OPEN:
        # It was counted while it was open; count_reply looks at what it was.
        await count_reply(await Note.get(id=note.in_reply_to_id), note, -1)
    note.audience = audience


async def _has_new_media(note: Note, prepared: Prepared) -> bool:
    kept = await Attachment.filter(note_id=note.id).order_by("position", "id")
    before = [(each.remote_url, each.alt) for each in kept]
    return before != [(each.remote_url, each.alt) for each in _media(note, prepared)]


def _held(note: Note, prepared: Prepared) -> dict[str, Any]:
    """Hold a note whose edit says what a filter holds, as if it had begun so."""
    verdict = prepared.verdict
    values: dict[str, Any] = {"has_media": bool(_media(note, prepared))}
    if verdict.is_held and verdict.held_because and note.held_at is None:
        values |= {"held_at": now(), "held_because": verdict.held_because}
    return values


async def keep_edit(note: Note) -> None:
    """Remember what a note says now, before it says something else."""
    await Edit.create(
        note_id=note.id,
        title=note.title,
        content=note.content,
        source=note.source,
        summary=note.summary,
        is_sensitive=note.is_sensitive,
        written_at=note.edited_at or note.created_at,
    )


async def count_reply(parent: Note, reply: Note, by: int) -> None:
    """Count an open reply; others must not show in a public number (PRIV-03)."""
    if reply.audience in (Audience.PUBLIC, Audience.QUIET):
        await Note.filter(id=parent.id).update(replies_count=F("replies_count") + by)


def _words(prepared: Prepared) -> dict[str, Any]:
    read = prepared.read
    label = prepared.verdict.label
    return {
        "title": quiet_name(read.title),
        "content": prepared.content,
        "source": read.source[:40_000],
        "summary": (read.summary or label)[:500],
        "is_sensitive": read.sensitive or bool(label),
        "language": read.language[:20],
        "emojis": list(read.emojis),
        "interaction": read.interaction,
    }


def _hints(read: NoteDocument) -> dict[str, int]:
    return {"remote_likes": read.likes, "remote_boosts": read.shares}


def _audience(prepared: Prepared) -> Audience:
    audience = Audience(audience_of(prepared.read, prepared.author.followers_uri))
    if prepared.verdict.is_quiet and audience == Audience.PUBLIC:
        return Audience.QUIET
    return audience


async def _parent(read: NoteDocument) -> Note | None:
    if not read.in_reply_to:
        return None
    return await load_one(Note, "uri = ?", [read.in_reply_to])


async def _belongings(note: Note, prepared: Prepared) -> None:
    read = prepared.read
    await _mentions(note, read)
    for tag in read.hashtags:
        await tag_note(note, tag)
    await _attachments(note, prepared)
    await _poll(note, read)


async def _mentions(note: Note, read: NoteDocument) -> None:
    """Keep those we know among the named and the addressed; nobody is fetched for it."""
    named = {href for href, _ in read.mentions}
    addressed = [uri for uri in (*read.to, *read.cc) if uri not in named]
    wanted = [*named, *addressed][:256]
    # The two that stand on nearly every note are nobody's ids.
    wanted = [uri for uri in wanted if uri not in (PUBLIC, note.author.followers_uri)]
    if not wanted:
        return
    known = await sql.rows(
        f"SELECT id, uri FROM actor WHERE uri IN ({sql.marks(wanted)})",  # noqa: S608
        wanted,
    )
    await sql.run_many(
        "INSERT INTO mention (id, note_id, actor_id, is_silent) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(new_id(), note.id, each["id"], each["uri"] not in named) for each in known],
    )


async def _attachments(note: Note, prepared: Prepared) -> None:
    if rows := _media(note, prepared):
        await Attachment.bulk_create(rows)


def _media(note: Note, prepared: Prepared) -> list[Attachment]:
    if prepared.verdict.has_no_media:
        return []
    return [
        Attachment(
            id=new_id(),
            owner_id=note.author_id,
            note_id=note.id,
            position=position,
            media=_MEDIA.get(each.kind, Media.UNKNOWN),
            media_type=each.media_type[:100],
            remote_url=each.url,
            poster_url=each.poster or "",
            alt=each.alt[:10_000],
            width=each.width,
            height=each.height,
            duration=each.duration,
            blurhash=each.blurhash[:170],
            focus_x=each.focus[0] if each.focus else 0,
            focus_y=each.focus[1] if each.focus else 0,
        )
        for position, each in enumerate(prepared.read.attachments)
    ]


async def _poll(note: Note, read: NoteDocument) -> None:
    if read.poll is None:
        return
    options = [{"title": title, "votes": votes} for title, votes in read.poll.options]
    values = {
        "options": options,
        "is_multiple": read.poll.multiple,
        "voters_count": read.poll.voters,
        "ends_at": read.poll.ends,
        "closed_at": read.poll.closed,
    }
    await Poll.update_or_create(note_id=note.id, defaults=values)


async def _adopt_orphans(note: Note) -> None:
    """Tie replies that came before their parent to it: a pending edge is no failure."""
    orphans = await load(
        Note, "in_reply_to_uri = ? AND in_reply_to_id IS NULL AND id <> ?", [note.uri, note.id]
    )
    for orphan in orphans:
        await Note.filter(id=orphan.id).update(in_reply_to_id=note.id)
        await Note.filter(thread_id=orphan.thread_id).update(thread_id=note.thread_id)
        await count_reply(note, orphan, 1)


def is_ours(uri: str) -> bool:
    """Tell whether an id lies on this host, and so is looked up, never fetched (ORG-08)."""
    return same_origin(uri, settings().server.base_url)
