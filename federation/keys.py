"""RSA and Ed25519 keys: made, read, and written as PEM or multikey."""

from functools import lru_cache

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from federation import base58
from federation.errors import Malformed, Unbelievable

PublicKey = RSAPublicKey | Ed25519PublicKey
PrivateKey = RSAPrivateKey | Ed25519PrivateKey

RSA_BITS = 2048
FEWEST_BITS, MOST_BITS = 2048, 8192
LARGEST_EXPONENT = 2**33
# An RSA key of 8192 bits takes 1,500 characters.
LONGEST_PEM = 4096

_ED25519 = b"\xed\x01"


def new_rsa() -> tuple[str, str]:
    """Make a pair, private PEM and public PEM; takes up to 0.2 s, so call it in a thread."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return _private_pem(key), public.decode("ascii")


def new_ed25519() -> tuple[str, str]:
    """Make a pair: private PEM and public multikey (FEP-521a)."""
    key = Ed25519PrivateKey.generate()
    return _private_pem(key), multikey(key.public_key())


def _private_pem(key: PrivateKey) -> str:
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode("ascii")


@lru_cache(maxsize=1024)
def private_key(pem: str) -> PrivateKey:
    """Load a private key of our own making; it is not checked again, which would take 50 ms."""
    key = load_pem_private_key(pem.encode("ascii"), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, PrivateKey):
        raise TypeError(f"{type(key).__name__} is no kind of key that we make")
    return key


@lru_cache(maxsize=2048)
def public_key(written: str) -> PublicKey:
    """Read a PEM or multikey; raises Unbelievable for all but sane RSA and Ed25519 (SIG-22)."""
    if written.startswith("z"):
        return from_multikey(written)
    if len(written) > LONGEST_PEM:
        raise Unbelievable(f"a key of {len(written)} characters")
    try:
        key = load_pem_public_key(written.strip().encode("ascii"))
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Unbelievable(f"{written[:60]!r} is no public key") from error
    if isinstance(key, RSAPublicKey):
        _check_bounds(key)
        return key
    if isinstance(key, Ed25519PublicKey):
        return key
    raise Unbelievable(f"{type(key).__name__} is no kind of key that we accept")


def _check_bounds(key: RSAPublicKey) -> None:
    exponent = key.public_numbers().e
    if not FEWEST_BITS <= key.key_size <= MOST_BITS:
        raise Unbelievable(f"an RSA key of {key.key_size} bits")
    if exponent < 3 or exponent % 2 == 0 or exponent >= LARGEST_EXPONENT:
        raise Unbelievable("an RSA key with a strange exponent")


def multikey(public: Ed25519PublicKey) -> str:
    """Write an Ed25519 key as `publicKeyMultibase` (FEP-521a)."""
    return base58.encode(_ED25519 + public.public_bytes_raw())


def from_multikey(written: str) -> Ed25519PublicKey:
    """Read an Ed25519 `publicKeyMultibase`; raises Unbelievable for anything else."""
    try:
        content = base58.decode(written)
    except Malformed as error:
        raise Unbelievable(str(error)) from error
    if len(content) != 34 or not content.startswith(_ED25519):
        raise Unbelievable(f"{written[:100]!r} is no Ed25519 key")
    return Ed25519PublicKey.from_public_bytes(content[2:])
