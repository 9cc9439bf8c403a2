"""HTTP signatures in their two forms: sign what goes out, verify what came."""

import re
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from federation import cavage, rfc9421
from federation.answers import Form
from federation.digests import digest_of
from federation.errors import Malformed, Unbelievable
from federation.keys import private_key, public_key
from federation.letter import Letter, Outgoing, Signed, check_encoding, check_target, check_times
from federation.urls import is_http

__all__ = [
    "Form",
    "Letter",
    "Signed",
    "Signer",
    "check_target",
    "digest_of",
    "next_form",
    "sign",
    "signed_by",
    "verify",
    "verify_without_query",
]

# Mastodon's effective window, and so what all others keep to (security.md 2).
WINDOW = timedelta(hours=1)

_URL = re.compile(r"(https?)://([^/?#@\\\s]+)((?:[/?][^#\s]*)?)(?:#\S*)?")
_USUAL_PORT = {"https": ":443", "http": ":80"}


@dataclass(frozen=True, slots=True)
class Signer:
    """A key of ours, lent for signing; RSA for requests, either kind for both."""

    key_id: str
    private_pem: str = field(repr=False)


def signed_by(letter: Letter, *, window: timedelta = WINDOW, now: datetime | None = None) -> Signed:
    """Read a letter's signature and check all that needs no key: target, coverage, time, digest.

    Raises Unbelievable (401), or Malformed (400) for a target or Content-Digest of no shape.
    """
    check_target(letter)
    check_encoding(letter)
    if "signature" not in letter.fields:
        raise Unbelievable("not signed")
    signed = rfc9421.read(letter) if "signature-input" in letter.fields else cavage.read(letter)
    if not is_http(signed.key_id):
        raise Unbelievable(f"{signed.key_id[:200]!r} is no address of a key (SIG-10)")
    moment = time.time() if now is None else now.timestamp()
    check_times(signed.created, signed.expires, now=moment, window=window.total_seconds())
    return signed


def verify(letter: Letter, signed: Signed, key: str) -> None:
    """Raise Unbelievable unless the PEM or multikey signed this letter.

    Says nothing about whose key it is: that, the actor's own document decides (SIG-09).
    """
    if signed.form == "cavage":
        cavage.check(letter, signed, public_key(key), target=letter.target)
    else:
        rfc9421.check(letter, signed, public_key(key))


def verify_without_query(letter: Letter, signed: Signed, key: str) -> None:
    """Do the same for a GET that some servers sign without its query.

    To be tried second, counted, and only for what all the world may see: anyone between may have
    changed the query (SIG-04).
    """
    path, mark, _ = letter.target.partition("?")
    if not mark or signed.form != "cavage" or letter.method not in ("GET", "HEAD"):
        raise Unbelievable(f"the signature is not made with {signed.key_id}")
    cavage.check(letter, signed, public_key(key), target=path)


def sign(
    method: str,
    url: str,
    body: bytes | None,
    signer: Signer,
    *,
    form: Form = "cavage",
    date: datetime | None = None,
    digest: str | None = None,
) -> dict[str, str]:
    """Return the headers that sign one request to one server, its `Host` among them (SIG-19).

    A digest made by `digest_of` beforehand saves hashing the body for each of its letters. Takes
    0.4 ms, most of it without the GIL.
    """
    if body is not None and digest is None:
        digest = digest_of(body)
    second = int(time.time() if date is None else date.timestamp())
    outgoing = Outgoing(method, *_parts(url), digest=digest or "", second=second)
    headers_for = cavage.headers_for if form == "cavage" else rfc9421.headers_for
    return headers_for(outgoing, signer.key_id, private_key(signer.private_pem))


def _parts(url: str) -> tuple[str, str, str]:
    matched = _URL.fullmatch(url)
    if matched is None or not url.isascii():
        raise Malformed(f"{url[:200]!r} is no address to send to")
    scheme, authority, target = matched.groups()
    host = authority.lower().removesuffix(_USUAL_PORT[scheme])
    return scheme, host, target if target.startswith("/") else f"/{target}"


def next_form(tried: Form, status: int) -> Form | None:
    """Say how to knock once more; never a third time, and never unsigned (SIG-20).

    Who reads one form alone says 401 to the other, or 400, for its header is not there.
    """
    if status not in (400, 401):
        return None
    return "rfc9421" if tried == "cavage" else "cavage"
