"""Bringing back a note that was deleted everywhere: under a new id, for the old one is spent."""

from tortoise.transactions import in_transaction

from notes import search
from notes.boards import BoardNote
from notes.note import Note
from notes.polls import Poll
from notes.reactions import Bookmark, Like
from notes.removal import remove
from outbox.create import announce_new
from outbox.narrow import address_again, copied, move_belongings


async def bring_back(note: Note) -> Note:
    """Publish a deleted note of someone here anew, with what people here did about it.

    Servers remember the old id as deleted, so that it cannot be sent again (product.md 6.2).
    """
    async with in_transaction():
        fresh = await copied(note.author, note, note.audience)
        await address_again(note, fresh)
        await move_belongings(note, fresh)
        for model in (Poll, Like, Bookmark, BoardNote):
            await model.filter(note_id=note.id).update(note_id=fresh.id)
        await Note.filter(id=fresh.id).update(likes_count=note.likes_count)
        await search.index(fresh)
        await announce_new(fresh)
        await remove(note)
    return fresh
