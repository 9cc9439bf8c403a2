"""HTTP signatures of draft-cavage-12, signed by hand and read by us."""

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.cavage import moment_of
from federation.errors import FederationError, Malformed, Unbelievable
from federation.signatures import signed_by, verify, verify_without_query
from tests.federation.letters import (
    BODY,
    DATE,
    FOUR,
    HOST,
    INBOX,
    KEY_ID,
    NOW,
    SECOND,
    ana_ed25519,
    ana_rsa,
    base64_of,
    believe,
    bob_rsa,
    cavage_letter,
    digest,
)

CREATED = "(request-target) (created) host digest"
GET = {"method": "GET", "body": b"", "headers": [("Host", HOST), ("Date", DATE)]}
GET_NAMES = "(request-target) host date"


def with_headers(*more, date=DATE, said=None):
    return [("Host", HOST), ("Date", date), ("Digest", said or digest()), *more]


def with_signature(header):
    letter = cavage_letter()
    return replace(letter, headers=[*letter.headers[:-1], ("Signature", header)])


def header_of(letter):
    return dict(letter.headers)["Signature"]


def renamed(names):
    said = "" if names is None else f'headers="{names}",'
    return header_of(cavage_letter()).replace(f'headers="{FOUR}",', said)


def test_a_letter_signed_by_hand_is_believed():
    believe(cavage_letter())


def test_a_get_signed_by_hand_is_believed():
    believe(cavage_letter(GET_NAMES, **GET))


def test_more_may_be_signed_than_must_be():
    headers = with_headers(("Content-Type", "application/activity+json"), ("X-Many", ""))

    believe(cavage_letter(f"{FOUR} content-type x-many", headers=headers))


def test_a_header_of_several_lines_is_signed_as_one():
    headers = with_headers(("X-Two", "a"), ("X-Two", "b"))

    believe(cavage_letter(f"{FOUR} x-two", headers=headers))


@pytest.mark.parametrize("name", FOUR.split())
def test_SIG_02_a_letter_must_sign_each_of_four(name):
    names = " ".join(each for each in FOUR.split() if each != name)

    with pytest.raises(Unbelievable):
        signed_by(cavage_letter(names), now=NOW)


@pytest.mark.parametrize("name", GET_NAMES.split())
def test_SIG_02_a_get_must_sign_each_of_three(name):
    names = " ".join(each for each in GET_NAMES.split() if each != name)

    with pytest.raises(Unbelievable):
        signed_by(cavage_letter(names, **GET), now=NOW)


def test_SIG_02_a_get_with_a_body_must_sign_its_digest():
    letter = cavage_letter(GET_NAMES, **(GET | {"body": BODY}))

    with pytest.raises(Unbelievable):
        signed_by(letter, now=NOW)


def test_SIG_02_without_a_list_of_names_nothing_is_covered():
    for names in (None, "", " "):
        with pytest.raises(Unbelievable):
            believe(with_signature(renamed(names)))


@pytest.mark.parametrize(
    "names",
    [
        f"{FOUR} date",
        f"{FOUR}  ",
        f"{FOUR} x-missing",
        f"{FOUR} (unknown)",
        f"{FOUR} (expires)",
        f"{FOUR} {' '.join(f'x-{number}' for number in range(40))}",
    ],
)
def test_SIG_02_what_is_signed_must_be_there_once(names):
    with pytest.raises(Unbelievable):
        believe(cavage_letter(names))


def test_SIG_02_a_signed_header_that_changed_is_noticed():
    headers = with_headers(("Content-Type", "application/activity+json"))
    letter = cavage_letter(f"{FOUR} content-type", headers=headers)
    changed = [(name, value.replace("activity", "ld")) for name, value in letter.headers]

    with pytest.raises(Unbelievable):
        believe(replace(letter, headers=changed))


SIGNATURE = header_of(cavage_letter())


