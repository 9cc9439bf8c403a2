"""VAPID: the key by which push services know this instance (RFC 8292).

It is made of the secret of this machine, so that it is there from the first start, and the same in
every process and on every machine that serves this instance.
"""

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from core.secret import derived

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def public_key() -> str:
    """Return the public key as apps want it: the uncompressed point in base64url."""
    point = _key(derived("vapid")).public_key()
    written = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return urlsafe_b64encode(written).rstrip(b"=").decode()


def private_key() -> bytes:
    """Return the private key in PEM."""
    key = _key(derived("vapid"))
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@lru_cache(4)
def _key(seed: bytes) -> ec.EllipticCurvePrivateKey:
    # Every number from 1 to below the order of the curve is a key.
    number = int.from_bytes(seed) % (_ORDER - 1) + 1
    return ec.derive_private_key(number, ec.SECP256R1())
