"""Letters to an inbox of ours, signed by hand and not by what is being tested."""

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from federation.keys import new_ed25519, new_rsa, private_key
from federation.signatures import Letter, signed_by, verify

HOST = "here.example"
BASE = f"https://{HOST}"
INBOX = "/u/mei/inbox"
BODY = b'{"type":"Like","id":"https://there.example/a/1"}'
KEY_ID = "https://there.example/u/ana#main-key"
NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SECOND = int(NOW.timestamp())
DATE = "Sun, 01 Mar 2026 12:00:00 GMT"
FOUR = "(request-target) host date digest"

ana_rsa = cache(new_rsa)
ana_ed25519 = cache(new_ed25519)


@cache
def bob_rsa() -> tuple[str, str]:
    """Make a pair that is someone else's."""
    return new_rsa()


def base64_of(content: bytes) -> str:
    return base64.b64encode(content).decode()


def digest(body: bytes = BODY) -> str:
    return f"SHA-256={base64_of(hashlib.sha256(body).digest())}"


def content_digest(body: bytes = BODY) -> str:
    return f"sha-256=:{base64_of(hashlib.sha256(body).digest())}:"


def seal(text: str, private_pem: str | None = None) -> str:
    key = private_key(private_pem or ana_rsa()[0])
    content = text.encode("utf-8", "surrogateescape")
    if hasattr(key, "key_size"):
        return base64_of(key.sign(content, PKCS1v15(), SHA256()))
    return base64_of(key.sign(content))


def cavage_letter(
    names: str = FOUR,
    *,
    method: str = "POST",
    target: str = INBOX,
    signed_target: str | None = None,
    body: bytes = BODY,
    headers: Sequence[tuple[str, str]] | None = None,
    private_pem: str | None = None,
    **parameters: str | int | None,
) -> Letter:
    """Sign these names of these headers; a parameter that is None is left out."""
    if headers is None:
        headers = [("Host", HOST), ("Date", DATE), ("Digest", digest(body))]
    values: dict[str, str] = {"(request-target)": f"{method.lower()} {signed_target or target}"}
    values |= {f"({name})": str(parameters.get(name)) for name in ("created", "expires")}
    for name, value in headers:
        values[name.lower()] = (
            f"{values[name.lower()]}, {value}" if name.lower() in values else value
        )
    written = "\n".join(f"{name}: {values.get(name, '')}" for name in names.split(" "))
    said: dict[str, str | int | None] = {"keyId": KEY_ID, "algorithm": "rsa-sha256"}
    said |= {"headers": names, "signature": seal(written, private_pem)} | parameters
    signature = ",".join(
        f"{name}={value}" if isinstance(value, int) else f'{name}="{value}"'
        for name, value in said.items()
        if value is not None
    )
    return Letter(method, target, [*headers, ("Signature", signature)], body, HOST, BASE)


THREE = '"@method" "@target-uri" "content-digest"'
PARAMETERS = f';created={SECOND};keyid="{KEY_ID}"'


def rfc9421_letter(
    components: str = THREE,
    *,
    parameters: str = PARAMETERS,
    method: str = "POST",
    target: str = INBOX,
    body: bytes = BODY,
    headers: Sequence[tuple[str, str]] | None = None,
    private_pem: str | None = None,
    label: str = "sig1",
) -> Letter:
    """Sign these components of these headers."""
    if headers is None:
        headers = [("Host", HOST), ("Content-Digest", content_digest(body))]
    path, _, query = target.partition("?")
    values = {
        "@method": method,
        "@target-uri": BASE + target,
        "@authority": HOST,
        "@scheme": "https",
        "@request-target": target,
        "@path": path,
        "@query": f"?{query}",
    }
    values |= {name.lower(): value for name, value in headers}
    lines = [
        f"{each}: {values.get(each.split(';')[0].strip(chr(34)), '')}"
        for each in components.split()
    ]
    lines.append(f'"@signature-params": ({components}){parameters}')
    signature = seal("\n".join(lines), private_pem)
    signed = [
        ("Signature-Input", f"{label}=({components}){parameters}"),
        ("Signature", f"{label}=:{signature}:"),
    ]
    return Letter(method, target, [*headers, *signed], body, HOST, BASE)


def believe(letter: Letter, key: str | None = None, *, now: datetime = NOW) -> None:
    """Do all that an inbox does to believe a letter."""
    verify(letter, signed_by(letter, now=now), key or ana_rsa()[1])
