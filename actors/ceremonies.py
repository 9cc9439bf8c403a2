"""What passkeys are asked and what they answer, as WebAuthn has it.

Loaded by its name at the first passkey, so that a server where nobody uses one does without the
library (architecture.md 5).
"""

from collections.abc import Sequence

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

# What the library raises for what it cannot read; it is somebody else's JSON and CBOR.
UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)


def to_register(
    challenge: bytes,
    *,
    rp_id: str,
    rp_name: str,
    user_id: bytes,
    user_name: str,
    user_display_name: str,
    known: Sequence[bytes],
) -> str:
    """Return the JSON that a browser makes a new key from, other than those it has."""
    return options_to_json(
        generate_registration_options(
            rp_id=rp_id,
            rp_name=rp_name,
            user_id=user_id,
            user_name=user_name,
            user_display_name=user_display_name,
            challenge=challenge,
            exclude_credentials=_named(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED,
                user_verification=UserVerificationRequirement.PREFERRED,
            ),
        )
    )


def registered(answer: str, challenge: bytes, host: str, origin: str) -> VerifiedRegistration:
    """Return the new key that was made; raises ValueError."""
    try:
        return verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
        )
    except UNREADABLE as error:
        raise ValueError(str(error)) from error


def to_sign(challenge: bytes, host: str, known: Sequence[bytes], *, alone: bool) -> str:
    """Return the JSON that a browser asks a key with."""
    need = UserVerificationRequirement.REQUIRED if alone else UserVerificationRequirement.PREFERRED
    return options_to_json(
        generate_authentication_options(
            rp_id=host,
            challenge=challenge,
            allow_credentials=_named(known),
            user_verification=need,
        )
    )


def signed(
    answer: str,
    challenge: bytes,
    host: str,
    origin: str,
    *,
    public_key: bytes,
    sign_count: int,
    alone: bool,
) -> int:
    """Return how often the key has signed, once its answer was found true; raises ValueError."""
    try:
        return verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=alone,
        ).new_sign_count
    except UNREADABLE as error:
        raise ValueError(str(error)) from error


def _named(keys: Sequence[bytes]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(each) for each in keys]
