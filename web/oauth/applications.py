"""Application: an app asks to be known, and is told what we know of it."""

from typing import Any

import msgspec
from aiohttp import web

from actors.apps import App, register
from actors.scopes import DEFAULT, SCOPES, scopes_from
from core.settings import settings
from core.vapid import public_key
from web.addresses import at_most
from web.api.access import app_of
from web.api.answers import answer
from web.api.asked import Asked, asked
from web.api.errors import Invalid
from web.oauth import redirects

TEN_MINUTES = 600
LONGEST_NAME = 200


class Application(msgspec.Struct, kw_only=True):
    """`redirect_uri` is all of them, one a line."""

    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uris: list[str]
    redirect_uri: str
    vapid_key: str


class CredentialApplication(Application, kw_only=True):
    """What an app is told once: the secret is not kept here."""

    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


async def create(request: web.Request) -> web.Response:
    """Let an app be known; raises Invalid with what is wrong."""
    at_most("apps", settings().limits.apps_per_address, request, seconds=TEN_MINUTES)
    wanted = await asked(request)
    name = (wanted.text("client_name") or "").strip()
    uris = _redirect_uris(wanted)
    scopes = scopes_from(wanted.text("scopes") or "") or list(DEFAULT)
    website = (wanted.text("website") or "").strip()
    _check(name, uris, scopes, website)
    made, secret = await register(name, uris, scopes, website)
    return answer(
        CredentialApplication(**_fields(made), client_id=made.client_id, client_secret=secret)
    )


async def verify_credentials(request: web.Request) -> web.Response:
    """Say which app a token is of."""
    found = await app_of(request)
    return answer(Application(**_fields(found)))


def _redirect_uris(wanted: Asked) -> list[str]:
    """Read them as a list, or as one text with a line for each."""
    texts = wanted.texts("redirect_uris") or wanted.texts("redirect_uri")
    return [line.strip() for text in texts for line in text.splitlines() if line.strip()]


def _check(name: str, uris: list[str], scopes: list[str], website: str) -> None:
    wrong: dict[str, tuple[str, str]] = {}
    if not name:
        wrong["client_name"] = ("ERR_BLANK", "can't be blank")
    elif len(name) > LONGEST_NAME:
        wrong["client_name"] = ("ERR_TOO_LONG", f"is longer than {LONGEST_NAME} characters")
    if not uris:
        wrong["redirect_uris"] = ("ERR_BLANK", "can't be blank")
    elif len(uris) > redirects.MOST or not all(redirects.is_address(each) for each in uris):
        wrong["redirect_uris"] = ("ERR_INVALID", "must be absolute addresses without a fragment")
    if not set(scopes) <= set(SCOPES):
        wrong["scopes"] = ("ERR_INVALID", "hold one that this server does not know")
    if website and not website.startswith(("https://", "http://")):
        wrong["website"] = ("ERR_INVALID", "must be an http or https address")
    if wrong:
        raise Invalid(wrong)


def _fields(app: App) -> dict[str, Any]:
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website or None,
        "scopes": list(app.scopes),
        "redirect_uris": list(app.redirect_uris),
        "redirect_uri": "\n".join(app.redirect_uris),
        "vapid_key": public_key(),
    }
