"""Reading one's own inbox: what came for a person and may still be seen, newest first.

Letters are not kept once they had their effect, so this is written from what is there: a Create or
Announce for each note that came home or names one, and what others did with one's notes and with
oneself.
"""

import heapq
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web

from actors.actor import Actor
from actors.follows import Follow
from core import sql
from core.ids import moment_of
from core.paging import LAST, Page, Slice, cut, number, window
from federation.vocabulary import PUBLIC
from federation.write import stamp
from inbox.notifications import Event, Notification
from inbox.slices import notes_of
from inbox.told import Wanted, told_page
from notes.documents import addressing, document_of, parts_of
from notes.note import Note
from notes.reactions import Like
from outbox.sent import Sent
from web.activitypub.answers import as2
from web.activitypub.collections import collection_page
from web.api.access import account_of
from web.errors import NotAllowed

PAGE = 20
ABOUT_ONE = (Event.MENTION, Event.LIKE, Event.BOOST, Event.FOLLOW, Event.FOLLOW_REQUEST)

Document = dict[str, Any]


@dataclass(frozen=True)
class Came:
    """Something that came: when, its place in its own list, and the note or the act it is."""

    at: datetime
    note: Note | None
    told: Notification | None


async def show(request: web.Request) -> web.Response:
    """One's own inbox, page by page."""
    reader = account_of(request).actor
    if request.match_info["name"].lower() != reader.local_name:
        raise NotAllowed("this is somebody else's inbox")
    uri = reader.inbox
    if "page" not in request.query:
        return as2({"id": uri, "type": "OrderedCollection", "first": f"{uri}?page=true"})
    asked = {name: number(request.query.get(name, "")) for name in ("home", "told")}
    home, told = (LAST if each is None else each for each in asked.values())
    page, below = await _page(reader, home, told)
    said = {name: each for name, each in asked.items() if each is not None}
    items = await _activities(reader, page)
    older = _address(uri, below) if below else None
    return as2(collection_page(_address(uri, said), uri, items, older))


def _address(uri: str, below: dict[str, int]) -> str:
    """Name a page by the ids below which the two lists go on; 0 says that one is at its end."""
    return "&".join([f"{uri}?page=true", *(f"{name}={each}" for name, each in below.items())])


async def _page(reader: Actor, home: int, told: int) -> tuple[list[Came], dict[str, int]]:
    """Merge the two lists by time; returns a page, and below what either goes on, if any does."""
    notes = await _home(reader, home)
    wanted = Wanted(ABOUT_ONE, with_aside=True)
    acts = await told_page(reader, Page(max_id=told, limit=PAGE), wanted)
    newest = heapq.merge(
        (Came(moment_of(each.id), each, None) for each in notes.rows),
        (Came(each.created_at, None, each) for each in acts.rows),
        key=lambda each: each.at,
        reverse=True,
    )
    merged = list(newest)
    shown = merged[:PAGE]
    if len(merged) <= PAGE and notes.older is None and acts.older is None:
        return shown, {}
    below = {
        "home": _goes_on(home, notes, [each.note.id for each in shown if each.note]),
        "told": _goes_on(told, acts, [each.told.id for each in shown if each.told]),
    }
    return shown, below


def _goes_on(before: int, found: Slice[Any], shown: list[int]) -> int:
    """Return below which id a list goes on: after its last shown row, or where it was cut."""
    if len(shown) < len(found.rows):
        return min(shown, default=before)
    return found.last if found.older is not None and found.last else 0


async def _home(reader: Actor, below: int) -> Slice[Note]:
    """Return the notes and boosts of others that came home, but for those that name the reader."""
    page = Page(max_id=below, limit=PAGE)
    end, ends = window("h.note_id", page)
    rows = await sql.rows(
        "SELECT h.note_id FROM home_entry h JOIN note n ON n.id = h.note_id"  # noqa: S608
        " WHERE h.reader_id = ? AND n.author_id <> ? AND NOT EXISTS (SELECT 1 FROM notification t"
        f" WHERE t.reader_id = ? AND t.note_id = h.note_id AND t.event = 'mention'){end}",
        [reader.id, reader.id, reader.id, *ends],
    )
    found = cut([row["note_id"] for row in rows], page)
    return found.holding(await notes_of(found.rows, reader))


