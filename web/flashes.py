"""A line said once, on the page that comes after something was done."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from aiohttp import web

from core.secret import is_stamp, stamp
from web.sessions import cookie, drop, keep
from web.views.frame import Flash

MINUTE = 1 / 1440
NAME = "flash"


def say(response: web.StreamResponse, text: str, kind: str = "done") -> None:
    """Have the next page of this browser say something: `done` or `problem`."""
    packed = urlsafe_b64encode(f"{kind} {text}".encode()).decode()
    keep(response, NAME, f"{packed}.{stamp(NAME, packed)}", days=MINUTE)


def said_before(request: web.Request) -> tuple[Flash, ...]:
    """Return what is to be said; only what we wrote ourselves."""
    packed, _, given = request.cookies.get(cookie(NAME), "").partition(".")
    if not packed or not is_stamp(NAME, packed, given):
        return ()
    kind, _, text = urlsafe_b64decode(packed).decode().partition(" ")
    return (Flash(text=text, kind=kind),)


def forget_flashes(request: web.Request, response: web.StreamResponse) -> None:
    """Take the line away once a page has said it."""
    name = cookie(NAME)
    is_page = response.content_type == "text/html"
    if is_page and name in request.cookies and name not in response.cookies:
        drop(response, NAME)
