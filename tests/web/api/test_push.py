"""Web Push: an app subscribes, and is told so that only it can read it."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta

import http_ece
import msgspec
import pytest
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actors.accounts import Account
from actors.tokens import end_tokens
from core.jobs import Job
from core.settings import use
from core.vapid import public_key
from federation.client import Client, use_client
from federation.client import client as way_out
from inbox.notifications import Event, tell
from inbox.subscriptions import PushSubscription
from tests.conftest import account_of, replaced
from tests.factories import followed, noted
from tests.federation.traps import Names

PATH = "/api/v1/push/subscription"


def b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def bare(text):
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Phone:
    """A push service on loopback, and the app behind it, which can decrypt."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.auth = secrets.token_bytes(16)
        self.got = []
        self.status = 201
        self.url = ""

    async def take(self, request):
        self.got.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)

    def subscription(self, *, standard=True, alerts=("follow", "mention", "favourite"), **data):
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": b64(point), "auth": b64(self.auth)}
        return {
            "subscription": {"endpoint": self.url, "keys": keys, "standard": standard},
            "data": {"alerts": dict.fromkeys(alerts, True)} | data,
        }

    def read(self, number=-1):
        """Decrypt what came."""
        headers, body = self.got[number]
        more = {}
        if headers["Content-Encoding"] == "aesgcm":
            said = dict(each.split("=", 1) for each in headers["Crypto-Key"].split(";"))
            more = {
                "salt": bare(headers["Encryption"].removeprefix("salt=")),
                "dh": bare(said["dh"]),
            }
        plain = http_ece.decrypt(
            body,
            private_key=self.key,
            auth_secret=self.auth,
            version=headers["Content-Encoding"],
            **more,
        )
        return msgspec.json.decode(plain)


@pytest.fixture
async def phone(here):
    made = Phone()
    app = web.Application()
    app.router.add_post("/{any}", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/x"
    yield made
    await runner.cleanup()


@pytest.fixture
async def outward(here):
    """An instance that calls nothing but public addresses."""
    use(replaced(here, "federation", allow_private_addresses=False))


@pytest.fixture
async def mei(settle):
    return await settle("mei")


async def test_an_app_subscribes_changes_and_ends_it(mei, client, phone):
    app = await client(mei)

    assert (await app.ask("GET", PATH))[0] == 404
    made = await app.post(PATH, **phone.subscription(policy="followed"))
    shown = await app.get(PATH)
    _, changed = await app.ask("PUT", PATH, json={"data": {"alerts": {"poll": "true"}}})
    deleted = await app.ask("DELETE", PATH)

    assert isinstance(made["id"], int)
    assert made == shown
    assert set(made) == {"id", "endpoint", "standard", "alerts", "policy", "server_key"}
    assert made["endpoint"] == phone.url
    assert (made["standard"], made["policy"]) == (True, "followed")
    assert [each for each, is_on in made["alerts"].items() if is_on] == [
        *("follow", "mention", "favourite"),
    ]
    assert [each for each, is_on in changed["alerts"].items() if is_on] == ["poll"]
    assert changed["policy"] == "followed"
    assert deleted == (200, {})
    assert (await app.ask("GET", PATH))[0] == (await app.ask("PUT", PATH))[0] == 404


async def test_a_token_has_one_subscription_and_another_token_its_own(mei, client, phone):
    app, other = await client(mei), await client(mei)
    for each in (app, app, other):
        await each.post(PATH, **phone.subscription())

    assert await PushSubscription.all().count() == 2
    await other.ask("DELETE", PATH)
    assert (await app.get(PATH))["endpoint"] == phone.url


async def test_a_form_and_the_query_subscribe_too(mei, client, phone):
    app = await client(mei)
    keys = phone.subscription()["subscription"]["keys"]
    params = {
        "subscription[endpoint]": phone.url,
        "subscription[keys][p256dh]": keys["p256dh"] + "=",
        "subscription[keys][auth]": keys["auth"] + "==",
        "data[alerts][mention]": "true",
        "policy": "none",
    }

    status, made = await app.ask("POST", PATH, params=params)

    assert status == 200
    assert (made["alerts"]["mention"], made["alerts"]["follow"]) == (True, False)
    assert (made["standard"], made["policy"]) == (False, "none")


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("endpoint", ""),
        ("endpoint", "ftp://push.example/x"),
        ("endpoint", "https://user@push.example/x"),
        ("endpoint", "https://push.example/" + "x" * 2000),
        ("p256dh", "AAAA"),
        ("auth", "AAAA"),
        ("auth", "not base64!"),
    ],
)
async def test_what_cannot_be_told_is_refused(mei, client, phone, where, value):
    asked = phone.subscription()
    target = asked["subscription"] if where == "endpoint" else asked["subscription"]["keys"]
    target[where] = value

    status, body = await (await client(mei)).ask("POST", PATH, json=asked)

    assert status == 422
    assert list(body["details"]) == [where]


