"""The words of a status: what is the same for every reader, written once and kept as bytes."""

import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from cachetools import LRUCache

from actors.actor import Actor
from core.html import shown
from core.rows import load_ids
from notes.cards import Card
from notes.documents import Parts, parts_of
from notes.note import Note
from notes.text import with_quote, with_title
from notes.visibility import OPEN
from web.api.answers import ts
from web.api.entities.accounts import VISIBILITY
from web.api.entities.cards import card_of
from web.api.entities.emojis import emojis_of
from web.api.entities.group_places import GroupOfStatus, places_of
from web.api.entities.media import SIGNED_S, MediaAttachment, media_of, shared_of
from web.api.shapes_of_notes import StatusApplication
from web.building.media import is_link
from web.render import absolute


class Mention(msgspec.Struct):
    """Someone named in a status; `url` is the address of the link in `content`."""

    id: str
    username: str
    url: str
    acct: str


class StatusTag(msgspec.Struct):
    """A hashtag of a status, without its #."""

    name: str
    url: str


class Words(msgspec.Struct, kw_only=True):
    """What of a status is the same for every reader, until it is edited."""

    id: str
    created_at: str
    edited_at: str | None
    in_reply_to_id: str | None
    in_reply_to_account_id: str | None
    sensitive: bool
    spoiler_text: str
    visibility: str
    language: str | None
    uri: str
    url: str | None
    content: str
    media_attachments: list[MediaAttachment]
    mentions: list[Mention]
    tags: list[StatusTag]
    emojis: list[dict[str, Any]]
    card: dict[str, Any] | None
    tagged_collections: list[dict[str, Any]]
    application: StatusApplication | msgspec.UnsetType | None = msgspec.UNSET
    rubric: dict[str, Any]


# A note's words, by its id and what says that they are still the same.
_kept: LRUCache[tuple[Any, ...], bytes] = LRUCache(16_000_000, getsizeof=len)


async def words_of(notes: Sequence[Note]) -> dict[int, bytes]:
    """Return the words of these notes; only those not written before cost queries."""
    groups = await places_of(notes)
    keys = {
        note.id: (
            *(note.id, note.edited_at, note.audience, note.has_media, note.card_id, _turn(note)),
            str(groups.get(note.id)),
        )
        for note in notes
    }
    missing = [note for note in notes if keys[note.id] not in _kept]
    if missing:
        parts = await parts_of(missing)
        parents = await load_ids(Note, (note.in_reply_to_id for note in missing))
        cards = await load_ids(Card, (note.card_id for note in missing))
        for note in missing:
            parent = parents.get(note.in_reply_to_id or 0)
            _kept[keys[note.id]] = msgspec.json.encode(
                _words_in(
                    note,
                    parts[note.id],
                    parent,
                    cards.get(note.card_id or 0),
                    groups.get(note.id),
                )
            )
    return {number: _kept[key] for number, key in keys.items()}


def _turn(note: Note) -> int:
    """Have words be written again while the addresses of pictures in them still hold."""
    is_signed = note.has_media and not _is_open(note)
    return int(time.time() * 2 // SIGNED_S) if is_signed else 0


def _is_open(note: Note) -> bool:
    """Tell whether everybody may load its pictures; a note out of sight still has its readers."""
    return note.audience in OPEN and note.hidden_at is None and note.held_at is None


def _words_in(
    note: Note,
    parts: Parts,
    parent: Note | None,
    card: Card | None,
    group: GroupOfStatus | None,
) -> Words:
    is_open = _is_open(note)
    shared = next((each for each in parts.attachments if is_link(each)), None)
    return Words(
        id=str(note.id),
        created_at=ts(note.created_at),
        edited_at=ts(note.edited_at) if note.edited_at else None,
        in_reply_to_id=str(note.in_reply_to_id) if note.in_reply_to_id else None,
        in_reply_to_account_id=str(parent.author_id) if parent else None,
        sensitive=note.is_sensitive,
        spoiler_text=note.summary,
        visibility=VISIBILITY[note.audience],
        language=note.language or None,
        uri=note.uri,
        url=absolute(note.page) if note.is_local else (note.url or note.uri),
        content=_content(note, parts),
        media_attachments=[
            media_of(each, is_open=is_open) for each in parts.attachments if each is not shared
        ],
        mentions=[_mention(each.actor) for each in parts.mentions if not each.is_silent],
        tags=[_tag(each) for each in parts.tags],
        emojis=emojis_of(note.emojis),
        card=shared_of(shared, is_open=is_open) if shared else card_of(card) if card else None,
        application=_application(note),
        tagged_collections=[],
        rubric={"title": note.title, "audience": note.audience.value, "group": group},
    )


def _application(note: Note) -> StatusApplication | msgspec.UnsetType | None:
    """Name the app that a note of ours was posted by; of others nothing is known."""
    if not note.is_local:
        return msgspec.UNSET
    if not isinstance(note.app, dict):
        return None
    return StatusApplication(str(note.app.get("name", "")), note.app.get("website") or None)


def _content(note: Note, parts: Parts) -> str:
    written = content_of(note.title, note.content)
    if parts.quote is None:
        return written
    return with_quote(written, parts.quote.page)


def content_of(title: str, content: str) -> str:
    """Show a title as clients that know none do, unless it stands in the text already."""
    titled = with_title(title, "") if title else ""
    has_it = not titled or content.startswith(titled)
    return str(shown(content if has_it else with_title(title, content)))


def _mention(actor: Actor) -> Mention:
    url = absolute(actor.page) if actor.is_local else (actor.url or actor.uri)
    return Mention(str(actor.id), actor.name, url, actor.handle)


def _tag(name: str) -> StatusTag:
    folded = name.casefold()
    return StatusTag(folded, absolute(f"/tags/{quote(folded, safe='')}"))
