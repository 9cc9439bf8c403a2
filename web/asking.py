"""Who is asking: someone signed in with a browser, or an app with a token."""

from aiohttp import web

from actors.accounts import Account, Role, is_functional, may_sign_in
from actors.actor import Actor
from moderation.newcomers import may_post
from web.errors import NotAllowed, NotSignedIn, NotStrong, NotYet, Suspended
from web.keys import ACCOUNT
from web.paths import to_sign_in
from web.sessions import session_of

RANK = {Role.MEMBER: 0, Role.MODERATOR: 1, Role.ADMIN: 2}


async def asking(request: web.Request) -> Account | None:
    """Return the account of this browser with its `actor`, or None; read once for each request."""
    if ACCOUNT not in request:
        session = await session_of(request)
        request[ACCOUNT] = session.account if session and may_sign_in(session.account) else None
    return request[ACCOUNT]


async def reader(request: web.Request) -> Actor | None:
    """Return who reads a page: someone who lives here, or nobody we know."""
    account = await asking(request)
    return account.actor if account else None


async def signed_in(request: web.Request) -> Account:
    """Return who is signed in; send browsers to the sign-in page, raise NotSignedIn for forms."""
    if account := await asking(request):
        return account
    if request.method in ("GET", "HEAD"):
        raise web.HTTPSeeOther(to_sign_in(request.path_qs))
    raise NotSignedIn("nobody is signed in")


async def acting(request: web.Request) -> Account:
    """Return who is signed in and may do things for others to see; raise NotYet (OAU-08)."""
    account = await signed_in(request)
    check_suspension(account)
    if not is_functional(account):
        raise NotYet(f"{account.actor.name} is not confirmed")
    return account


async def posting(request: web.Request) -> Account:
    """Return who is signed in and may post, be it on this server alone; raise NotYet."""
    account = await signed_in(request)
    check_suspension(account)
    if not may_post(account):
        raise NotYet(f"{account.actor.name} is not confirmed")
    return account


def check_suspension(account: Account) -> None:
    """Raise Suspended for who is suspended: they may read, and appeal."""
    if account.actor.suspended_at is not None:
        raise Suspended(f"{account.actor.name} is suspended")


async def staff(request: web.Request, least: Role = Role.MODERATOR) -> Account:
    """Return who is signed in and has at least this role now; raise NotAllowed (ADM-01).

    Without a second factor they may do nothing here but set one up: raises NotStrong (ACC-03).
    """
    account = await acting(request)
    if RANK[account.role] < RANK[least]:
        raise NotAllowed(f"{account.actor.name} is no {least}")
    await demand_strength(request)
    return account


async def demand_strength(request: web.Request) -> None:
    """Raise NotStrong in a browser where no second factor was shown."""
    session = await session_of(request)
    if session is None or not session.is_strong:
        raise NotStrong("no second factor was shown in this browser")
