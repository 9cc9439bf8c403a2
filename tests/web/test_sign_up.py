"""Joining, confirming an address, and forgetting a password."""

import re
from datetime import timedelta

import pytest

from actors import accounts
from actors.accounts import Account, Role
from actors.actor import Actor, Kind
from actors.invites import make_invite
from actors.mailed import MailedToken
from core.clock import now
from core.jobs import Job
from tests.conftest import PASSWORD, account_of
from tests.mailbox import Mailbox
from tests.web.conftest import as_policy

JOINING = {
    "handle": "mei",
    "password": PASSWORD,
    "reason": "I like tea, and pictures of it.",
}
LINK = re.compile(r"http\S+")


def link_in(mailbox: Mailbox, address: str) -> str:
    """The path of the link in the last letter to somebody."""
    found = LINK.search(mailbox.to(address)[-1].get_content())
    assert found
    return "/" + found[0].split("/", 3)[3]


async def join(browser, **fields):
    """Fill in the form."""
    await browser.get("/join")
    return await browser.post("/join", JOINING | fields)


async def test_someone_joins_and_is_in(is_open, browser):
    answer = await join(browser)

    account = await accounts.find("mei")
    assert (answer.status, answer.headers["Location"]) == (303, "/compose")
    assert (account.role, account.actor.uri) == (Role.MEMBER, f"{browser.base}/u/mei")
    assert (await browser.get("/settings/profile")).status == 200
    assert accounts.is_functional(account)


async def test_ADM_05_the_first_to_come_is_no_admin(is_open, browser):
    await join(browser, role="admin", is_admin="1")

    assert (await accounts.find("mei")).role == Role.MEMBER


async def test_OAU_09_what_the_form_does_not_ask_for_is_not_taken(is_open, browser):
    await join(browser, role="admin", confirmed_at="1", id="1", email_key="x", approved_at="1")

    account = await accounts.find("mei")
    assert account.id != 1
    assert account.role == Role.MEMBER


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"handle": ""}, "handle"),
        ({"handle": "mei lin"}, "handle"),
        ({"handle": "m" * 31}, "handle"),
        ({"handle": "mëi"}, "handle"),
        ({"handle": "admin"}, "handle"),
        ({"handle": "_policy_"}, "handle"),
        ({"handle": "localhost:8000"}, "handle"),
        ({"password": "short"}, "password"),
        ({"password": "x" * 257}, "password"),
        ({"password": "password2024!"}, "password"),
        ({"password": "mei12345678"}, "password"),
    ],
)
async def test_what_is_wrong_is_said_where_it_is(is_open, browser, fields, field):
    answer = await join(browser, **fields)

    page = await answer.text()
    assert answer.status == 422
    assert f'id="f-{field}-wrong"' in page
    assert PASSWORD not in page
    assert await Account.all().count() == 1


async def test_ACC_07_a_name_is_given_once(is_open, browser, browsers, settle):
    await settle("mei")

    taken = await join(browser, handle="MEI")
    await Actor.filter(local_name="mei").update(gone_at=now())
    gone = await join(browsers())

    assert (taken.status, gone.status) == (422, 422)
    assert await Actor.filter(name="mei").count() == 1


async def test_a_name_is_written_small(is_open, browser):
    await join(browser, handle="Mei_Lin")

    assert await Actor.exists(local_name="mei_lin")


async def test_who_joins_says_that_they_are_old_enough(is_open, browser):
    as_policy("open", min_age=16)

    without = await join(browser)
    with_age = await join(browser, age="1")

    assert (without.status, with_age.status) == (422, 303)


async def test_ACC_06_where_moderators_approve_one_waits(here, browser):
    as_policy("approval")

    answer = await join(browser)
    await browser.get("/sign-in")
    entered = await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})

    account = await accounts.find("mei")
    assert answer.status == 200
    assert "on its way" in await answer.text()
    assert (account.approved_at, account.reason) == (None, JOINING["reason"])
    assert not browser.cookie("session")
    assert "has not read your request" in await entered.text()


async def test_ACC_06_approval_is_what_holds_when_nobody_chose(here, browser):
    await join(browser)

    assert (await Account.get()).approved_at is None


async def test_ACC_06_an_open_door_that_nobody_watches_asks_for_approval(is_open, browsers):
    await join(browsers(), handle="one")
    long_ago = now() - timedelta(days=8)
    await Account.filter(role=Role.ADMIN).update(seen_at=long_ago, created_at=long_ago)
    await Actor.filter(kind=Kind.APPLICATION).update(created_at=long_ago)

    await join(browsers(), handle="two")

    watched, unwatched = await accounts.find("one"), await accounts.find("two")
    assert watched.approved_at is not None
    assert unwatched.approved_at is None


async def test_a_new_place_lets_people_in_before_its_first_admin_comes(here, browser):
    as_policy("open")

    answer = await join(browser)

    assert answer.status == 303
    assert (await accounts.find("mei")).approved_at is not None


