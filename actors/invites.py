"""Invite: who let whom in."""

import secrets
from datetime import timedelta

from tortoise import fields
from tortoise.expressions import F, Q
from tortoise.models import Model

from actors.accounts import Account
from core.clock import now
from core.ids import new_id

# Without the letters and digits that look alike, because codes are also read out.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Invite(Model):
    """A code that opens the door so many times until a date."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    code = fields.CharField(max_length=40, unique=True)
    maker: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="invites", null=True
    )
    maker_id: int | None
    uses = fields.IntField(default=0)
    most_uses = fields.IntField(default=1)
    expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "invite"
        indexes = [("maker_id",)]


class NoInvite(Exception):
    """The code is unknown, used up or too old."""


async def make_invite(maker: Account | None, *, most_uses: int = 1, days: int = 7) -> Invite:
    """Make a code; without a maker it is the operator's."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(16))
    return await Invite.create(
        code=code,
        maker=maker,
        most_uses=most_uses,
        expires_at=now() + timedelta(days=days),
    )


async def invite_of(code: str) -> Invite | None:
    """Find an invite that still opens the door."""
    return await Invite.filter(_open(), code=code).first()


async def spend_invite(code: str) -> None:
    """Count one use in the caller's transaction; or raise NoInvite (ACC-05)."""
    if not await Invite.filter(_open(), code=code).update(uses=F("uses") + 1):
        raise NoInvite(f"the invite {code!r} does not open the door")


async def invites_of(maker: Account) -> list[Invite]:
    """List the invites somebody made, the newest first."""
    return await Invite.filter(maker_id=maker.id).order_by("-id")


async def withdraw(maker: Account, invite_id: int) -> bool:
    """End an invite of this maker; False when there is no such invite (OAU-06)."""
    return bool(await Invite.filter(id=invite_id, maker_id=maker.id).update(expires_at=now()))


def _open() -> Q:
    return Q(uses__lt=F("most_uses")) & (Q(expires_at=None) | Q(expires_at__gt=now()))
