"""HTTP signatures of draft-cavage-12, which everyone in the fediverse sends."""

import logging
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from email.utils import formatdate
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from federation.digests import check_digest
from federation.errors import Unbelievable
from federation.keys import PrivateKey, PublicKey
from federation.letter import Letter, Outgoing, Signed

log = logging.getLogger(__name__)

LONGEST_HEADER = 8192
MOST_NAMES = 32

# What the key's own kind decides anyway; SHA-1, HMAC and the rest are not among them (SIG-08).
_RSA_NAMES = frozenset({"", "hs2019", "rsa-sha256"})
_ED25519_NAMES = frozenset({"", "hs2019", "ed25519"})

_PADDING = PKCS1v15()
_HASH = SHA256()

_PARAMETER = re.compile(
    r'[ \t]*([A-Za-z]+)[ \t]*=[ \t]*(?:"([^"\\]*)"|([1-9][0-9]{0,11}))[ \t]*(?:,(?=.)|\Z)', re.ASCII
)
_DATE = re.compile(
    r"[A-Z][a-z]{2}, ([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) "
    r"(?:GMT|UTC|[+-]0000)"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read(letter: Letter) -> Signed:
    """Read a signature and demand that it covers enough; raises Unbelievable (SIG-01, -02)."""
    parameters = _parameters(letter.only("signature"))
    names = tuple(parameters.get("headers", "").lower().split(" "))
    algorithm = parameters.get("algorithm", "").lower()
    if algorithm not in _RSA_NAMES | _ED25519_NAMES:
        raise Unbelievable(f"signed with {algorithm[:50]!r}, which we do not check")
    _check_coverage(names, algorithm, letter)
    if "digest" in names:
        check_digest(letter)
    return Signed(
        key_id=parameters.get("keyId", ""),
        form="cavage",
        created=_created(names, parameters, letter),
        covered=names,
        signature=_signature(parameters.get("signature", "")),
        algorithm=algorithm,
        expires=_whole(parameters["expires"]) if "expires" in parameters else None,
    )


def _parameters(header: str) -> dict[str, str]:
    if len(header) > LONGEST_HEADER:
        raise Unbelievable("a signature that is too long")
    found: dict[str, str] = {}
    position = 0
    while position < len(header):
        matched = _PARAMETER.match(header, position)
        if matched is None or matched[1] in found:
            raise Unbelievable(f"{header[position : position + 80]!r} in a signature")
        found[matched[1]] = matched[2] if matched[3] is None else matched[3]
        position = matched.end()
    return found


def _check_coverage(names: tuple[str, ...], algorithm: str, letter: Letter) -> None:
    if len(names) > MOST_NAMES or len(set(names)) != len(names):
        raise Unbelievable("a signature that names a header twice, or very many")
    if "(request-target)" not in names or "host" not in names:
        raise Unbelievable("the signature does not cover where the letter goes")
    if "date" not in names and "(created)" not in names:
        raise Unbelievable("the signature does not cover when it was made")
    if "digest" not in names and letter.has_something_to_bind:
        raise Unbelievable("the signature does not cover the body")
    if algorithm != "hs2019" and ("(created)" in names or "(expires)" in names):
        raise Unbelievable("(created) and (expires) are for hs2019 alone (SIG-07)")


def _created(names: tuple[str, ...], parameters: dict[str, str], letter: Letter) -> int:
    """Return when it was signed; raises Unbelievable for two moments more than a minute apart."""
    moments = []
    if "(created)" in names:
        moments.append(_whole(parameters.get("created", "")))
    if "date" in names:
        moments.append(moment_of(letter.only("date")))
    if max(moments) - min(moments) > 60:
        raise Unbelievable("(created) and date are not of one minute")
    return moments[0]


def _whole(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 12):
        raise Unbelievable(f"{digits[:50]!r} is no moment")
    return int(digits)


def _signature(written: str) -> bytes:
    try:
        signature = b64decode(written.encode("ascii"), validate=True)
    except ValueError as error:
        raise Unbelievable("a signature that is no base64") from error
    if not signature:
        raise Unbelievable("an empty signature")
    return signature


@lru_cache(maxsize=1024)
def moment_of(date: str) -> int:
    """Read a `Date` as Unix time; only the form that HTTP writes, and only in UTC (SIG-07)."""
    matched = _DATE.fullmatch(date)
    if matched is None or matched[2] not in _MONTHS:
        raise Unbelievable(f"{date[:60]!r} is no date of HTTP")
    day, month, *others = matched.groups()
    year, hour, minute, second = map(int, others)
    try:
        written = datetime(
            year, _MONTHS.index(month) + 1, int(day), hour, minute, second, tzinfo=UTC
        )
    except ValueError as error:
        raise Unbelievable(f"{date!r} is no moment") from error
    return int(written.timestamp())


def signing_string(letter: Letter, signed: Signed, target: str) -> bytes:
    """Write what was signed, from the headers as they came; raises Unbelievable for one missing."""
    lines = []
    for name in signed.covered:
        match name:
            case "(request-target)":
                value = f"{letter.method.lower()} {target}"
            case "(created)":
                value = str(signed.created)
            case "(expires)" if signed.expires is not None:
                value = str(signed.expires)
            case _ if name in letter.fields:
                value = ", ".join(letter.fields[name])
            case _:
                raise Unbelievable(f"the signature covers {name[:100]!r}, which is not there")
        lines.append(f"{name}: {value}")
    written = "\n".join(lines)
    if written.count("\n") != len(lines) - 1:
        raise Unbelievable("a header of more than one line")
    try:
        return written.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise Unbelievable("a header that is no text") from error


def check(letter: Letter, signed: Signed, key: PublicKey, *, target: str) -> None:
    """Raise Unbelievable unless this key signed this target; only returning is success (SIG-15)."""
    written = signing_string(letter, signed, target)
    is_rsa = isinstance(key, RSAPublicKey)
    if signed.algorithm not in (_RSA_NAMES if is_rsa else _ED25519_NAMES):
        raise Unbelievable(f"{signed.algorithm} is not what {signed.key_id} is for")
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signed.signature, written, _PADDING, _HASH)
        else:
            key.verify(signed.signature, written)
    except InvalidSignature as error:
        raise Unbelievable(f"the signature is not made with {signed.key_id}") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        log.warning("checking a signature of %s went wrong: %r", signed.key_id, error)
        raise Unbelievable(f"the signature of {signed.key_id} cannot be checked") from error


@lru_cache(maxsize=8)
def date_of(second: int) -> str:
    """Write a `Date`; the letters of one second share it."""
    return formatdate(second, usegmt=True)


def headers_for(outgoing: Outgoing, key_id: str, key: PrivateKey) -> dict[str, str]:
    """Return the headers that sign a request."""
    date = date_of(outgoing.second)
    headers = {"Host": outgoing.host, "Date": date}
    names = "(request-target) host date"
    target = f"{outgoing.method.lower()} {outgoing.target}"
    written = f"(request-target): {target}\nhost: {outgoing.host}\ndate: {date}"
    if outgoing.digest:
        headers["Digest"] = f"SHA-256={outgoing.digest}"
        names += " digest"
        written += f"\ndigest: SHA-256={outgoing.digest}"
    if isinstance(key, Ed25519PrivateKey):
        algorithm, signature = "hs2019", key.sign(written.encode("ascii"))
    else:
        algorithm, signature = "rsa-sha256", key.sign(written.encode("ascii"), _PADDING, _HASH)
    encoded = b64encode(signature).decode("ascii")
    headers["Signature"] = (
        f'keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{encoded}"'
    )
    return headers
