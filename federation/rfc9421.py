"""HTTP message signatures of RFC 9421, by way of the library that knows how to write them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from federation.digests import check_content_digest, dictionary_of
from federation.errors import Malformed, Unbelievable
from federation.keys import PrivateKey, PublicKey
from federation.letter import Letter, Outgoing, Signed

LABEL = "sig1"
MOST_COMPONENTS = 32
LONGEST_HEADER = 8192

_PARAMETERS = {
    "created": int,
    "expires": int,
    "keyid": str,
    "alg": str,
    "nonce": str,
    "tag": str,
}
_DERIVED = frozenset(
    {"@method", "@target-uri", "@authority", "@scheme", "@request-target", "@path", "@query"}
)
# The same thing in two ways of saying it: the whole address, or its three parts.
_WHOLE_TARGET = frozenset({"@target-uri"})
_TARGET_IN_PARTS = frozenset({"@authority", "@path", "@query"})


def read(letter: Letter) -> Signed:
    """Read a letter's signature and demand that it covers enough (SIG-02, -06, -18).

    There must be exactly one: of several, some may be another's. Raises Unbelievable, or Malformed
    for a `Content-Digest` that cannot be read.
    """
    (components, parameters), signature = _one(letter)
    covered = _names(components)
    _check_parameters(parameters)
    _check_coverage(covered, letter)
    if "content-digest" in covered:
        check_content_digest(letter)
    return Signed(
        key_id=parameters["keyid"],
        form="rfc9421",
        created=parameters["created"],
        covered=covered,
        signature=signature,
        algorithm=parameters.get("alg", ""),
        expires=parameters.get("expires"),
    )


def _one(letter: Letter) -> tuple[tuple[list[Any], dict[str, Any]], bytes]:
    if any(len(letter.only(name)) > LONGEST_HEADER for name in ("signature", "signature-input")):
        raise Unbelievable("a signature that is too long")
    try:
        inputs = dictionary_of(letter, "signature-input")
        signatures = dictionary_of(letter, "signature")
    except Malformed as error:
        raise Unbelievable(str(error)) from error
    if len(inputs) != 1 or inputs.keys() != signatures.keys():
        raise Unbelievable("not exactly one signature, with its input")
    [claimed], [(signature, _)] = inputs.values(), signatures.values()
    if not isinstance(claimed[0], list) or not isinstance(signature, bytes) or not signature:
        raise Unbelievable("a signature of the wrong shape")
    return claimed, signature


def _names(components: list[Any]) -> tuple[str, ...]:
    names: list[str] = []
    for name, parameters in components:
        if not isinstance(name, str) or parameters:
            raise Unbelievable("the signature covers a part of something, or what has no name")
        if name != name.lower() or (name.startswith("@") and name not in _DERIVED):
            raise Unbelievable(f"the signature covers {name[:100]!r}, which we do not know")
        names.append(name)
    if len(names) > MOST_COMPONENTS or len(set(names)) != len(names):
        raise Unbelievable("a signature that names something twice, or very much")
    return tuple(names)


def _check_parameters(parameters: dict[str, Any]) -> None:
    for name, value in parameters.items():
        if name not in _PARAMETERS or type(value) is not _PARAMETERS[name]:
            raise Unbelievable(f"{name[:50]!r} in a signature")
    if "created" not in parameters or "keyid" not in parameters:
        raise Unbelievable("a signature that does not say when and by whom it was made")


def _check_coverage(covered: tuple[str, ...], letter: Letter) -> None:
    if "@method" not in covered:
        raise Unbelievable("the signature does not cover the method")
    if not (_WHOLE_TARGET.issubset(covered) or _TARGET_IN_PARTS.issubset(covered)):
        raise Unbelievable("the signature does not cover where the letter goes")
    if "content-digest" not in covered and letter.has_something_to_bind:
        raise Unbelievable("the signature does not cover the body")


class _Headers:
    """All lines of a header, as the library wants to be told of them."""

    def __init__(self, letter: Letter) -> None:
        self._lines = letter.headers

    def items(self) -> list[tuple[str, str]]:
        return list(self._lines)


@dataclass(frozen=True, slots=True)
class _Message:
    method: str
    url: str
    headers: Any


class _Key(HTTPSignatureKeyResolver):
    """The one key that is meant, whatever it is called."""

    def __init__(self, key: PublicKey | PrivateKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> PublicKey | PrivateKey:
        return self._key

    def resolve_private_key(self, key_id: str) -> PublicKey | PrivateKey:
        return self._key


class _Verifier(HTTPMessageVerifier):
    """The library's verifier without its clock: `read` and `check_times` have a window of ours."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        pass


def _algorithm(key: PublicKey | PrivateKey) -> Any:
    # The key decides, and an `alg` that says something else is refused by the library (SIG-08).
    if isinstance(key, RSAPublicKey | RSAPrivateKey):
        return algorithms.RSA_V1_5_SHA256
    return algorithms.ED25519


def check(letter: Letter, signed: Signed, key: PublicKey) -> None:
    """Raise Unbelievable unless this key signed this letter; only returning is success (SIG-15)."""
    verifier = _Verifier(signature_algorithm=_algorithm(key), key_resolver=_Key(key))
    message = _Message(letter.method, letter.base_url + letter.target, _Headers(letter))
    try:
        verifier.verify(message, max_age=None, require_components=signed.covered)
    except (HTTPMessageSignaturesException, ValueError, TypeError, LookupError) as error:
        raise Unbelievable(f"the signature is not made with {signed.key_id}: {error}") from error


def headers_for(outgoing: Outgoing, key_id: str, key: PrivateKey) -> dict[str, str]:
    """Return the headers that sign a request."""
    headers = {"Host": outgoing.host}
    covered = ["@method", "@target-uri"]
    if outgoing.digest:
        headers["Content-Digest"] = f"sha-256=:{outgoing.digest}:"
        covered.append("content-digest")
    url = f"{outgoing.scheme}://{outgoing.host}{outgoing.target}"
    signer = HTTPMessageSigner(signature_algorithm=_algorithm(key), key_resolver=_Key(key))
    signer.sign(
        _Message(outgoing.method.upper(), url, headers),
        key_id=key_id,
        created=datetime.fromtimestamp(outgoing.second, UTC),
        label=LABEL,
        covered_component_ids=covered,
        use_existing_digest=bool(outgoing.digest),
    )
    return headers
