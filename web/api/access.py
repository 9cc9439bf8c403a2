"""Who may ask what: each address of the API says which token it takes (security.md OAU-03)."""

from dataclasses import dataclass
from enum import StrEnum

from aiohttp import web

from actors.accounts import Account, Role, is_functional, may_sign_in
from actors.actor import Actor
from actors.apps import App, AppToken, app_token_of
from actors.scopes import SCOPES, allows
from actors.second_factor import has_second_factor
from actors.tokens import Token, token_of
from web.api.asked import asked
from web.api.errors import NeedsPerson, NotFunctional, OutOfScope
from web.asking import RANK
from web.errors import Missing, NotAllowed, NotSignedIn, NotStrong
from web.keys import ACCOUNT, Handler

TOKEN: web.RequestKey[Token | AppToken | None] = web.RequestKey("token")


class Door(StrEnum):
    """Who is let in at an address."""

    ALL = "all"
    """Everyone; a token is not looked at."""
    ANYONE = "anyone"
    """Everyone, but a token that comes has to be good: it shows more."""
    APP = "app"
    """An app, with or without a person."""
    PERSON = "person"
    """An app that acts for a person."""
    NEWCOMER = "newcomer"
    """The same, and the person need not be confirmed or approved yet."""


@dataclass(frozen=True)
class Access:
    """A door, and the scopes of which a token has to hold one."""

    door: Door
    scopes: tuple[str, ...] = ()
    least: Role = Role.MODERATOR
    """The role it takes besides, where the scopes are for staff."""

    @property
    def is_for_staff(self) -> bool:
        """Tell whether a scope is not enough: the person has to be staff, now."""
        return any(each.startswith("admin:") for each in self.scopes)


class Undeclared(Exception):
    """An address does not say who is let in; the application does not start with it (OAU-03)."""


Call = tuple[str, str, Handler, Access]
CALLED: web.AppKey[tuple[Call, ...]] = web.AppKey("called")
ACCESS: web.AppKey[dict[web.AbstractRoute, Access]] = web.AppKey("access")

ALL = Access(Door.ALL)


def person(*scopes: str) -> Access:
    """Let in apps that act for a person, with one of these scopes."""
    return Access(Door.PERSON, scopes)


def admin(*scopes: str) -> Access:
    """Let in apps that act for an admin, with one of these scopes."""
    return Access(Door.PERSON, scopes, Role.ADMIN)


def newcomer(*scopes: str) -> Access:
    """Let in apps that act for a person, who may still have to be confirmed or approved."""
    return Access(Door.NEWCOMER, scopes)


def anyone(*scopes: str) -> Access:
    """Let in everyone; who comes with a token needs one of these scopes."""
    return Access(Door.ANYONE, scopes)


def app(*scopes: str) -> Access:
    """Let in apps, with or without a person, with one of these scopes."""
    return Access(Door.APP, scopes)


def declared(call: Call) -> Call:
    """Return a line of the table; raises Undeclared where it does not say whom it lets in."""
    method, path, access = call[0], call[1], call[-1]
    if not isinstance(access, Access):
        raise Undeclared(f"{method} {path} does not say who is let in")
    if access.door in (Door.ANYONE, Door.PERSON, Door.NEWCOMER) and not access.scopes:
        raise Undeclared(f"{method} {path} does not say which scope it takes")
    if unknown := set(access.scopes) - set(SCOPES):
        raise Undeclared(f"{method} {path} takes scopes that nobody can have: {sorted(unknown)}")
    if access.is_for_staff and access.door is not Door.PERSON:
        raise Undeclared(f"{method} {path} is for staff, who are persons")
    return call


async def admit(request: web.Request, access: Access) -> None:
    """Find out whose app is asking; raise what a caller without the right gets.

    Apps are known by their token alone, never by a cookie (WEB-01).
    """
    request[TOKEN] = None
    request[ACCOUNT] = None
    if access.door is Door.ALL:
        return
    secret = await secret_of(request)
    if not secret:
        if access.door is Door.ANYONE:
            return
        raise NotSignedIn("no access token")
    token = await token_of(secret)
    found = token or await app_token_of(secret)
    if found is None:
        raise NotSignedIn("the access token is not valid")
    if token is not None:
        _check(token.account, access.door)
    elif access.door in (Door.PERSON, Door.NEWCOMER):
        raise NeedsPerson
    if access.scopes and not any(allows(found.scopes, each) for each in access.scopes):
        raise OutOfScope(f"the access token lacks {' or '.join(access.scopes)}")
    if access.is_for_staff and (token is None or RANK[token.account.role] < RANK[access.least]):
        raise NotAllowed(f"{request.path} is for staff")
    if access.is_for_staff and token is not None:
        await _demand_strength(token)
    request[TOKEN] = found
    request[ACCOUNT] = token.account if token else None


def account_of(request: web.Request) -> Account:
    """Return whose app is asking, behind a door for persons."""
    account = request[ACCOUNT]
    if account is None:
        raise NeedsPerson
    return account


async def app_of(request: web.Request) -> App:
    """Return the app whose token is asking; raises Missing for a token of the command line."""
    token = request[TOKEN]
    found = await App.get_or_none(id=token.app_id) if token and token.app_id else None
    if found is None:
        raise Missing("this token belongs to no app")
    return found


def reader_of(request: web.Request) -> Actor | None:
    """Return who reads, or nobody we know."""
    account = request[ACCOUNT]
    return account.actor if account else None


async def _demand_strength(token: Token) -> None:
    """Raise NotStrong where the person has no second factor any more (ACC-03).

    The command's own tokens are of whoever has the machine, who could take the factor off as well.
    """
    if token.app_id is not None and not await has_second_factor(token.account):
        raise NotStrong("the person this app acts for has no second factor")


def _check(account: Account, door: Door) -> None:
    if is_functional(account):
        return
    is_shut_out = account.disabled_at or account.closed_at or account.actor.suspended_at
    if door is Door.NEWCOMER and not is_shut_out:
        return
    if account.approved_at is None and door is not Door.NEWCOMER:
        raise NotFunctional("Your login is currently pending approval")
    if is_shut_out or not may_sign_in(account):
        raise NotFunctional("Your login is currently disabled")
    raise NotFunctional("Your login is missing a confirmed e-mail address")


async def secret_of(request: web.Request) -> str:
    """Find the secret an app came with, wherever it put it; empty when there is none."""
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return secret.strip()
    if "Authorization" in request.headers:
        raise NotSignedIn("not a bearer token")
    if token := request.query.get("access_token"):
        return token.strip()
    # A browser's WebSocket can send no other header.
    if token := request.headers.get("Sec-WebSocket-Protocol"):
        return token.partition(",")[0].strip()
    if request.can_read_body and request.content_type != "multipart/form-data":
        return ((await asked(request)).text("access_token") or "").strip()
    return ""