INNER = (
    *(
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::ffff:10.0.0.1]/x",
        "https://10.1.1.1/x",
    ),
    *("https://169.254.169.254/latest", "https://0x7f.1/x", "https://2130706433/x"),
    *("https://localhost/x", "http://push.example/x", "https://push.example:8443/x"),
)


@pytest.mark.parametrize("endpoint", INNER)
async def test_SSRF_06_no_endpoint_lies_on_an_inner_address(outward, mei, client, phone, endpoint):
    app = await client(mei)
    asked = phone.subscription()
    asked["subscription"]["endpoint"] = endpoint

    status, body = await app.ask("POST", PATH, json=asked)

    assert status == 422
    assert list(body["details"]) == ["endpoint"]
    assert not await PushSubscription.exists()


@pytest.mark.parametrize("host", ["push.example", "127.0.0.1"])
async def test_SSRF_06_an_endpoint_that_comes_to_mean_an_inner_address_gets_nothing(
    mei, settle, here, client, phone, settle_down, host
):
    ana, app = await settle("ana"), await client(mei)
    await app.post(PATH, **phone.subscription())
    # It was let in when it led elsewhere: the gate looks again at each connection.
    await PushSubscription.all().update(endpoint=f"https://{host}/x")
    use(replaced(here, "federation", allow_private_addresses=False))
    port = int(phone.url.rpartition(":")[2].partition("/")[0])
    names = Names(port, push_example=["127.0.0.1"])
    before = way_out()

    async with Client(resolver=names) as gated:
        use_client(gated)
        await tell(mei, Event.LIKE, ana, await noted(mei))
        await settle_down()
    use_client(before)

    assert phone.got == []
    assert names.asked == (["push.example"] if host == "push.example" else [])
    # Who leads us astray is not asked again.
    assert not await PushSubscription.exists()


async def test_other_policies_are_refused(mei, client, phone):
    status, _ = await (await client(mei)).ask("POST", PATH, json=phone.subscription(policy="some"))

    assert status == 422


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_OAU_03_push_has_a_scope_of_its_own(mei, client, method):
    assert (await (await client(mei, "read", "write")).ask(method, PATH))[0] == 403
    assert (await (await client()).ask(method, PATH))[0] == 401


@pytest.mark.parametrize("standard", [True, False])
async def test_only_the_app_can_read_what_comes(mei, settle, client, phone, settle_down, standard):
    ana = await settle("ana", title="Ana")
    app = await client(mei)
    await app.post(PATH, **phone.subscription(standard=standard))
    await tell(mei, Event.LIKE, ana, await noted(mei, "<p>The hills</p>"))

    await settle_down()
    read = phone.read()

    assert len(phone.got) == 1
    assert read | {"notification_id": 0, "icon": ""} == {
        "access_token": app.token,
        "preferred_locale": "en",
        "notification_id": 0,
        "notification_type": "favourite",
        "icon": "",
        "title": "Ana likes your note",
        "body": "The hills",
    }
    assert isinstance(read["notification_id"], int)
    assert read["icon"].startswith("http")
    assert b"hills" not in phone.got[0][1]


