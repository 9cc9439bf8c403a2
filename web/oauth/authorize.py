"""A person lets an app in: sign in, read what it wants, say yes or no (RFC 6749, 4.1; RFC 7636)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from aiohttp import web
from multidict import MultiMapping

from actors.accounts import Role, is_functional
from actors.apps import App, app_of, make_code
from actors.scopes import holds_all, scopes_from
from web.asking import asking, check_suspension, demand_strength
from web.errors import NotYet
from web.forms import read_form
from web.headers import page_policy
from web.keys import REQUEST_ID
from web.oauth import redirects, words
from web.oauth.errors import OAuthError
from web.paths import to_sign_in
from web.render import query, render
from web.texts import _, choose, use_locale
from web.views.account import AppAsking
from web.views.frame import ErrorPage

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
MODES = ("query", "fragment")
KNOWN = (
    *("response_type", "client_id", "redirect_uri", "scope", "state", "response_mode"),
    *("code_challenge", "code_challenge_method"),
)
TWICE = "\ufdd0"  # no character, so nothing that an app would say


@dataclass(frozen=True)
class Request:
    """What an app asks of a person, after it was found to be sound."""

    app: App
    redirect_uri: str
    scopes: list[str]
    state: str
    challenge: str
    mode: str

    def fields(self) -> dict[str, str]:
        """Return what the form of consent brings back, to be checked once more."""
        return {
            "response_type": "code",
            "client_id": self.app.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": " ".join(self.scopes),
            "state": self.state,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256" if self.challenge else "",
            "response_mode": self.mode,
        }

    def answer(self, **said: str) -> web.Response:
        """Send the browser back to the app; `state` goes with every answer."""
        target = redirects.with_answer(
            self.redirect_uri, said | {"state": self.state}, in_fragment=self.mode == "fragment"
        )
        return web.Response(status=303, headers={"Location": target} | free_to_go())


async def show(request: web.Request) -> web.StreamResponse:
    """Ask the person; what cannot be asked is told to the app, or here where nobody is to trust."""
    if lang := request.query.get("lang"):
        use_locale(choose(account=lang))
    try:
        wanted = await _read(_each_once(request.query))
    except BadRedirect as error:
        return _refuse(request, str(error))
    except Untold as error:
        return error.request.answer(error=error.code, error_description=str(error))
    if request.query.get("force_login", "").lower() in ("true", "1"):
        back = query("/oauth/authorize", **wanted.fields())
        raise web.HTTPSeeOther(f"{to_sign_in(back)}&again=1")
    account = await asking(request)
    if account is None:
        raise web.HTTPSeeOther(to_sign_in(query("/oauth/authorize", **wanted.fields())))
    asking_app = AppAsking(
        name=wanted.app.name,
        scopes=words.said(wanted.scopes),
        redirect=_where(wanted.redirect_uri),
        fields=wanted.fields(),
    )
    return render(request, "authorize.html", headers=free_to_go(), app=asking_app)


async def decide(request: web.Request) -> web.StreamResponse:
    """Let the app in, or not; a code is good for a minute, once."""
    account = await asking(request)
    form = await read_form(request)
    try:
        wanted = await _read(dict(form.fields))
    except BadRedirect as error:
        return _refuse(request, str(error))
    except Untold as error:
        return error.request.answer(error=error.code, error_description=str(error))
    if account is None:
        raise web.HTTPSeeOther(to_sign_in(query("/oauth/authorize", **wanted.fields())))
    if form.text("answer") != "yes":
        return wanted.answer(error="access_denied", error_description="The person said no.")
    check_suspension(account)
    if not is_functional(account):
        raise NotYet(f"{account.actor.name} is not confirmed")
    if _runs_the_place(wanted.scopes) and account.role is not Role.MEMBER:
        # Staff show their second factor where a token is issued that acts for them (ACC-03).
        await demand_strength(request)
    is_by_hand = wanted.redirect_uri == redirects.OUT_OF_BAND
    code = await make_code(
        wanted.app,
        account,
        wanted.redirect_uri,
        wanted.scopes,
        wanted.challenge,
        is_by_hand=is_by_hand,
    )
    if is_by_hand:
        return render(request, "authorized.html", headers=free_to_go(), code=code)
    return wanted.answer(code=code)


def _runs_the_place(scopes: Iterable[str]) -> bool:
    return any(each.partition(":")[0] == "admin" for each in scopes)


class BadRedirect(Exception):
    """The app or its address is not known, so nothing may be sent there (OAU-01)."""


class Untold(OAuthError):
    """Something else is wrong; the app is told at its own address."""

    def __init__(self, request: Request, code: str, sentence: str) -> None:
        super().__init__(code, sentence)
        self.request = request


def _each_once(query: MultiMapping[str]) -> dict[str, str]:
    """Read a query; of what came several times, which RFC 6749 (3.1) forbids, only that it did."""
    said = {name: query.getall(name) for name in KNOWN if name in query}
    return {name: each[0] if len(each) == 1 else TWICE for name, each in said.items()}


async def _read(given: Mapping[str, str]) -> Request:
    app = await app_of(given.get("client_id", ""))
    if app is None:
        raise BadRedirect(_("This server does not know the app. Begin anew in the app."))
    uri = given.get("redirect_uri", "")
    if not redirects.is_registered(uri, app.redirect_uris):
        raise BadRedirect(_("The app asks to be answered at an address that it did not register."))
    scopes = scopes_from(given.get("scope", "")) or ["read"]
    mode = given.get("response_mode", "") or "query"
    challenge = given.get("code_challenge", "")
    state = given.get("state", "").replace(TWICE, "")
    wanted = Request(app, uri, scopes, state, challenge, mode)
    _check(wanted, given)
    return wanted


def _check(wanted: Request, given: Mapping[str, str]) -> None:
    if wanted.mode not in MODES:
        safe = Request(wanted.app, wanted.redirect_uri, [], wanted.state, "", "query")
        raise Untold(safe, "invalid_request", "The response mode is not supported.")
    if TWICE in given.values():
        raise Untold(wanted, "invalid_request", "A parameter came more than once.")
    if not given.get("response_type"):
        raise Untold(wanted, "invalid_request", "The parameter response_type is missing.")
    if given["response_type"] != "code":
        sentence = "Only the response type code is supported."
        raise Untold(wanted, "unsupported_response_type", sentence)
    if not holds_all(wanted.app.scopes, wanted.scopes):
        raise Untold(wanted, "invalid_scope", "The app did not register for these scopes.")
    method = given.get("code_challenge_method", "")
    if wanted.challenge and method != "S256":
        raise Untold(wanted, "invalid_request", "The code challenge method must be S256.")
    if method and not _CHALLENGE.fullmatch(wanted.challenge):
        raise Untold(wanted, "invalid_request", "The code challenge is not an S256 challenge.")


def _where(uri: str) -> str:
    return uri if uri == redirects.OUT_OF_BAND else redirects.shown_host(uri)


def _refuse(request: web.Request, sentence: str) -> web.Response:
    title = _("This app cannot be let in")
    error = ErrorPage(status=400, title=title, text=sentence, code=request[REQUEST_ID])
    return render(request, "error.html", status=400, headers=free_to_go(), error=error)


def free_to_go() -> dict[str, str]:
    """Let a page's form lead to an app, and a window that opened it hear of it."""
    return {
        "Content-Security-Policy": page_policy(without="form-action"),
        "Cross-Origin-Opener-Policy": "unsafe-none",
    }
