"""An activity as it came off the wire."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from federation.errors import Malformed
from federation.read import addressed, id_of, iri, iri_of, iris, moment
from federation.urls import is_http, same_origin
from federation.vocabulary import (
    ACTOR_TYPES,
    COLLECTION_TYPES,
    NOTE_TYPES,
    PART_TYPES,
    PUBLIC,
    TRANSITIVE_TYPES,
    type_of,
)

# Whatever else is said of several things at once is said too loosely to act on.
LIST_VERBS = frozenset({"Add", "Announce", "Create", "Flag", "Remove", "Delete"})

_BLIND = frozenset({"bto", "bcc"})
_NO_ACTIVITIES = ACTOR_TYPES | NOTE_TYPES | COLLECTION_TYPES | PART_TYPES


class Transient(Malformed):
    """It was said in passing, with `id: null`: to be answered 202 and forgotten (ORG-19)."""


class Activity(Struct, frozen=True, kw_only=True):
    """Who did what to which, and to whom they said so; `document` is the rest, without bto, bcc."""

    id: str
    type: str
    actor: str
    object: Any
    object_id: str | None
    object_type: str
    target_id: str | None
    to: list[str]
    cc: list[str]
    audience: list[str]
    published: datetime | None
    document: dict[str, Any]

    @property
    def object_ids(self) -> list[str]:
        """The ids of all it is about: a report names an account and its notes."""
        return iris(self.object)

    @property
    def is_public(self) -> bool:
        """Whether it was said to everyone."""
        return PUBLIC in self.to or PUBLIC in self.cc


def activity_from(document: dict[str, Any]) -> Activity:
    """Read an activity with id, actor, type and, where it needs one, object (ORG-19, ORG-22).

    Raises Malformed, of which Transient means that it has no id on purpose. Blind recipients
    are read into `to` and `cc`, and then gone from the document.
    """
    kind = _kind_of(document)
    actor = _actor_of(document)
    to, cc, audience = addressed(document)
    bare = _without_blind(document)
    about = _object_of(bare, kind)
    return Activity(
        id=_id_of(document, actor),
        type=kind,
        actor=actor,
        object=about,
        object_id=iri_of(about),
        object_type=type_of(about),
        target_id=iri_of(document.get("target")),
        to=to,
        cc=cc,
        audience=audience,
        published=moment(document.get("published")),
        document=bare,
    )


def _kind_of(document: dict[str, Any]) -> str:
    kind = type_of(document)
    if not kind:
        raise Malformed("an activity without a type")
    if kind in _NO_ACTIVITIES:
        raise Malformed(f"a {kind} is no activity")
    return kind


def _actor_of(document: dict[str, Any]) -> str:
    named = document.get("actor")
    if isinstance(named, list) and len(named) == 1:
        named = named[0]
    actor = iri_of(named)
    if actor is None or not is_http(actor):
        raise Malformed("an activity without one actor")
    return actor


def _id_of(document: dict[str, Any], actor: str) -> str:
    if "id" in document and document["id"] is None:
        raise Transient(f"{actor} said something in passing")
    uri = id_of(document)
    if uri is None:
        raise Malformed("an activity without an id")
    if not same_origin(uri, actor):
        raise Malformed(f"{actor} gave an id of another server: {uri}")
    return uri


def _object_of(document: dict[str, Any], kind: str) -> Any:
    about = document.get("object")
    if isinstance(about, list) and len(about) == 1:
        about = about[0]
    if isinstance(about, list):
        if kind not in LIST_VERBS or not all(isinstance(each, str | dict) for each in about):
            raise Malformed(f"a {kind} of several things")
    elif about is not None and not isinstance(about, dict) and iri(about) is None:
        raise Malformed(f"a {kind} of something that has no name")
    if not about and kind in TRANSITIVE_TYPES:
        raise Malformed(f"a {kind} of nothing")
    return about


def _without_blind(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document, or a copy of it, that tells no one's blind recipients."""
    changed: dict[str, Any] = {}
    inner = document.get("object")
    if isinstance(inner, dict) and (bare := _without_blind(inner)) is not inner:
        changed["object"] = bare
    elif isinstance(inner, list):
        changed["object"] = [_without_blind(e) if isinstance(e, dict) else e for e in inner]
    if not changed and _BLIND.isdisjoint(document):
        return document
    return {key: each for key, each in (document | changed).items() if key not in _BLIND}
