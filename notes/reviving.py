"""A deleted note that stands again, in its old row: its words come from its origin once more."""

from notes import search
from notes.attachments import shows_of
from notes.belongings import ask, attach, media_of, mention_all
from notes.incoming import count_reply, hints_of, words_of
from notes.note import Note
from notes.prepared import Prepared
from notes.tags import tag_note


async def revive(note: Note, prepared: Prepared) -> Note:
    """Write what a note says into its emptied row; only where the author is the same."""
    if note.deleted_at is None or note.author_id != prepared.author.id:
        return note
    media = media_of(note, prepared)
    await Note.filter(id=note.id).update(
        deleted_at=None,
        has_media=bool(media),
        shows=shows_of(each.media for each in media),
        **words_of(prepared),
        **hints_of(prepared.read),
    )
    found = await Note.get(id=note.id).select_related("author")
    await mention_all(found, prepared.read)
    for tag in prepared.read.hashtags:
        await tag_note(found, tag)
    await attach(found, prepared)
    await ask(found, prepared.read)
    await search.index(found)
    if found.in_reply_to_id is not None:
        await count_reply(await Note.get(id=found.in_reply_to_id), found, 1)
    return found
