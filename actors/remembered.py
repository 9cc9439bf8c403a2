"""Whose key was whose a moment ago: it stands before the database on the road of every letter."""

from weakref import WeakKeyDictionary

from cachetools import TTLCache

from actors.actor import Actor
from federation.client import Client, client

KEPT_S = 600
MOST = 5000

Sender = tuple[Actor, str]

# One for each running instance, and gone with it.
_shelves: WeakKeyDictionary[Client, TTLCache[str, Sender]] = WeakKeyDictionary()


def _shelf() -> TTLCache[str, Sender]:
    return _shelves.setdefault(client(), TTLCache(MOST, KEPT_S))


def sender(key_id: str) -> Sender | None:
    """Return an actor and their key, as they were when they were looked up."""
    return _shelf().get(key_id)


def remember(key_id: str, found: Sender) -> None:
    """Keep what was looked up for ten minutes."""
    _shelf()[key_id] = found


def forget(uri: str) -> None:
    """Drop an actor, as when they changed, were suspended, or left."""
    shelf = _shelf()
    for key_id in [key_id for key_id, (actor, _) in list(shelf.items()) if actor.uri == uri]:
        shelf.pop(key_id, None)
