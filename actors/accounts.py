"""Account: the private side of someone who lives here."""

import re
from enum import StrEnum
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors import emails
from actors.actor import Actor
from core.clock import now
from core.ids import new_id
from core.rows import load_one

NAME = re.compile(r"[a-z0-9_]{1,30}")


class Role(StrEnum):
    """What someone may do for the community (product.md 5.3)."""

    MEMBER = "member"
    MODERATOR = "moderator"
    ADMIN = "admin"


class Account(Model):
    """How someone signs in, and what only they and this machine know.

    `email` is what they typed; `email_key` is theirs alone once they proved that they read it, and
    a dash and their name before. `preferences` holds what the settings pages write;
    `panels_since` says since when they agree to be drawn for panels (moderation/panel_pool.py).
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    actor: fields.OneToOneRelation[Actor] = fields.OneToOneField(
        "rubric.Actor", related_name="account"
    )
    actor_id: int
    email = fields.CharField(max_length=320)
    email_key = fields.CharField(max_length=320, unique=True)
    password_hash = fields.CharField(max_length=200)
    role = fields.CharEnumField(Role, max_length=20, default=Role.MEMBER)
    locale = fields.CharField(max_length=20, default="en")
    reason = fields.TextField(default="")
    invite_code = fields.CharField(max_length=40, default="")
    preferences: Any = fields.JSONField(default=dict)
    confirmed_at = fields.DatetimeField(null=True)
    approved_at = fields.DatetimeField(null=True)
    disabled_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)
    seen_at = fields.DatetimeField(null=True)
    panels_since = fields.DatetimeField(null=True)

    class Meta:
        table = "account"


class BadName(ValueError):
    """A name has other letters than we allow, or is too long."""


class Taken(Exception):
    """Someone has, or had, this name or e-mail address; `field` says which."""

    def __init__(self, field: str) -> None:
        super().__init__(f"this {field} is taken")
        self.field = field


def may_sign_in(account: Account) -> bool:
    """Tell whether a browser may stay signed in; `account.actor` must be loaded."""
    return (
        account.approved_at is not None
        and account.disabled_at is None
        and account.closed_at is None
        and account.actor.gone_at is None
    )


def is_functional(account: Account) -> bool:
    """Tell whether they may act for others to see: the one gate (security.md OAU-08)."""
    return (
        may_sign_in(account)
        and account.confirmed_at is not None
        and account.actor.suspended_at is None
    )


async def account_with_actor(number: int) -> Account | None:
    """Read an account and its actor the fast way, as each request of a member does."""
    account = await load_one(Account, "id = ?", [number])
    actor = await load_one(Actor, "id = ?", [account.actor_id]) if account else None
    if account and actor:
        account.actor = actor
        return account
    return None


async def account_of(actor: Actor) -> Account | None:
    """Return the account of someone who lives here, with its actor."""
    return await Account.filter(actor_id=actor.id).select_related("actor").first()


async def find(login: str) -> Account | None:
    """Find an account by name or by claimed e-mail address, with its actor."""
    login = login.strip().removeprefix("@").lower()
    if "@" not in login:
        if not NAME.fullmatch(login):
            return None
        found = Account.filter(actor__local_name=login)
    else:
        try:
            found = Account.filter(email_key=emails.key_of(login))
        except emails.BadAddress:
            return None
    return await found.select_related("actor").first()


async def is_free(name: str) -> bool:
    """Tell whether a name was never given to anyone here (security.md ACC-07)."""
    return not await Actor.exists(local_name=name)
