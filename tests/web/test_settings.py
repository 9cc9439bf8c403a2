"""Settings: profile, privacy, e-mail, password, leaving."""

import io
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import FormData
from PIL import Image

from actors import accounts, sessions, tokens
from actors.accounts import Account, Role
from actors.actor import Actor
from actors.documents import document_of
from actors.sessions import Session
from core.jobs import Job
from core.settings import Settings, use
from core.storage import storage
from tests.conftest import PASSWORD, account_of, replaced
from tests.mailbox import Mailbox
from tests.web.test_sign_up import link_in

NEW = "another long enough secret"
PRIVACY = {"audience": "followers"}


@pytest.fixture
async def mailbox(here: Settings) -> AsyncIterator[Mailbox]:
    """A mail server that the instance writes through."""
    async with Mailbox() as box:
        use(replaced(here, "mail", url=box.url))
        yield box


@pytest.fixture
async def mei(settle) -> Account:
    """Mei, who lives here."""
    return await account_of(await settle("mei"))


def picture(colour: str, size: tuple[int, int] = (60, 40)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


def profile(browser, **files: bytes | io.BytesIO) -> FormData:
    """The form with files in it."""
    form = FormData()
    form.add_field("csrf", browser.token)
    form.add_field("name", "Mei Lin")
    for name, data in files.items():
        form.add_field(name, data, filename="../../me.png", content_type="text/html")
    return form


async def now_named(mei: Account) -> Actor:
    return await Actor.get(id=mei.actor_id)


async def test_nobody_sees_settings_without_signing_in(browser):
    for page in ("", "/profile", "/privacy", "/sessions", "/account"):
        answer = await browser.get(f"/settings{page}")
        assert answer.status == 303


@pytest.mark.parametrize("page", ["profile", "privacy", "sessions", "account"])
async def test_every_page_of_the_settings_opens(browser, mei, page):
    await browser.sign_in(mei)

    assert (await browser.get(f"/settings/{page}")).status == 200


async def test_a_profile_is_changed_and_told(browser, mei):
    await browser.sign_in(mei)

    answer = await browser.post(
        "/settings/profile",
        {
            "name": "  Mei\u202e   Lin ",
            "about": "Tea. #tea <b>bold</b>",
            "key-1": "Home",
            "value-1": "https://mei.example/about",
            "key-2": "City",
            "value-2": "<i>Suzhou</i>",
            "key-3": "Empty",
            "value-3": "",
            "bot": "1",
            "locale": "zh-Hans",
        },
    )

    actor = await now_named(mei)
    assert answer.headers["Location"] == "/settings/profile"
    assert (actor.title, actor.is_bot) == ("Mei Lin", True)
    assert "/tags/tea" in actor.about
    assert "<b>" not in actor.about
    assert [each["name"] for each in actor.facts] == ["Home", "City"]
    assert 'rel="me nofollow noopener noreferrer"' in actor.facts[0]["value"]
    assert actor.facts[1]["value"] == "&lt;i&gt;Suzhou&lt;/i&gt;"
    assert (await Account.get(id=mei.id)).locale == "zh-Hans"
    payload = json.loads((await Job.get(name="outbox.update_actor")).payload)
    assert payload["actor_id"] == actor.id
    assert document_of(actor)["attachment"][0]["name"] == "Home"


async def test_what_was_typed_is_there_again(browser, mei):
    await browser.sign_in(mei)
    fields = {"name": "Mei", "about": "Tea *now*", "key-1": "Home", "value-1": "https://a.example"}

    await browser.post("/settings/profile", fields)
    page = await (await browser.get("/settings/profile")).text()

    assert "Tea *now*" in page
    assert 'value="https://a.example"' in page


async def test_too_many_words_are_refused_and_kept(browser, mei):
    await browser.sign_in(mei)

    answer = await browser.post("/settings/profile", {"name": "Mei", "about": "字" * 501})

    assert answer.status == 422
    assert "字" * 501 in await answer.text()
    assert (await now_named(mei)).about == ""


async def test_pictures_are_made_anew(browser, mei):
    await browser.sign_in(mei)

    await browser.upload(
        "/settings/profile", profile(browser, avatar=picture("red"), banner=picture("blue"))
    )

    actor = await now_named(mei)
    for address in (actor.avatar, actor.header):
        kept = await storage().read(address.removeprefix("/media/"))
        assert kept.startswith(b"\xff\xd8")
    assert actor.avatar != actor.header


async def test_a_picture_goes_when_another_comes(browser, mei, settle_down):
    await browser.sign_in(mei)
    await browser.upload("/settings/profile", profile(browser, avatar=picture("red")))
    first = (await now_named(mei)).avatar.removeprefix("/media/")

    await browser.upload("/settings/profile", profile(browser, avatar=picture("green")))
    await settle_down()
    second = (await now_named(mei)).avatar.removeprefix("/media/")
    await browser.get("/settings/profile")
    await browser.post("/settings/profile", {"name": "Mei", "remove_avatar": "1"})
    await settle_down()

    kept = [key async for key, _ in storage().files()]
    assert first != second
    assert kept == []
    assert (await now_named(mei)).avatar == ""


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n broken", b"GIF89a"])
async def test_MED_04_what_is_no_picture_is_refused(browser, mei, data):
    await browser.sign_in(mei)

    answer = await browser.upload("/settings/profile", profile(browser, avatar=data))

    assert answer.status == 422
    assert (await now_named(mei)).avatar == ""


async def test_a_picture_may_not_be_endless(browser, mei):
    await browser.sign_in(mei)

    answer = await browser.upload(
        "/settings/profile", profile(browser, avatar=io.BytesIO(bytes(34 * 1024 * 1024)))
    )

    assert answer.status == 422
    assert (await now_named(mei)).avatar == ""


async def test_privacy_is_chosen(browser, mei):
    await browser.sign_in(mei)

    await browser.post("/settings/privacy", PRIVACY | {"locked": "1", "indexable": "1"})
    page = await (await browser.get("/settings/privacy")).text()

    actor = await now_named(mei)
    assert (actor.is_locked, actor.is_indexable) == (True, True)
    assert (actor.is_discoverable, actor.hides_follows) == (False, False)
    assert (await Account.get(id=mei.id)).preferences == PRIVACY | {"quote_policy": "public"}
    assert await Job.filter(name="outbox.update_actor").count() == 1
    assert 'value="followers" checked' in page


async def test_privacy_knows_only_its_choices(browser, mei):
    await browser.sign_in(mei)

    answer = await browser.post("/settings/privacy", PRIVACY | {"audience": "everyone"})

    assert answer.status == 422
    assert (await Account.get(id=mei.id)).preferences == {}


async def test_WEB_02_a_new_password_ends_everything_else(browser, browsers, mei):
    await browser.sign_in(mei)
    other = browsers()
    await other.sign_in(mei)
    secret = await tokens.make_token(mei, ["read"], "an app")
    before = browser.cookie("session")

    answer = await browser.post(
        "/settings/account/password", {"password": PASSWORD, "new_password": NEW}
    )

    assert answer.status == 303
    assert browser.cookie("session") != before
    assert await sessions.session_of(before) is None
    assert (await browser.get("/settings/profile")).status == 200
    assert (await other.get("/settings/profile")).status == 303
    assert await tokens.token_of(secret) is None
    assert await Session.all().count() == 1


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("password", {"password": "wrong wrong", "new_password": NEW}, "password"),
        ("password", {"password": PASSWORD, "new_password": "short"}, "new_password"),
        ("email", {"email_password": "wrong wrong", "email": "new@example.org"}, "email_password"),
        ("email", {"email_password": PASSWORD, "email": "new%evil@example.org"}, "email"),
        ("close", {"close_password": "wrong wrong"}, "close_password"),
        ("close", {}, "close_password"),
    ],
)
async def test_WEB_02_what_matters_asks_for_the_password(browser, mei, path, fields, field):
    await browser.sign_in(mei)
    before = await Account.filter(id=mei.id).values()

    answer = await browser.post(f"/settings/account/{path}", fields)

    page = await answer.text()
    assert answer.status == 422
    assert f'id="f-{field}-wrong"' in page
    assert NEW not in page
    assert await Account.filter(id=mei.id).values() == before