@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "nonsense",
        "Signature",
        SIGNATURE + ",",
        "," + SIGNATURE,
        SIGNATURE.replace(",", ",,", 1),
        SIGNATURE.replace(",", " ", 1),
        SIGNATURE.replace('keyId="', "keyId="),
        SIGNATURE + f',keyId="{KEY_ID}"',
        SIGNATURE + ',keyId="https://evil.example/u/eve#main-key"',
        SIGNATURE + ',signature="AAAA"',
        SIGNATURE.replace("keyId", "keyid"),
        SIGNATURE.replace("headers", "header"),
        SIGNATURE.replace("signature=", "sig="),
        SIGNATURE.replace("https:", 'https\\"'),
        SIGNATURE + "\n",
        SIGNATURE + ',nonce="' + "x" * 9000 + '"',
        'keyId="",headers="(request-target) host date digest",signature="AAAA"',
    ],
)
def test_SIG_01_a_signature_that_cannot_be_read_is_none(header):
    with pytest.raises(Unbelievable):
        believe(with_signature(header))


def test_SIG_01_two_signatures_are_none():
    letter = cavage_letter()

    with pytest.raises(Unbelievable):
        believe(replace(letter, headers=[*letter.headers, letter.headers[-1]]))


def test_a_parameter_that_nobody_knows_is_passed_over():
    believe(with_signature(SIGNATURE + ', opaque="x" , count=7'))


def test_SIG_04_a_query_added_to_a_signed_get_is_refused():
    letter = cavage_letter(GET_NAMES, target="/n/1?x=1", signed_target="/n/1", **GET)

    with pytest.raises(Unbelievable):
        believe(letter)


def test_SIG_04_a_query_is_part_of_what_is_signed():
    letter = cavage_letter(GET_NAMES, target="/n/1/replies?page=2", **GET)

    believe(letter)
    with pytest.raises(Unbelievable):
        believe(replace(letter, target="/n/1/replies?page=3"))


def test_SIG_04_the_query_is_taken_as_it_came():
    believe(cavage_letter(GET_NAMES, target="/n/1/replies?a=%7e+%2F&&b", **GET))


def test_SIG_04_a_get_signed_without_its_query_is_a_second_and_weaker_thing():
    letter = cavage_letter(
        GET_NAMES, target="/n/1/replies?page=2", signed_target="/n/1/replies", **GET
    )
    signed = signed_by(letter, now=NOW)

    verify_without_query(letter, signed, ana_rsa()[1])
    with pytest.raises(Unbelievable):
        verify_without_query(letter, signed, bob_rsa()[1])


def test_SIG_04_what_has_no_query_is_not_verified_twice():
    letter = cavage_letter(GET_NAMES, target="/n/1", **GET)

    with pytest.raises(Unbelievable):
        verify_without_query(letter, signed_by(letter, now=NOW), ana_rsa()[1])


def test_SIG_04_a_letter_with_a_query_is_malformed():
    with pytest.raises(Malformed):
        signed_by(cavage_letter(target=f"{INBOX}?x=1"), now=NOW)


def test_SIG_05_a_tampered_body_is_refused():
    with pytest.raises(Unbelievable):
        believe(replace(cavage_letter(), body=BODY.replace(b"1", b"2")))


SHA256 = digest().removeprefix("SHA-256=")
SHA512 = base64_of(hashlib.sha512(BODY).digest())


