"""Passkeys: keys that a device or a browser keeps, to sign what we made up (WebAuthn)."""

import asyncio
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.models import Model

from actors.accounts import Account
from core.clock import now
from core.ids import new_id
from core.secret import derived
from core.settings import settings

GOOD_FOR = timedelta(minutes=5)
MOST = 20
MOST_TEXT = 20_000
# What is raised for what cannot be read; it is somebody else's JSON.
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError)


class Passkey(Model):
    """A key of someone's, by the id that their device gave it (base64url)."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "rubric.Account", related_name="passkeys"
    )
    account_id: int
    credential_id = fields.CharField(max_length=1400)
    id_hash = fields.CharField(max_length=64, unique=True)
    public_key = fields.BinaryField()
    sign_count = fields.BigIntField(default=0)
    label = fields.CharField(max_length=60, default="")
    created_at = fields.DatetimeField(default=now)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "passkey"
        indexes = [("account_id",)]


class Challenge(Model):
    """What a key has to sign now: for one browser and one purpose, once."""

    id = fields.BigIntField(primary_key=True, generated=False, default=new_id)
    mark = fields.CharField(max_length=64, unique=True)
    holder = fields.CharField(max_length=100)
    purpose = fields.CharField(max_length=20)
    expires_at = fields.DatetimeField()

    class Meta:
        table = "challenge"
        indexes = [("expires_at",)]


class BadPasskey(ValueError):
    """What a browser sent is no answer to what it was asked."""


async def passkeys_of(account: Account) -> list[Passkey]:
    """List someone's keys, the newest first."""
    return await Passkey.filter(account_id=account.id).order_by("-id")


async def to_register(account: Account, holder: str) -> str:
    """Return the JSON that a browser makes a new key from."""
    ceremonies = await _ceremonies()
    wanted: str = ceremonies.to_register(
        await _challenge(holder, "register"),
        rp_id=_host(),
        rp_name=settings().server.name,
        user_id=_handle(account),
        user_name=account.actor.name,
        user_display_name=account.actor.display_name,
        known=_named(await passkeys_of(account)),
    )
    return wanted


async def register(account: Account, answer: str, label: str, holder: str) -> Passkey:
    """Keep a new key; raises BadPasskey."""
    if await Passkey.filter(account_id=account.id).count() >= MOST:
        raise BadPasskey("there are too many keys")
    challenge = await _spent(answer, holder, "register")
    try:
        found = (await _ceremonies()).registered(answer, challenge, _host(), _origin())
    except ValueError as error:
        raise BadPasskey(str(error)) from error
    written = urlsafe_b64encode(found.credential_id).rstrip(b"=").decode()
    if len(written) > 1400:
        raise BadPasskey("the id of the key is too long")
    try:
        return await Passkey.create(
            account_id=account.id,
            credential_id=written,
            id_hash=_mark(found.credential_id),
            public_key=found.credential_public_key,
            sign_count=found.sign_count,
            label=label[:60],
        )
    except IntegrityError as error:
        raise BadPasskey("this key is known already") from error


async def to_sign(account: Account | None, holder: str, purpose: str) -> str:
    """Return the JSON that a browser asks a key with; of nobody known, any key of this place."""
    known = await passkeys_of(account) if account else []
    ceremonies = await _ceremonies()
    wanted: str = ceremonies.to_sign(
        await _challenge(holder, purpose), _host(), _named(known), alone=account is None
    )
    return wanted


async def signed_by(answer: str, holder: str, purpose: str, *, alone: bool) -> Passkey:
    """Return whose key signed what this browser was asked, with its account; raises BadPasskey.

    A key that stands `alone`, without a password, has to say that it knew who used it.
    """
    challenge = await _spent(answer, holder, purpose)
    key = await Passkey.get_or_none(id_hash=_mark(_id_in(answer))).select_related("account__actor")
    if key is None:
        raise BadPasskey("nobody here has this key")
    try:
        count = (await _ceremonies()).signed(
            *(answer, challenge, _host(), _origin()),
            public_key=key.public_key,
            sign_count=key.sign_count,
            alone=alone,
        )
    except ValueError as error:
        raise BadPasskey(str(error)) from error
    await Passkey.filter(id=key.id).update(sign_count=count, used_at=now())
    return key


async def sweep() -> None:
    """Forget challenges nobody answered in time."""
    await Challenge.filter(expires_at__lt=now()).delete()


async def _challenge(holder: str, purpose: str) -> bytes:
    made = secrets.token_bytes(32)
    await Challenge.create(
        mark=_mark(made), holder=holder[:100], purpose=purpose, expires_at=now() + GOOD_FOR
    )
    return made


async def _spent(answer: str, holder: str, purpose: str) -> bytes:
    """Use up the challenge an answer is about: it counts once, and only where it was asked."""
    said = _part(answer, "response")
    try:
        client = json.loads(_bytes_in(str(said.get("clientDataJSON", ""))))
        challenge = _bytes_in(str(client["challenge"]))
    except UNREADABLE as error:
        raise BadPasskey("the answer cannot be read") from error
    gone = await Challenge.filter(
        mark=_mark(challenge), holder=holder[:100], purpose=purpose, expires_at__gt=now()
    ).delete()
    if not gone:
        raise BadPasskey("nothing like this was asked")
    return challenge


def _id_in(answer: str) -> bytes:
    try:
        return _bytes_in(str(json.loads(answer).get("rawId", "")))
    except UNREADABLE as error:
        raise BadPasskey("the answer cannot be read") from error


def _part(answer: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(answer) if len(answer) <= MOST_TEXT else None
    except ValueError as error:
        raise BadPasskey("the answer cannot be read") from error
    part = found.get(name) if isinstance(found, dict) else None
    if not isinstance(part, dict):
        raise BadPasskey(f"the answer has no {name}")
    return part


def _named(keys: Sequence[Passkey]) -> list[bytes]:
    return [_bytes_in(each.credential_id) for each in keys]


def _bytes_in(written: str) -> bytes:
    return urlsafe_b64decode(written + "=" * (-len(written) % 4))


async def _ceremonies() -> Any:
    # Only where somebody uses a passkey: the library takes 7 MiB of memory.
    return await asyncio.to_thread(import_module, "actors.ceremonies")


def _handle(account: Account) -> bytes:
    """Name an account to a device without saying who it is."""
    return sha256(derived("passkeys") + str(account.id).encode()).digest()


def _mark(secret: bytes) -> str:
    return sha256(secret).hexdigest()


def _host() -> str:
    return urlsplit(settings().server.base_url).hostname or ""


def _origin() -> str:
    return settings().server.base_url