@pytest.mark.parametrize(
    ("path", "field"),
    [("password", "password"), ("email", "email_password"), ("close", "close_password")],
)
@pytest.mark.usefixtures("early")
async def test_ACC_02_a_signed_in_thief_has_ten_tries(browser, mei, path, field):
    await browser.sign_in(mei)

    answers = [
        (await browser.post(f"/settings/account/{path}", {field: f"wrong guess {n}"})).status
        for n in range(11)
    ]
    right = await browser.post(f"/settings/account/{path}", {field: PASSWORD})

    assert answers == [422] * 10 + [429]
    assert right.status == 429


async def test_ACC_04_a_new_address_confirms_and_the_old_one_is_told(
    mailbox, browser, mei, settle_down
):
    await browser.sign_in(mei)

    await browser.post(
        "/settings/account/email", {"email": "new@example.org", "email_password": PASSWORD}
    )
    await settle_down()
    meanwhile = await Account.get(id=mei.id)
    await browser.post(link_in(mailbox, "new@example.org"))
    await settle_down()

    after = await Account.get(id=mei.id)
    told = [each.get_content() for each in mailbox.to("mei@example.org")]
    assert meanwhile.email == "mei@example.org"
    assert (after.email, after.email_key) == ("new@example.org", "new@example.org")
    assert "asked to give your account another" in told[0]
    assert "has another e-mail address now" in told[1]