@pytest.mark.parametrize(
    "said",
    [
        "",
        "SHA-256",
        "SHA-256=",
        "MD5=XUFAKrxLKna5cZ2REBfFkg==",
        f"SHA-1={SHA256}",
        f"SHA256={SHA256}",
        f"SHA-256 = {SHA256}",
        f"SHA-256={SHA256[:-1]}",
        f"SHA-256={SHA256}=",
        f"SHA-256={SHA256[:10]}!{SHA256[10:]}",
        f"SHA-256={SHA256[:10]} {SHA256[10:]}",
        f'SHA-256="{SHA256}"',
        f"SHA-256={SHA256[:-2]}{'=' if SHA256[-2] != '=' else 'A'}=",
        f"SHA-256={base64_of(b'x' * 32)}",
        f"SHA-256={base64_of(b'x' * 31)}",
        f"SHA-256={SHA256},SHA-256={base64_of(b'x' * 32)}",
        f"SHA-256={SHA256},SHA-512={base64_of(b'x' * 64)}",
        f"SHA-512={base64_of(b'x' * 64)}",
        "SHA-256=\xe9",
    ],
)
def test_SIG_05_a_digest_that_is_not_exactly_the_body_is_refused(said):
    with pytest.raises(Unbelievable):
        signed_by(cavage_letter(headers=with_headers(said=said or " ")), now=NOW)


def test_SIG_05_a_digest_that_is_not_there_is_refused():
    headers = [("Host", HOST), ("Date", DATE)]

    with pytest.raises(Unbelievable):
        signed_by(cavage_letter(headers=headers), now=NOW)


@pytest.mark.parametrize(
    "said",
    [
        f"sha-256={SHA256}",
        f"SHA-512={SHA512}",
        f"sha-512={SHA512},SHA-256={SHA256}",
        f"Sha-256={SHA256} , unixsum=30637",
        f"MD5=bm9wZQ==,SHA-256={SHA256}",
        f"SHA-256={SHA256}, SHA-256={SHA256}",
    ],
)
def test_SIG_05_a_digest_that_is_the_body_is_accepted_however_it_is_called(said):
    believe(cavage_letter(headers=with_headers(said=said)))


def test_SIG_05_of_two_lines_both_must_be_right():
    right, wrong = digest(), f"SHA-256={base64_of(b'x' * 32)}"
    base = [("Host", HOST), ("Date", DATE)]

    believe(cavage_letter(headers=[*base, ("Digest", right), ("Digest", right)]))
    for pair in ((right, wrong), (wrong, right)):
        with pytest.raises(Unbelievable):
            believe(cavage_letter(headers=[*base, *(("Digest", each) for each in pair)]))


@pytest.mark.parametrize("seconds", [-3600, -3599, 0, 3599, 3600])
def test_SIG_07_a_date_within_the_hour_is_believed(seconds):
    believe(cavage_letter(), now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-86400, -3601, 3601, 86400, 10**9])
def test_SIG_07_a_date_outside_the_hour_is_refused(seconds):
    with pytest.raises(Unbelievable):
        believe(cavage_letter(), now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-3600, 0, 3600])
def test_SIG_07_created_within_the_hour_is_believed(seconds):
    letter = cavage_letter(CREATED, algorithm="hs2019", created=SECOND + seconds)

    believe(letter)


@pytest.mark.parametrize(
    "created", [SECOND - 3601, SECOND + 3601, 0, -1, 10**12, 10**30, "x", None]
)
def test_SIG_07_created_outside_the_hour_is_refused(created):
    with pytest.raises(Unbelievable):
        believe(cavage_letter(CREATED, algorithm="hs2019", created=created))


def test_SIG_07_the_window_can_be_narrower():
    letter = cavage_letter()
    minute = timedelta(seconds=60)

    signed_by(letter, window=minute, now=NOW + minute)
    with pytest.raises(Unbelievable):
        signed_by(letter, window=minute, now=NOW + minute + timedelta(seconds=1))


@pytest.mark.parametrize("algorithm", ["rsa-sha256", None])
def test_SIG_07_created_is_for_hs2019_alone(algorithm):
    with pytest.raises(Unbelievable):
        believe(cavage_letter(CREATED, algorithm=algorithm, created=SECOND))


def test_SIG_07_a_date_and_created_must_agree():
    names = f"{FOUR} (created)"

    believe(cavage_letter(names, algorithm="hs2019", created=SECOND + 60))
    with pytest.raises(Unbelievable):
        believe(cavage_letter(names, algorithm="hs2019", created=SECOND + 61))


