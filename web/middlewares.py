"""What happens around every request, from the outside in."""

import secrets
import time
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from structlog.contextvars import bound_contextvars
from yarl import URL

from core import metrics
from core.limits import TooMany
from core.settings import settings
from core.storage import StorageTrouble
from federation.errors import Unreachable
from outbox.refusals import NotValid
from web.addresses import at_most
from web.api import answers
from web.api.access import ACCESS, admit
from web.api.again import answer_again
from web.api.errors import ApiError, api_answer
from web.api.rates import pace
from web.areas import area_of, part_of
from web.errors import BROKEN, BadForm, Meaning, Misdirected, meaning_of
from web.flashes import forget_flashes
from web.frame import frame_for
from web.keys import AREAS, REQUEST_ID, Area, Handler
from web.oauth.errors import OAuthError
from web.open_documents import holds_document
from web.pages import health
from web.parts import put_away
from web.paths import safe_path
from web.render import FRAME, render
from web.sessions import keep_visit
from web.texts import lazy
from web.views.frame import ErrorPage

log = structlog.get_logger()

TRY_AGAIN_S = 60
API = Meaning(422, "api", "Not valid", "")
SAFE = ("GET", "HEAD", "OPTIONS")
RETRY = {
    "sign_in": ("/sign-in", lazy("Sign in")),
    "prove": ("/prove", lazy("Show it")),
    "second_factor": ("/settings/second-factor", lazy("Set it up")),
}
FOR_MACHINES = (health.alive, health.ready, health.up)


@web.middleware
async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever goes wrong inside into an answer, and count it."""
    request[REQUEST_ID] = secrets.token_hex(6)
    began = time.monotonic()
    try:
        with bound_contextvars(request=request[REQUEST_ID]):
            response = await handler(request)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        response = _answered(request, error)
    except Exception as error:  # the one place where everything is caught (style.md 8)
        response = _answered(request, error)
    keep_visit(request, response)
    forget_flashes(request, response)
    metrics.count_request(area_of(request), response.status, time.monotonic() - began)
    if response.status >= 500:
        metrics.failures.labels(_at(request)).inc()
    return response


@web.middleware
async def tidy(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Leave nothing of what a request brought, whether it came to an end or broke off."""
    try:
        return await handler(request)
    finally:
        await put_away(request)


