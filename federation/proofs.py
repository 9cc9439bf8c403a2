"""Signatures that travel inside a document: FEP-8b32 with eddsa-jcs-2022."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core import clock
from federation import base58
from federation.errors import Malformed, Unbelievable
from federation.jcs import canonical
from federation.keys import from_multikey, private_key
from federation.read import moment
from federation.signatures import Signer
from federation.write import stamp

TYPE = "DataIntegrityProof"
SUITE = "eddsa-jcs-2022"
PURPOSE = "assertionMethod"

CLOCK_SKEW = timedelta(hours=1)

# A proof that is bound to more than these is bound to something that we do not check (LD-04).
_KNOWN = frozenset(
    {
        *("@context", "id", "type", "cryptosuite", "verificationMethod", "proofPurpose"),
        *("created", "expires", "nonce", "proofValue"),
    }
)
_NEVER_SIGNED = ("proof", "signature")


def add_proof(document: dict[str, Any], signer: Signer, *, created: datetime) -> dict[str, Any]:
    """Return the document with a proof by an Ed25519 key of its author; only for what is public.

    Whoever has it can show it on, so limited notes carry none (LD-05).
    """
    key = private_key(signer.private_pem)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{signer.key_id} is no Ed25519 key")
    bare = _bare(document)
    options = {
        "type": TYPE,
        "cryptosuite": SUITE,
        "created": stamp(created),
        "verificationMethod": signer.key_id,
        "proofPurpose": PURPOSE,
    }
    if "@context" in bare:
        options = {"@context": bare["@context"]} | options
    value = base58.encode(key.sign(_hashed(options, bare)))
    return bare | {"proof": options | {"proofValue": value}}


def verify_proof(
    document: dict[str, Any], multikey: str, *, method: str, now: datetime | None = None
) -> None:
    """Raise Unbelievable unless a document has one good proof by this key, named `method` in it.

    That the owner of the document lists this key is for the caller to know (LD-04). Whatever the
    proof says of itself is covered by it, and each word of that must be one that we check.
    """
    proof = _the_proof(document)
    signature = _signature(proof)
    _check_words(proof, method)
    _check_dates(proof, now or clock.now())
    key = from_multikey(multikey)
    for options, bare in _readings(document, proof):
        try:
            return key.verify(signature, _hashed(options, bare))
        except InvalidSignature:
            continue
    raise Unbelievable(f"the proof is not made with {method}")


def _bare(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in _NEVER_SIGNED}


def _hashed(options: dict[str, Any], bare: dict[str, Any]) -> bytes:
    return b"".join(hashlib.sha256(canonical(each)).digest() for each in (options, bare))


def _the_proof(document: dict[str, Any]) -> dict[str, Any]:
    proof = document.get("proof")
    if isinstance(proof, list) and len(proof) == 1:
        proof = proof[0]
    if not isinstance(proof, dict):
        raise Unbelievable("not exactly one proof")
    return proof


def _signature(proof: dict[str, Any]) -> bytes:
    value = proof.get("proofValue")
    if not isinstance(value, str):
        raise Unbelievable("a proof without a value")
    try:
        return base58.decode(value)
    except Malformed as error:
        raise Unbelievable(str(error)) from error


def _check_words(proof: dict[str, Any], method: str) -> None:
    expected = {
        "type": TYPE,
        "cryptosuite": SUITE,
        "proofPurpose": PURPOSE,
        "verificationMethod": method,
    }
    for name, value in expected.items():
        if proof.get(name) != value:
            raise Unbelievable(f"a proof whose {name} is {str(proof.get(name))[:100]!r}")
    if not _KNOWN.issuperset(proof):
        raise Unbelievable(f"a proof with {sorted(proof.keys() - _KNOWN)[0][:50]!r}")


def _check_dates(proof: dict[str, Any], now: datetime) -> None:
    created = moment(proof.get("created"))
    if created is None or created > now + CLOCK_SKEW:
        raise Unbelievable("a proof that was not made yet, or nobody knows when")
    if "expires" not in proof:
        return
    expires = moment(proof["expires"])
    if expires is None or expires < now or expires < created:
        raise Unbelievable("a proof that has expired")


def _readings(
    document: dict[str, Any], proof: dict[str, Any]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Give what may have been signed: the specification changed its mind about `@context`.

    A proof that has one was made over the document with just that one, which must begin the
    document's own. One without was made either over what stands there or, by the drafts, with the
    document's `@context` put into its options. We read no contexts, so none of these means more.
    """
    bare = _bare(document)
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    if "@context" in options:
        if not _begins(bare.get("@context"), options["@context"]):
            raise Unbelievable("a proof made in another context")
        yield options, bare | {"@context": options["@context"]}
        return
    yield options, bare
    if "@context" in bare:
        yield {"@context": bare["@context"]} | options, bare


def _begins(whole: Any, start: Any) -> bool:
    longer, shorter = (each if isinstance(each, list) else [each] for each in (whole, start))
    return longer[: len(shorter)] == shorter
