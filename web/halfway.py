"""Between the password and the second factor: who may go on, kept by the browser, signed by us."""

import time

from aiohttp import web

from actors.accounts import Account, may_sign_in
from core.secret import is_stamp, stamp
from web.sessions import cookie, drop, keep

NAME = "halfway"
GOOD_FOR_S = 600


def remember(response: web.StreamResponse, account: Account) -> None:
    """Let a browser go on to the second step, for ten minutes."""
    until = int(time.time()) + GOOD_FOR_S
    said = f"{account.id}.{until}"
    keep(response, NAME, f"{said}.{_stamp(account, said)}", days=GOOD_FOR_S / 86_400)


async def halfway(request: web.Request) -> Account | None:
    """Return who showed their password here, with their actor; None once that is too long ago."""
    number, _, rest = request.cookies.get(cookie(NAME), "").partition(".")
    until, _, given = rest.partition(".")
    if not (number.isascii() and number.isdigit() and until.isascii() and until.isdigit()):
        return None
    if len(number) > 19 or len(until) > 12 or int(until) < time.time():
        return None
    account = await Account.get_or_none(id=int(number)).select_related("actor")
    if account is None or not may_sign_in(account):
        return None
    said = f"{number}.{until}"
    return account if is_stamp(NAME, f"{said} {account.password_hash}", given) else None


def forget(response: web.StreamResponse) -> None:
    """Take it away once they are in."""
    drop(response, NAME)


def _stamp(account: Account, said: str) -> str:
    """Sign it together with the hash of the password: another password ends it."""
    return stamp(NAME, f"{said} {account.password_hash}")
