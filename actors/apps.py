"""App, Code: a program that asks for access, and the codes by which people let one in."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.accounts import Account
from actors.sessions import hash_of, new_token
from core.clock import now
from core.ids import new_id

CODE_LIVES = timedelta(seconds=60)  # security.md OAU-02
COPYING_LIVES = timedelta(minutes=5)
UNUSED_APP = timedelta(days=30)


class App(Model):
    """A program that registered itself; it says of itself what it wants, so nothing is believed.

    Of its secret only a hash is kept. `redirect_uris` are compared to the letter (OAU-01).
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    client_id = fields.CharField(max_length=64, unique=True)
    secret_hash = fields.CharField(max_length=64)
    name = fields.CharField(max_length=200)
    website = fields.CharField(max_length=2000, default="")
    redirect_uris: Any = fields.JSONField(default=list)
    scopes: Any = fields.JSONField(default=list)
    created_at = fields.DatetimeField(default=now)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "app"


class Code(Model):
    """What a browser brings back to an app: good once, for a minute, for this app alone.

    `token_id` is what it was exchanged for: a second use takes that token away (OAU-02).
    """

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    code_hash = fields.CharField(max_length=64, unique=True)
    app: fields.ForeignKeyRelation[App] = fields.ForeignKeyField("rubric.App", related_name="codes")
    app_id: int
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="codes"
    )
    account_id: int
    redirect_uri = fields.CharField(max_length=2000)
    scopes: Any = fields.JSONField(default=list)
    challenge = fields.CharField(max_length=128, default="")
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    token_id = fields.BigIntField(null=True)

    class Meta:
        table = "code"
        indexes = [("app_id",), ("account_id",), ("expires_at",)]


class AppToken(Model):
    """What an app may do as itself, for nobody: register people, read what is public."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    app: fields.ForeignKeyRelation[App] = fields.ForeignKeyField(
        "rubric.App", related_name="own_tokens"
    )
    app_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    scopes: Any = fields.JSONField(default=list)
    created_at = fields.DatetimeField(default=now)

    class Meta:
        table = "app_token"
        indexes = [("app_id",)]


async def register(
    name: str, redirect_uris: Sequence[str], scopes: Sequence[str], website: str = ""
) -> tuple[App, str]:
    """Let an app be known; return it with its secret, which is shown this once (OAU-05)."""
    secret = new_token()
    app = await App.create(
        client_id=new_token(),
        secret_hash=hash_of(secret),
        name=name[:200],
        website=website[:2000],
        redirect_uris=list(redirect_uris),
        scopes=list(scopes),
    )
    return app, secret


async def app_of(client_id: str) -> App | None:
    """Find an app by its public id."""
    return await App.get_or_none(client_id=client_id) if client_id else None


def is_secret_of(app: App, secret: str) -> bool:
    """Compare a secret with the hash we kept, in the same time whatever it is."""
    return hmac.compare_digest(hash_of(secret), app.secret_hash)


async def issue_to_app(app: App, scopes: Sequence[str]) -> tuple[str, AppToken]:
    """Make a token by which an app acts for nobody; return its secret, and its row."""
    secret = new_token()
    row = await AppToken.create(app_id=app.id, token_hash=hash_of(secret), scopes=list(scopes))
    return secret, row


async def app_token_of(secret: str) -> AppToken | None:
    """Find an app's own token by its secret, with its app."""
    return await AppToken.filter(token_hash=hash_of(secret)).select_related("app").first()


async def make_code(
    app: App,
    account: Account,
    redirect_uri: str,
    scopes: Sequence[str],
    challenge: str,
    *,
    is_by_hand: bool = False,
) -> str:
    """Let an account's browser bring a code to an app; `challenge` is PKCE's S256, or empty.

    What a person has to copy lives longer.
    """
    code = new_token()
    await Code.create(
        code_hash=hash_of(code),
        app_id=app.id,
        account_id=account.id,
        redirect_uri=redirect_uri,
        scopes=list(scopes),
        challenge=challenge,
        expires_at=now() + (COPYING_LIVES if is_by_hand else CODE_LIVES),
    )
    return code


async def code_of(secret: str) -> Code | None:
    """Find a code that has not run out, used or not."""
    return await Code.get_or_none(code_hash=hash_of(secret), expires_at__gt=now())


async def spend(code: Code) -> bool:
    """Use a code up; False when somebody did before: then what they were given is not safe."""
    return bool(await Code.filter(id=code.id, used_at=None).update(used_at=now()))


async def sweep() -> None:
    """Forget codes that ran out a day ago, and apps nobody ever let in; runs by the clock."""
    await Code.filter(expires_at__lt=_ago(timedelta(days=1))).delete()
    await App.filter(used_at=None, created_at__lt=_ago(UNUSED_APP)).delete()


def _ago(span: timedelta) -> datetime:
    return now() - span
