"""The words of a note as pages show them, whole or cut short; made once for all readers."""

from hashlib import blake2b
from sys import getsizeof

from cachetools import LRUCache

from core.html import Sanitised, shown
from core.names import shortened
from core.plain import text_of
from notes.note import Note
from notes.text import with_title

EXCERPT = 280

MOST_BYTES = 8 * 2**20  # of whole notes

MOST_EXCERPTS = 5000

# What is the same for every reader is made once: it costs a hundred times what looking it up does.
_words: LRUCache[str, Sanitised] = LRUCache(MOST_BYTES, getsizeof)

_excerpts: LRUCache[bytes, str] = LRUCache(MOST_EXCERPTS)


def plain(note: Note) -> str:
    """Read a note's words on one line, without its title."""
    return " ".join(text_of(_untitled(note)).split())


def whole_text(note: Note) -> Sanitised:
    """Return a note's words as HTML that may be shown, without the title within."""
    kept = _untitled(note)
    if (found := _words.get(kept)) is None:
        found = shown(kept)
        # Nearly always they are alike: then one of them is kept, and not both.
        key = found if found == kept else kept
        if getsizeof(found) < _words.maxsize:
            _words[key] = found
    return found


def excerpt_of(note: Note) -> str:
    """Return the beginning of a note's words on one line, at most EXCERPT characters."""
    mark = blake2b(_untitled(note).encode("utf-8", "surrogatepass"), digest_size=16).digest()
    if (found := _excerpts.get(mark)) is None:
        found = _excerpts[mark] = shortened(plain(note), EXCERPT)
    return found


def _untitled(note: Note) -> str:
    """Leave out the title that stands above a text for readers who know no titles."""
    return note.content.removeprefix(with_title(note.title, "")) if note.title else note.content
