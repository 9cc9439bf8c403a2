"""Joining by an app, as the policy allows it, and confirming the address."""

from datetime import timedelta

import pytest

from actors import accounts
from actors.accounts import Account, Role
from actors.apps import issue_to_app, register
from actors.invites import make_invite
from actors.tokens import make_token
from core.clock import now
from tests.conftest import PASSWORD, account_of
from tests.web.api.described import Client
from tests.web.conftest import as_policy
from tests.web.test_sign_up import link_in

JOINING = {
    "username": "mei",
    "email": "mei@example.org",
    "password": PASSWORD,
    "agreement": "true",
    "locale": "zh-Hans",
}
PATH = "/api/v1/accounts"
MAIL = "/api/v1/emails"


@pytest.fixture
async def app(wire):
    """An app that acts for nobody yet."""
    made, _ = await register("An app", ["https://app.example/"], ["read", "write"])
    token, _ = await issue_to_app(made, ["read", "write"])
    return Client(wire, token)


async def test_an_app_makes_an_account_and_acts_for_it(is_open, app):
    told = await app.post(PATH, **JOINING)

    person = Client(app.session, told["access_token"])
    assert (told["token_type"], told["scope"]) == ("Bearer", "read write")
    assert (await person.get(f"{PATH}/verify_credentials"))["username"] == "mei"
    account = await accounts.find("mei")
    assert (account.role, account.locale) == (Role.MEMBER, "zh-Hans")


async def test_a_token_does_nothing_before_the_address_is_confirmed(
    is_open, mailbox, app, browser, settle_down
):
    told = await app.post(PATH, **JOINING)
    person = Client(app.session, told["access_token"])
    await settle_down()

    status, said = await person.ask("GET", f"{PATH}/verify_credentials")
    assert (status, said["error"]) == (403, "Your login is missing a confirmed e-mail address")
    assert await person.get(f"{MAIL}/check_confirmation") is False
    assert await person.post(f"{MAIL}/confirmations", email="mei@better.example") == {}
    await settle_down()
    await browser.fill(*[link_in(mailbox, "mei@better.example")] * 2, {})
    assert await person.get(f"{MAIL}/check_confirmation") is True
    assert (await person.get(f"{PATH}/verify_credentials"))["username"] == "mei"
    status, said = await person.ask("POST", f"{MAIL}/confirmations")
    assert status == 403
    assert "awaiting confirmation" in said["error"]
    assert (await Account.get(actor__local_name="mei")).email == "mei@better.example"


async def test_the_letter_is_not_sent_without_end(is_open, mailbox, app):
    person = Client(app.session, (await app.post(PATH, **JOINING))["access_token"])

    statuses = [(await person.ask("POST", f"{MAIL}/confirmations"))[0] for _ in range(6)]

    assert statuses == [200] * 5 + [429]


async def test_a_bad_address_is_not_written_to(is_open, mailbox, app):
    person = Client(app.session, (await app.post(PATH, **JOINING))["access_token"])

    status, said = await person.ask("POST", f"{MAIL}/confirmations", json={"email": "nobody"})

    assert (status, list(said["details"])) == (422, ["email"])


async def test_who_has_to_be_approved_waits(settle, app):
    await settle("keeper", role=Role.ADMIN)
    as_policy("approval")

    status, said = await app.ask("POST", PATH, json=JOINING)
    told = await app.post(PATH, **JOINING, reason="tea")

    assert (status, said["details"]["reason"][0]["error"]) == (422, "ERR_BLANK")
    person = Client(app.session, told["access_token"])
    status, said = await person.ask("GET", f"{PATH}/verify_credentials")
    assert (status, said["error"]) == (403, "Your login is currently pending approval")
    assert await person.get(f"{MAIL}/check_confirmation") is True


async def test_where_an_invite_is_needed_one_has_to_be_brought(settle, app):
    keeper = await account_of(await settle("keeper", role=Role.ADMIN))
    as_policy("invite")
    invite = await make_invite(keeper)

    for code, error in ((None, "ERR_BLANK"), ("made-up", "ERR_INVALID")):
        status, said = await app.ask("POST", PATH, json=JOINING | {"invite_code": code})
        assert (status, said["details"]["invite_code"][0]["error"]) == (422, error)
    await app.post(PATH, **JOINING, invite_code=invite.code)
    status, said = await app.ask(
        "POST", PATH, json=JOINING | {"username": "bo", "invite_code": invite.code}
    )
    assert status == 422


async def test_where_nobody_can_join_nobody_does(settle, app):
    await settle("keeper", role=Role.ADMIN)
    as_policy("closed")

    status, _ = await app.ask("POST", PATH, json=JOINING)

    assert status == 403
    assert await accounts.find("mei") is None


@pytest.mark.parametrize(
    ("field", "value", "error"),
    [
        ("username", "", "ERR_BLANK"),
        ("username", "a b", "ERR_INVALID"),
        ("username", "x" * 31, "ERR_INVALID"),
        ("username", "keeper", "ERR_TAKEN"),
        ("username", "admin", "ERR_TAKEN"),
        ("email", "nobody", "ERR_INVALID"),
        ("password", "", "ERR_BLANK"),
        ("password", "short", "ERR_TOO_SHORT"),
        ("password", "x" * 257, "ERR_TOO_LONG"),
        ("password", "password12", "ERR_INVALID"),
        ("agreement", "false", "ERR_ACCEPTED"),
    ],
)
async def test_what_cannot_be_taken_is_named(is_open, app, field, value, error):
    status, said = await app.ask("POST", PATH, json=JOINING | {field: value})

    assert status == 422, said
    assert said["details"][field][0]["error"] == error
    assert said["error"].startswith("Validation failed: ")
    assert await accounts.find("mei") is None


async def test_an_address_is_asked_for_where_letters_are_sent(is_open, mailbox, app):
    status, said = await app.ask("POST", PATH, json=JOINING | {"email": ""})

    assert (status, list(said["details"])) == (422, ["email"])


async def test_ACC_04_whose_an_address_is_makes_no_difference(is_open, mailbox, settle, app):
    taken = (await account_of(await settle("bo"))).email

    told = await app.post(PATH, **JOINING | {"email": taken})

    assert told["access_token"]


async def test_the_day_of_birth_is_asked_for_where_the_policy_has_an_age(is_open, app):
    as_policy("open", min_age=16)
    young = (now() - timedelta(days=15 * 365)).date().isoformat()

    for value, error in ((None, "BLANK"), ("never", "INVALID"), (young, "BELOW_LIMIT")):
        status, said = await app.ask("POST", PATH, json=JOINING | {"date_of_birth": value})
        assert (status, said["details"]["date_of_birth"][0]["error"]) == (422, f"ERR_{error}")
    await app.post(PATH, **JOINING, date_of_birth="1990-02-28")


async def test_one_address_does_not_make_accounts_without_end(is_open, app, here):
    most = here.limits.sign_ups_per_address

    statuses = [
        (
            await app.ask(
                "POST",
                PATH,
                json=JOINING | {"username": f"m{number}", "email": f"m{number}@example.org"},
            )
        )[0]
        for number in range(most + 1)
    ]

    assert statuses == [200] * most + [429]


async def test_a_token_of_no_app_makes_no_account(is_open, wire, settle):
    token = await make_token(await account_of(await settle("bo")), ["write"], "a command")

    status, _ = await Client(wire, token).ask("POST", PATH, json=JOINING)

    assert status == 404
