"""A note named in passing: as a link, or within the note that quotes it."""

from collections.abc import Iterable, Sequence

from actors.actor import Actor
from actors.emojis import paths_of
from core.names import shortened
from notes.attachments import Attachment, Media, load_files
from notes.note import Note
from notes.quoted import Quoted, quoted_by
from notes.visibility import OPEN
from web.building.media import media_view
from web.building.people import person_card
from web.building.words import EXCERPT, plain
from web.views.notes import (
    MediaView,
    NoteLink,
    QuotedView,
)

LINK_EXCERPT = 120


async def quoted_views(notes: Sequence[Note], viewer: Actor | None) -> dict[int, QuotedView]:
    """Show what these notes quote as far as the viewer may see it, by the ids of these notes."""
    quotes = await quoted_by(notes, viewer)
    covers = await covers_of(each.note for each in quotes.values() if each.note)
    return {number: _quoted(each, covers, viewer) for number, each in quotes.items()}


def note_link(note: Note, cover: MediaView | None = None, *, most: int = LINK_EXCERPT) -> NoteLink:
    """Name a note in passing; a content note stands for the words it covers."""
    return NoteLink(
        url=note.page,
        excerpt=note.summary or shortened(note.title or plain(note), most),
        author=person_card(note.author),
        cover=None if note.is_sensitive else cover,
        emojis=tuple(paths_of(note.emojis).items()),
        language=note.language,
    )


async def covers_of(notes: Iterable[Note]) -> dict[int, MediaView]:
    """Return the first picture of each of these notes that has one."""
    shown = {note.id: note.audience in OPEN for note in notes if note.has_media}
    if not shown:
        return {}
    ids = list(shown)
    found = await Attachment.filter(note_id__in=ids, media=Media.IMAGE).order_by("-position", "-id")
    return {
        number: media_view(each, is_open=shown[number])
        for each in await load_files(found)
        if (number := each.note_id or 0)
    }


def _quoted(quote: Quoted, covers: dict[int, MediaView], viewer: Actor | None) -> QuotedView:
    note = quote.note
    if note is None:
        return QuotedView(quote.state)
    link = note_link(note, covers.get(note.id), most=EXCERPT)
    is_mine = viewer is not None and note.author_id == viewer.id
    return QuotedView(quote.state, link, is_mine, note.created_at)
