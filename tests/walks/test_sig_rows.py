"""Who sent this? Each row of security.md 3, against the whole running application."""

import asyncio
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from actors.actor import Actor, by_uri
from actors.follows import Follow
from actors.instance import instance_actor
from actors.remote import look_up
from core.jobs import Job
from federation.signatures import Letter, signed_by, verify
from inbox.notifications import Notification
from inbox.received import Received
from moderation.policy import put_in_force
from outbox.carry import Carrier
from outbox.follow import follow
from tests.federation import traps
from tests.federation.traps import Trap, redirect, silence
from tests.moderation.drafts import entry, policy_of, servers
from tests.walks.wire import FOUR, Envelope, digest_of, everything

INBOXES = ("/inbox", "/u/mei/inbox")
AS2 = ("Content-Type", "application/activity+json")


def follow_of(remote, person, mei, **more):
    """A Follow of someone here."""
    return remote.activity("Follow", person, mei.uri, **more)


async def test_SIG_01_what_is_not_signed_once_and_well_is_refused(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)
    body = json.dumps(asked).encode()

    odd = []
    for path in INBOXES:
        whole = wire.letter(ana, asked, path=path)
        bare = whole.without("signature")
        good = whole.value("signature")
        odd += [
            bare,
            bare.plus("Signature", ""),
            bare.plus("Signature", "garbage"),
            bare.plus("Authorization", f"Signature {good}"),
            whole.plus("Signature", good),
            bare.plus("Signature", good + ',keyId="https://example.org/#main-key"'),
            bare.plus("Signature", good.replace("keyId", "keyID")),
            Envelope("POST", path, [("Host", wire.host), AS2], body),
        ]

    await refused(odd, 401)


async def test_SIG_02_a_signature_must_cover_where_when_and_what(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)

    names = FOUR.split(" ")
    cavage = [
        wire.letter(ana, asked, names=" ".join(each for each in names if each != left_out))
        for left_out in names
    ]
    parts = ['"@method"', '"@target-uri"', '"content-digest"']
    lines = [
        wire.letter_9421(ana, asked, components=" ".join(p for p in parts if p != left_out))
        for left_out in parts
    ]
    ageless = wire.letter_9421(ana, asked, parameters=f';keyid="{ana.signer.key_id}"')

    await refused([*cavage, *lines, ageless], 401)


async def test_SIG_03_a_letter_for_another_name_is_refused(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)
    host, _, port = wire.host.rpartition(":")
    names = ["evil.example", host, host.upper() + f":{port}", f"{host}.:{port}", f"{wire.host}0"]

    others = [wire.letter(ana, asked, headers={"Host": name}) for name in names]
    absolute = wire.letter(ana, asked, path=f"http://{wire.host}/inbox", signed_path="/inbox")
    foreign = wire.letter(ana, asked, path="http://evil.example/inbox", signed_path="/inbox")

    await refused([*others, absolute, foreign], 400, 401, 421)


async def test_SIG_04_an_inbox_has_no_query(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)

    signed_with = wire.letter(ana, asked, path="/inbox?x=1")
    signed_without = wire.letter(ana, asked, path="/inbox?x=1", signed_path="/inbox")

    await refused([signed_with, signed_without], 400)


async def test_SIG_05_a_body_that_is_not_the_signed_one_is_refused(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)
    body = json.dumps(asked).encode()
    right = digest_of(body)

    tampered = wire.letter(ana, asked)
    tampered.body = body.replace(b"Follow", b"Delete")
    digests = [
        "",
        "MD5=1B2M2Y8AsgTpgAmY7PhCfg==",
        f"{right},SHA-256=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        right.replace("=", "=!", 1),
        right[:-5] + "====",
        digest_of(b"something else"),
    ]
    wrong = [wire.letter(ana, asked, headers={"Digest": each}) for each in digests]

    await refused([tampered, *wrong], 401)


