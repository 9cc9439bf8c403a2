"""Searching, and asking other servers for whom or what one names wholly."""

from aiohttp import web

from actors.actor import Actor
from core.limits import TooMany, count
from federation.urls import is_http
from federation.webfinger import parse_handle
from inbox import finding
from web.asking import reader
from web.building.notes import note_cards, tag_card
from web.building.people import people_cards
from web.render import query, render
from web.texts import _
from web.views.frame import Pager, Tab

LONGEST = 500
ASKED_AN_HOUR = 120
FACES = ("", "people", "tags", "notes")


async def show(request: web.Request) -> web.StreamResponse:
    """Search; members may have us ask another server for a whole handle or address."""
    words = request.query.get("q", "").strip()[:LONGEST]
    if not words:
        return render(request, "search.html", words="")
    viewer = await reader(request)
    asks = await _may_ask(viewer, words)
    face = request.query.get("show", "")
    people = await finding.people(words, viewer, asks=asks) if _wants(face, "people") else []
    tags = await finding.tags(words) if _wants(face, "tags") else []
    note = await finding.note_at(words, viewer, asks=asks) if _wants(face, "notes") else None
    return render(
        request,
        "search.html",
        words=words,
        faces=_faces(words, face),
        people=await people_cards(people, viewer),
        tags=tuple(tag_card(name, uses) for name, uses in tags),
        notes=await note_cards([note] if note else [], viewer),
        pager=Pager(end_text=_("That is all.")),
    )


async def _may_ask(viewer: Actor | None, words: str) -> bool:
    """Let members have another server asked, not too often."""
    if viewer is None or not (is_http(words) or parse_handle(words)):
        return False
    try:
        await count(f"look-ups:{viewer.id}", most=ASKED_AN_HOUR, seconds=3600)
    except TooMany:
        return False
    return True


def _wants(face: str, kind: str) -> bool:
    return face in ("", kind) or face not in FACES


def _faces(words: str, face: str) -> tuple[Tab, ...]:
    labels = {"": _("All"), "people": _("People"), "tags": _("Tags"), "notes": _("Notes")}
    return tuple(
        Tab(label, query("/search", q=words, show=key), face == key)
        for key, label in labels.items()
    )
