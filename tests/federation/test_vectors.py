"""What others signed, with the outcome that they published."""

import json
from base64 import b64decode
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_public_key,
)

from federation import base58
from federation.cavage import signing_string
from federation.errors import Malformed, Unbelievable
from federation.proofs import add_proof, verify_proof
from federation.signatures import Letter, Signed, Signer
from tests.federation.letters import believe

VECTORS = Path(__file__).parent / "vectors"


def vector(name):
    return json.loads((VECTORS / f"{name}.json").read_text())


def letter_of(said, **more):
    said = said | more
    headers = list(said["headers"].items())
    body = said["body"].encode()
    return Letter(said["method"], said["target"], headers, body, said["host"], said["base_url"])


def moment(said):
    return datetime.fromisoformat(said["moment"])


def test_a_letter_from_mastodon_is_believed():
    said = vector("cavage")

    believe(letter_of(said), said["public_key"], now=moment(said))


def test_a_letter_from_mastodon_is_refused_with_another_key():
    said = vector("cavage")

    with pytest.raises(Unbelievable):
        believe(letter_of(said), said["wrong_key"], now=moment(said))


def test_a_letter_from_mastodon_is_refused_with_an_altered_signature():
    said = vector("cavage")
    headers = said["headers"] | {"signature": said["altered_signature"]}

    with pytest.raises(Unbelievable):
        believe(letter_of(said, headers=headers), said["public_key"], now=moment(said))


def test_SIG_05_a_letter_from_mastodon_is_refused_with_an_altered_body():
    said = vector("cavage")
    altered = said["body"].replace("zergzerg", "zergzorg")

    assert altered != said["body"]
    with pytest.raises(Unbelievable):
        believe(letter_of(said, body=altered), said["public_key"], now=moment(said))


def test_SIG_07_a_letter_from_mastodon_is_refused_years_later():
    said = vector("cavage")

    with pytest.raises(Unbelievable):
        believe(letter_of(said), said["public_key"])


def test_LD_01_the_ld_signature_in_a_letter_is_no_proof():
    document = json.loads(vector("cavage")["body"])

    assert document["signature"]["type"] == "RsaSignature2017"
    with pytest.raises(Unbelievable):
        verify_proof(
            document,
            "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2",
            method=document["signature"]["creator"],
        )


@pytest.mark.parametrize("names", vector("cavage_draft")["signatures"])
def test_the_drafts_own_signatures_are_over_what_we_write(names):
    # Its key has 1024 bits and its date is of 2014, so only the writing is tested.
    said = vector("cavage_draft")
    letter = letter_of(said, host="example.com", base_url="https://example.com")
    signed = Signed("Test", "cavage", 0, tuple(names.split()), b"")

    load_pem_public_key(said["public_key"].encode()).verify(
        b64decode(said["signatures"][names]),
        signing_string(letter, signed, letter.target),
        PKCS1v15(),
        SHA256(),
    )


@pytest.mark.parametrize("name", ["get", "query", "post"])
def test_message_signatures_as_mastodon_makes_them_are_believed(name):
    said = vector("rfc9421")
    letter = letter_of(said | said["letters"][name])

    believe(letter, said["public_key"], now=moment(said))


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("get", {"target": "/activitypub/alternative-path"}),
        ("get", {"method": "HEAD"}),
        ("query", {"target": "/activitypub/success?foo=43"}),
        ("query", {"target": "/activitypub/success"}),
        ("post", {"target": "/activitypub/alternative-path"}),
        ("post", {"body": b"Hello world!"}),
    ],
)
def test_message_signatures_as_mastodon_makes_them_are_refused_when_changed(name, change):
    said = vector("rfc9421")
    letter = replace(letter_of(said | said["letters"][name]), **change)

    with pytest.raises(Unbelievable):
        believe(letter, said["public_key"], now=moment(said))


def test_SIG_06_a_content_digest_written_large_is_malformed():
    said = vector("rfc9421")
    post = said["letters"]["post"]
    large = post["headers"]["Content-Digest"].replace("sha-256", "SHA-256")
    letter = letter_of(said | post, headers=post["headers"] | {"Content-Digest": large})

    with pytest.raises(Malformed):
        believe(letter, said["public_key"], now=moment(said))


def test_the_proof_of_fep_8b32_is_the_one_we_make():
    said = vector("proof")
    secret = base58.decode(said["secret_key"])
    key = Ed25519PrivateKey.from_private_bytes(secret.removeprefix(b"\x80\x26"))
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    proved = add_proof(said["document"], Signer(said["method"], pem), created=moment(said))

    assert proved["proof"] == said["proof"]


def test_the_proof_of_fep_8b32_is_believed():
    said = vector("proof")

    verify_proof(
        said["document"] | {"proof": said["proof"]}, said["public_key"], method=said["method"]
    )
