"""What every answer says of itself, errors and streams included (security.md WEB-03 to WEB-09)."""

from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from core.settings import Media, settings
from core.stores import origin_of
from web.api.rates import rate_headers
from web.areas import area_of
from web.keys import REQUEST_ID, Area
from web.open_documents import is_open_document

NOTHING = "default-src 'none'; frame-ancestors 'none'"
SANDBOX = "default-src 'none'; sandbox; frame-ancestors 'none'"
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"
VARY = "Accept, Signature, Authorization, Cookie"
YEAR = 31_536_000
# A window that an app opened for the person to let it in can tell it how that went.
HEARD = ("Cross-Origin-Opener-Policy", "unsafe-none")
CONSENT = "/oauth/"


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Complete the headers just before they go out; what a handler set stays."""
    area = area_of(request)
    headers = response.headers
    if "v" in request.query and isinstance(request.match_info.route.resource, web.StaticResource):
        headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    if _leads_to_app(request, headers.get("Location", "")):
        headers.setdefault(*HEARD)
    for name, value in _always(area, settings().is_secure):
        headers.setdefault(name, value)
    if is_open_document(request):
        headers.setdefault("Access-Control-Allow-Origin", "*")
    for name, value in rate_headers(request).items():
        headers[name] = value
    headers["Server"] = "Rubric"  # no versions (OPS-06)
    if "Content-Security-Policy" not in headers:
        headers["Content-Security-Policy"] = policy(area)
    if area is not Area.FILE:
        headers.setdefault("Vary", VARY)
    if REQUEST_ID in request:
        headers["X-Request-Id"] = request[REQUEST_ID]


def on_the_way(back: str) -> dict[str, str]:
    """Have the app hear of it that opened this window, where one goes on to let it in."""
    return dict([HEARD]) if back.startswith(CONSENT) else {}


def _leads_to_app(request: web.Request, location: str) -> bool:
    """Tell whether somebody is on the way to letting an app in, or back: signing in is a part of
    it, and one answer that cuts the window off is enough to lose it."""
    further = parse_qs(urlsplit(location).query).get("next", [""])
    said = (request.path, request.query.get("next", ""), location, *further)
    return any(each.startswith(CONSENT) for each in said)


def policy(area: Area) -> str:
    """Write the Content-Security-Policy of an area; pages run our own files and nothing else."""
    if area is Area.FILE:
        return SANDBOX
    if area is not Area.PAGE:
        return NOTHING
    return page_policy()


def page_policy(*, without: str = "") -> str:
    """Write the policy of pages; a consent page has to do without `form-action`."""
    chosen = settings()
    return _page_policy(
        chosen.federation.allow_private_addresses,
        chosen.security.content_security_policy,
        without,
        is_linked=chosen.media.remote_mode == "link",
        origins=_other_origins(chosen.media),
    )


def _other_origins(media: Media) -> tuple[str, ...]:
    """Name where else our own files are loaded from."""
    found = [media.base_url] if media.base_url else []
    if media.storage == "s3" and media.s3.redirect:
        found.append(origin_of(media.s3))
    return tuple(found)


@lru_cache
def _page_policy(
    private: bool, extras: str, without: str, *, is_linked: bool, origins: tuple[str, ...]
) -> str:
    # What is on other servers comes by way of ours, but where the operator wants links; plain http
    # only where development instances on one machine show each other's.
    linked = "'self' https: http:" if private else "'self' https:"
    media = linked if is_linked else " ".join(("'self'", *origins))
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": media,
        "media-src": media,
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }
    for extra in filter(None, (each.strip() for each in extras.split(";"))):
        name, _, sources = extra.partition(" ")
        directives[name] = f"{directives.get(name, '')} {sources.strip()}".strip()
    directives.pop(without, None)
    return "; ".join(f"{name} {sources}" for name, sources in directives.items())


@lru_cache
def _always(area: Area, is_secure: bool) -> tuple[tuple[str, str], ...]:
    shared = area is not Area.PAGE
    found = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "cross-origin" if shared else "same-origin",
        "Permissions-Policy": PERMISSIONS,
        # What a handler does not call public is for whoever asked, and not kept (WEB-08).
        "Cache-Control": "private, no-store",
    }
    if is_secure:
        found["Strict-Transport-Security"] = f"max-age={YEAR}"
    if area is Area.API:
        found["Access-Control-Allow-Origin"] = "*"
        found["Access-Control-Expose-Headers"] = (
            "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id,"
            " Mastodon-Async-Refresh"
        )
    return tuple(found.items())
