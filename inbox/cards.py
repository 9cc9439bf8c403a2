"""Looking at the page that the first link of a note leads to, in the background and in bounds."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from tortoise.transactions import in_transaction

from core.broker import Topic, publish
from core.clock import now
from core.rows import insert, load_one
from core.settings import settings
from federation.allowance import Budget
from federation.client import client
from federation.errors import FederationError
from federation.urls import host_of
from moderation.gate import admit_host
from notes.card_reading import page_from
from notes.cards import Card, first_link
from notes.incoming import is_ours
from notes.note import Note
from notes.visibility import OPEN

MOST_BYTES = 1024 * 1024
MOST_FETCHES = 4  # the page, and where it sends us
HTML = ("text/html", "application/xhtml+xml")
FRESH = timedelta(days=14)


async def fetch_card(payload: Mapping[str, Any]) -> None:
    """Show what a note's first link leads to, or nothing any more; job `inbox.fetch_card`.

    What cannot be had has no card. Every address goes through the one way out (SSRF-05).
    """
    note = await load_one(Note, "id = ? AND deleted_at IS NULL", [payload["note"]])
    if note is None or not settings().media.link_cards:
        return
    card = await _card_for(note)
    number = card.id if card and card.title else None
    if number == note.card_id:
        return
    async with in_transaction():
        await Note.filter(id=note.id).update(card_id=number)
        await publish(Topic.EDIT, id=note.id)


async def _card_for(note: Note) -> Card | None:
    url = None if note.has_media or note.audience not in OPEN else first_link(note.content)
    if url is None or is_ours(url):
        return None
    known = await load_one(Card, "url = ?", [url])
    if known is not None and known.fetched_at > now() - FRESH:
        return known
    read = await _read(url)
    if known is None and (made := await insert(Card, {"url": url, **read})):
        return made
    await Card.filter(url=url).update(**read, fetched_at=now())
    return await load_one(Card, "url = ?", [url])


async def _read(url: str) -> dict[str, Any]:
    """Return what the page says, as columns; nothing of a page that cannot be had."""
    try:
        await admit_host(host_of(url))
        budget = Budget(MOST_FETCHES)
        page = await client().fetch_bytes(url, limit=MOST_BYTES, types=HTML, budget=budget)
    except FederationError:
        return {}
    read = page_from(page.content, page.url)
    return {name: getattr(read, name) for name in read.__struct_fields__}
