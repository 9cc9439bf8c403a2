"""What groups elsewhere pass on, each recorded letter spoiled in every place: it may be refused,
and nothing else ever happens (ORG-22)."""

import json
from collections.abc import Iterator
from copy import deepcopy
from itertools import cycle

import pytest

from actors.actor import Actor
from actors.remote import look_up
from federation.errors import FederationError
from federation.vocabulary import ACTIVITY_TYPES, NOTE_TYPES, PUBLIC, type_of
from inbox.in_group import VERBS, handle
from tests.factories import noted
from tests.groups.played import CORPUS, Document, joined

KINDS = (
    *("lemmy", "piefed", "mbin", "nodebb", "discourse", "peertube", "smithereen", "friendica"),
    *("guppe", "mobilizon"),
)
LONG = "https://long.example/" + "x" * 3000
DEEP: list = []
for _ in range(20):
    DEEP = [DEEP]
ODD = cycle(
    (
        *(None, 7, -1, True, 1.5, "", "word", "https://odd.example/1", LONG, [], {}, [{}], DEEP),
        *([7, None, "word"], {"id": 7}, {"id": None, "type": ["Note"]}, {"type": {}}, ["", ""]),
        *({"id": "https://odd.example/2", "type": "Note", "attributedTo": 1}, "\u202e\x07"),
        *("9999-99-99T00:00:00Z", "2036-01-01T00:00:00+99:99", {"href": []}, 2**53, "x" * 5000),
    )
)
GONE = object()
AT_ONCE = 20
EACH = 1


def letters(kind: str) -> Iterator[tuple[str, Document]]:
    """What one kind said and its groups passed on; of the notes alone, that they were made."""
    for path in sorted((CORPUS / kind).glob("*.json")):
        document = json.loads(path.read_text())
        inner = document.get("object")
        if type_of(document) == "Announce" and type_of(inner) in ACTIVITY_TYPES:
            document = inner
        if type_of(document) in NOTE_TYPES:
            document = {"type": "Create", "object": document}
        if type_of(document) in VERBS:
            yield path.name, document


def places(document: Document, deepest: int = 3) -> Iterator[tuple]:
    """Every name in it, down to what is in the thing that it is about."""
    for key, value in document.items():
        yield (key,)
        if isinstance(value, dict) and deepest > 1:
            yield from ((key, *rest) for rest in places(value, deepest - 1))


def spoiled(document: Document, place: tuple, value: object) -> Document:
    """A copy with something else in one place, or with nothing there."""
    made = deepcopy(document)
    inside = made
    for key in place[:-1]:
        inside = inside[key]
    if value is GONE:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return made


@pytest.fixture
async def scene(settle, server, third, settle_down):
    """A group with a moderator, whose author's notes are to be spoken of."""
    mei = await settle("mei")
    there = server.person("tea", "Group", attributedTo=f"{server.base}/users/tea/moderators")
    group = await joined(mei, server, there, settle_down)
    mod = server.person("mod")
    await look_up(mod.uri)
    return group, mod, await look_up(third.person("ana").uri)


def aimed(letter: Document, server, mod, group: Actor, about: str) -> Document:
    """A letter as a moderator of this very group would say it, about a note that stands in it; a
    new note is one of the moderator's own."""
    uri = server.id("f")
    made = deepcopy(letter) | {"id": uri, "actor": mod.uri, "audience": group.uri}
    inner = made.get("object")
    if made["type"] == "Create":
        own = {
            "id": f"{uri}/object",
            "attributedTo": mod.uri,
            "to": [PUBLIC],
            "audience": group.uri,
        }
        made["object"] = (inner if isinstance(inner, dict) else {"type": "Note"}) | own
    elif made["type"] == "Undo" and isinstance(inner, dict):
        made["object"] = inner | {"actor": mod.uri, "object": about, "target": group.uri}
    else:
        made["object"] = inner | {"id": about} if isinstance(inner, dict) else about
    if made["type"] in ("Add", "Remove"):
        made["target"] = group.featured_uri
    if made["type"] == "Block":
        made["target"] = group.uri
    return made


def served(server, document: Document) -> Document:
    """The same under an id of its own, and to be had there, as far as it was not spoiled."""
    uri, old = server.id("f"), document.get("id")
    text = json.dumps(document)
    made = json.loads(text.replace(old, uri)) if isinstance(old, str) and len(old) > 9 else document
    for each in (made, made.get("object")):
        if isinstance(each, dict) and str(each.get("id")).startswith(server.base):
            server.serve(each)
    return made


@pytest.mark.parametrize("kind", KINDS)
async def test_ORG_22_nothing_that_a_group_passes_on_breaks_anything(scene, server, kind):
    group, mod, ana = scene
    for name, letter in letters(kind):
        whole = aimed(letter, server, mod, group, (await noted(ana, group_id=group.id)).uri)
        odd = [
            served(server, spoiled(whole, place, value))
            for place in places(whole)
            for value in (GONE, *(next(ODD) for _ in range(EACH)))
        ]
        for start in range(0, len(odd), AT_ONCE):
            some = odd[start : start + AT_ONCE]
            try:
                await handle({"group": group.id, "about": some, "announce": ""})
            except FederationError:
                # A server that is away is asked again later, which hides nothing of the rest.
                continue
            except Exception as error:
                raise AssertionError(f"{name}: {json.dumps(some)}") from error
