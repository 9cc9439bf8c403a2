"""Searching, and asking other servers for whom or what one names wholly."""

from dataclasses import replace

from aiohttp import web

from actors.actor import Actor
from core.paging import page_from
from federation.urls import is_http
from inbox import finding, naming
from inbox.naming import Named
from notes.note import Note
from web.asking import reader
from web.building.elsewhere import trouble_of
from web.building.notes import note_cards, tag_card
from web.building.people import people_cards
from web.paging import pager
from web.render import query, render
from web.texts import _
from web.views.frame import Pager, Tab

LONGEST = 500
FEW = 6
FACES = ("", "people", "tags", "notes")


async def show(request: web.Request) -> web.StreamResponse:
    """Search; members may have us ask another server for a whole handle or address."""
    words = request.query.get("q", "").strip()[:LONGEST]
    if not words:
        return render(request, "search.html", words="")
    viewer = await reader(request)
    named = await naming.asked(words, viewer)
    face = request.query.get("show", "")
    people = await finding.people(words, viewer, named.actor) if _wants(face, "people") else []
    tags = await finding.tags(words) if _wants(face, "tags") else []
    notes, turning = await _notes(request, words, viewer, face, named)
    return render(
        request,
        "search.html",
        words=words,
        trouble=trouble_of(named, words, query("/search", q=words)),
        faces=_faces(words, face),
        people=await people_cards(people, viewer),
        tags=tuple(tag_card(name, uses) for name, uses in tags),
        notes=await note_cards(notes if _wants(face, "notes") else [], viewer),
        pager=turning,
    )


async def _notes(
    request: web.Request, words: str, viewer: Actor | None, face: str, named: Named
) -> tuple[list[Note], Pager]:
    """Find the note at an address, or those with all the words; all of them on their own tab."""
    if is_http(words):
        return ([named.note] if named.note else []), Pager(end_text=_("That is all."))
    page = page_from(request.query)
    found = await finding.notes(words, viewer, page if face else replace(page, limit=FEW))
    end = Pager(end_text=_("That is all."))
    return found.rows, pager(request, found) if face else end


def _wants(face: str, kind: str) -> bool:
    return face in ("", kind) or face not in FACES


def _faces(words: str, face: str) -> tuple[Tab, ...]:
    labels = {"": _("All"), "people": _("People"), "tags": _("Tags"), "notes": _("Notes")}
    return tuple(
        Tab(label, query("/search", q=words, show=key), face == key)
        for key, label in labels.items()
    )