async def _activities(reader: Actor, page: list[Came]) -> list[Document]:
    told = [each.told for each in page if each.told]
    notes = [each.note for each in page if each.note]
    notes += [each.note for each in told if each.event is Event.MENTION and each.note]
    plain = [each for each in notes if not each.is_boost]
    creates = await _creates(plain)
    ids = await _ids(reader, told)
    documents = []
    for each in page:
        if each.told is None or each.told.event is Event.MENTION:
            note = each.note or (each.told.note if each.told else None)
            documents += [creates[note.id] if note.id in creates else _boost(note)] if note else []
        else:
            documents.append(_act(reader, each.told, ids))
    return documents


async def _creates(notes: list[Note]) -> dict[int, Document]:
    """Write the Create of each note, with the id it was sent with, where we know that."""
    parts = await parts_of(notes)
    uris = [each.uri for each in notes if each.is_local]
    rows = await Sent.filter(object_uri__in=uris, kind="Create").only("id", "object_uri", "uri")
    sent = {row.object_uri: row.uri for row in rows}
    return {each.id: _create(each, document_of_any(each, parts), sent) for each in notes}


def document_of_any(note: Note, parts: Any) -> Document:
    """Write a note of anyone: of those elsewhere, what we know, and nothing we do not."""
    document = document_of(note, parts[note.id])
    if not note.is_local:
        for name in ("replies", "likes", "shares", "source", "interactionPolicy"):
            document.pop(name, None)
        document["url"] = note.url or note.uri
    return document


def _create(note: Note, document: Document, sent: dict[str, str]) -> Document:
    activity: Document = {
        "type": "Create",
        "actor": note.author.uri,
        "object": document,
        "to": document["to"],
        "cc": document["cc"],
        "published": document["published"],
    }
    return activity | ({"id": sent[note.uri]} if note.uri in sent else {})


def _boost(note: Note) -> Document:
    to, cc = addressing(note, [])
    about = note.boost_of.uri if note.boost_of else ""
    return _said("Announce", note.uri, note.author, about, note.created_at) | {"to": to, "cc": cc}


async def _ids(reader: Actor, told: list[Notification]) -> dict[tuple[str, int, int], str]:
    """Look up the ids of likes, boosts and follows: three queries at most."""
    actors = [each.actor_id for each in told]
    notes = [each.note_id for each in told if each.note_id]
    likes = await Like.filter(actor_id__in=actors, note_id__in=notes)
    boosts = await Note.filter(author_id__in=actors, boost_of_id__in=notes, deleted_at=None)
    follows = await Follow.filter(follower_id__in=actors, followed_id=reader.id)
    found = {("Like", row.actor_id, row.note_id): row.uri for row in likes}
    found |= {("Announce", row.author_id, row.boost_of_id or 0): row.uri for row in boosts}
    return found | {("Follow", row.follower_id, 0): row.uri for row in follows}


def _act(reader: Actor, told: Notification, ids: dict[tuple[str, int, int], str]) -> Document:
    kinds = {Event.LIKE: "Like", Event.BOOST: "Announce"}
    kind = kinds.get(told.event, "Follow")
    about = told.note.uri if told.note else reader.uri
    uri = ids.get((kind, told.actor_id, told.note_id or 0), "")
    to = [PUBLIC] if kind == "Announce" else [reader.uri]
    return _said(kind, uri, told.actor, about, told.created_at) | {"to": to}


def _said(kind: str, uri: str, actor: Actor, about: str, at: datetime) -> Document:
    activity: Document = {"type": kind, "actor": actor.uri, "object": about, "published": stamp(at)}
    return activity | ({"id": uri} if uri else {})
