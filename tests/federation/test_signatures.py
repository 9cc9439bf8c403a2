"""HTTP signatures in their two forms: sign what goes out, verify what came."""

from dataclasses import replace
from datetime import timedelta

import pytest
from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

from federation.errors import Malformed, Unbelievable
from federation.signatures import (
    Letter,
    Signer,
    check_target,
    digest_of,
    next_form,
    sign,
    signed_by,
    verify,
)
from tests.federation.letters import (
    BASE,
    BODY,
    DATE,
    HOST,
    INBOX,
    KEY_ID,
    NOW,
    ana_ed25519,
    ana_rsa,
    believe,
    bob_rsa,
    cavage_letter,
    rfc9421_letter,
    seal,
)

FORMS = ["cavage", "rfc9421"]
HAND_SIGNED = {"cavage": cavage_letter, "rfc9421": rfc9421_letter}
URL = BASE + INBOX

both_forms = pytest.mark.parametrize("form", FORMS)


def ana():
    return Signer(KEY_ID, ana_rsa()[0])


def sent(method="POST", target=INBOX, body=BODY, *, form="cavage", signer=None, **options):
    """Sign a request with what is tested, and bring it."""
    headers = sign(method, BASE + target, body, signer or ana(), form=form, date=NOW, **options)
    return Letter(method, target, list(headers.items()), body or b"", HOST, BASE)


@both_forms
def test_what_we_sign_is_believed(form):
    believe(sent(form=form))
    believe(sent("GET", "/n/1?page=2", None, form=form))


@both_forms
def test_what_we_sign_with_ed25519_is_believed(form):
    private, multikey = ana_ed25519()
    signer = Signer("https://there.example/u/ana#ed25519", private)

    believe(sent(form=form, signer=signer), multikey)
    believe(sent("GET", "/n/1", None, form=form, signer=signer), multikey)


@both_forms
def test_a_digest_made_beforehand_is_the_same(form):
    assert sent(form=form, digest=digest_of(BODY)) == sent(form=form)


@both_forms
def test_an_empty_body_is_signed_as_well(form):
    believe(sent(body=b"", form=form))


def test_our_letters_look_as_everyone_expects():
    headers = sign("POST", URL, BODY, ana(), date=NOW)

    signature = headers.pop("Signature")
    assert headers == {
        "Host": HOST,
        "Date": DATE,
        "Digest": f"SHA-256={digest_of(BODY)}",
    }
    assert signature.startswith(
        f'keyId="{KEY_ID}",algorithm="rsa-sha256",'
        'headers="(request-target) host date digest",signature="'
    )


def test_our_cavage_signature_is_over_exactly_this():
    written = f"(request-target): post {INBOX}\nhost: {HOST}\ndate: {DATE}\ndigest: SHA-256="

    headers = sign("POST", URL, BODY, ana(), date=NOW)

    assert headers["Signature"].endswith(f'signature="{seal(written + digest_of(BODY))}"')


def test_our_message_signatures_look_as_everyone_expects():
    headers = sign("POST", URL, BODY, ana(), form="rfc9421", date=NOW)

    assert headers["Content-Digest"] == f"sha-256=:{digest_of(BODY)}:"
    assert headers["Signature-Input"] == (
        'sig1=("@method" "@target-uri" "content-digest")'
        f';created={int(NOW.timestamp())};keyid="{KEY_ID}";alg="rsa-v1_5-sha256"'
    )


def test_our_message_signatures_satisfy_the_library_alone():
    class Anas(HTTPSignatureKeyResolver):
        def resolve_public_key(self, key_id):
            return ana_rsa()[1].encode()

    class Message:
        method = "POST"
        url = URL
        headers = sign("POST", URL, BODY, ana(), form="rfc9421")

    verifier = HTTPMessageVerifier(
        signature_algorithm=algorithms.RSA_V1_5_SHA256, key_resolver=Anas()
    )

    [result] = verifier.verify(Message(), body=BODY, require_components=("@method", "@target-uri"))

    assert result.parameters["keyid"] == KEY_ID


def test_a_signer_does_not_show_its_key():
    assert "PRIVATE" not in repr(ana())


