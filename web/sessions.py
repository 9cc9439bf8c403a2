"""Staying signed in: the cookies of a browser."""

import secrets

from aiohttp import web

from actors import sessions
from actors.accounts import Account
from actors.sessions import Session
from core.settings import settings
from web.addresses import address_of
from web.keys import ACCOUNT, IS_NEW_VISIT, SESSION, VISIT

VISIT_DAYS = 1


def cookie(name: str) -> str:
    """Name a cookie so that no other host and no plain connection can set it (WEB-01)."""
    return f"__Host-{name}" if settings().is_secure else name


async def session_of(request: web.Request) -> Session | None:
    """Return the session of this browser, read once for each request."""
    if SESSION not in request:
        token = request.cookies.get(cookie("session"), "")
        request[SESSION] = await sessions.session_of(token) if token else None
    return request[SESSION]


async def sign_in(
    request: web.Request, response: web.Response, account: Account, *, is_strong: bool = False
) -> None:
    """Sign this browser in under a new secret; what it had before ends (WEB-02).

    Whoever has a second factor has to have shown it before: `is_strong`.
    """
    if before := await session_of(request):
        await sessions.end(before.account, before.id)
    token = await sessions.start(
        account,
        agent=request.headers.get("User-Agent", ""),
        address=address_of(request),
        is_strong=is_strong,
    )
    keep(response, "session", token, days=settings().security.session_days)
    drop(response, "visit")
    _forget(request)


async def sign_out(request: web.Request, response: web.Response) -> None:
    """Sign this browser out, here and in the database."""
    if session := await session_of(request):
        await sessions.end(session.account, session.id)
    drop(response, "session")
    _forget(request)


def keep(response: web.StreamResponse, name: str, value: str, *, days: float) -> None:
    """Set a cookie that scripts and other sites do not get."""
    response.set_cookie(
        cookie(name),
        value,
        max_age=int(days * 86_400),
        path="/",
        secure=settings().is_secure,
        httponly=True,
        samesite="Lax",
    )


def drop(response: web.StreamResponse, name: str) -> None:
    """Take a cookie away."""
    response.del_cookie(
        cookie(name), path="/", secure=settings().is_secure, httponly=True, samesite="Lax"
    )


def visit_of(request: web.Request) -> str:
    """Return what tells apart those who are not signed in; made up at their first request."""
    if VISIT not in request:
        given = request.cookies.get(cookie("visit"), "")
        request[IS_NEW_VISIT] = not 20 <= len(given) <= 100
        request[VISIT] = secrets.token_urlsafe(24) if request[IS_NEW_VISIT] else given
    return request[VISIT]


def keep_visit(request: web.Request, response: web.StreamResponse) -> None:
    """Send the cookie of a first visit along with the form that needs it."""
    if request.get(IS_NEW_VISIT) and cookie("session") not in response.cookies:
        keep(response, "visit", request[VISIT], days=VISIT_DAYS)


def _forget(request: web.Request) -> None:
    for key in (SESSION, ACCOUNT):
        request.pop(key, None)
