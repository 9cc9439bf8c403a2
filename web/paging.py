"""Where a list goes on: links that keep the rest of the address."""

from typing import Any
from urllib.parse import quote

from aiohttp import web

from core.paging import WINDOW, Slice
from web.render import query
from web.views.frame import Pager


def pager(request: web.Request, found: Slice[Any], *, end_text: str = "") -> Pager:
    """Link the pages beside this one."""
    kept = {name: value for name, value in request.query.items() if name not in WINDOW}
    path = path_of(request)
    older = query(path, **kept | {"max_id": found.older}) if found.older else ""
    newer = query(path, **kept | {"min_id": found.newer}) if found.newer else ""
    return Pager(older_url=older, newer_url=newer, end_text=end_text)


def path_of(request: web.Request) -> str:
    """Write the path of this page as it stands in an address."""
    return quote(request.path, safe="/@:!")