@pytest.mark.parametrize("expires", [SECOND, SECOND + 300, SECOND + 12 * 3600])
def test_SIG_07_a_signature_that_has_not_expired_is_believed(expires):
    names = f"{CREATED} (expires)"

    believe(cavage_letter(names, algorithm="hs2019", created=SECOND, expires=expires))


@pytest.mark.parametrize("expires", [SECOND - 1, SECOND + 12 * 3600 + 1, 10**12, 10**40, "x", ""])
def test_SIG_07_a_signature_that_expired_or_never_will_is_refused(expires):
    names = f"{CREATED} (expires)"

    with pytest.raises(Unbelievable):
        believe(cavage_letter(names, algorithm="hs2019", created=SECOND, expires=expires))


def test_SIG_07_an_expiry_counts_even_where_it_is_not_signed():
    with pytest.raises(Unbelievable):
        believe(cavage_letter(expires=SECOND - 1))


@pytest.mark.parametrize(
    "date",
    [
        "Sun, 01 Mar 2026 12:00:00 GMT",
        "Sun, 1 Mar 2026 12:00:00 GMT",
        "Sun, 01 Mar 2026 12:00:00 UTC",
        "Sun, 01 Mar 2026 12:00:00 +0000",
        "Sun, 01 Mar 2026 12:00:00 -0000",
    ],
)
def test_SIG_07_a_date_in_utc_is_read(date):
    assert moment_of(date) == SECOND


@pytest.mark.parametrize(
    "date",
    [
        "",
        "now",
        "Sun, 01 Mar 2026 12:00:00",
        "Sun, 01 Mar 2026 12:00:00 +0100",
        "Sun, 01 Mar 2026 12:00:00 +9999",
        "Sun, 01 Mar 2026 12:00:00 EST",
        "Sun Mar  1 12:00:00 2026",
        "Sunday, 01-Mar-26 12:00:00 GMT",
        "2026-03-01T12:00:00Z",
        "1772366400",
        "Sun, 30 Feb 2026 12:00:00 GMT",
        "Sun, 00 Mar 2026 12:00:00 GMT",
        "Sun, 01 Xyz 2026 12:00:00 GMT",
        "Sun, 01 Mar 0000 12:00:00 GMT",
        "Sun, 01 Mar 2026 24:00:00 GMT",
        "Sun, 01 Mar 2026 12:00:60 GMT",
        "Sun, 01 Mar 2026 12:00:00 GMT\n",
        "Sun, ０１ Mar 2026 12:00:00 GMT",
    ],
)
def test_SIG_07_any_other_date_is_refused(date):
    with pytest.raises(Unbelievable):
        moment_of(date)


def test_SIG_07_two_dates_are_none():
    with pytest.raises(Unbelievable):
        believe(cavage_letter(headers=with_headers(("Date", DATE))))


@pytest.mark.parametrize("algorithm", ["rsa-sha256", "hs2019", "RSA-SHA256", None])
def test_SIG_08_an_rsa_key_signs_with_sha256_whatever_it_is_called(algorithm):
    believe(cavage_letter(algorithm=algorithm))


@pytest.mark.parametrize("algorithm", ["hs2019", "ed25519", None])
def test_SIG_08_an_ed25519_key_signs_too(algorithm):
    private, multikey = ana_ed25519()

    believe(cavage_letter(private_pem=private, algorithm=algorithm), multikey)


@pytest.mark.parametrize(
    "algorithm",
    ["rsa-sha1", "rsa-sha512", "hmac-sha256", "ecdsa-sha256", "rsa-pss-sha512", "none", "x" * 99],
)
def test_SIG_08_no_other_algorithm_is_checked(algorithm):
    with pytest.raises(Unbelievable):
        signed_by(cavage_letter(algorithm=algorithm), now=NOW)


def test_SIG_08_the_kind_of_key_and_the_algorithm_must_agree():
    private, multikey = ana_ed25519()

    with pytest.raises(Unbelievable):
        believe(cavage_letter(private_pem=private, algorithm="rsa-sha256"), multikey)
    with pytest.raises(Unbelievable):
        believe(cavage_letter(algorithm="ed25519"))


