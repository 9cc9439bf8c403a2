"""What an operator does with accounts from the shell."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tortoise.transactions import in_transaction

from actors import credentials, passwords, roles, second_factor, tokens
from actors.accounts import Account, BadName, Role, Taken, account_of
from actors.actor import Actor, local_actor
from actors.emails import BadAddress
from actors.passwords import BadPassword
from actors.registration import create_account
from actors.roles import LastAdmin
from actors.scopes import SCOPES
from moderation import announcements
from moderation.audit import SHELL, write_down
from outbox.refusals import NotValid


class Impossible(Exception):
    """It cannot be done; the sentence says why."""


async def create(name: str, email: str, password: str, role: Role) -> str:
    """Make an account, confirmed and approved at once; a weak password is the operator's choice."""
    try:
        account = await create_account(name.lower(), email, password, role=role, is_checked=False)
    except Taken as error:
        raise Impossible(f"this {error.field} is taken: {name}, {email}") from error
    except (BadName, BadAddress, BadPassword) as error:
        raise Impossible(str(error)) from error
    await _write_down("account.create", account.actor, after={"role": role.value})
    warning = _weakness(password, name)
    return f"{warning}made @{account.actor.full_handle}, {role.value}"


def _weakness(password: str, name: str) -> str:
    try:
        passwords.check(password, about=(name,))
    except BadPassword as error:
        return f"warning: a weak password ({error})\n"
    return ""


async def change_role(name: str, role: Role) -> str:
    """Change a role; sessions end, for they carried the old one (WEB-02)."""
    account = await _account(name)
    before = {"role": account.role.value}
    try:
        async with in_transaction():
            await roles.change_role(account, role)
            await _write_down(
                "account.role", account.actor, before=before, after={"role": role.value}
            )
    except LastAdmin as error:
        raise Impossible(f"@{name} is the last admin") from error
    return f"@{name} is now {role.value}"


async def change_password(name: str, password: str) -> str:
    """Set a password, and end every session and token (OAU-04)."""
    account = await _account(name)
    try:
        await credentials.set_password(account, password)
    except BadPassword as error:
        raise Impossible(str(error)) from error
    await _write_down("account.password", account.actor)
    return f"@{name} has a new password; every session and token has ended"


async def drop_second_factor(name: str) -> str:
    """Take every second factor off an account, as when someone lost theirs; sessions end."""
    account = await _account(name)
    async with in_transaction():
        await second_factor.drop_all(account)
        await _write_down("account.second_factor", account.actor)
    return f"@{name} signs in with the password alone; every session has ended"


async def create_token(name: str, scopes: Sequence[str]) -> str:
    """Make an API token for someone; the secret is shown this once."""
    if unknown := [each for each in scopes if each not in SCOPES]:
        raise Impossible(f"no such scope: {', '.join(unknown)}; there are {', '.join(SCOPES)}")
    account = await _account(name)
    async with in_transaction():
        secret = await tokens.make_token(account, scopes, "command line")
        await _write_down("account.token", account.actor, after={"scopes": list(scopes)})
    return secret


async def _write_down(
    act: str,
    whom: Actor,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    about = f"account:{whom.name}"
    await write_down(None, act, about, before=before, after=after, address=SHELL)


async def _account(name: str) -> Account:
    actor = await local_actor(name)
    account = await account_of(actor) if actor else None
    if account is None:
        raise Impossible(f"nobody here is called {name}")
    if account.closed_at is not None:
        raise Impossible(f"@{name} has left: the account is closed")
    return account


async def announce(text: str, language: str, starts: datetime | None, ends: datetime | None) -> str:
    """Announce something in one language; moments without a zone are in UTC."""
    try:
        made = await announcements.announce(
            {language: text}, starts_at=_in_utc(starts), ends_at=_in_utc(ends), address=SHELL
        )
    except NotValid as error:
        raise Impossible(str(error)) from error
    return f"announced, with the number {made.id}"


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
