"""Which addresses programs of other origins may read: documents, never pages (WEB-09).

It is said with `*`, so that no cookie ever goes along; a token may, for it is sent on purpose.
"""

from aiohttp import web

from web.activitypub.answers import wants_as2
from web.keys import AREAS, Area

# Addresses that show people a page and programs a document.
TWOFOLD = frozenset(
    ("/n/{id}", "/@{handle}", "/@{handle}/{id}", "/g/{handle}", "/boards/{key}"),
)
READS = ("GET", "HEAD")


def holds_document(app: web.Application, route: web.AbstractRoute) -> bool:
    """Tell whether programs are answered with a document at an address, if they ask for one."""
    area = app[AREAS].get(route)
    if route.method not in READS or route.resource is None:
        return False
    return area is Area.WIRE or (area is Area.PAGE and route.resource.canonical in TWOFOLD)


def is_open_document(request: web.Request) -> bool:
    """Tell whether what is answered here may be read by pages of other origins."""
    route = request.match_info.route
    if not holds_document(request.app, route):
        return False
    return request.app[AREAS].get(route) is Area.WIRE or wants_as2(request)
