"""RSA and Ed25519 keys: made, read, and written as PEM or multikey."""

import base64
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from federation import base58, keys
from federation.errors import FederationError, Malformed, Unbelievable
from tests.federation.letters import ana_ed25519, ana_rsa

ODD = 2**2047 + 12345


def der(tag, *parts):
    content = b"".join(parts)
    if len(content) < 128:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes(2, "big")
    return bytes([tag, 0x82]) + length + content


def integer(number):
    return der(2, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def rsa_pem(modulus, exponent=65537):
    """Write an RSA public key by hand, so that it may be one that no library would write."""
    algorithm = der(0x30, bytes.fromhex("06092a864886f70d010101"), b"\x05\x00")
    numbers = der(0x30, integer(modulus), integer(exponent))
    return pem("PUBLIC KEY", der(0x30, algorithm, der(3, b"\0", numbers)))


def pem(label, content):
    text = base64.encodebytes(content).decode()
    return f"-----BEGIN {label}-----\n{text}-----END {label}-----\n"


def public_pem(key):
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_new_rsa_pair_belongs_together():
    private, public = ana_rsa()

    assert keys.private_key(private).public_key() == keys.public_key(public)
    assert keys.public_key(public).key_size == 2048
    assert public.startswith("-----BEGIN PUBLIC KEY-----\n")


def test_a_new_ed25519_pair_belongs_together():
    private, multikey = ana_ed25519()

    assert keys.private_key(private).public_key() == keys.public_key(multikey)
    assert multikey.startswith("z6Mk")
    assert keys.multikey(keys.from_multikey(multikey)) == multikey


def test_keys_are_read_once():
    private, public = ana_rsa()

    assert keys.public_key(public) is keys.public_key(public)
    assert keys.private_key(private) is keys.private_key(private)


def test_a_private_key_is_loaded_without_being_proved_again():
    private, _ = ana_rsa()

    took = []
    for _ in range(5):
        begun = time.perf_counter()
        keys.private_key.__wrapped__(private)
        took.append(time.perf_counter() - begun)

    assert min(took) < 0.01


def test_an_ed25519_pem_and_an_rsa_pkcs1_pem_are_read():
    ed25519 = keys.from_multikey(ana_ed25519()[1])
    rsa = keys.public_key(ana_rsa()[1])
    pkcs1 = rsa.public_bytes(Encoding.PEM, PublicFormat.PKCS1).decode()

    assert keys.public_key(public_pem(ed25519)) == ed25519
    assert keys.public_key(pkcs1) == rsa


def test_a_pem_with_other_line_ends_is_read():
    public = ana_rsa()[1]

    assert keys.public_key(f"\n {public.replace(chr(10), chr(13) + chr(10))} ") == keys.public_key(
        public
    )


@pytest.mark.parametrize(
    "written",
    [
        rsa_pem(ODD),
        rsa_pem(2**8191 + 1),
        rsa_pem(ODD, 3),
        rsa_pem(ODD, 2**33 - 1),
    ],
)
def test_SIG_22_an_rsa_key_on_the_bounds_is_accepted(written):
    keys.public_key(written)


@pytest.mark.parametrize(
    "written",
    [
        rsa_pem(2**1023 + 1),
        rsa_pem(2**2046 + 1),
        rsa_pem(2**8192 + 1),
        rsa_pem(2**16000 + 1),
        rsa_pem(ODD, 1),
        rsa_pem(ODD, 2),
        rsa_pem(ODD, 65536),
        rsa_pem(ODD, 2**33 + 1),
        rsa_pem(ODD, 2**2000 + 1),
        public_pem(ec.generate_private_key(ec.SECP256R1()).public_key()),
        public_pem(x25519.X25519PrivateKey.generate().public_key()),
        pem("CERTIFICATE", b"no"),
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        "-----BEGIN PUBLIC KEY-----",
        "",
        " ",
        "\ud800",
        "键",
        "A" * 100_000,
    ],
)
def test_SIG_22_any_other_key_is_refused(written):
    with pytest.raises(Unbelievable):
        keys.public_key(written)


def test_SIG_22_a_private_key_is_no_public_key():
    with pytest.raises(Unbelievable):
        keys.public_key(ana_rsa()[0])


@pytest.mark.parametrize(
    "written",
    [
        "z",
        "z6Mk",
        "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbT0O",
        "z" + "2" * 100_000,
        base58.encode(b"\xed\x01" + b"\x01" * 31),
        base58.encode(b"\xed\x01" + b"\x01" * 33),
        base58.encode(b"\x80\x26" + b"\x01" * 32),
        base58.encode(b"\x00\xed\x01" + b"\x01" * 32),
        "z1" + base58.encode(b"\xed\x01" + b"\x01" * 32)[1:],
    ],
)
def test_a_multikey_that_is_no_ed25519_key_is_refused(written):
    with pytest.raises(Unbelievable):
        keys.public_key(written)


@given(st.text(max_size=200))
def test_no_text_makes_reading_a_key_fail_otherwise(written):
    with pytest.raises(FederationError):
        keys.public_key(written)
    with pytest.raises(FederationError):
        keys.public_key(f"-----BEGIN PUBLIC KEY-----\n{written}\n-----END PUBLIC KEY-----")


@given(st.binary(max_size=80))
def test_base58_comes_back_as_it_was(content):
    assert base58.decode(base58.encode(content)) == content


@pytest.mark.parametrize(
    ("content", "written"),
    [
        (b"", "z"),
        (b"\x00", "z1"),
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (b"\x00\x00\x28\x7f\xb4\xcd", "z11233QC4"),
    ],
)
def test_base58_is_what_others_write(content, written):
    assert base58.encode(content) == written


@pytest.mark.parametrize("written", ["", "u123", "z0", "zO", "zI", "zl", "z é", "z" + "1" * 200])
def test_what_is_no_base58_is_refused(written):
    with pytest.raises(Malformed):
        base58.decode(written)
