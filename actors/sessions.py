"""Session: a browser that stays signed in; only a hash of its secret is kept."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from tortoise import fields
from tortoise.models import Model

from actors.accounts import Account, Role, account_with_actor
from core.clock import now
from core.ids import new_id
from core.rows import load_one
from core.settings import settings

SEEN_EVERY = timedelta(minutes=5)
ADDRESS_KEPT = timedelta(days=7)


class Session(Model):
    """A browser that is signed in.

    `is_strong` once a second factor was shown in it, as every browser of those has who have one;
    `proved_at` is when they last showed that it is them, by whatever they have.
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="sessions"
    )
    account_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    agent = fields.CharField(max_length=300, default="")
    address = fields.CharField(max_length=64, default="")
    created_at = fields.DatetimeField(default=now)
    seen_at = fields.DatetimeField(default=now)
    expires_at = fields.DatetimeField()
    proved_at = fields.DatetimeField(null=True)
    is_strong = fields.BooleanField(default=False, db_default=False)

    class Meta:
        table = "session"
        indexes = [("account_id",)]


def new_token() -> str:
    """Make a secret of 256 bits, fit for a cookie, a header or a link (security.md OPS-12)."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """Return what is kept of a secret: nobody can sign in with a copy of the database (OAU-05)."""
    return sha256(token.encode()).hexdigest()


async def start(
    account: Account, *, agent: str = "", address: str = "", is_strong: bool = False
) -> str:
    """Sign a browser in; return the secret for its cookie.

    Whoever has a second factor has to have shown it before: `is_strong`.
    """
    token = new_token()
    await Session.create(
        account_id=account.id,
        token_hash=hash_of(token),
        agent=agent[:300],
        address=address[:64],
        expires_at=_end(account.role),
        proved_at=now(),
        is_strong=is_strong,
    )
    await Account.filter(id=account.id).update(seen_at=now())
    return token


async def session_of(token: str) -> Session | None:
    """Find the session of a secret, with its account and actor; None once it ended or idled out.

    Reads the row each time, so that an ended session is ended everywhere at once (WEB-02).
    """
    found = await load_one(Session, "token_hash = ?", [hash_of(token)])
    if found is None or found.expires_at <= now():
        return None
    account = await account_with_actor(found.account_id)
    if account is None:
        return None
    found.account = account
    if now() - found.seen_at > SEEN_EVERY:
        await _touch(found)
    return found


async def prove(session: Session) -> None:
    """Write down that someone showed just now that it is them."""
    session.proved_at = now()
    await Session.filter(id=session.id).update(proved_at=session.proved_at)


async def sessions_of(account: Account) -> list[Session]:
    """List the browsers that are signed in, the last used first."""
    return await Session.filter(account_id=account.id, expires_at__gt=now()).order_by("-seen_at")


async def end(account: Account, session_id: int) -> bool:
    """Sign one browser of this account out; False when it has no such session (OAU-06)."""
    return bool(await Session.filter(id=session_id, account_id=account.id).delete())


async def end_others(account: Account, session_id: int) -> None:
    """Sign every other browser of this account out."""
    await Session.filter(account_id=account.id).exclude(id=session_id).delete()


async def end_all(account: Account) -> None:
    """Sign every browser of this account out."""
    await Session.filter(account_id=account.id).delete()


async def sweep() -> None:
    """Remove sessions that ended by themselves, and addresses older than a week (PRIV-12)."""
    await Session.filter(expires_at__lt=now()).delete()
    old = Session.filter(created_at__lt=now() - ADDRESS_KEPT)
    await old.exclude(address="").update(address="")


async def _touch(session: Session) -> None:
    session.seen_at = now()
    session.expires_at = _end(session.account.role)
    await Session.filter(id=session.id).update(
        seen_at=session.seen_at, expires_at=session.expires_at
    )
    await Account.filter(id=session.account_id).update(seen_at=session.seen_at)


def _end(role: Role) -> datetime:
    """Say when an unused session ends: staff sign in more often (security.md WEB-02)."""
    security = settings().security
    if role == Role.MEMBER:
        return now() + timedelta(days=security.session_days)
    return now() + timedelta(hours=security.staff_session_hours)
