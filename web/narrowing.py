"""Narrowing a list of notes to photos, videos or text: `?show=` in its address."""

from aiohttp import web

from core.paging import WINDOW
from notes.note import Shows
from web.building.notes import watch_url
from web.paging import path_of
from web.render import query
from web.texts import _
from web.views.frame import Narrowing, Tab

SHOW = "show"


def wanted_shows(request: web.Request) -> Shows | None:
    """Read to what a list is narrowed; None for all of it."""
    given = request.query.get(SHOW, "")
    return next((each for each in Shows if each.value == given), None)


def narrowing(request: web.Request, source: str, may_hold_videos: bool = True) -> Narrowing:
    """Link the ways to narrow this list; each begins at its top.

    A list that is seen whole and holds no video is not one to watch; of one that is narrowed to
    something else nobody knows.
    """
    chosen = wanted_shows(request)
    left_out = {*WINDOW, SHOW}
    kept = {name: value for name, value in request.query.items() if name not in left_out}
    labels = {
        None: _("All"),
        Shows.PHOTOS: _("Photos"),
        Shows.VIDEO: _("Videos"),
        Shows.TEXT: _("Text"),
    }
    faces = tuple(
        Tab(label, query(path_of(request), **kept, show=key.value if key else ""), key is chosen)
        for key, label in labels.items()
    )
    others = chosen in (Shows.PHOTOS, Shows.TEXT)
    watched = watch_url(source) if may_hold_videos or others else ""
    return Narrowing(faces, watched, faces[0].url if chosen else "")