def test_SIG_08_a_signature_of_one_kind_is_not_checked_with_the_other():
    private, multikey = ana_ed25519()

    with pytest.raises(Unbelievable):
        believe(cavage_letter(algorithm="hs2019"), multikey)
    with pytest.raises(Unbelievable):
        believe(cavage_letter(private_pem=private, algorithm="hs2019"))


@pytest.mark.parametrize(
    "signature",
    ["", "=", "AA", "AA=", "AAAA", "!!!!", "A" * 344, "A" * 342 + "==", "A" * 5000, "é", " AAAA"],
)
def test_SIG_15_a_signature_of_any_other_length_or_spelling_is_refused(signature):
    with pytest.raises(Unbelievable):
        believe(cavage_letter(signature=signature))


def test_SIG_15_a_signature_with_something_between_its_letters_is_refused():
    good = SIGNATURE.rpartition('signature="')[2].rstrip('"')

    with pytest.raises(Unbelievable):
        believe(with_signature(SIGNATURE.replace(good, f"{good[:8]} {good[8:]}")))
    with pytest.raises(Unbelievable):
        believe(with_signature(SIGNATURE.replace(good, f"{good[:8]}%{good[8:]}")))


@pytest.mark.parametrize("value", ["a\nb: c", "a\r\nb", "\ud800", "a\ndate: x"])
def test_a_header_that_forges_lines_is_refused(value):
    letter = cavage_letter(f"{FOUR} x-odd", headers=with_headers(("X-Odd", "a")))
    odd = [(name, value if name == "X-Odd" else old) for name, old in letter.headers]

    with pytest.raises(Unbelievable):
        believe(replace(letter, headers=odd))


def test_a_header_of_raw_bytes_is_verified_as_it_came():
    odd = "caf\udce9"

    believe(cavage_letter(f"{FOUR} x-odd", headers=with_headers(("X-Odd", odd))))


@given(st.text(max_size=300))
def test_no_signature_header_makes_anything_else_fail(header):
    with pytest.raises(FederationError):
        believe(with_signature(header))


@given(st.integers(0, len(SIGNATURE) - 1), st.characters())
def test_no_changed_letter_of_the_signature_header_goes_unnoticed(place, letter):
    changed = SIGNATURE[:place] + letter + SIGNATURE[place + 1 :]
    try:
        believe(with_signature(changed))
    except FederationError:
        return
    signed = signed_by(with_signature(changed), now=NOW)
    # Names may be written large, and what is not signed may say something else of the same kind.
    assert set(signed.covered) >= set(FOUR.split())


@given(
    st.dictionaries(
        st.sampled_from(["Host", "Date", "Digest", "Signature", "Signature-Input", "X-Odd"]),
        st.text(max_size=100),
    )
)
def test_no_headers_make_anything_else_fail(headers):
    letter = replace(cavage_letter(), headers=list(headers.items()))

    with pytest.raises(FederationError):
        believe(letter)


@given(
    st.sampled_from(["Host", "Date", "Digest"]),
    st.text(max_size=60),
    st.text(max_size=30),
    st.binary(max_size=20),
)
def test_no_value_of_a_signed_header_makes_anything_else_fail(name, value, target, body):
    letter = cavage_letter()
    headers = [(each, value if each == name else old) for each, old in letter.headers]

    with pytest.raises(FederationError):
        believe(replace(letter, headers=headers, target=f"/{target}", body=body))


def test_verify_wants_the_key_that_signed():
    letter = cavage_letter()
    signed = signed_by(letter, now=NOW)

    verify(letter, signed, ana_rsa()[1])
    with pytest.raises(Unbelievable):
        verify(letter, signed, bob_rsa()[1])
    with pytest.raises(Unbelievable):
        verify(letter, signed, ana_ed25519()[1])
