"""MailedToken: a secret sent by e-mail, for one purpose and one use."""

from datetime import timedelta
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from actors.accounts import Account
from actors.sessions import hash_of, new_token
from core.clock import now
from core.ids import new_id


class Purpose(StrEnum):
    """What a secret in a letter is for."""

    CONFIRM = "confirm"
    RESET = "reset"


LASTS = {Purpose.CONFIRM: timedelta(days=3), Purpose.RESET: timedelta(hours=1)}


class MailedToken(Model):
    """A secret that was mailed; `about` is the address it was mailed to."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="mailed_tokens"
    )
    account_id: int
    purpose = fields.CharEnumField(Purpose, max_length=20)
    token_hash = fields.CharField(max_length=64, unique=True)
    about = fields.CharField(max_length=320, default="")
    expires_at = fields.DatetimeField()

    class Meta:
        table = "mailed_token"
        indexes = [("account_id",)]


async def mailed_token(account: Account, purpose: Purpose, address: str) -> str:
    """Make the secret for a letter to this address; older ones of the purpose end."""
    await MailedToken.filter(account_id=account.id, purpose=purpose).delete()
    secret = new_token()
    await MailedToken.create(
        account_id=account.id,
        purpose=purpose,
        token_hash=hash_of(secret),
        about=address,
        expires_at=now() + LASTS[purpose],
    )
    return secret


async def find(secret: str, purpose: Purpose) -> MailedToken | None:
    """Find a secret that still holds, with its account and actor; it stays usable."""
    return (
        await MailedToken.filter(token_hash=hash_of(secret), purpose=purpose, expires_at__gt=now())
        .select_related("account__actor")
        .first()
    )


async def spend(found: MailedToken) -> bool:
    """Use a secret up; False when someone was faster."""
    return bool(await MailedToken.filter(id=found.id).delete())


async def sweep() -> None:
    """Remove secrets nobody used in time."""
    await MailedToken.filter(expires_at__lt=now()).delete()
