"""What a group elsewhere passes on: told apart here, and handled as work of its own."""

from collections.abc import Mapping
from typing import Any

from actors.actor import Actor
from actors.follows import readers_of
from core.jobs import put
from federation.activity import Activity
from federation.errors import Refused
from federation.read import iri_of
from federation.vocabulary import ACTIVITY_TYPES, type_of
from notes.incoming import is_ours

MOST_AT_ONCE = 50
DEEPEST = 3


def passed_on(activity: Activity) -> list[Any]:
    """Return what a group's Announce is about: ids and whole activities, at most fifty.

    An Announce in it is opened (federation.md 10.3); PieFed puts several into one.
    """
    about = activity.object if isinstance(activity.object, list) else [activity.object]
    return [each for one in about[:MOST_AT_ONCE] if (each := _opened(one, DEEPEST))]


def _opened(about: Any, depth: int) -> Any:
    if not isinstance(about, dict):
        return iri_of(about)
    kind = type_of(about)
    if kind == "Announce" and depth > 0:
        return _opened(about.get("object"), depth - 1)
    # Of a note only the id counts: its copy proves nothing (ORG-13).
    return about if kind in ACTIVITY_TYPES else iri_of(about)


async def heed(activity: Activity, group: Actor, about: list[Any] | None = None) -> None:
    """Queue what a group passes on, if somebody here follows it, or it is about a note of ours.

    `about` is what it does itself, where nothing is wrapped.
    """
    about = passed_on(activity) if about is None else about
    if not await readers_of(group.id):
        about = [each for each in about if is_ours(_meant(each))]
    if not about:
        raise Refused(f"nobody here follows {group.uri}")
    announce = activity.id if len(about) == 1 else ""
    await put("inbox.in_group", {"group": group.id, "about": about, "announce": announce})


def _meant(about: Any) -> str:
    inner = about.get("object") if isinstance(about, Mapping) else about
    return iri_of(inner) or ""