async def test_where_moderators_approve_a_line_is_asked_for(here, browser):
    as_policy("approval")

    answer = await join(browser, reason="")

    assert answer.status == 422
    assert not await Account.exists()


async def test_where_nobody_may_join_nobody_does(here, browser):
    as_policy("closed")

    page = await browser.get("/join")
    answer = await join(browser)

    assert "no new members" in await page.text()
    assert answer.status == 422
    assert not await Account.exists()


async def test_ACC_05_where_invites_are_needed_a_good_one_is(here, browser, browsers):
    as_policy("invite")
    good, old = await make_invite(None), await make_invite(None, days=-1)

    without = await join(browser)
    wrong = await join(browser, invite="nonsense")
    expired = await join(browser, invite=old.code)
    right = await join(browser, invite=good.code)
    again = await join(browsers(), handle="ana", invite=good.code)

    answers = [each.status for each in (without, wrong, expired, right, again)]
    assert answers == [422, 422, 422, 303, 422]
    assert (await Account.get()).invite_code == good.code


async def test_an_invite_shows_who_made_it(here, browser, settle):
    as_policy("invite")
    maker = await account_of(await settle("ana"))
    invite = await make_invite(maker)

    page = await (await browser.get(f"/invite/{invite.code}")).text()

    assert "/@ana" in page
    assert f'value="{invite.code}"' in page


async def test_who_was_invited_need_not_be_approved(here, browser):
    as_policy("approval")

    await join(browser, invite=(await make_invite(None)).code, reason="")

    assert (await Account.get()).approved_at is not None


async def test_programs_that_fill_in_everything_are_told_the_same(is_open, browser):
    answer = await join(browser, website="https://spam.example")

    assert answer.status == 200
    assert await accounts.find("mei") is None


@pytest.mark.usefixtures("early")
async def test_five_may_join_from_one_address_in_half_an_hour(is_open, browsers):
    names = [f"member{letter}" for letter in "abcdef"]

    answers = [(await join(browsers(), handle=name)).status for name in names]

    assert answers == [303] * 5 + [429]


# With mail.


async def test_an_address_is_confirmed_with_a_button(is_open, mailbox, browser, settle_down):
    joined = await join(browser, email="Mei@Example.org")
    told = await browser.get("/joined")
    before = await accounts.find("mei")
    await settle_down()
    link = link_in(mailbox, "Mei@example.org")
    page = await browser.get(link)
    untouched = await accounts.find("mei")
    done = await browser.post(link)
    twice = await browser.post(link)

    after = await accounts.find("mei@example.org")
    assert joined.headers["Location"] == "/joined"
    assert "One more step" in await told.text()
    assert (before.confirmed_at, before.email_key) == (None, "-mei")
    assert untouched.confirmed_at is None
    assert page.status == 200
    assert (done.status, twice.status) == (303, 404)
    assert accounts.is_functional(after)


async def test_OAU_08_unconfirmed_one_may_read_but_not_act(is_open, mailbox, browser):
    await join(browser, email="mei@example.org")

    account = await accounts.find("mei")
    assert (await browser.get("/settings/profile")).status == 200
    assert not accounts.is_functional(account)


async def test_the_letter_is_sent_again_and_only_the_last_counts(
    is_open, mailbox, browser, settle_down
):
    await join(browser, email="mei@example.org")
    await settle_down()
    first = link_in(mailbox, "mei@example.org")

    await browser.get("/settings/account")
    await browser.post("/settings/account/confirm")
    await settle_down()

    assert (await browser.get(first)).status == 404
    assert (await browser.get(link_in(mailbox, "mei@example.org"))).status == 200


async def test_ACC_04_joining_with_the_address_of_another_looks_the_same(
    is_open, mailbox, browsers, settle, settle_down
):
    await settle("ana")

    one, two = browsers(), browsers()
    sent = [
        (await join(one, handle="one", email="ana@example.org")).headers["Location"],
        (await join(two, handle="two", email="new@example.org")).headers["Location"],
    ]
    taken, free = await one.get("/joined"), await two.get("/joined")
    await settle_down()

    plain = [re.sub(r'value="[^"]*"|/@\w+', "", await each.text()) for each in (taken, free)]
    assert sent == ["/joined", "/joined"]
    assert plain[0].replace("@one", "") == plain[1].replace("@two", "")
    assert "/password/forgotten" in mailbox.to("ana@example.org")[0].get_content()
    assert "/confirm/" in mailbox.to("new@example.org")[0].get_content()


