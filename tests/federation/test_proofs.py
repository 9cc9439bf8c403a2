"""Signatures inside documents: FEP-8b32 with eddsa-jcs-2022."""

import copy
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation import base58
from federation.errors import FederationError, Unbelievable
from federation.keys import private_key
from federation.proofs import _hashed, add_proof, verify_proof
from federation.signatures import Signer
from tests.federation.letters import NOW, ana_ed25519, ana_rsa

METHOD = "https://there.example/u/ana#ed25519"
CONTEXT = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v2",
    {"sensitive": "as:sensitive"},
]
NOTE = {
    "@context": CONTEXT,
    "id": "https://there.example/n/1",
    "type": "Note",
    "attributedTo": "https://there.example/u/ana",
    "content": "<p>早安</p>",
    "location": {"type": "Place", "latitude": 25.0, "longitude": 121.5654},
}


def ana():
    return Signer(METHOD, ana_ed25519()[0])


def proved(document=NOTE):
    return add_proof(document, ana(), created=NOW)


def believe(document, *, method=METHOD, now=NOW):
    verify_proof(document, ana_ed25519()[1], method=method, now=now)


def proof_of(document, bare=None, **options):
    """Prove a document by hand, with these options."""
    said = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "created": "2026-03-01T12:00:00Z",
    }
    said = {name: value for name, value in (said | options).items() if value is not None}
    key = private_key(ana_ed25519()[0])
    return document | {
        "proof": said | {"proofValue": base58.encode(key.sign(_hashed(said, bare or document)))}
    }


def test_a_document_we_proved_is_believed():
    believe(proved())


def test_a_proof_says_what_it_is():
    proof = proved()["proof"]

    assert proof.pop("proofValue").startswith("z")
    assert proof == {
        "@context": CONTEXT,
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": METHOD,
        "proofPurpose": "assertionMethod",
        "created": "2026-03-01T12:00:00Z",
    }


def test_proving_leaves_the_document_alone():
    before = copy.deepcopy(NOTE)

    proved()

    assert before == NOTE


def test_proving_again_replaces_the_proof():
    assert proved(proved()) == proved()


def test_a_document_without_context_can_be_proved():
    bare = {name: value for name, value in NOTE.items() if name != "@context"}

    believe(proved(bare))


def test_only_an_ed25519_key_makes_proofs():
    with pytest.raises(TypeError):
        add_proof(NOTE, Signer(METHOD, ana_rsa()[0]), created=NOW)


def test_the_order_of_members_does_not_matter():
    document = proved()

    believe(dict(reversed(document.items())))


def test_a_proof_within_a_list_of_one_is_read():
    document = proved()

    believe(document | {"proof": [document["proof"]]})


def test_an_inner_proof_is_part_of_what_is_proved():
    outer = proved({"@context": CONTEXT, "type": "Create", "object": proved()})

    believe(outer)
    del outer["object"]["proof"]
    with pytest.raises(Unbelievable):
        believe(outer)


def test_LD_01_an_ld_signature_beside_it_means_nothing():
    believe(proved() | {"signature": {"type": "RsaSignature2017", "signatureValue": "AAAA"}})


def test_LD_01_an_ld_signature_alone_is_no_proof():
    with pytest.raises(Unbelievable):
        believe(NOTE | {"signature": {"type": "RsaSignature2017", "signatureValue": "AAAA"}})


def test_LD_04_a_changed_document_is_refused():
    for name in NOTE:
        with pytest.raises(Unbelievable):
            believe(proved() | {name: "other"})
    with pytest.raises(Unbelievable):
        believe(proved() | {"summary": "added"})
    with pytest.raises(Unbelievable):
        believe({name: value for name, value in proved().items() if name != "content"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("type", "Ed25519Signature2020"),
        ("type", ["DataIntegrityProof"]),
        ("cryptosuite", "eddsa-rdfc-2022"),
        ("cryptosuite", "bbs-2023"),
        ("proofPurpose", "authentication"),
        ("proofPurpose", ["assertionMethod"]),
        ("verificationMethod", "https://there.example/u/ana#other"),
        ("verificationMethod", {"id": METHOD}),
        ("created", "2026-03-01T11:59:59Z"),
        ("created", "2026-03-01T12:00:00+00:00"),
        ("created", None),
        ("created", 1772366400),
        ("created", "yesterday"),
        ("expires", "2027-03-01T12:00:00Z"),
        ("nonce", "x"),
        ("id", "https://there.example/proofs/1"),
        ("@context", CONTEXT[:1]),
        ("@context", []),
        ("@context", ["https://evil.example/context"]),
        ("proofValue", None),
        ("proofValue", ""),
        ("proofValue", "z"),
        ("proofValue", "z" + "1" * 64),
        ("proofValue", "uAAAA"),
        ("proofValue", ["zAAAA"]),
        ("proofValue", "z" + "2" * 500),
    ],
)
def test_LD_04_a_changed_option_is_refused(name, value):
    document = proved()

    with pytest.raises(Unbelievable):
        believe(document | {"proof": document["proof"] | {name: value}})