@web.middleware
async def check_host(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer only to our own name, and only to plain paths (security.md WEB-05, SIG-03)."""
    if request.match_info.handler in FOR_MACHINES:
        return await handler(request)
    server = settings().server
    names = {server.base_url.partition("://")[2]}
    if request.path.startswith("/.well-known/"):
        names.add(server.account_domain)
    if request.path.startswith("/media/") and settings().media.base_url:
        names.add(urlsplit(settings().media.base_url).netloc)
    if not request.raw_path.startswith("/") or request.headers.get("Host") not in names:
        raise Misdirected("another host was asked for")
    if "%00" in request.raw_path:
        raise web.HTTPBadRequest  # no database keeps it, and one of ours refuses to be asked
    if not (_is_text(request.raw_path) and all(map(_is_text, request.headers.values()))):
        raise web.HTTPBadRequest  # bytes that are no UTF-8 can be neither kept nor compared
    return await handler(request)


def _is_text(said: str) -> bool:
    """Tell whether bytes of a request were read as text, not kept as what cannot be written."""
    return said.isascii() or not any("\ud800" <= each <= "\udfff" for each in said)


@web.middleware
async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let no address ask too often; letters and files have limits of their own (security.md 2)."""
    limits = settings().limits
    if part_of(request) in (Area.PAGE, Area.API):
        at_most("requests", limits.requests_per_address, request)
    if (
        request.method in SAFE
        and area_of(request) is Area.WIRE
        and request.match_info.handler not in FOR_MACHINES
    ):
        at_most("activitypub", limits.activitypub_per_address, request)
    return await handler(request)


@web.middleware
async def keep_out_other_sites(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse changes that another site makes a browser ask for (security.md WEB-01)."""
    came_from = request.headers.get("Sec-Fetch-Site", "none")
    if (
        request.method not in SAFE
        and part_of(request) is Area.PAGE
        and came_from not in ("none", "same-origin")
    ):
        raise BadForm(f"a form came from a {came_from} page")
    return await handler(request)


@web.middleware
async def frame(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Find out who reads, in which language, and what stands around their page."""
    if area_of(request) is Area.PAGE:
        request[FRAME] = await frame_for(request)
    return await handler(request)


@web.middleware
async def find(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Forgive a slash too many, and tell browsers' apps that they may ask (CORS)."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        if target := await _without_slash(request):
            raise web.HTTPPermanentRedirect(target) from None
        raise
    except web.HTTPMethodNotAllowed:
        if request.method == "OPTIONS" and (methods := await _open_to(request)):
            return _preflight(methods)
        raise


@web.middleware
async def let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Ask apps for the token that the table of the API demands (security.md OAU-03)."""
    if access := request.app[ACCESS].get(request.match_info.route):
        await admit(request, access)
    return await handler(request)


MIDDLEWARES = (
    *(answer, tidy, check_host, limit, keep_out_other_sites),
    *(pace, answer_again, let_in, frame, find),
)


def _went_away(request: web.Request, error: Exception) -> bool:
    """Tell whether whoever asks hung up before all of it came: no fault of ours, and anybody could
    fill the log with the traces of it (security.md DOS-12)."""
    is_gone = request.transport is None or request.transport.is_closing()
    return is_gone and isinstance(error, (ConnectionError, web.RequestPayloadError))


def _answered(request: web.Request, error: Exception) -> web.StreamResponse:
    if _went_away(request, error):
        error = web.HTTPBadRequest()
    meaning = API if _is_told_to_apps(request, error) else meaning_of(error)
    if meaning is None:
        log.error("a request failed", at=_at(request), id=request[REQUEST_ID], exc_info=error)
        meaning = BROKEN
    headers = {}
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.seconds)
    elif isinstance(error, Unreachable):
        headers["Retry-After"] = str(round(error.retry_after or TRY_AGAIN_S))
    elif isinstance(error, StorageTrouble):
        log.error("the storage fails", problem=str(error), id=request[REQUEST_ID])
        headers["Retry-After"] = str(TRY_AGAIN_S)
    elif isinstance(error, web.HTTPMethodNotAllowed):
        headers["Allow"] = ", ".join(sorted(error.allowed_methods))
    if area_of(request) is Area.PAGE:
        return _page(request, meaning, headers)
    if area_of(request) is Area.API:
        status, said = api_answer(error, meaning)
        if status == 401:
            headers["WWW-Authenticate"] = _way_of(request, error)
        return answers.answer(said, status=status, headers=headers)
    body = {"error": str(meaning.title), "code": meaning.code, "request_id": request[REQUEST_ID]}
    return web.json_response(body, status=meaning.status, headers=headers)


def _is_told_to_apps(request: web.Request, error: Exception) -> bool:
    """Tell whether this is what an app sent wrong; pages show that beside the form themselves."""
    if isinstance(error, NotValid):
        return area_of(request) is Area.API
    return isinstance(error, ApiError | OAuthError)


def _way_of(request: web.Request, error: Exception) -> str:
    """Name the way to prove oneself: an app that tried Basic is told so (RFC 6749, 5.2)."""
    kind = request.headers.get("Authorization", "").partition(" ")[0].lower()
    is_basic = isinstance(error, OAuthError) and kind == "basic"
    return 'Basic realm="apps", charset="UTF-8"' if is_basic else "Bearer"


def _at(request: web.Request) -> str:
    """Name the address as the table has it: what stands in its places may be a secret (OPS-05)."""
    resource = request.match_info.route.resource
    return f"{request.method} {resource.canonical if resource else '(unknown)'}"


def _page(request: web.Request, meaning: Meaning, headers: dict[str, str]) -> web.StreamResponse:
    url, label = RETRY.get(meaning.code, ("", ""))
    error = ErrorPage(
        status=meaning.status,
        title=str(meaning.title),
        text=str(meaning.text),
        code=request[REQUEST_ID],
        retry_url=url,
        retry_label=str(label),
    )
    return render(request, "error.html", status=meaning.status, headers=headers, error=error)


async def _without_slash(request: web.Request) -> str | None:
    """Return the path that was meant, if it is one of ours and nothing else (WEB-06)."""
    path, _, query = request.raw_path.partition("?")
    meant = path.rstrip("/")
    if request.method not in ("GET", "HEAD") or meant == path or not safe_path(meant, ""):
        return None
    if not await _resolves(request, meant):
        return None
    return f"{meant}?{query}" if query else meant


async def _resolves(request: web.Request, path: str) -> bool:
    asked = request.clone(rel_url=URL(path, encoded=True))
    found = await request.app.router.resolve(asked)
    return found.http_exception is None


async def _open_to(request: web.Request) -> str:
    """Name what a browser's app may do at the address it asks about; empty for nothing."""
    wanted = request.headers.get("Access-Control-Request-Method", "")
    asked = request.clone(method=wanted or "GET")
    found = await request.app.router.resolve(asked)
    if wanted and request.app[AREAS].get(found.route) is Area.API:
        return "GET, POST, PUT, PATCH, DELETE, OPTIONS"
    return "GET, HEAD" if wanted and holds_document(request.app, found.route) else ""


def _preflight(methods: str) -> web.Response:
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": "*, Authorization, Content-Type, Idempotency-Key",
            "Access-Control-Max-Age": "86400",
            "Vary": "Origin",
        },
    )
