"""What we use of little-boxes, its classes and their checks of shape, behind one door.

It never fetches, verifies, signs or stores for us (dependencies.md 2.1).
"""

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from federation.errors import Malformed
from federation.read import first_iri, iri_of
from federation.vocabulary import (
    ACTIVITY_TYPES,
    ACTOR_TYPES,
    COLLECTION_TYPES,
    NOTE_TYPES,
    TRANSITIVE_TYPES,
    type_of,
)


@contextmanager
def _no_way_out() -> Iterator[None]:
    """Let little-boxes find an empty `requests`: with it, it could call other servers (16), and
    the server would hold 6 MiB of it for nothing."""
    before = sys.modules.get("requests")
    sys.modules["requests"] = ModuleType("requests")
    try:
        yield
    finally:
        del sys.modules["requests"]
        if before is not None:
            sys.modules["requests"] = before


with _no_way_out():
    from little_boxes import activitypub as lb
    from little_boxes.errors import ActivityNotFoundError, BadActivityError, Error

# It formats whole documents for debug lines; no one shall read them in our logs.
logging.getLogger("little_boxes").setLevel(logging.WARNING)

_THINGS = NOTE_TYPES | {"Object"}
_SAID = ACTIVITY_TYPES | _THINGS
_ALL = _SAID | ACTOR_TYPES | COLLECTION_TYPES | {"Tombstone"}

# What a verb may be about when the thing comes whole; "Object" stands for types unknown to us.
_ABOUT: dict[str, frozenset[str]] = {
    "Follow": ACTOR_TYPES | {"Object"},
    "Block": ACTOR_TYPES | {"Object"},
    "Accept": _SAID,
    "Reject": _SAID,
    "TentativeAccept": _SAID,
    "TentativeReject": _SAID,
    "Undo": ACTIVITY_TYPES | {"Object"},
    "Create": _THINGS | ACTOR_TYPES | COLLECTION_TYPES,
    "Update": _THINGS | ACTOR_TYPES | COLLECTION_TYPES,
    "Announce": _ALL - {"Tombstone"},
    "Like": _SAID,
    "Dislike": _SAID,
    "EmojiReact": _SAID,
    "Lock": _THINGS,
    "Join": _THINGS | ACTOR_TYPES,
    "Leave": _THINGS | ACTOR_TYPES,
    "Invite": _THINGS | ACTOR_TYPES,
    "Move": _THINGS | ACTOR_TYPES | COLLECTION_TYPES,
    "QuoteRequest": _THINGS,
    "LikeRequest": _THINGS,
    "ReplyRequest": _THINGS,
    "AnnounceRequest": _THINGS,
    "PollVote": _THINGS,
}

_LOOKED_AT = ("target", "to", "cc", "published")

_authenticated: ContextVar[Mapping[str, dict[str, Any]]] = ContextVar("authenticated")


class Checked:
    """Put first among the bases: what little-boxes would print, forbid or forget, set right."""

    _data: dict[str, Any]

    def _init(self, **_: Any) -> None:
        # Theirs prints every Note and writes into the document.
        return None

    def _actor_id(self, actor: Any) -> str:
        # Theirs knows no actor but Person.
        found = iri_of(actor)
        if found is None:
            raise BadActivityError("an actor without an id")
        return found

    def __getattr__(self, name: str) -> Any:
        # Theirs takes 0 and "" for nothing, and never comes back under copy and pickle.
        if name.startswith("__") or name == "_data":
            raise AttributeError(name)
        return self._data.get(name)


class _Backend:
    """The other side of little-boxes: knows what was authenticated in this task, and no more."""

    def fetch_iri(self, uri: str) -> dict[str, Any]:
        """Return a document that was given to `check`; no network is behind this."""
        document = _authenticated.get({}).get(uri)
        if document is None:
            raise ActivityNotFoundError(f"{uri} is not at hand")
        return document


@dataclass(frozen=True, slots=True)
class TypedView:
    """An activity as little-boxes' class has it, reduced to its shape, beside the raw document."""

    activity: Any
    document: dict[str, Any]

    @property
    def kind(self) -> str:
        """Its type; `Activity` for one that is not known here."""
        return str(self.activity.ACTIVITY_TYPE.value)


def check(document: dict[str, Any]) -> TypedView:
    """Have little-boxes check an activity's shape: its actor, and what it is about (ORG-22).

    Raises Malformed. The document is not touched, and not copied either: what little-boxes is
    shown is an outline whose size does not depend on the document's.
    """
    outline = _outline(document)
    actor = outline["actor"]
    token = _authenticated.set({actor: {"id": actor, "type": "Person"}} if actor else {})
    try:
        return TypedView(lb.parse_activity(outline), document)
    except Error as error:
        raise Malformed(str(error.message)[:200]) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Malformed(f"{outline['type']}: {str(error)[:200]}") from error
    finally:
        _authenticated.reset(token)


def build(document: dict[str, Any]) -> dict[str, Any]:
    """Make an activity of ours out of its parts, as its class orders them, without `@context`."""
    checked = check(document).activity.to_dict(embed=True)
    return {key: document.get(key, each) for key, each in (checked | document).items()}


def _outline(document: dict[str, Any]) -> dict[str, Any]:
    kind = _known(document, "Activity")
    outline = {
        "type": kind,
        "id": iri_of(document.get("id")),
        "actor": first_iri(document.get("actor")),
    }
    if about := document.get("object"):
        outline["object"] = _thing(about[0] if isinstance(about, list) else about)
    elif kind in TRANSITIVE_TYPES:
        raise Malformed(f"a {kind} of nothing")
    outline.update((key, document[key]) for key in _LOOKED_AT if key in document)
    return outline


def _thing(about: Any) -> Any:
    if not isinstance(about, dict):
        return about
    # They want an id in all that is embedded but in what is created; a poll's vote has none.
    return {"type": _known(about, "Object"), "id": iri_of(about.get("id"))}


def _known(document: dict[str, Any], otherwise: str) -> str:
    kind = type_of(document)
    return kind if kind in _ALL else otherwise


def _open_the_vocabulary() -> None:
    """Add the types they lack through Enum's own hook, and a class of ours for every type."""
    added: dict[str, Any] = {}
    for name in sorted(_ALL | {"Object"}):
        if name not in lb.ActivityType._value2member_map_:
            member = object.__new__(lb.ActivityType)
            member._name_, member._value_ = name.upper(), name
            added[name] = member
    lb.ActivityType._missing_ = classmethod(
        lambda _, value: added.get(value) if isinstance(value, str) else None
    )
    for name in sorted(_ALL):
        _add_class(name, _ABOUT.get(name, _ALL) if name in TRANSITIVE_TYPES else ())


def _add_class(name: str, about: Iterable[str]) -> None:
    parent = getattr(lb, name, lb.BaseActivity)
    # Their metaclass registers the new class in place of the narrower one.
    type(parent)(
        name,
        (Checked, parent),
        {
            "ACTIVITY_TYPE": lb.ActivityType(name),
            "ALLOWED_OBJECT_TYPES": frozenset(lb.ActivityType(each) for each in about),
            "OBJECT_REQUIRED": bool(about),
            "ACTOR_REQUIRED": name in ACTIVITY_TYPES,
        },
    )


_open_the_vocabulary()
lb.use_backend(_Backend())
