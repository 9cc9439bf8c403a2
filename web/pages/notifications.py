"""What a member was told, and who asks to follow."""

from aiohttp import web

from actors.actor import Actor
from actors.follows import requests_to
from core.paging import number, page_from
from inbox.notifications import Event
from inbox.told import mark_read, newest
from web.asking import signed_in
from web.building.alerts import alert_views
from web.building.people import person_card
from web.forms import read_form
from web.paging import pager
from web.render import FRAME, render
from web.texts import _
from web.views.frame import Tab
from web.views.people import FollowRequest

LINES = 40
PATH = "/notifications"
FACES = ("", "mentions", "requests")


async def show(request: web.Request) -> web.StreamResponse:
    """Show what the reader was told, newest first; looking at it changes nothing (WEB-01)."""
    reader = (await signed_in(request)).actor
    face = request.query.get("show", "")
    if face == "requests":
        return await _requests(request, reader)
    page = page_from(request.query, limit=LINES, most=LINES)
    # Who asks to follow has a face of their own.
    only = (Event.MENTION,) if face == "mentions" else ()
    found = await newest(reader, page, events=only, but=(Event.FOLLOW_REQUEST,))
    return render(
        request,
        "notifications.html",
        faces=_faces(request, face),
        notifications=await alert_views(found.rows, reader),
        requests=(),
        is_requests=False,
        last_id=found.first or 0,
        pager=pager(request, found),
    )


async def read(request: web.Request) -> web.StreamResponse:
    """Take note that everything up to what was shown has been read."""
    reader = (await signed_in(request)).actor
    form = await read_form(request)
    await mark_read(reader, number(form.text("up_to")))
    return web.Response(status=303, headers={"Location": form.next(PATH)})


async def _requests(request: web.Request, reader: Actor) -> web.StreamResponse:
    found = await requests_to(reader, page_from(request.query, limit=LINES, most=LINES))
    asked = tuple(
        FollowRequest(person_card(each.follower, about=True), each.created_at)
        for each in found.rows
    )
    return render(
        request,
        "notifications.html",
        faces=_faces(request, "requests"),
        notifications=(),
        requests=asked,
        is_requests=True,
        last_id=0,
        pager=pager(request, found),
    )


def _faces(request: web.Request, face: str) -> tuple[Tab, ...]:
    viewer = request[FRAME].viewer
    waiting = viewer.waiting if viewer else 0
    return (
        Tab(_("All"), PATH, face not in FACES[1:]),
        Tab(_("Mentions"), f"{PATH}?show=mentions", face == "mentions"),
        Tab(_("Requests"), f"{PATH}?show=requests", face == "requests", waiting),
    )