async def test_SIG_05_a_packed_body_is_refused(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    packed = wire.letter(ana, follow_of(remote, ana, mei)).plus("Content-Encoding", "gzip")

    await refused([packed], 400, 415)


async def test_SIG_06_a_body_is_bound_in_the_other_form_too(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)

    tampered = wire.letter_9421(ana, asked)
    tampered.body = tampered.body.replace(b"Follow", b"Delete")
    absent = wire.letter_9421(ana, asked).without("content-digest")
    one_wrong = wire.letter_9421(
        ana,
        asked,
        headers={"Content-Digest": f"sha-256=:{'A' * 43}=:, sha-512=:{'A' * 86}==:"},
    )
    odd = wire.letter_9421(ana, asked, headers={"Content-Digest": "sha-256=abc"})

    await refused([tampered, absent, one_wrong, odd], 400, 401)


async def test_SIG_07_a_signature_holds_for_an_hour(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    hour, little = timedelta(hours=1), timedelta(seconds=20)
    asked = follow_of(remote, ana, mei)

    await refused(
        [wire.letter(ana, asked, age=age) for age in (hour + little, -hour - little)], 401
    )
    await refused(
        [
            wire.letter(ana, asked, headers={"Date": odd})
            for odd in ("", "yesterday", "Sun, 01 Mar 2026 12:00:00 +9999", "1772366400")
        ],
        401,
    )
    for age in (hour - little, little - hour):
        answer = await wire.send(wire.letter(ana, follow_of(remote, ana, mei), age=age))
        assert answer.status == 202


async def test_SIG_08_the_key_decides_the_algorithm(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)
    await look_up(f"@ana@{remote.host}")

    named = [
        wire.letter(ana, asked, algorithm=each) for each in ("hmac-sha256", "rsa-sha1", "none")
    ]
    await refused(named, 401)

    # A name for another kind of key gets as far as the key, which is then asked for once more.
    swapped = wire.letter(ana, asked, algorithm="ed25519")
    await refused([swapped], 401, fetches=1)


async def test_SIG_09_a_key_is_whose_document_lists_it(settle, remote, elsewhere, wire, refused):
    mei = await settle("mei")
    ana, eve = remote.person("ana"), elsewhere.person("eve")
    key_of_eve = {"id": f"{elsewhere.base}/key", "owner": ana.uri, "publicKeyPem": eve.public}
    elsewhere.things["/key"] = key_of_eve
    elsewhere.things["/keys/1"] = key_of_eve | {"id": f"{elsewhere.base}/keys/1", "owner": eve.uri}
    asked = follow_of(remote, ana, mei)

    claimed = wire.letter(eve, asked, keyId=f"{elsewhere.base}/key")
    await refused([claimed], 401)
    unlisted = wire.letter(eve, follow_of(elsewhere, eve, mei), keyId=f"{elsewhere.base}/keys/1")
    await refused([unlisted], 401)


async def test_SIG_09_what_another_signed_is_not_believed(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, eve = remote.person("ana"), remote.person("eve")

    answer = await wire.send(wire.letter(eve, follow_of(remote, ana, mei)))
    await settle_down()

    assert answer.status == 202
    assert not await Follow.exists()
    assert not await Notification.exists()


async def test_SIG_10_a_key_lives_where_its_actor_lives(settle, remote, elsewhere, wire, refused):
    mei = await settle("mei")
    ana, eve = remote.person("ana"), elsewhere.person("eve")
    elsewhere.things["/ana"] = ana.document(remote.base)
    asked = follow_of(remote, ana, mei)

    await refused([wire.letter(ana, asked, keyId=f"acct:ana@{remote.host}")], 401)
    await refused([wire.letter(ana, asked, keyId=f"{elsewhere.base}/ana")], 401)
    await refused([wire.letter(eve, asked, keyId=f"{elsewhere.base}/ana#main-key")], 401)


async def test_SIG_11_key_ids_of_every_shape_are_understood(settle, remote, settle_down, wire):
    mei = await settle("mei")
    own_path, bare, several = remote.person("path"), remote.person("bare"), remote.person("several")
    key = own_path.document(remote.base)["publicKey"] | {"id": f"{own_path.uri}/main-key"}
    own_path.more["publicKey"] = key
    # GoToSocial's stub: the actor's id, and nothing but the key.
    stub = {"id": own_path.uri, "type": "Person", "preferredUsername": "path", "publicKey": key}
    remote.things["/users/path/main-key"] = stub
    old = several.document(remote.base)["publicKey"] | {"id": f"{several.uri}#old"}
    several.more["publicKey"] = [old, several.document(remote.base)["publicKey"]]

    letters = [
        wire.letter(own_path, follow_of(remote, own_path, mei), keyId=key["id"]),
        wire.letter(bare, follow_of(remote, bare, mei), keyId=bare.uri),
        wire.letter(several, follow_of(remote, several, mei)),
    ]
    statuses = [(await wire.send(each)).status for each in letters]
    await settle_down()

    assert statuses == [202, 202, 202]
    assert await Follow.filter(is_accepted=True).count() == 3


async def test_SIG_12_a_rotated_key_is_fetched_once(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, spare = remote.person("ana"), remote.person("spare")
    await wire.send(wire.letter(ana, follow_of(remote, ana, mei)))
    await settle_down()
    ana.private, ana.public = spare.private, spare.public
    remote.fetches.clear()

    answer = await wire.send(
        wire.letter(ana, remote.activity("Undo", ana, follow_of(remote, ana, mei)))
    )
    await settle_down()

    assert answer.status == 202
    assert remote.fetches == ["/users/ana"]
    assert (await by_uri(ana.uri)).public_key == ana.public
    assert not await Follow.exists()


async def test_SIG_12_forged_letters_cause_at_most_two_fetches(settle, remote, wire):
    mei = await settle("mei")
    ana, eve = remote.person("ana"), remote.person("eve")
    asked = follow_of(remote, ana, mei)

    for number in range(200):
        key_id = f"{ana.uri}#{'main-key' if number % 2 else number}"
        answer = await wire.send(wire.letter(ana, asked, keyId=key_id, private=eve.private))
        assert answer.status == 401

    assert remote.fetches.count("/users/ana") <= 2
    assert not await Received.exists()


async def test_SIG_12_a_host_is_asked_again_thirty_times_in_five_minutes(settle, remote, wire):
    mei = await settle("mei")
    people = [remote.person(f"p{number}") for number in range(40)]
    for person in people:
        await look_up(f"@{person.name}@{remote.host}")
    remote.fetches.clear()

    for person in people:
        letter = wire.letter(
            person, follow_of(remote, person, mei), private=people[int(person.name[1:]) - 1].private
        )
        assert (await wire.send(letter)).status == 401

    assert len(remote.fetches) == 30


async def test_SIG_13_farewells_of_strangers_cost_nothing(settle, remote, wire, refused):
    await settle("mei")
    ana = remote.person("ana")
    ana_gone = [
        wire.letter(ana, remote.activity(kind, ana, about))
        for kind in ("Delete", "Update")
        for about in (ana.uri, ana.document(remote.base))
    ]

    await refused(ana_gone * 25, 202)


async def test_SIG_13_a_known_key_decides_a_farewell(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, eve = remote.person("ana"), remote.person("eve")
    await wire.send(wire.letter(ana, follow_of(remote, ana, mei)))
    await settle_down()

    forged = wire.letter(ana, remote.activity("Delete", ana, ana.uri), private=eve.private)
    forged_status = (await wire.send(forged)).status
    still_there = (await by_uri(ana.uri)).gone_at
    remote.statuses["/users/ana"] = 410
    true_status = (
        await wire.send(wire.letter(ana, remote.activity("Delete", ana, ana.uri)))
    ).status
    await settle_down()

    assert (forged_status, still_there, true_status) == (401, None, 202)
    assert (await by_uri(ana.uri)).gone_at
    assert not await Follow.exists()


@pytest.mark.parametrize(("status", "answered"), [(410, 202), (404, 401)])
async def test_SIG_13_only_a_410_that_we_see_ourselves_stands_for_a_key(
    settle, remote, settle_down, wire, status, answered
):
    mei = await settle("mei")
    ana, eve = remote.person("ana"), remote.person("eve")
    await wire.send(wire.letter(ana, follow_of(remote, ana, mei)))
    await settle_down()
    remote.statuses["/users/ana"] = status

    # Their last key was one that we never saw.
    farewell = wire.letter(ana, remote.activity("Delete", ana, ana.uri), private=eve.private)
    answer = await wire.send(farewell)
    await settle_down()

    assert answer.status == answered
    assert bool((await by_uri(ana.uri)).gone_at) is (status == 410)
    assert await Follow.exists() is (status == 404)


async def test_SIG_13_while_the_key_cannot_be_had_they_may_try_again(settle, remote, wire, refused):
    mei = await settle("mei")
    ana = remote.person("ana")
    remote.statuses["/users/ana"] = 502

    letter = wire.letter(ana, follow_of(remote, ana, mei))
    await refused([letter], 503, fetches=1)
    await refused([letter], 503)

    assert int(wire.answers[-1].headers["retry-after"]) > 0
    assert wire.answers[-1].headers["content-type"].startswith("application/json")


async def test_SIG_15_only_a_key_that_verifies_is_success(settle, remote, wire):
    mei = await settle("mei")
    ana = remote.person("ana")
    keys = {
        "nonsense": "-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n",
        "empty": "",
        "number": 7,
    }
    for name, pem in keys.items():
        person = remote.person(name)
        person.more["publicKey"] = {"id": person.signer.key_id, "owner": person.uri}
        person.more["publicKey"]["publicKeyPem"] = pem
        answer = await wire.send(wire.letter(person, follow_of(remote, person, mei)))
        assert answer.status == 401
    await look_up(f"@ana@{remote.host}")
    short = wire.letter(ana, follow_of(remote, ana, mei), signature="YWJj")

    assert (await wire.send(short)).status == 401
    assert not await Received.exists()


async def test_SIG_16_the_same_signature_is_taken_once(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)
    undone = remote.activity("Undo", ana, asked)
    first = wire.letter(ana, asked)

    for letter in (first, wire.letter(ana, undone), first):
        answer = await wire.send(letter)
        await settle_down()

    assert answer.status == 202
    assert not await Follow.exists()
    # What repeats a letter is told the same, and is not even verified again.
    stolen = Envelope("POST", "/inbox", first.headers, first.body)
    before = await everything()
    assert (await wire.send(stolen)).status == 202
    assert await everything() == before


async def test_SIG_18_one_good_signature_does_not_excuse_a_bad_one(settle, remote, wire):
    mei = await settle("mei")
    ana, bob = remote.person("ana"), remote.person("bob")
    asked = follow_of(remote, ana, mei)
    good = wire.letter_9421(bob, asked, label="good")
    bad = wire.letter_9421(ana, asked, label="bad", private=bob.private)

    both = good.without("signature", "signature-input")
    for name in ("signature-input", "signature"):
        both = both.plus(name, f"{good.value(name)}, {bad.value(name)}")
    answer = await wire.send(both)

    assert answer.status == 401
    assert not await Received.exists()
    assert not await Job.filter(name__startswith="inbox.").exists()


async def test_both_forms_of_signature_are_believed(settle, remote, settle_down, wire):
    mei = await settle("mei")
    ana, bob = remote.person("ana"), remote.person("bob")

    first = await wire.send(wire.letter(ana, follow_of(remote, ana, mei)))
    second = await wire.send(wire.letter_9421(bob, follow_of(remote, bob, mei)))
    await settle_down()

    assert (first.status, second.status) == (202, 202)
    assert await Follow.filter(is_accepted=True).count() == 2


async def test_SIG_22_keys_of_odd_sizes_are_refused(settle, remote, wire):
    mei = await settle("mei")
    zoo = key_zoo()
    for number, (private, public) in enumerate(zoo):
        person = remote.person(f"odd{number}")
        person.private, person.public = private, public
        answer = await wire.send(wire.letter(person, follow_of(remote, person, mei)))
        assert answer.status == 401, number

    assert not await Received.exists()
    assert await Actor.filter(local_name=None).count() <= len(zoo)


async def test_SIG_14_a_slow_host_keeps_no_other_waiting(settle, remote, wire):
    mei = await settle("mei")
    ana = remote.person("ana")
    asked = follow_of(remote, ana, mei)

    async with Trap() as slow:
        for number in range(100):
            slow.on(f"/u/{number}", silence)
        forged = [
            asyncio.create_task(
                wire.send(wire.letter(ana, asked, keyId=slow.at(f"/u/{number}#main-key")))
            )
            for number in range(100)
        ]
        # The first to be answered are those for whom there is no place to wait.
        await asyncio.wait(forged, return_when=asyncio.FIRST_COMPLETED)
        async with asyncio.timeout(2):
            answer = await wire.send(wire.letter(ana, asked))
        statuses = {(await each).status for each in forged}
        connections = slow.connections

    assert answer.status == 202
    assert statuses == {503}
    assert connections <= 50


async def test_SIG_17_a_rejected_server_is_refused_however_it_is_spelled(
    settle, remote, wire, refused
):
    await settle("mei")
    ana = remote.person("ana")
    named = servers(entry("host.example"), entry("b\u00fccher.example"))
    put_in_force(policy_of(version=2, **named))
    document = remote.activity("Like", ana, "https://host.example/1")
    keys = [
        "https://host.example/u/ana#main-key",
        "https://HOST.example/u/ana",
        "https://Host.Example/u/ana",
        "https://host.example./u/ana",
        "https://host.example:443/u/ana",
        "http://host.example:80/u/ana",
        "https://host.example:8443/u/ana",
        "https://www.host.example/u/ana",
        "https://a.b.HOST.example.:443/u/ana",
        "https://xn--bcher-kva.example/u/ana",
        "https://XN--BCHER-KVA.example/u/ana",
        # As UTF-8 on the wire and as Latin-1: no address is written so, whatever it means.
        "https://B\u00c3\u009cCHER.example/u/ana",
        "https://B\u00dcCHER.example/u/ana",
    ]

    await refused([wire.letter(ana, document, keyId=key) for key in keys[:-2]], 401, 403)
    await refused([wire.letter(ana, document, keyId=key) for key in keys[-2:]], 400)


async def test_SIG_19_each_hop_is_signed_for_itself(settle, remote, wire):
    await settle("mei")
    ana = remote.person("ana")
    document = remote.activity("Like", ana, "https://host.example/1")

    async with Trap() as first, Trap() as second:
        aim = second.on("/elsewhere", traps.document({"id": "https://host.example/1"}))
        key_id = first.on("/u/ana", redirect(aim))
        answer = await wire.send(wire.letter(ana, document, keyId=key_id))
        asked = second.requests[0]

    headers = list(asked.headers.items())
    came = Letter("GET", asked.target, headers, b"", second.host, f"http://{second.host}")
    verify(came, signed_by(came), (await instance_actor()).public_key)
    assert answer.status == 401


async def test_SIG_20_a_host_that_always_says_401_gets_two_knocks(settle, remote):
    mei = await settle("mei")
    ana = remote.person("ana")
    remote.answer = 401

    await follow(mei, await look_up(f"@ana@{remote.host}"))
    await Carrier().carry_due()

    forms = ["signature-input" in {n.lower() for n in got.headers} for got in remote.letters]
    assert forms == [False, True]
    assert all("Signature" in got.headers for got in remote.letters)
    assert ana.inbox.endswith(remote.letters[0].path)


def key_zoo():
    """Pairs that no signature is believed of: too short, and of another kind."""
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505  refused
    curve = ec.generate_private_key(ec.SECP256R1())
    usual = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return [(_private(short), _public(short)), (_private(usual), _public(curve))]


def _private(key):
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _public(key):
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