async def test_without_mail_a_new_address_is_taken_at_once(browser, mei, settle):
    await settle("ana")
    await browser.sign_in(mei)

    taken = await browser.post(
        "/settings/account/email", {"email": "ANA@example.org", "email_password": PASSWORD}
    )
    free = await browser.post(
        "/settings/account/email", {"email": "new@example.org", "email_password": PASSWORD}
    )

    assert (taken.status, free.status) == (422, 303)
    assert (await accounts.find("new@example.org")).id == mei.id


async def test_an_account_is_closed(browser, mei):
    await browser.sign_in(mei)
    secret = await tokens.make_token(mei, ["read"], "an app")

    answer = await browser.post("/settings/account/close", {"close_password": PASSWORD})

    account = await account_of(await now_named(mei))
    assert answer.headers["Location"] == "/"
    assert account.closed_at is not None
    assert account.actor.gone_at is not None
    assert (account.email, account.email_key, account.password_hash) == ("", "-mei", "")
    assert await tokens.token_of(secret) is None
    assert not browser.cookie("session")
    assert (await Job.get(name="outbox.close_account")).payload == (
        b'{"actor_id":%d}' % mei.actor_id
    )
    assert await accounts.find("mei@example.org") is None


async def test_the_last_admin_cannot_leave(browser, settle):
    admin = await account_of(await settle("mei", role=Role.ADMIN))
    await browser.sign_in(admin)

    alone = await browser.post("/settings/account/close", {"close_password": PASSWORD})
    await settle("ana", role=Role.ADMIN)
    with_another = await browser.post("/settings/account/close", {"close_password": PASSWORD})

    assert (alone.status, with_another.status) == (422, 303)
    assert "the only admin" in await alone.text()


async def test_OAU_09_settings_take_only_what_they_ask_for(browser, mei):
    await browser.sign_in(mei)

    await browser.post(
        "/settings/profile",
        {"name": "Mei", "role": "admin", "local_name": "root", "uri": "x", "suspended_at": ""},
    )

    actor = await now_named(mei)
    assert (actor.local_name, (await Account.get(id=mei.id)).role) == ("mei", Role.MEMBER)
