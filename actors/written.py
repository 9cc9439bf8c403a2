"""Documents of local actors, kept as bytes: they are asked for all the time and seldom change."""

from cachetools import TTLCache

from actors.actor import Actor
from actors.documents import document_of, stub_of
from core.settings import settings
from federation.write import dumps

_written: TTLCache[tuple[str, str, bool], bytes] = TTLCache(2000, 60)


def kept(name: str, *, whole: bool) -> bytes | None:
    """Return a document from memory, by the actor's local name."""
    return _written.get((settings().server.base_url, name.lower(), whole))


def write(actor: Actor, *, whole: bool) -> bytes:
    """Write the whole document, or the part that strangers may read, and keep it."""
    body = dumps(document_of(actor) if whole else stub_of(actor))
    _written[settings().server.base_url, actor.local_name or "", whole] = body
    return body


def forget(actor: Actor) -> None:
    """Drop what is kept of an actor who has changed."""
    for whole in (True, False):
        _written.pop((settings().server.base_url, actor.local_name or "", whole), None)
