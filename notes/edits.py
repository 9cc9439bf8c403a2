"""A note says something else: the newer version over the older, which is kept."""

from typing import Any

from core.clock import now
from notes import files, search
from notes.attachments import Attachment, shows_of
from notes.belongings import ask, attach, media_of, mention_all
from notes.cards import want_card
from notes.incoming import audience_for, count_reply, hints_of, words_of
from notes.note import Audience, Edit, Note
from notes.prepared import Prepared
from notes.quotes import count_for, keep_quote
from notes.tags import NoteTag, tag_note
from notes.visibility import OPEN, narrower


async def replace(note: Note, prepared: Prepared) -> bool:
    """Write a newer version over a note and keep the older one; False where no word changed.

    A poll's counts come without a new date. Who may see it can only become fewer (PRIV-05).
    """
    read = prepared.read
    edited = min(read.updated or now(), now())
    if note.deleted_at is not None or (note.edited_at and edited < note.edited_at):
        return False
    await ask(note, read)
    await _narrow(note, audience_for(prepared))
    await mention_all(note, read)
    if read.quote or note.quote_uri:
        await keep_quote(note, read)
    await Note.filter(id=note.id).update(**hints_of(read))
    words = words_of(prepared)
    has_new_media = await _has_new_media(note, prepared)
    if not has_new_media and all(getattr(note, name) == value for name, value in words.items()):
        return False
    await keep_edit(note)
    held = _held(note, prepared)
    if "held_at" in held:
        await _count_off(note)
    await Note.filter(id=note.id).update(**words, **held, edited_at=edited)
    if has_new_media:
        old = await Attachment.filter(note_id=note.id).values("id")
        await files.drop([row["id"] for row in old])
        await attach(note, prepared)
    await NoteTag.filter(note_id=note.id).delete()
    for tag in read.hashtags:
        await tag_note(note, tag)
    changed = await Note.get(id=note.id)
    await search.index(changed)
    await want_card(changed)
    return True


async def _narrow(note: Note, wanted: Audience) -> None:
    if note.audience == Audience.MEMBERS:
        # Whom a closed group shows it to is for the group to say.
        return
    if (note.audience, wanted) == (Audience.CIRCLE, Audience.PEOPLE):
        # An edit does not say once more to whose letterboxes it came; they stand beside the note.
        return
    audience = narrower(note.audience, wanted)
    if audience == note.audience:
        return
    if audience not in OPEN:
        await _count_off(note)
    await Note.filter(id=note.id).update(audience=audience)
    note.audience = audience
    await count_for(note)


async def _count_off(note: Note) -> None:
    """Take an answer out of its parent's number; `note` is still what it was."""
    if note.in_reply_to_id is not None:
        await count_reply(await Note.get(id=note.in_reply_to_id), note, -1)


async def _has_new_media(note: Note, prepared: Prepared) -> bool:
    kept = await Attachment.filter(note_id=note.id).order_by("position", "id")
    before = [(each.remote_url, each.alt) for each in kept]
    return before != [(each.remote_url, each.alt) for each in media_of(note, prepared)]


def _held(note: Note, prepared: Prepared) -> dict[str, Any]:
    """Hold a note whose edit says what a filter holds, as if it had begun so."""
    verdict = prepared.verdict
    media = media_of(note, prepared)
    values: dict[str, Any] = {
        "has_media": bool(media),
        "shows": shows_of(each.media for each in media),
    }
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
