"""The first page, and finding what others write."""

from typing import Any

from aiohttp import web

from actors.actor import Actor
from actors.memberships import groups_of
from core.paging import LIMIT, Page, Slice, page_from
from inbox import explore as finding
from inbox import in_groups, reading
from inbox.group_finding import groups as finding_groups
from notes.note import Note
from web.asking import reader
from web.building.announcements import unread_by
from web.building.notes import note_cards, tag_card
from web.building.people import person_card
from web.building.place import place, short_rules
from web.narrowing import narrowing, wanted_shows
from web.paging import pager
from web.render import render
from web.texts import _
from web.views.frame import Tab
from web.views.people import PersonCard

CARDS = 24
TOPICS = 12
GROUPS = 4


async def show(request: web.Request) -> web.StreamResponse:
    """Show members what those they follow wrote, and visitors what this place is."""
    viewer = await reader(request)
    if viewer is None:
        return await _front(request)
    found = await reading.home(viewer, cards_page(request), shows=wanted_shows(request))
    return render(
        request,
        "home.html",
        faces=_faces("/"),
        announced=await unread_by(viewer),
        **await feed(request, found, viewer, source="home"),
    )


async def groups(request: web.Request) -> web.StreamResponse:
    """Show members what was posted in their groups; to visitors the directory is shown."""
    viewer = await reader(request)
    if viewer is None:
        raise web.HTTPSeeOther("/g")
    found = await in_groups.of_groups(viewer, cards_page(request), shows=wanted_shows(request))
    mine = await groups_of(viewer)
    return render(
        request,
        "home.html",
        faces=_faces("/groups"),
        groups=[person_card(each) for each in mine],
        **await feed(request, found, viewer, source="groups"),
    )


def _faces(current: str) -> tuple[Tab, ...]:
    ways = {"/": _("Following"), "/explore": _("Explore"), "/groups": _("Groups")}
    return tuple(Tab(label, path, path == current) for path, label in ways.items())


async def explore(request: web.Request) -> web.StreamResponse:
    """Show the newest public notes of people who allow being found, and this week's topics."""
    viewer = await reader(request)
    found = await reading.explore(viewer, cards_page(request), shows=wanted_shows(request))
    said = _("Public notes of people who allow being found, newest first.")
    return await _found(request, found, viewer, said)


async def local(request: web.Request) -> web.StreamResponse:
    """Show the newest public notes written here."""
    viewer = await reader(request)
    found = await reading.local(viewer, cards_page(request), shows=wanted_shows(request))
    return await _found(request, found, viewer, _("Public notes written here, newest first."))


async def federated(request: web.Request) -> web.StreamResponse:
    """Show the newest public notes of every server we hear from."""
    viewer = await reader(request)
    found = await reading.federated(viewer, cards_page(request), shows=wanted_shows(request))
    said = _("Public notes from every server we hear from, newest first.")
    return await _found(request, found, viewer, said)


def cards_page(request: web.Request) -> Page:
    """Read which page of cards is asked for."""
    return page_from(request.query, limit=CARDS, most=2 * LIMIT)


async def feed(
    request: web.Request, found: Slice[Note], viewer: Actor | None, *, source: str = ""
) -> dict[str, Any]:
    """Make what every waterfall is given; `source` names a list that can be narrowed and watched.

    The name is one that /watch understands.
    """
    notes, pages = await note_cards(found.rows, viewer, source=source), pager(request, found)
    goes_on = bool(pages.older_url or pages.newer_url)
    may_hold_videos = goes_on or any(each.watch_url for each in notes)
    return {
        "notes": notes,
        "pager": pages,
        "narrowing": narrowing(request, source, may_hold_videos) if source else None,
    }


async def _front(request: web.Request) -> web.StreamResponse:
    found = await reading.local(None, cards_page(request), shows=wanted_shows(request))
    return render(
        request,
        "front.html",
        about=await place(),
        rules=short_rules(),
        groups=await _newest_groups(),
        **await feed(request, found, None, source="local"),
    )


async def _newest_groups() -> tuple[PersonCard, ...]:
    found = await finding_groups("", None, Page(limit=GROUPS))
    return tuple(person_card(each, about=True) for each in found.rows)


async def _found(
    request: web.Request, found: Slice[Note], viewer: Actor | None, explanation: str
) -> web.StreamResponse:
    faces = (("/explore", _("Latest")), ("/local", _("Here")), ("/federated", _("Everywhere")))
    return render(
        request,
        "explore.html",
        faces=tuple(Tab(label, path, path == request.path) for path, label in faces),
        tags=tuple(tag_card(name, uses) for name, uses in (await finding.topics())[:TOPICS]),
        explanation=explanation,
        **await feed(request, found, viewer, source=request.path.removeprefix("/")),
    )