@both_forms
@pytest.mark.parametrize("method", ["POST", "GET", "HEAD", "PUT"])
def test_SIG_01_what_is_not_signed_is_refused(form, method):
    letter = HAND_SIGNED[form]()
    rest = [each for each in letter.headers if not each[0].startswith("Signature")]

    with pytest.raises(Unbelievable):
        signed_by(replace(letter, method=method, headers=rest), now=NOW)
    with pytest.raises(Unbelievable):
        signed_by(replace(letter, method=method, headers=[("Host", HOST)]), now=NOW)


def test_SIG_01_an_authorization_header_is_no_signature():
    letter = cavage_letter()
    moved = [*letter.headers[:-1], ("Authorization", f"Signature {letter.headers[-1][1]}")]

    with pytest.raises(Unbelievable):
        signed_by(replace(letter, headers=moved), now=NOW)


HOSTS = [
    "other.example",
    "HERE.example",
    "here.example:443",
    "here.example:8443",
    "here.example.",
    "www.here.example",
    "here.example, other.example",
    "here.example@other.example",
    "",
]


@both_forms
@pytest.mark.parametrize("host", HOSTS)
def test_SIG_03_a_letter_to_another_host_is_refused(form, host):
    headers = [(name, host if name == "Host" else value) for name, value in sent(form=form).headers]

    with pytest.raises(Unbelievable):
        signed_by(replace(sent(form=form), headers=headers), now=NOW)


def test_SIG_03_a_letter_signed_for_another_host_is_refused():
    headers = [("Host", "other.example"), *cavage_letter().headers[1:3]]
    letter = cavage_letter(headers=headers)
    ours = [("Host", HOST), *letter.headers[1:]]

    with pytest.raises(Unbelievable):
        believe(letter)
    with pytest.raises(Unbelievable):
        believe(replace(letter, headers=ours))


@pytest.mark.parametrize("hosts", [[], [HOST, HOST], [HOST, "other.example"]])
def test_SIG_03_there_is_one_host(hosts):
    letter = cavage_letter()
    headers = [*(("Host", host) for host in hosts), *letter.headers[1:]]

    with pytest.raises(Unbelievable):
        check_target(replace(letter, headers=headers))


@both_forms
@pytest.mark.parametrize(
    "target",
    [
        "https://here.example/u/mei/inbox",
        "http://other.example/",
        "//other.example/x",
        "*",
        "",
        "u",
    ],
)
def test_SIG_03_an_absolute_target_is_malformed(form, target):
    with pytest.raises(Malformed):
        signed_by(HAND_SIGNED[form](target=target), now=NOW)


def test_SIG_03_a_fragment_is_malformed():
    with pytest.raises(Malformed):
        check_target(replace(cavage_letter(), target=f"{INBOX}#x"))


def test_SIG_03_a_port_of_ours_is_part_of_our_name():
    headers = sign("POST", "http://localhost:8080/inbox", BODY, ana(), date=NOW)
    base = "http://localhost:8080"

    believe(Letter("POST", "/inbox", list(headers.items()), BODY, "localhost:8080", base))


def test_SIG_05_a_packed_body_is_malformed():
    letter = cavage_letter()

    with pytest.raises(Malformed):
        signed_by(replace(letter, headers=[*letter.headers, ("Content-Encoding", "gzip")]), now=NOW)


KEY_IDS = [
    "acct:ana@there.example",
    "ana@there.example",
    "did:key:z6Mk",
    "urn:uuid:1",
    "/u/ana#main-key",
    "//there.example/u/ana",
    "ftp://there.example/u/ana",
    "javascript:alert(1)",
    "https://",
    "https://ana:secret@there.example/u/ana",
    "https://there.example/ u",
    "https://there.example/" + "x" * 3000,
    "main-key",
]


@pytest.mark.parametrize("key_id", KEY_IDS)
def test_SIG_10_a_key_without_an_address_is_refused(key_id):
    signed = f';created={int(NOW.timestamp())};keyid="{key_id}"'

    with pytest.raises(Unbelievable):
        signed_by(cavage_letter(keyId=key_id), now=NOW)
    with pytest.raises(Unbelievable):
        signed_by(rfc9421_letter(parameters=signed), now=NOW)