@pytest.mark.parametrize("standard", [True, False])
async def test_the_service_learns_who_sends(mei, settle, client, phone, settle_down, standard):
    await (await client(mei)).post(PATH, **phone.subscription(standard=standard))
    await tell(mei, Event.FOLLOW, await settle("ana"))

    await settle_down()
    headers = phone.got[0][0]
    if standard:
        kind, _, rest = headers["Authorization"].partition(" ")
        said = dict(each.strip().split("=", 1) for each in rest.split(","))
        token, key = said["t"], said["k"]
    else:
        kind, _, token = headers["Authorization"].partition(" ")
        crypto = dict(each.split("=", 1) for each in headers["Crypto-Key"].split(";"))
        key = crypto["p256ecdsa"]
    signed, _, signature = token.rpartition(".")
    claims = msgspec.json.decode(bare(signed.partition(".")[2]))

    assert kind == ("vapid" if standard else "WebPush")
    assert key == public_key()
    assert claims["aud"] == phone.url.removesuffix("/x")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bare(key))
    raw = bare(signature)
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    point.verify(encode_dss_signature(r, s), signed.encode(), ec.ECDSA(SHA256()))
    assert int(headers["TTL"]) == timedelta(days=2).total_seconds()


async def test_PRIV_01_words_of_narrow_notes_do_not_leave_the_house(
    mei, settle, client, phone, settle_down
):
    ana = await settle("ana")
    await followed(mei, ana)
    await (await client(mei)).post(PATH, **phone.subscription())
    await tell(mei, Event.MENTION, ana, await noted(ana, "<p>Secret</p>", audience="followers"))

    await settle_down()

    assert phone.read()["body"] == ""


async def test_apps_say_of_what_and_of_whom(mei, settle, client, phone, settle_down):
    ana, bo, cai = [await settle(name) for name in ("ana", "bo", "cai")]
    await followed(mei, ana)
    await followed(bo, mei)
    for policy in ("followed", "follower", "none"):
        app = await client(mei)
        await app.post(PATH, **phone.subscription(alerts=["follow"], policy=policy))
    for each in (ana, bo, cai):
        await tell(mei, Event.FOLLOW, each)
    await tell(mei, Event.LIKE, ana, await noted(mei))

    await settle_down()

    assert sorted(phone.read(each)["title"] for each in range(len(phone.got))) == [
        *("ana follows you", "bo follows you"),
    ]


@pytest.mark.parametrize(("status", "is_kept"), [(404, False), (410, False), (403, True)])
async def test_subscriptions_that_are_gone_are_forgotten(
    mei, settle, client, phone, settle_down, status, is_kept
):
    await (await client(mei)).post(PATH, **phone.subscription())
    phone.status = status
    await tell(mei, Event.FOLLOW, await settle("ana"))

    await settle_down()

    assert await PushSubscription.all().exists() is is_kept
    assert not await Job.filter(name="web.push").exists()


async def test_a_service_in_trouble_is_tried_again(mei, settle, client, phone, settle_down):
    await (await client(mei)).post(PATH, **phone.subscription())
    phone.status = 503
    await tell(mei, Event.FOLLOW, await settle("ana"))

    await settle_down()

    job = await Job.get(name="web.push")
    assert job.attempts == 1
    assert not job.parked


@pytest.mark.parametrize("way", ["revoked", "disabled"])
async def test_OAU_04_who_is_shut_out_is_told_nothing(mei, settle, client, phone, settle_down, way):
    await (await client(mei)).post(PATH, **phone.subscription())
    await tell(mei, Event.FOLLOW, await settle("ana"))
    account = await account_of(mei)
    if way == "revoked":
        await end_tokens(account)
    else:
        await Account.filter(id=account.id).update(disabled_at=account.created_at)

    await settle_down()

    assert phone.got == []
    assert await PushSubscription.all().exists() is (way == "disabled")


async def test_OAU_05_the_secret_is_not_in_the_database(mei, client, phone):
    app = await client(mei)
    await app.post(PATH, **phone.subscription())

    sealed = bytes((await PushSubscription.get()).sealed)

    assert app.token.encode() not in sealed


async def test_everyone_names_the_same_key(mei, client):
    app = await client(mei)
    made = await app.post(
        "/api/v1/apps", client_name="An app", redirect_uris="https://app.example/"
    )
    instance = await app.get("/api/v2/instance")

    assert made["vapid_key"] == public_key()
    assert instance["configuration"]["vapid"]["public_key"] == public_key()
    assert len(bare(public_key())) == 65
