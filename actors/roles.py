"""Roles: who may do what for the community, and that there is always someone who may."""

from datetime import timedelta

from tortoise.expressions import Q
from tortoise.transactions import in_transaction

from actors import sessions, tokens
from actors.accounts import Account, Role
from actors.instance import instance_actor
from core.clock import now

WEEK = timedelta(days=7)


class LastAdmin(Exception):
    """Without this person nobody could run the place."""


async def change_role(account: Account, role: Role) -> None:
    """Give someone another role; their sessions and tokens end, for they carried the old one.

    Raises LastAdmin (security.md WEB-02).
    """
    async with in_transaction():
        if role != Role.ADMIN:
            await spare_last_admin(account)
        account.role = role
        await account.save(update_fields=["role"])
        await sessions.end_all(account)
        await tokens.end_tokens(account)


async def is_watched() -> bool:
    """Tell whether anyone who may moderate was here in the last week (security.md ACC-06).

    A place that began within the week counts as watched: its first admin may still be coming.
    """
    staff = Account.filter(role__in=[Role.MODERATOR, Role.ADMIN], closed_at=None, disabled_at=None)
    week_ago = now() - WEEK
    if (await instance_actor()).created_at > week_ago:
        return True
    return await staff.filter(Q(seen_at__gt=week_ago) | Q(created_at__gt=week_ago)).exists()


async def spare_last_admin(account: Account) -> None:
    """Raise LastAdmin when this is the only admin left; call in the transaction of the change."""
    if account.role != Role.ADMIN:
        return
    others = Account.filter(role=Role.ADMIN, closed_at=None, disabled_at=None, actor__gone_at=None)
    if not await others.exclude(id=account.id).exists():
        raise LastAdmin(f"{account.actor.name} is the last admin")