@pytest.mark.parametrize(
    "name", ["type", "cryptosuite", "verificationMethod", "proofPurpose", "created", "proofValue"]
)
def test_LD_04_an_option_that_is_left_out_is_refused(name):
    document = proved()
    proof = {each: value for each, value in document["proof"].items() if each != name}

    with pytest.raises(Unbelievable):
        believe(document | {"proof": proof})


@pytest.mark.parametrize("name", ["domain", "challenge", "previousProof", "anything"])
def test_LD_04_a_proof_bound_to_what_we_do_not_check_is_refused(name):
    believe(proof_of(NOTE))
    with pytest.raises(Unbelievable):
        believe(proof_of(NOTE, **{name: "x"}))


@pytest.mark.parametrize("option", [{"nonce": "x"}, {"id": "urn:uuid:1"}])
def test_LD_04_an_option_that_binds_nothing_is_covered_as_well(option):
    believe(proof_of(NOTE, **option))


def test_LD_04_the_key_must_be_called_what_its_owner_calls_it():
    with pytest.raises(Unbelievable):
        believe(proved(), method="https://there.example/u/ana#other")


def test_LD_04_another_key_proves_nothing():
    with pytest.raises(Unbelievable):
        verify_proof(
            proved(), "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2", method=METHOD, now=NOW
        )
    for key in ("", "z6Mk", ana_rsa()[1]):
        with pytest.raises(Unbelievable):
            verify_proof(proved(), key, method=METHOD, now=NOW)


@pytest.mark.parametrize("seconds", [-3600, 0, 10**9])
def test_LD_04_a_proof_may_be_old_but_hardly_from_the_future(seconds):
    believe(proved(), now=NOW + timedelta(seconds=seconds))


def test_LD_04_a_proof_from_the_future_is_refused():
    with pytest.raises(Unbelievable):
        believe(proved(), now=NOW - timedelta(seconds=3601))


def test_LD_04_a_proof_holds_until_it_expires():
    document = proof_of(NOTE, expires="2026-03-02T12:00:00Z")

    believe(document, now=NOW + timedelta(days=1))
    with pytest.raises(Unbelievable):
        believe(document, now=NOW + timedelta(days=1, seconds=1))


@pytest.mark.parametrize("expires", ["2026-03-01T11:59:59Z", "never", "", 1, ["2027-01-01"]])
def test_LD_04_an_expiry_that_is_past_or_cannot_be_read_is_refused(expires):
    with pytest.raises(Unbelievable):
        believe(proof_of(NOTE, expires=expires))


@pytest.mark.parametrize("proof", [None, "x", 1, [], {}, [{}], [{}, {}]])
def test_LD_04_there_must_be_one_proof(proof):
    with pytest.raises(Unbelievable):
        believe(NOTE | {"proof": proof})
    with pytest.raises(Unbelievable):
        believe(NOTE)


def test_LD_04_two_proofs_are_none():
    document = proved()

    with pytest.raises(Unbelievable):
        believe(document | {"proof": [document["proof"], document["proof"]]})


def test_a_proof_whose_context_begins_the_documents_is_made_over_that_one():
    short = CONTEXT[:2]

    believe(proof_of(NOTE, NOTE | {"@context": short}, **{"@context": short}))
    with pytest.raises(Unbelievable):
        believe(proof_of(NOTE, NOTE | {"@context": short[::-1]}, **{"@context": short[::-1]}))


def test_a_proof_without_context_may_have_been_made_with_the_documents():
    document = proof_of(NOTE, **{"@context": CONTEXT})
    del document["proof"]["@context"]

    believe(document)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([*NOTE, "proof", "signature", "x"]), json_values))
def test_no_document_makes_anything_else_fail(document):
    with pytest.raises(FederationError):
        believe(document)


@given(st.sampled_from([*proved()["proof"], "expires", "domain"]), json_values)
def test_no_option_makes_anything_else_fail(name, value):
    document = proved()

    if document["proof"].get(name) != value:
        with pytest.raises(FederationError):
            believe(document | {"proof": document["proof"] | {name: value}})
