"""The secret of this machine: a file outside the database that everything private hangs on."""

import hashlib
import hmac
import os
import secrets
import tempfile
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

from cachetools import LRUCache
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.lasting import keep_on_disk
from core.settings import SettingsError, settings

NONCE = 12

_read: LRUCache[str, bytes] = LRUCache(16)


def secret_path() -> Path:
    """Return where the secret lies: `security.secret_file`, or `secret` in the data folder."""
    chosen = settings().security.secret_file
    return Path(settings().folder, chosen) if chosen else settings().data("secret")


def ensure_secret() -> None:
    """Make the secret at the first start, readable by its owner alone.

    It appears whole and survives a power cut, for what is encrypted with it would be lost.
    """
    path = secret_path()
    if path.exists():
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, made = tempfile.mkstemp(dir=path.parent)  # readable by its owner alone
    except OSError as error:
        why = error.strerror
        raise SettingsError(f"{path}: the secret cannot be written: {why}") from error
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_hex(32))
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):  # another process was faster: theirs counts
        os.link(made, path)
    os.unlink(made)
    keep_on_disk(path.parent)


def _secret() -> bytes:
    path = secret_path()
    if found := _read.get(str(path)):
        return found
    try:
        if path.stat().st_mode & 0o007:
            raise SettingsError(f"{path}: everyone can read this secret; run chmod 600 on it")
        found = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(f"{path}: the secret cannot be read: {error.strerror}") from error
    _read[str(path)] = found
    return found


def derived(purpose: str) -> bytes:
    """Return 32 bytes for one purpose, so that no two uses share a key (security.md OPS-03)."""
    return hmac.digest(_secret(), purpose.encode(), hashlib.sha256)


def locked(plain: bytes) -> bytes:
    """Encrypt for the database."""
    return _box().encrypt(plain)


def opened(sealed: bytes) -> bytes:
    """Decrypt what `locked` made; SettingsError when the secret is not the one it was made with."""
    try:
        return _box().decrypt(sealed)
    except InvalidToken as error:
        raise SettingsError("the secret is not the one this database was made with") from error


def sealed(purpose: str, plain: bytes, *, to: str) -> bytes:
    """Encrypt for one purpose and one place, without the moment that `locked` writes beside."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + AESGCM(derived(purpose)).encrypt(nonce, plain, to.encode())


def unsealed(purpose: str, given: bytes, *, to: str) -> bytes:
    """Decrypt what `sealed` made; SettingsError when secret, purpose or place are others."""
    try:
        return AESGCM(derived(purpose)).decrypt(given[:NONCE], given[NONCE:], to.encode())
    except (InvalidTag, ValueError) as error:
        raise SettingsError("the secret is not the one this was sealed with") from error


def stamp(purpose: str, text: str) -> str:
    """Sign a text for one purpose, as for links and cookies that come back to us."""
    return urlsafe_b64encode(hmac.digest(derived(purpose), text.encode(), hashlib.sha256)).decode()


def is_stamp(purpose: str, text: str, given: str, *, length: int | None = None) -> bool:
    """Check a stamp in constant time, or its first `length` letters."""
    return hmac.compare_digest(stamp(purpose, text)[:length].encode(), given.encode())


def _box() -> Fernet:
    return Fernet(urlsafe_b64encode(derived("database")))
