"""A device with passkeys, as a browser would speak with one: it makes keys and signs with them."""

import hashlib
import json
import secrets
from typing import Any
from urllib.parse import urlsplit

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 1, 4, 64


class Device:
    """A device with one key for one place; it knows who uses it unless it is told not to."""

    def __init__(self, base: str, *, knows_user: bool = True) -> None:
        self.base = base
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.count = 0
        self.knows_user = knows_user

    def made(self, asked: dict[str, Any]) -> str:
        """Answer `create` as a browser passes it on."""
        numbers = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        held = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        attested = cbor2.dumps(
            {"fmt": "none", "attStmt": {}, "authData": self._said(WITH_KEY) + held}
        )
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer(client, {"attestationObject": bytes_to_base64url(attested)})

    def signed(self, asked: dict[str, Any]) -> str:
        """Answer `get` as a browser passes it on."""
        self.count += 1
        said = self._said(0)
        client = self._client("webauthn.get", asked["challenge"])
        text = said + hashlib.sha256(client).digest()
        signature = self.key.sign(text, ec.ECDSA(hashes.SHA256()))
        more = {
            "authenticatorData": bytes_to_base64url(said),
            "signature": bytes_to_base64url(signature),
        }
        return self._answer(client, more)

    def _said(self, more: int) -> bytes:
        host = (urlsplit(self.base).hostname or "").encode()
        flags = PRESENT | (VERIFIED if self.knows_user else 0) | more
        return hashlib.sha256(host).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.base}).encode()

    def _answer(self, client: bytes, more: dict[str, str]) -> str:
        written = bytes_to_base64url(self.id)
        response = {"clientDataJSON": bytes_to_base64url(client), **more}
        return json.dumps(
            {
                "id": written,
                "rawId": written,
                "type": "public-key",
                "clientExtensionResults": {},
                "response": response,
            }
        )
