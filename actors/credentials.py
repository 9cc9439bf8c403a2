"""What someone shows to be let in: a password, an address they read; and how both change."""

from contextlib import suppress
from hashlib import sha256

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors import emails, mailed, passwords, sessions, tokens
from actors.accounts import Account, Taken, find, is_functional
from actors.mailed import MailedToken, Purpose
from core import metrics
from core.clock import now
from core.jobs import Lane, put
from core.limits import TooMany, count, forget
from core.settings import settings

FIVE_MINUTES = 300
HOUR = 3600


class WrongPassword(Exception):
    """The password is not theirs."""


async def sign_in(login: str, password: str, *, address: str) -> Account | None:
    """Return whose name or address and password these are; None says no more than "wrong".

    Tries are counted before anything is hashed, by address, by what was typed and by account;
    raises TooMany (security.md ACC-02, DOS-14). Whether they may come in is not asked here.
    """
    limits = settings().limits
    await count(f"login from {address}", most=limits.logins_per_address, seconds=FIVE_MINUTES)
    typed = f"login as {_key_of(login)}"
    await count(typed, most=limits.logins_per_account, seconds=HOUR)
    account = await find(login)
    try:
        right = await _is_right(account, password)
    except TooManyForAccount:
        # To say so would tell which address belongs to which name.
        right = await passwords.is_right(None, password)
    metrics.sign_ins.labels("right" if right else "wrong").inc()
    if account is None or not right:
        return None
    await forget(typed)
    if passwords.is_old(account.password_hash):
        account.password_hash = await passwords.hash_of(password)
        await account.save(update_fields=["password_hash"])
    return account


async def prove(account: Account, password: str) -> None:
    """Have someone who is signed in show their password again; raise WrongPassword or TooMany."""
    if not await _is_right(account, password):
        raise WrongPassword("the password is wrong")


async def set_password(account: Account, password: str) -> None:
    """Change a password; every browser and app is out at once (security.md WEB-02, OAU-04).

    Raises passwords.BadPassword.
    """
    passwords.check(password, about=(account.actor.name, account.email.partition("@")[0]))
    account.password_hash = await passwords.hash_of(password)
    async with in_transaction():
        await account.save(update_fields=["password_hash"])
        await end_everything(account)


async def end_everything(account: Account) -> None:
    """End every session, token and mailed secret, as whenever someone else may have them."""
    await sessions.end_all(account)
    await tokens.end_tokens(account)
    await MailedToken.filter(account_id=account.id, purpose=Purpose.RESET).delete()


async def reset(secret: str, password: str) -> Account | None:
    """Set a new password with a secret that was mailed; None when it no longer holds.

    Raises passwords.BadPassword; the secret then stays good.
    """
    found = await mailed.find(secret, Purpose.RESET)
    if found is None:
        return None
    passwords.check(password, about=(found.account.actor.name, found.about.partition("@")[0]))
    async with in_transaction():
        if not await mailed.spend(found):
            return None
    await set_password(found.account, password)
    return found.account


async def confirm(secret: str) -> tuple[Account, str] | None:
    """Claim the address a secret was mailed to; None when the secret no longer holds.

    Returns the account and the address that was its own before, if another was. Raises Taken when
    the mailbox belongs to someone else.
    """
    found = await mailed.find(secret, Purpose.CONFIRM)
    if found is None or found.account.closed_at is not None:
        return None
    account = found.account
    before = account.email if account.confirmed_at and account.email != found.about else ""
    async with in_transaction():
        if not await mailed.spend(found):
            return None
        await claim(account, found.about)
    return account, before


async def claim(account: Account, address: str) -> None:
    """Make an address this account's own, and the account a confirmed one; raise Taken."""
    account.email = emails.tidy(address)
    account.email_key = emails.key_of(address)
    is_first, account.confirmed_at = account.confirmed_at is None, account.confirmed_at or now()
    try:
        async with in_transaction():
            await account.save(update_fields=["email", "email_key", "confirmed_at"])
            if is_first:
                # What they posted before waits to be sent on.
                await put("outbox.send_waiting", {"actor_id": account.actor_id}, lane=Lane.SOON)
    except IntegrityError as error:
        raise Taken("email") from error


async def account_to_write_to(address: str) -> Account | None:
    """Find who gets a letter about a forgotten password: only at an address they confirmed."""
    account = await find(address) if "@" in address else None
    return account if account and is_functional(account) else None


class TooManyForAccount(TooMany):
    """The password of one account was tried too often."""


async def _is_right(account: Account | None, password: str) -> bool:
    if account is None:
        return await passwords.is_right(None, password)
    tries = f"password of {account.id}"
    try:
        await count(tries, most=settings().limits.logins_per_account, seconds=HOUR)
    except TooMany as error:
        raise TooManyForAccount(error.seconds) from error
    right = await passwords.is_right(account.password_hash, password)
    if right:
        await forget(tries)
    return right


def _key_of(login: str) -> str:
    """Return what is the same for all spellings of a login, hashed, for the counts are kept."""
    typed = login.strip().removeprefix("@").lower()[:400]
    with suppress(emails.BadAddress):
        typed = emails.key_of(typed)
    return sha256(typed.encode()).hexdigest()