@pytest.mark.parametrize(
    "key_id",
    [
        "https://mastodon.example/users/ana#main-key",
        "https://gotosocial.example/users/ana/main-key",
        "https://peertube.example/accounts/ana",
        "https://there.example/u/ana?key=1#ed25519",
        "http://localhost:3000/users/ana#main-key",
    ],
)
def test_SIG_11_a_key_id_of_each_usual_shape_is_read(key_id):
    signed = f';created={int(NOW.timestamp())};keyid="{key_id}"'

    assert signed_by(cavage_letter(keyId=key_id), now=NOW).key_id == key_id
    assert signed_by(rfc9421_letter(parameters=signed), now=NOW).key_id == key_id


@both_forms
@pytest.mark.parametrize("key", ["", "nonsense", "-----BEGIN PUBLIC KEY-----\n", "z6Mk", "键"])
def test_SIG_15_a_key_that_cannot_be_read_proves_nothing(form, key):
    letter = HAND_SIGNED[form]()

    with pytest.raises(Unbelievable):
        verify(letter, signed_by(letter, now=NOW), key)


@both_forms
def test_SIG_15_a_signature_of_another_proves_nothing(form):
    with pytest.raises(Unbelievable):
        believe(HAND_SIGNED[form](private_pem=bob_rsa()[0]))


@both_forms
def test_SIG_16_a_signature_has_a_mark_to_be_remembered_by(form):
    signed = signed_by(HAND_SIGNED[form](), now=NOW)
    again = signed_by(HAND_SIGNED[form](), now=NOW)
    other = signed_by(HAND_SIGNED[form](body=b"{}"), now=NOW)

    assert signed.fingerprint == again.fingerprint
    assert signed.fingerprint != other.fingerprint
    assert len(signed.fingerprint) == 32


@both_forms
@pytest.mark.parametrize("url", ["https://other.example/u/mei/inbox", f"{BASE}/u/eve/inbox"])
def test_SIG_19_a_signature_is_for_one_address_alone(form, url):
    headers = sign("POST", url, BODY, ana(), form=form, date=NOW)
    brought = [
        ("Host", HOST),
        *((name, value) for name, value in headers.items() if name != "Host"),
    ]

    with pytest.raises(Unbelievable):
        believe(Letter("POST", INBOX, brought, BODY, HOST, BASE))


@both_forms
@pytest.mark.parametrize(
    ("url", "host", "target"),
    [
        ("https://here.example", "here.example", "/"),
        ("https://here.example?x=1", "here.example", "/?x=1"),
        ("https://here.example:443/a", "here.example", "/a"),
        ("https://HERE.example/A%20b?q=%7E#part", "here.example", "/A%20b?q=%7E"),
        ("https://here.example:8443/a", "here.example:8443", "/a"),
        ("http://here.example:80/a", "here.example", "/a"),
        ("https://[2001:db8::1]:8443/a", "[2001:db8::1]:8443", "/a"),
    ],
)
def test_SIG_19_host_and_target_are_signed_as_they_are_sent(form, url, host, target):
    headers = sign("GET", url, None, ana(), form=form, date=NOW)
    base = f"{url.partition(':')[0]}://{host}"

    assert headers["Host"] == host
    believe(Letter("GET", target, list(headers.items()), b"", host, base))


@pytest.mark.parametrize(
    "url", ["", "/inbox", "ftp://here.example/", "https://a:b@here.example/", "https://中.example/"]
)
def test_what_is_no_address_is_not_signed(url):
    with pytest.raises(Malformed):
        sign("GET", url, None, ana())


@pytest.mark.parametrize("status", [400, 401])
def test_SIG_20_after_400_and_401_we_knock_once_more_and_in_the_other_form(status):
    assert next_form("cavage", status) == "rfc9421"
    assert next_form("rfc9421", status) == "cavage"


@pytest.mark.parametrize("status", [200, 202, 403, 404, 410, 429, 500, 503])
def test_SIG_20_after_any_other_answer_we_do_not(status):
    assert next_form("cavage", status) is None
    assert next_form("rfc9421", status) is None


def test_signatures_of_now_are_believed_now():
    headers = sign("POST", URL, BODY, ana())
    letter = Letter("POST", INBOX, list(headers.items()), BODY, HOST, BASE)

    verify(letter, signed_by(letter, window=timedelta(minutes=5)), ana_rsa()[1])
