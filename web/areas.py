"""Who a request is from: a browser, an app or another server."""

from aiohttp import web

from web.activitypub.answers import wants_as2
from web.keys import AREAS, Area

FOR_APPS = ("/api/",)


def part_of(request: web.Request) -> Area:
    """Return the part of the table an address stands in; unknown ones are taken for pages.

    What is unknown below /api is for apps even so: they find out by it what there is.
    """
    found = request.app[AREAS].get(request.match_info.route)
    return found or (Area.API if request.path.startswith(FOR_APPS) else Area.PAGE)


def area_of(request: web.Request) -> Area:
    """Return who is answered: a page's address answers other servers too, if they ask for JSON."""
    found = part_of(request)
    return Area.WIRE if found is Area.PAGE and not wants_page(request) else found


def wants_page(request: web.Request) -> bool:
    """Tell whether the caller reads HTML, going by `Accept` alone."""
    if wants_as2(request):
        return False
    accept = ",".join(request.headers.getall("Accept", ["*/*"]))
    return "json" not in accept or "text/html" in accept
