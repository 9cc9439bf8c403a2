"""Token: given for a code, used, taken back (RFC 6749, 4.1.3 and 4.4; RFC 7636; RFC 7009)."""

import base64
import binascii
import hmac
import re
from hashlib import sha256
from urllib.parse import unquote_plus

import msgspec
from aiohttp import web
from tortoise.transactions import in_transaction

from actors.accounts import account_with_actor, is_functional
from actors.apps import App, AppToken, Code, app_of, code_of, is_secret_of, issue_to_app, spend
from actors.scopes import holds_all, scopes_from
from actors.tokens import Token, end_by_secret, issue
from web.api.answers import answer, nothing
from web.api.asked import Asked, asked
from web.oauth.errors import OAuthError, invalid_client, invalid_grant

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")
KNOWN = {
    *("grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier"),
    *("scope", "token", "token_type_hint"),
}
NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class TokenAnswer(msgspec.Struct):
    """A token without an end; `created_at` is in seconds since 1970."""

    access_token: str
    token_type: str
    scope: str
    created_at: int


async def create(request: web.Request) -> web.Response:
    """Give a token for a code, or to an app for itself."""
    wanted = await _each_once(request)
    match wanted.text("grant_type"):
        case "authorization_code":
            secret, token = await _for_code(request, wanted)
        case "client_credentials":
            secret, token = await _for_app(request, wanted)
        case None | "":
            raise OAuthError("invalid_request", "The parameter grant_type is missing.")
        case _:
            raise OAuthError("unsupported_grant_type", "This grant type is not supported.")
    made_at = int(token.created_at.timestamp())
    found = TokenAnswer(secret, "Bearer", " ".join(token.scopes), made_at)
    return answer(found, headers=NOT_KEPT)


async def revoke(request: web.Request) -> web.Response:
    """Take a token back; one that is unknown, or gone already, is as good as taken back."""
    wanted = await _each_once(request)
    app = await _authenticated(request, wanted)
    token = wanted.text("token")
    if not token:
        raise OAuthError("invalid_request", "The parameter token is missing.")
    if not await end_by_secret(app, token):
        raise OAuthError("unauthorized_client", "This token was not issued to you.", 403)
    return nothing()


async def _each_once(request: web.Request) -> Asked:
    """Read what an app asks; raises OAuthError where it says one thing several times (3.2)."""
    wanted = await asked(request)
    if wanted.twice & KNOWN:
        raise OAuthError("invalid_request", "A parameter came more than once.")
    return wanted


async def _for_code(request: web.Request, wanted: Asked) -> tuple[str, Token | AppToken]:
    """Exchange a code; its second use ends what the first was given (OAU-02)."""
    code = await code_of(wanted.text("code") or "")
    verifier = wanted.text("code_verifier") or ""
    is_public = code is not None and bool(code.challenge) and _secret_of(request, wanted) == ""
    app = await (_named(request, wanted) if is_public else _authenticated(request, wanted))
    if code is None or code.app_id != app.id or code.redirect_uri != wanted.text("redirect_uri"):
        raise invalid_grant()
    if not _proves(code, verifier):
        raise invalid_grant()
    account = await account_with_actor(code.account_id)
    if account is None or not is_functional(account):
        raise invalid_grant()
    async with in_transaction():
        is_first = await spend(code)
        if is_first:
            secret, token = await issue(account, code.scopes, app=app)
            await Code.filter(id=code.id).update(token_id=token.id)
            await App.filter(id=app.id).update(used_at=token.created_at)
    if not is_first:
        # Two had this code, so nobody can say who holds the token (OAU-02).
        await Token.filter(id=(await Code.get(id=code.id)).token_id).delete()
        raise invalid_grant()
    return secret, token


async def _for_app(request: web.Request, wanted: Asked) -> tuple[str, Token | AppToken]:
    app = await _authenticated(request, wanted)
    scopes = scopes_from(wanted.text("scope") or "") or ["read"]
    if not holds_all(app.scopes, scopes):
        raise OAuthError("invalid_scope", "The app did not register for these scopes.")
    return await issue_to_app(app, scopes)


async def _authenticated(request: web.Request, wanted: Asked) -> App:
    """Return the app that proves who it is, by a Basic header or in the body."""
    app = await _named(request, wanted)
    if not is_secret_of(app, _secret_of(request, wanted)):
        raise invalid_client()
    return app


async def _named(request: web.Request, wanted: Asked) -> App:
    client_id, _ = _basic(request) or (wanted.text("client_id") or "", "")
    app = await app_of(client_id)
    if app is None:
        raise invalid_client()
    return app


def _secret_of(request: web.Request, wanted: Asked) -> str:
    _, secret = _basic(request) or ("", wanted.text("client_secret") or "")
    return secret


def _basic(request: web.Request) -> tuple[str, str] | None:
    """Read a Basic header; name and secret in it are encoded as in a form (RFC 6749, 2.3.1)."""
    kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise invalid_client() from error
    return unquote_plus(name), unquote_plus(secret)


def _proves(code: Code, verifier: str) -> bool:
    """Compare a verifier with the challenge; without one none may come (RFC 7636, 4.6)."""
    if not code.challenge:
        return verifier == ""
    if not _VERIFIER.fullmatch(verifier):
        return False
    digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(digest, code.challenge)
