"""Registration: how someone comes to live here."""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors import emails, passwords
from actors.accounts import NAME, Account, BadName, Role, Taken
from actors.actor import Actor, Kind
from actors.invites import NoInvite, spend_invite
from actors.keys import make_keys
from actors.making import NameTaken, make_actor
from core.clock import now
from core.mail import has_mail

RESERVED = Path(__file__).parent / "reserved_names.txt"


class Mode(StrEnum):
    """How one may join, as the policy says (product.md 4)."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITE = "invite"
    CLOSED = "closed"


class NotNow(Exception):
    """Nobody can join at the moment."""


@lru_cache
def _reserved() -> frozenset[str]:
    return frozenset(RESERVED.read_text("utf-8").split())


def is_reserved(name: str) -> bool:
    """Tell whether a name speaks for the house, or is one that software looks for (ACC-07).

    Nobody registers such a name; the operator may still give it to someone.
    """
    return name.strip("_") in _reserved()


async def register(
    name: str,
    email: str,
    password: str,
    *,
    mode: Mode,
    locale: str = "en",
    reason: str = "",
    invite: str = "",
) -> Account:
    """Let someone in as far as the policy says; who was invited need not be approved.

    Raises NotNow, NoInvite, BadName, Taken("name"), emails.BadAddress or passwords.BadPassword.
    Whether the address belongs to someone here already makes no difference (ACC-04).
    """
    if mode is Mode.CLOSED:
        raise NotNow("nobody can join at the moment")
    if mode is Mode.INVITE and not invite:
        raise NoInvite("an invite is needed")
    if is_reserved(name):
        raise Taken("name")
    return await create_account(
        name,
        email,
        password,
        confirmed=not has_mail(),
        approved=mode is not Mode.APPROVAL or bool(invite),
        locale=locale,
        reason=reason,
        invite=invite,
    )


@dataclass(frozen=True)
class Newcomer:
    """Somebody about to live here; `keys` are as make_keys makes them."""

    name: str
    email: str
    password_hash: str
    keys: tuple[str, str, str, str]
    role: Role = Role.MEMBER
    locale: str = "en"
    reason: str = ""
    invite: str = ""


async def create_account(
    name: str,
    email: str,
    password: str,
    *,
    role: Role = Role.MEMBER,
    confirmed: bool = True,
    approved: bool = True,
    is_checked: bool = True,
    locale: str = "en",
    reason: str = "",
    invite: str = "",
) -> Account:
    """Make someone who lives here, with their keys; an invite is spent with it or not at all.

    A confirmed address is claimed, an unconfirmed one only written down, so that nobody learns
    here who has an account. Raises BadName, emails.BadAddress, passwords.BadPassword (unless the
    operator has it not checked), Taken, or NoInvite.
    """
    if not NAME.fullmatch(name):
        raise BadName(f"{name!r}: one to thirty letters a-z, digits or underscores")
    address = emails.tidy(email) if email else ""
    if is_checked:
        passwords.check(password, about=(name, address.partition("@")[0]))
    newcomer = Newcomer(
        name=name,
        email=address,
        password_hash=await passwords.hash_of(password),
        keys=await make_keys(),
        role=role,
        locale=locale,
        reason=reason,
        invite=invite,
    )
    return await move_in(newcomer, confirmed=confirmed, approved=approved)


async def move_in(newcomer: Newcomer, *, confirmed: bool = True, approved: bool = True) -> Account:
    """Write the rows of somebody whose words were checked and whose secrets are made.

    Raises Taken, or NoInvite.
    """
    async with in_transaction():
        if newcomer.invite:
            await spend_invite(newcomer.invite)
        actor = await _make_actor(newcomer.name, newcomer.keys, is_withdrawn=not approved)
        is_claimed = bool(newcomer.email) and confirmed
        account = Account(
            actor=actor,
            email=newcomer.email,
            email_key=emails.key_of(newcomer.email) if is_claimed else f"-{newcomer.name}",
            password_hash=newcomer.password_hash,
            role=newcomer.role,
            locale=newcomer.locale,
            reason=newcomer.reason,
            invite_code=newcomer.invite,
            confirmed_at=now() if confirmed else None,
            approved_at=now() if approved else None,
        )
        try:
            await account.save()
        except IntegrityError as error:
            raise Taken("email") from error
    return account


async def _make_actor(name: str, keys: tuple[str, str, str, str], *, is_withdrawn: bool) -> Actor:
    """Write the public side; nobody sees it while the account waits for approval (OAU-08)."""
    try:
        return await make_actor(name, Kind.PERSON, keys, is_withdrawn=is_withdrawn)
    except NameTaken as error:
        raise Taken("name") from error
