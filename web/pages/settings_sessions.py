"""Settings: the browsers and apps that are signed in."""

import re

from aiohttp import web

from actors import sessions, tokens
from actors.sessions import Session
from actors.tokens import Token
from web.asking import signed_in
from web.errors import Missing
from web.forms import read_form
from web.pages.settings import saved
from web.render import render
from web.sessions import session_of
from web.texts import _
from web.views.account import AppRow, SessionRow

PAGE = "/settings/sessions"
BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari", "curl")
CALLED = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")


async def show(request: web.Request) -> web.StreamResponse:
    """List the browsers and the apps."""
    account = await signed_in(request)
    current = await session_of(request)
    return render(
        request,
        "settings/sessions.html",
        sessions=[_row(each, current) for each in await sessions.sessions_of(account)],
        apps=[_app(each) for each in await tokens.tokens_of(account)],
    )


async def end(request: web.Request) -> web.StreamResponse:
    """Sign one browser out."""
    account = await signed_in(request)
    await read_form(request)
    if not await sessions.end(account, _id(request)):
        raise Missing("no such session")
    return saved(PAGE, _("That browser is signed out."))


async def end_others(request: web.Request) -> web.StreamResponse:
    """Sign every other browser out."""
    account = await signed_in(request)
    await read_form(request)
    current = await session_of(request)
    await sessions.end_others(account, current.id if current else 0)
    return saved(PAGE, _("All other browsers are signed out."))


async def revoke(request: web.Request) -> web.StreamResponse:
    """Shut an app out."""
    account = await signed_in(request)
    await read_form(request)
    if not await tokens.end_token(account, _id(request)):
        raise Missing("no such app")
    return saved(PAGE, _("The app has no access any more."))


def _id(request: web.Request) -> int:
    written = request.match_info["id"]
    if not re.fullmatch(r"[0-9]{1,19}", written):
        raise Missing("no number")
    return int(written)


def _row(session: Session, current: Session | None) -> SessionRow:
    return SessionRow(
        id=session.id,
        device=device_of(session.agent),
        created=session.created_at,
        last_seen=session.seen_at,
        is_current=current is not None and session.id == current.id,
    )


def _app(token: Token) -> AppRow:
    return AppRow(
        id=token.id,
        name=token.app_name,
        scopes=tuple(token.scopes),
        created=token.created_at,
        last_used=token.seen_at,
    )


def device_of(agent: str) -> str:
    """Name browser and system as well as a browser's own words let one."""
    browser = next((each for each in BROWSERS if each in agent), "")
    system = next((each for each in SYSTEMS if each in agent), "")
    browser = CALLED.get(browser, browser)
    if browser and system:
        return f"{browser}, {system}"
    return browser or system or _("An unknown browser")
