"""The second thing someone shows to be let in: a code of the minute, or one kept for bad days."""

import secrets
from hashlib import sha256

import pyotp
from tortoise import fields
from tortoise.models import Model
from tortoise.transactions import in_transaction

from actors.accounts import Account
from actors.passkeys import Passkey
from actors.sessions import Session
from core.clock import now
from core.ids import new_id
from core.limits import count, forget
from core.secret import locked, opened
from core.settings import settings

STEP_S = 30
HOUR = 3600
FIVE_MINUTES = 300
CODES = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another
CODE_LENGTH = 12


class Authenticator(Model):
    """An app that makes codes; nothing hangs on it until its owner proved that it works.

    `secret` is locked with the secret of this machine; `last_step` is that of the last code taken.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.OneToOneRelation[Account] = fields.OneToOneField(
        "rubric.Account", related_name="authenticator"
    )
    account_id: int
    secret = fields.BinaryField()
    last_step = fields.BigIntField(default=0)
    confirmed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "authenticator"


class RecoveryCode(Model):
    """A code for when the app or the key is lost; good once, and kept as a hash alone."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="recovery_codes"
    )
    account_id: int
    code_hash = fields.CharField(max_length=64, unique=True)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_code"
        indexes = [("account_id",)]


async def has_second_factor(account: Account) -> bool:
    """Tell whether someone has to show more than a password."""
    app = Authenticator.filter(account_id=account.id, confirmed_at__not_isnull=True)
    return await app.exists() or await Passkey.exists(account_id=account.id)


async def begin(account: Account) -> str:
    """Make the secret of an app that is not confirmed yet; return it as apps read it, in base 32.

    An app that works already stays as it is until the new one is confirmed; raises ValueError then.
    """
    if await Authenticator.exists(account_id=account.id, confirmed_at__not_isnull=True):
        raise ValueError("there is an app already")
    secret = pyotp.random_base32()
    await Authenticator.update_or_create(
        {"secret": locked(secret.encode()), "last_step": 0}, account_id=account.id
    )
    return secret


async def begun(account: Account) -> str:
    """Return the secret of an app that waits to be confirmed; nothing where none does."""
    found = await Authenticator.get_or_none(account_id=account.id, confirmed_at=None)
    return opened(found.secret).decode() if found else ""


def address_for_apps(secret: str, account: Account) -> str:
    """Write what the square says that apps photograph."""
    server = settings().server
    name = f"{account.actor.name}@{server.account_domain}"
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=server.name)


async def confirm(account: Account, code: str, session_id: int) -> list[str] | None:
    """Take an app into use once it made a right code; None for a wrong one, raises TooMany.

    Returns recovery codes, where they are the first: to be shown this once.
    """
    await _count(account)
    found = await Authenticator.get_or_none(account_id=account.id, confirmed_at=None)
    async with in_transaction():
        if found is None or not await _takes(found, code):
            return None
        await Authenticator.filter(id=found.id).update(confirmed_at=now())
        made = await settle_in(account, session_id)
    await forget(_tries(account))
    return made


async def settle_in(account: Account, session_id: int) -> list[str]:
    """Hold only this browser for strong, end all others, and make the first recovery codes.

    For the transaction in which someone gets a second factor; the others never showed it.
    """
    await Session.filter(account_id=account.id, is_strong=False).exclude(id=session_id).delete()
    await Session.filter(id=session_id).update(is_strong=True, proved_at=now())
    if await RecoveryCode.exists(account_id=account.id, used_at=None):
        return []
    return await new_codes(account)


async def is_right(account: Account, code: str) -> bool:
    """Take a code of the app or one for bad days, each once (ACC-03); raises TooMany (ACC-02)."""
    await _count(account)
    typed = "".join(code.split()).replace("-", "").lower()
    app = await Authenticator.get_or_none(account_id=account.id, confirmed_at__not_isnull=True)
    right = bool(app and await _takes(app, typed)) or await _spend(account, typed)
    if right:
        await forget(_tries(account))
    return right


async def new_codes(account: Account) -> list[str]:
    """Make recovery codes in place of those there were; nobody can read them later."""
    made = ["".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    async with in_transaction():
        await RecoveryCode.filter(account_id=account.id).delete()
        await RecoveryCode.bulk_create(
            RecoveryCode(account_id=account.id, code_hash=_hash(account, each)) for each in made
        )
    return ["-".join((each[:4], each[4:8], each[8:])) for each in made]


async def codes_left(account: Account) -> int:
    """Count the recovery codes that were not used."""
    return await RecoveryCode.filter(account_id=account.id, used_at=None).count()


async def has_app(account: Account) -> bool:
    """Tell whether an app makes codes for this account."""
    return await Authenticator.exists(account_id=account.id, confirmed_at__not_isnull=True)


async def drop_app(account: Account) -> None:
    """Take the app away; without a passkey the account is back to its password alone."""
    async with in_transaction():
        await Authenticator.filter(account_id=account.id).delete()
        await weaken(account)


async def drop_passkey(account: Account, passkey_id: int) -> bool:
    """Take a passkey away; False when this account has no such one."""
    async with in_transaction():
        gone = await Passkey.filter(id=passkey_id, account_id=account.id).delete()
        await weaken(account)
    return bool(gone)


async def drop_all(account: Account) -> None:
    """Take every second factor away and end every session, as when someone lost them all."""
    async with in_transaction():
        await Authenticator.filter(account_id=account.id).delete()
        await Passkey.filter(account_id=account.id).delete()
        await weaken(account)
        await Session.filter(account_id=account.id).delete()


async def weaken(account: Account) -> None:
    """Hold no browser for strong any more where the last second factor went."""
    if await has_second_factor(account):
        return
    await RecoveryCode.filter(account_id=account.id).delete()
    await Session.filter(account_id=account.id).update(is_strong=False)


async def _takes(app: Authenticator, code: str) -> bool:
    """Settle the step a code is of, so that neither it nor an older one is taken again."""
    totp = pyotp.TOTP(opened(app.secret).decode())
    here = int(now().timestamp()) // STEP_S
    for step in (here, here - 1, here + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), code.encode()):
            fresh = Authenticator.filter(id=app.id, last_step__lt=step)
            return bool(await fresh.update(last_step=step))
    return False


async def _spend(account: Account, code: str) -> bool:
    kept = RecoveryCode.filter(account_id=account.id, code_hash=_hash(account, code), used_at=None)
    return bool(await kept.update(used_at=now()))


async def _count(account: Account) -> None:
    most = settings().limits.logins_per_account
    await count(_tries(account), most=most, seconds=HOUR)


def _tries(account: Account) -> str:
    return f"second factor of {account.id}"


def _hash(account: Account, code: str) -> str:
    """Hash fast: a code has 59 bits that nobody chose, and tries are counted."""
    return sha256(f"{account.id} {code}".encode()).hexdigest()
