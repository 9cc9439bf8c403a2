"""Session and Token: how a browser or an app stays signed in; only hashes are kept."""

from typing import Any

from tortoise import fields
from tortoise.models import Model

from actors.accounts import Account
from core.clock import now
from core.ids import new_id


class Session(Model):
    """A browser that is signed in."""

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

    class Meta:
        table = "session"


class Token(Model):
    """An app that may act for someone, within its scopes."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="tokens"
    )
    account_id: int
    token_hash = fields.CharField(max_length=64, unique=True)
    scopes: Any = fields.JSONField(default=list)
    app_name = fields.CharField(max_length=200, default="")
    created_at = fields.DatetimeField(default=now)
    seen_at = fields.DatetimeField(null=True)

    class Meta:
        table = "token"


class MailedToken(Model):
    """A secret sent by e-mail, for one purpose and one use."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="mailed_tokens"
    )
    account_id: int
    purpose = fields.CharField(max_length=20)
    token_hash = fields.CharField(max_length=64, unique=True)
    about = fields.CharField(max_length=320, default="")
    expires_at = fields.DatetimeField()

    class Meta:
        table = "mailed_token"
