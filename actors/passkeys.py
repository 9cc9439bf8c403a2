"""Passkeys: keys that a device or a browser keeps, to sign what we made up (WebAuthn)."""

import json
import secrets
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.models import Model
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from actors.accounts import Account
from core.clock import now
from core.ids import new_id
from core.secret import derived
from core.settings import settings

GOOD_FOR = timedelta(minutes=5)
MOST = 20
MOST_TEXT = 20_000
# What the library raises for what it cannot read; it is somebody else's JSON and CBOR.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)


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
    challenge = await _challenge(holder, "register")
    return options_to_json(
        generate_registration_options(
            rp_id=_host(),
            rp_name=settings().server.name,
            user_id=_handle(account),
            user_name=account.actor.name,
            user_display_name=account.actor.display_name,
            challenge=challenge,
            exclude_credentials=_named(await passkeys_of(account)),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
    )


async def register(account: Account, answer: str, label: str, holder: str) -> Passkey:
    """Keep a new key; raises BadPasskey."""
    if await Passkey.filter(account_id=account.id).count() >= MOST:
        raise BadPasskey("there are too many keys")
    challenge = await _spent(answer, holder, "register")
    try:
        found = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
        )
    except UNREADABLE as error:
        raise BadPasskey(str(error)) from error
    written = bytes_to_base64url(found.credential_id)
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
    need = (
        UserVerificationRequirement.PREFERRED if account else UserVerificationRequirement.REQUIRED
    )
    return options_to_json(
        generate_authentication_options(
            rp_id=_host(),
            challenge=await _challenge(holder, purpose),
            allow_credentials=_named(known),
            user_verification=need,
        )
    )


async def signed_by(answer: str, holder: str, purpose: str, *, alone: bool) -> Passkey:
    """Return whose key signed what this browser was asked, with its account; raises BadPasskey.

    A key that stands `alone`, without a password, has to say that it knew who used it.
    """
    challenge = await _spent(answer, holder, purpose)
    key = await Passkey.get_or_none(id_hash=_mark(_id_in(answer))).select_related("account__actor")
    if key is None:
        raise BadPasskey("nobody here has this key")
    try:
        found = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=_host(),
            expected_origin=_origin(),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=alone,
        )
    except UNREADABLE as error:
        raise BadPasskey(str(error)) from error
    await Passkey.filter(id=key.id).update(sign_count=found.new_sign_count, used_at=now())
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
        client = json.loads(base64url_to_bytes(str(said.get("clientDataJSON", ""))))
        challenge = base64url_to_bytes(str(client["challenge"]))
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
        return base64url_to_bytes(str(json.loads(answer).get("rawId", "")))
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


def _named(keys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(base64url_to_bytes(each.credential_id)) for each in keys]


def _handle(account: Account) -> bytes:
    """Name an account to a device without saying who it is."""
    return sha256(derived("passkeys") + str(account.id).encode()).digest()


def _mark(secret: bytes) -> str:
    return sha256(secret).hexdigest()


def _host() -> str:
    return urlsplit(settings().server.base_url).hostname or ""


def _origin() -> str:
    return settings().server.base_url
