"""Documents of local actors, kept as bytes: they are asked for all the time and seldom change."""

from weakref import WeakKeyDictionary

from cachetools import TTLCache

from actors.actor import Actor
from actors.documents import stub_of
from actors.group_documents import whole_document_of
from federation.client import Client, client
from federation.write import dumps

KEPT_S = 60

Shelf = TTLCache[tuple[str, bool], bytes]

# One for each running instance, and gone with it.
_shelves: WeakKeyDictionary[Client, Shelf] = WeakKeyDictionary()


def _shelf() -> Shelf:
    return _shelves.setdefault(client(), TTLCache(2000, KEPT_S))


def kept(name: str, *, whole: bool) -> bytes | None:
    """Return a document from memory, by the actor's local name."""
    return _shelf().get((name.lower(), whole))


async def write(actor: Actor, *, whole: bool) -> bytes:
    """Write the whole document, or the part that strangers may read, and keep it."""
    body = dumps(await whole_document_of(actor) if whole else stub_of(actor))
    _shelf()[actor.local_name or "", whole] = body
    return body


def forget(actor: Actor) -> None:
    """Drop what is kept of an actor who has changed."""
    for whole in (True, False):
        _shelf().pop((actor.local_name or "", whole), None)
