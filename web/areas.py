"""Who a request is from: a browser, an app or another server."""

from aiohttp import web

from federation.vocabulary import is_as2
from web.keys import AREAS, Area


def part_of(request: web.Request) -> Area:
    """Return the part of the table an address stands in; unknown ones are taken for pages."""
    return request.app[AREAS].get(request.match_info.route, Area.PAGE)


def area_of(request: web.Request) -> Area:
    """Return who is answered: a page's address answers other servers too, if they ask for JSON."""
    found = part_of(request)
    return Area.WIRE if found is Area.PAGE and not wants_page(request) else found


def wants_page(request: web.Request) -> bool:
    """Tell whether the caller reads HTML, going by `Accept` alone."""
    accept = ",".join(request.headers.getall("Accept", ["*/*"]))[:2000]
    if request.method not in ("GET", "HEAD"):
        return "json" not in accept or "text/html" in accept
    return not wants_activity(request) and ("json" not in accept or "text/html" in accept)


def wants_activity(request: web.Request) -> bool:
    """Tell whether the caller would rather have ActivityStreams than HTML (federation.md)."""
    accept = ",".join(request.headers.getall("Accept", []))[:2000]
    weights = {True: 0.0, False: 0.0}
    for kind, weight in _weighed(accept):
        if is_as2(kind) or kind.startswith("application/ld+json"):
            weights[True] = max(weights[True], weight)
        elif kind in ("text/html", "application/xhtml+xml"):
            weights[False] = max(weights[False], weight)
    return weights[True] > 0 and weights[True] >= weights[False]


def _weighed(accept: str) -> list[tuple[str, float]]:
    found = []
    for part in accept.split(","):
        kind, _, weight = part.strip().lower().partition(";q=")
        try:
            found.append((kind.strip(), float(weight or 1)))
        except ValueError:
            continue
    return found