async def test_ACC_04_an_address_is_claimed_once_however_it_is_spelled(
    is_open, mailbox, browsers, settle_down
):
    one, two = browsers(), browsers()
    await join(one, handle="one", email="mei.lin@gmail.com")
    await join(two, handle="two", email="MeiLin+tag@googlemail.com")
    await settle_down()

    await one.get("/settings/account")
    first = await one.post(link_in(mailbox, "mei.lin@gmail.com"))
    await two.get("/settings/account")
    second = await two.post(link_in(mailbox, "MeiLin+tag@googlemail.com"))

    assert (first.status, second.status) == (303, 409)
    assert (await accounts.find("meilin@gmail.com")).actor.name == "one"
    assert (await accounts.find("two")).confirmed_at is None


async def test_a_forgotten_password_is_replaced_with_a_letter(
    mailbox, browser, settle, settle_down
):
    await settle("mei")
    await browser.get("/password/forgotten")
    told = await browser.post("/password/forgotten", {"email": "mei@example.org"})
    await settle_down()
    link = link_in(mailbox, "mei@example.org")

    page = await browser.get(link)
    weak = await browser.post(link, {"password": "password2024"})
    done = await browser.post(link, {"password": "another long enough secret"})
    again = await browser.get(link)
    await browser.get("/sign-in")
    old = await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})
    new = await browser.post("/sign-in", {"login": "mei", "password": "another long enough secret"})
    await settle_down()

    assert "mailbox" in await told.text()
    assert (page.status, weak.status, done.status, again.status) == (200, 422, 303, 404)
    assert (old.status, new.status) == (422, 303)
    assert "was changed" in mailbox.to("mei@example.org")[-1].get_content()


async def test_ACC_04_asking_for_a_letter_tells_nothing(mailbox, browsers, settle, settle_down):
    await settle("mei")
    answers = []
    for address in ("mei@example.org", "nobody@example.org"):
        browser = browsers()
        await browser.get("/password/forgotten")
        answers.append(await browser.post("/password/forgotten", {"email": address}))
    put_down = await Job.filter(name="web.mail_reset").count()
    await settle_down()

    plain = [re.sub(r'value="[^"]*"', "", await each.text()) for each in answers]
    assert plain[0] == plain[1]
    assert put_down == 2
    assert [each["To"] for each in mailbox.letters] == ["mei@example.org"]


async def test_ACC_04_only_a_confirmed_address_gets_a_new_password(
    is_open, mailbox, browser, settle_down
):
    await join(browser, email="someone.elses@example.org")
    await browser.get("/password/forgotten")
    await browser.post("/password/forgotten", {"email": "someone.elses@example.org"})
    await settle_down()

    letters = mailbox.to("someone.elses@example.org")
    assert not any("/password/" in each.get_content() for each in letters)


@pytest.mark.usefixtures("early")
async def test_ACC_02_asking_for_letters_has_a_limit(mailbox, browser):
    await browser.get("/password/forgotten")

    answers = [
        (await browser.post("/password/forgotten", {"email": f"n{n}@example.org"})).status
        for n in range(11)
    ]

    assert answers == [200] * 10 + [429]


@pytest.mark.usefixtures("early")
async def test_ACC_02_trying_secrets_has_a_limit(mailbox, browser):
    await browser.get("/password/forgotten")

    answers = [
        (await browser.post(f"/password/{n}", {"password": "another long secret"})).status
        for n in range(11)
    ]

    assert answers == [404] * 10 + [429]


async def test_WEB_05_no_forged_host_gets_into_a_letter(mailbox, browser, settle, settle_down):
    await settle("mei")
    await browser.get("/password/forgotten")

    forged = await browser.post(
        "/password/forgotten", {"email": "mei@example.org"}, Host="evil.example"
    )
    await browser.post(
        "/password/forgotten",
        {"email": "mei@example.org"},
        X_Forwarded_Host="evil.example",
        X_Forwarded_Proto="https",
    )
    await settle_down()

    letters = mailbox.to("mei@example.org")
    assert forged.status == 421
    assert len(letters) == 1
    assert "evil" not in letters[0].get_content()
    assert f"{browser.base}/password/" in letters[0].get_content()


async def test_a_secret_of_a_letter_ends_by_itself(mailbox, browser, settle, settle_down):
    await settle("mei")
    await browser.get("/password/forgotten")
    await browser.post("/password/forgotten", {"email": "mei@example.org"})
    await settle_down()
    await MailedToken.all().update(expires_at=now())

    answer = await browser.get(link_in(mailbox, "mei@example.org"))

    assert answer.status == 404


async def test_a_secret_is_for_one_purpose(mailbox, browser, settle, settle_down):
    await settle("mei")
    await browser.get("/password/forgotten")
    await browser.post("/password/forgotten", {"email": "mei@example.org"})
    await settle_down()
    secret = link_in(mailbox, "mei@example.org").rpartition("/")[2]

    answer = await browser.get(f"/confirm/{secret}")

    assert answer.status == 404


async def test_without_mail_one_is_told_whom_to_ask(here, browser):
    page = await browser.get("/password/forgotten")

    assert "sends no e-mail" in await page.text()
