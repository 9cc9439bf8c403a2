"""HTTP message signatures of RFC 9421, signed by hand and read by us."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import FederationError, Malformed, Unbelievable
from federation.signatures import signed_by, verify_without_query
from tests.federation.letters import (
    BODY,
    HOST,
    KEY_ID,
    NOW,
    PARAMETERS,
    SECOND,
    THREE,
    ana_ed25519,
    ana_rsa,
    base64_of,
    believe,
    bob_rsa,
    content_digest,
    rfc9421_letter,
)

TWO = '"@method" "@target-uri"'
PARTS = '"@method" "@authority" "@path" "@query" "content-digest"'
GET = {"method": "GET", "body": b"", "headers": [("Host", HOST)]}


def with_digest(*said):
    return [("Host", HOST), *(("Content-Digest", each) for each in said)]


def changed(letter, **headers):
    """Say something else in these headers, whatever was signed."""
    new = {name.replace("_", "-").title(): value for name, value in headers.items()}
    return replace(letter, headers=[(name, new.get(name, old)) for name, old in letter.headers])


def header_of(letter, name):
    return dict(letter.headers)[name]


def test_a_letter_signed_by_hand_is_believed():
    believe(rfc9421_letter())


def test_a_get_signed_by_hand_is_believed():
    believe(rfc9421_letter(TWO, **GET))


def test_the_target_may_be_signed_in_parts():
    believe(rfc9421_letter(PARTS))


def test_more_may_be_signed_than_must_be():
    more = f'{THREE} "@scheme" "@request-target" "@authority" "host"'

    believe(rfc9421_letter(more, parameters=f'{PARAMETERS};nonce="x";tag="y"'))


@pytest.mark.parametrize("name", THREE.split())
def test_SIG_02_a_letter_must_sign_each_of_three(name):
    components = " ".join(each for each in THREE.split() if each != name)

    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(components), now=NOW)


@pytest.mark.parametrize("name", PARTS.split())
def test_SIG_02_a_letter_that_signs_its_target_in_parts_must_sign_each(name):
    components = " ".join(each for each in PARTS.split() if each != name)

    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(components), now=NOW)


@pytest.mark.parametrize("name", TWO.split())
def test_SIG_02_a_get_must_sign_each_of_two(name):
    components = " ".join(each for each in TWO.split() if each != name)

    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(components, **GET), now=NOW)


@pytest.mark.parametrize("left_out", ["created", "keyid"])
def test_SIG_02_when_and_by_whom_must_be_signed(left_out):
    said = {"created": f";created={SECOND}", "keyid": f';keyid="{KEY_ID}"'}
    del said[left_out]

    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(parameters="".join(said.values())), now=NOW)


def test_SIG_02_a_get_with_a_body_must_sign_its_digest():
    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(TWO, **(GET | {"body": BODY})), now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"target": "/u/other/inbox"},
        {"base_url": "https://other.example"},
        {"base_url": "http://here.example"},
    ],
)
def test_SIG_02_what_was_signed_may_not_change(change):
    letter = rfc9421_letter()

    with pytest.raises(Unbelievable):
        believe(replace(letter, **change))


def test_SIG_04_the_query_is_always_signed():
    letter = rfc9421_letter(TWO, target="/n/1/replies?page=2", **GET)

    believe(letter)
    for other in ("/n/1/replies?page=3", "/n/1/replies", "/n/1/replies?page=2&x=1"):
        with pytest.raises(Unbelievable):
            believe(replace(letter, target=other))
    with pytest.raises(Unbelievable):
        verify_without_query(letter, signed_by(letter, now=NOW), ana_rsa()[1])


def test_SIG_06_a_tampered_body_is_refused():
    with pytest.raises(Unbelievable):
        believe(replace(rfc9421_letter(), body=BODY.replace(b"1", b"2")))


def test_SIG_06_a_digest_that_is_signed_and_not_there_is_refused():
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(headers=[("Host", HOST)]))


SHA512 = f"sha-512=:{base64_of(hashlib.sha512(BODY).digest())}:"
WRONG = f"sha-512=:{base64_of(b'x' * 64)}:"


@pytest.mark.parametrize(
    "said", [f"{content_digest()}, {SHA512}", SHA512, f"unixsum=:AAAA:, {content_digest()}"]
)
def test_SIG_06_every_digest_that_we_know_is_checked(said):
    believe(rfc9421_letter(headers=with_digest(said)))


@pytest.mark.parametrize(
    "said",
    [
        f"{content_digest()}, {WRONG}",
        f"{WRONG}, {content_digest()}",
        WRONG,
        "md5=:XUFAKrxLKna5cZ2REBfFkg==:",
        f"sha-256=:{base64_of(b'x' * 31)}:",
        "sha-256=::",
    ],
)
def test_SIG_06_a_digest_that_is_not_the_body_is_refused(said):
    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(headers=with_digest(said)), now=NOW)


@pytest.mark.parametrize(
    "said",
    [
        "nonsense!",
        content_digest().upper(),
        content_digest().replace(":", "", 1),
        content_digest().replace(":", '"'),
        f"{content_digest()}, {content_digest()}",
        "sha-256",
        "sha-256=1",
        "sha-256=(:AAAA:)",
        "é",
    ],
)
def test_SIG_06_a_digest_that_cannot_be_read_is_malformed(said):
    with pytest.raises(Malformed):
        signed_by(rfc9421_letter(headers=with_digest(said)), now=NOW)


@pytest.mark.parametrize("seconds", [-3600, 0, 3600])
def test_SIG_07_a_signature_within_the_hour_is_believed(seconds):
    believe(rfc9421_letter(), now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-3601, 3601])
def test_SIG_07_a_signature_outside_the_hour_is_refused(seconds):
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(), now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("expires", [SECOND, SECOND + 12 * 3600])
def test_SIG_07_a_signature_that_has_not_expired_is_believed(expires):
    believe(rfc9421_letter(parameters=f"{PARAMETERS};expires={expires}"))


@pytest.mark.parametrize("expires", [-1, SECOND - 1, SECOND + 12 * 3600 + 1, 10**14])
def test_SIG_07_a_signature_that_expired_or_never_will_is_refused(expires):
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(parameters=f"{PARAMETERS};expires={expires}"))


@pytest.mark.parametrize("created", ["-1", "0", "1.5", '"1"', "?1", "@1", ":AAAA:", "", "9" * 15])
def test_SIG_07_a_strange_moment_is_refused(created):
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(parameters=f';created={created};keyid="{KEY_ID}"'))


def test_SIG_08_the_algorithm_may_be_said_if_it_is_the_keys():
    private, multikey = ana_ed25519()

    believe(rfc9421_letter(parameters=f'{PARAMETERS};alg="rsa-v1_5-sha256"'))
    believe(rfc9421_letter(private_pem=private), multikey)
    believe(rfc9421_letter(private_pem=private, parameters=f'{PARAMETERS};alg="ed25519"'), multikey)


@pytest.mark.parametrize(
    "algorithm",
    ["rsa-pss-sha512", "hmac-sha256", "ed25519", "ecdsa-p256-sha256", "rsa-v1_5-sha1", "", "none"],
)
def test_SIG_08_an_rsa_key_is_for_one_algorithm(algorithm):
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(parameters=f'{PARAMETERS};alg="{algorithm}"'))


def test_SIG_08_an_ed25519_key_is_for_one_algorithm():
    private, multikey = ana_ed25519()
    letter = rfc9421_letter(private_pem=private, parameters=f'{PARAMETERS};alg="rsa-v1_5-sha256"')

    with pytest.raises(Unbelievable):
        believe(letter, multikey)


def test_SIG_08_a_signature_of_one_kind_is_not_checked_with_the_other():
    private, multikey = ana_ed25519()

    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(), multikey)
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(private_pem=private))


def test_SIG_15_only_the_key_that_signed_is_believed():
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(), bob_rsa()[1])


INPUT = header_of(rfc9421_letter(), "Signature-Input")
SIGNATURE = header_of(rfc9421_letter(), "Signature")


@pytest.mark.parametrize(
    ("signature_input", "signature"),
    [
        ("", SIGNATURE),
        (INPUT, ""),
        ("nonsense!", SIGNATURE),
        (INPUT, "nonsense!"),
        (INPUT, 'keyId="x",headers="date",signature="AAAA"'),
        (INPUT.replace("sig1", "sig2"), SIGNATURE),
        ("sig1", "sig1"),
        ("sig1=1", SIGNATURE),
        (INPUT, "sig1=1"),
        (INPUT, 'sig1="AAAA"'),
        (INPUT, "sig1=(:AAAA:)"),
        (INPUT, "sig1=::"),
        (INPUT, "sig1=:AAAA:"),
        ("sig1=()" + PARAMETERS, SIGNATURE),
        (f'{INPUT};nonce="{"x" * 9000}"', SIGNATURE),
        (INPUT, f"sig1=:{'A' * 9000}:"),
        ("é", SIGNATURE),
        (INPUT, "\ud800"),
    ],
)
def test_SIG_01_a_signature_that_cannot_be_read_is_none(signature_input, signature):
    letter = changed(rfc9421_letter(), signature_input=signature_input, signature=signature)

    with pytest.raises(Unbelievable):
        believe(letter)


def test_SIG_01_without_the_signature_the_input_is_nothing():
    letter = rfc9421_letter()

    for name in ("Signature", "Signature-Input"):
        rest = [each for each in letter.headers if each[0] != name]
        with pytest.raises(Unbelievable):
            believe(replace(letter, headers=rest))


def test_SIG_01_two_lines_of_signatures_are_none():
    letter = rfc9421_letter()

    with pytest.raises(Unbelievable):
        believe(replace(letter, headers=[*letter.headers, ("Signature-Input", "")]))
    with pytest.raises(Unbelievable):
        believe(replace(letter, headers=[*letter.headers, *letter.headers[-2:]]))


def test_SIG_18_of_two_signatures_none_is_believed():
    good = rfc9421_letter(private_pem=bob_rsa()[0], label="bob")
    bad = rfc9421_letter(label="ana")
    inputs = [header_of(each, "Signature-Input") for each in (good, bad)]
    signatures = [header_of(good, "Signature"), "ana=:AAAA:"]
    both = changed(good, signature_input=", ".join(inputs), signature=", ".join(signatures))

    for key in (ana_rsa()[1], bob_rsa()[1]):
        with pytest.raises(Unbelievable):
            believe(both, key)


@pytest.mark.parametrize(
    "component",
    [
        '"@status"',
        '"@query-param";name="page"',
        '"@unknown"',
        '"@signature-params"',
        '"content-digest";sf',
        '"content-digest";key="sha-256"',
        '"host";bs',
        '"host";tr',
        '"@method";req',
        '"Host"',
        '"@METHOD"',
        '"x-missing"',
        '"@method"',
        '""',
        '" "',
        "host",
        "1",
        ":AAAA:",
        "?1",
    ],
)
def test_SIG_18_a_component_that_we_do_not_know_is_refused(component):
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(f"{THREE} {component}"))


@pytest.mark.parametrize(
    "parameter", [";unknown=1", ";nonce=1", ";tag", ";alg=ed25519", ";keyid=1", ";created"]
)
def test_SIG_18_a_parameter_that_we_do_not_know_is_refused(parameter):
    with pytest.raises(Unbelievable):
        believe(rfc9421_letter(parameters=PARAMETERS + parameter))


def test_SIG_18_very_many_components_are_refused():
    many = " ".join(f'"x-{number}"' for number in range(40))

    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(f"{THREE} {many}"), now=NOW)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_headers_make_anything_else_fail(signature_input, signature):
    letter = changed(rfc9421_letter(), signature_input=signature_input, signature=signature)

    with pytest.raises(FederationError):
        believe(letter)


@given(st.integers(0, len(INPUT) - 1), st.characters(codec="ascii"))
def test_no_changed_letter_of_the_input_is_believed(place, letter):
    altered = INPUT[:place] + letter + INPUT[place + 1 :]
    if altered == INPUT:
        return

    with pytest.raises(FederationError):
        believe(changed(rfc9421_letter(), signature_input=altered))


@given(st.text(max_size=60), st.text(max_size=30), st.binary(max_size=20))
def test_no_digest_or_target_makes_anything_else_fail(said, target, body):
    letter = changed(rfc9421_letter(), content_digest=said)

    with pytest.raises(FederationError):
        believe(replace(letter, target=f"/{target}", body=body))
