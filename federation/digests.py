"""Digests of a body: `Digest` of old and `Content-Digest` of RFC 9530."""

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable
from typing import Any

import http_sf

from federation.errors import Malformed, Unbelievable
from federation.letter import Letter

_HASHES: dict[str, Callable[[bytes], Any]] = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def digest_of(body: bytes) -> str:
    """Return the SHA-256 of a body in base64, to be handed to `sign` for each of its letters."""
    return b64encode(hashlib.sha256(body).digest()).decode("ascii")


def check_digest(letter: Letter) -> None:
    """Raise Unbelievable unless `Digest` describes this body, all of it that we can read (SIG-05).

    Compared as it is written, so that there is one way to write it and no base64 to be lax about.
    """
    digests: dict[str, bytes] = {}
    for entry in ",".join(letter.fields.get("digest", ())).split(","):
        algorithm, _, value = entry.strip(" \t").partition("=")
        algorithm = algorithm.lower()
        if algorithm not in _HASHES:
            continue
        if algorithm not in digests:
            digests[algorithm] = b64encode(_HASHES[algorithm](letter.body).digest())
        if not hmac.compare_digest(value.encode("utf-8", "replace"), digests[algorithm]):
            raise Unbelievable(f"the body is not what its {algorithm} digest says")
    if not digests:
        raise Unbelievable("no digest of the body that we can check")


def check_content_digest(letter: Letter) -> None:
    """Do the same for `Content-Digest`; raises Malformed if it is no structured field (SIG-06)."""
    if not letter.fields.get("content-digest"):
        raise Unbelievable("no digest of the body")
    checked = False
    for algorithm, (value, _) in dictionary_of(letter, "content-digest").items():
        if not isinstance(value, bytes):
            raise Malformed("a Content-Digest that is no byte sequence")
        if algorithm not in _HASHES:
            continue
        if not hmac.compare_digest(value, _HASHES[algorithm](letter.body).digest()):
            raise Unbelievable(f"the body is not what its {algorithm} digest says")
        checked = True
    if not checked:
        raise Unbelievable("no digest of the body that we can check")


def dictionary_of(letter: Letter, name: str) -> dict[str, tuple[Any, dict[str, Any]]]:
    """Parse a header that is a dictionary (RFC 9651); raises Malformed, also for a doubled key."""
    try:
        written = ", ".join(letter.fields.get(name, ())).encode("ascii")
        parsed: Any = http_sf.parse(written, tltype="dictionary", on_duplicate_key=_refuse)
    except (ValueError, TypeError) as error:
        raise Malformed(f"the {name} header cannot be read") from error
    members: dict[str, tuple[Any, dict[str, Any]]] = parsed
    return members


def _refuse(key: str, _: str) -> None:
    raise ValueError(f"{key} stands there twice")
