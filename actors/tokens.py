"""Token: an app that may act for someone, within its scopes; only a hash of its secret is kept."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.accounts import Account, account_with_actor
from actors.apps import App, AppToken
from actors.sessions import hash_of, new_token
from core import sql
from core.broker import Topic, publish
from core.clock import now
from core.ids import new_id
from core.rows import load_one

SEEN_EVERY = timedelta(minutes=5)


class Token(Model):
    """An app that may act for someone, within its scopes; the command line's has no `app`."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="tokens"
    )
    account_id: int
    app_id = fields.BigIntField(null=True)
    token_hash = fields.CharField(max_length=64, unique=True)
    scopes: Any = fields.JSONField(default=list)
    app_name = fields.CharField(max_length=200, default="")
    created_at = fields.DatetimeField(default=now)
    seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "token"
        indexes = [("account_id",), ("app_id",)]


async def make_token(account: Account, scopes: Iterable[str], app_name: str) -> str:
    """Let a script in; return its secret, which is shown this once (security.md OAU-05)."""
    secret, _ = await issue(account, scopes, app_name=app_name)
    return secret


async def issue(
    account: Account, scopes: Iterable[str], *, app: App | None = None, app_name: str = ""
) -> tuple[str, Token]:
    """Make a token for an app that acts for an account; return its secret, and its row."""
    secret = new_token()
    token = await Token.create(
        account_id=account.id,
        app_id=app.id if app else None,
        token_hash=hash_of(secret),
        scopes=sorted(set(scopes)),
        app_name=(app.name if app else app_name)[:200],
    )
    return secret, token


async def token_of(secret: str) -> Token | None:
    """Find the token of a secret, with its account and actor."""
    found = await load_one(Token, "token_hash = ?", [hash_of(secret)])
    if found is None:
        return None
    account = await account_with_actor(found.account_id)
    if account is None:
        return None
    found.account = account
    if found.seen_at is None or now() - found.seen_at > SEEN_EVERY:
        await Token.filter(id=found.id).update(seen_at=now())
    return found


async def tokens_of(account: Account) -> list[Token]:
    """List the apps that were let in, the newest first."""
    return await Token.filter(account_id=account.id).order_by("-id")


async def end_token(account: Account, token_id: int) -> bool:
    """Shut an app of this account out; False when there is no such app (OAU-06)."""
    ended = await Token.filter(id=token_id, account_id=account.id).delete()
    await publish(Topic.ACCESS)
    return bool(ended)


async def end_by_secret(app: App, secret: str) -> bool:
    """Take a token of an app back; False when it is another app's. Unknown ones are well."""
    mark = hash_of(secret)
    for kind in (Token, AppToken):
        found = await kind.get_or_none(token_hash=mark)
        if found is not None and found.app_id != app.id:
            return False
        await kind.filter(token_hash=mark, app_id=app.id).delete()
    await publish(Topic.ACCESS)
    return True


async def end_tokens(account: Account) -> None:
    """Shut every app of this account out."""
    await Token.filter(account_id=account.id).delete()
    await publish(Topic.ACCESS)


async def still_good(ids: Collection[int]) -> set[int]:
    """Return those of these tokens that were not taken back, and whose owners may act."""
    rows = await sql.rows(
        "SELECT t.id FROM token t JOIN account c ON c.id = t.account_id"  # noqa: S608  marks
        " JOIN actor a ON a.id = c.actor_id WHERE c.approved_at IS NOT NULL"
        " AND c.confirmed_at IS NOT NULL AND c.disabled_at IS NULL AND c.closed_at IS NULL"
        f" AND a.gone_at IS NULL AND a.suspended_at IS NULL AND t.id IN ({sql.marks(ids)})",
        list(ids),
    )
    return {row["id"] for row in rows}
