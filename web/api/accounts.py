"""/api/v1/accounts: people and groups."""

from aiohttp import web

from actors.actor import Actor
from core.paging import number
from web.api.access import account_of
from web.api.answers import answer
from web.api.entities import accounts
from web.errors import Missing


async def verify_credentials(request: web.Request) -> web.Response:
    """Who the token acts for, with what only they may see."""
    return answer(await accounts.credential_account(account_of(request)))


async def show(request: web.Request) -> web.Response:
    """One account, of a person or a group."""
    return answer(await accounts.account_of(await found_actor(request)))


async def found_actor(request: web.Request, name: str = "id") -> Actor:
    """Find the actor an address names; raises Missing."""
    wanted = number(request.match_info[name])
    actor = await Actor.get_or_none(id=wanted) if wanted is not None else None
    if actor is None:
        raise Missing(request.path)
    return actor
