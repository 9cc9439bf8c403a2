"""Signing in and out: who gets in, how often one may try, and what one learns from it."""

import asyncio
import re
import time

import pytest

from actors import passwords
from actors.accounts import Account
from core.clock import now
from tests.conftest import PASSWORD, account_of

WRONG = "do not match"


async def try_to(browser, login, password=PASSWORD):
    """Send the form."""
    return await browser.post("/sign-in", {"user[email]": login, "user[password]": password})


async def test_a_member_signs_in_and_out(browser, settle):
    await settle("mei")

    answer = await browser.fill("/sign-in", "/sign-in", {"login": "mei", "password": PASSWORD})
    page = await browser.get("/settings/profile")
    left = await browser.post("/sign-out")
    after = await browser.get("/settings/profile")

    assert (answer.status, answer.headers["Location"]) == (303, "/")
    assert page.status == 200
    assert left.status == 303
    assert after.headers["Location"] == "/sign-in?next=/settings/profile"


@pytest.mark.parametrize("login", ["mei", "@Mei", " mei ", "Mei@Example.org", "mei+x@example.org"])
async def test_a_handle_or_an_address_will_do(browser, settle, login):
    await settle("mei")

    await browser.get("/sign-in")
    answer = await try_to(browser, login)

    assert answer.status == 303


async def test_one_goes_on_where_one_wanted_to(browser, settle):
    await settle("mei")

    await browser.get("/sign-in?next=/settings/account")
    fields = {"login": "mei", "password": PASSWORD, "next": "/settings/account"}
    answer = await browser.post("/sign-in", fields)

    assert answer.headers["Location"] == "/settings/account"


async def test_what_was_typed_is_kept_but_for_the_password(browser, settle):
    await browser.get("/sign-in")

    answer = await try_to(browser, "mei", "a very wrong one")

    page = await answer.text()
    assert answer.status == 422
    assert 'value="mei"' in page
    assert "a very wrong one" not in page


@pytest.mark.usefixtures("early")
async def test_ACC_02_a_wrong_password_and_nobody_are_answered_alike(browsers, settle):
    await settle("mei")
    here_one, there_one = browsers(), browsers()
    await here_one.get("/sign-in")
    await there_one.get("/sign-in")

    wrong = await try_to(here_one, "someone1", "not the password")
    nobody = await try_to(there_one, "someone2", "not the password")
    known = await try_to(there_one, "mei", "not the password")

    assert {wrong.status, nobody.status, known.status} == {422}
    pages = [await each.text() for each in (wrong, nobody, known)]
    plain = {re.sub(r'value="[^"]*"', "", page) for page in pages}
    assert len(plain) == 1
    assert WRONG in pages[0]


@pytest.mark.usefixtures("early", "slow_passwords")
async def test_ACC_02_it_takes_as_long_when_there_is_nobody(here, settle):
    account = await account_of(await settle("mei"))
    await passwords.is_right(None, PASSWORD)

    async def seconds(kept):
        took = []
        for _ in range(3):
            began = time.perf_counter()
            await passwords.is_right(kept, "not the password")
            took.append(time.perf_counter() - began)
        return min(took)

    nobody, somebody = await seconds(None), await seconds(account.password_hash)

    assert 0.3 < nobody / somebody < 3


@pytest.mark.usefixtures("early")
async def test_ACC_02_ten_tries_from_one_address(proxied, browser, settle):
    browser.address = "192.0.2.1"
    await browser.get("/sign-in")

    answers = [(await try_to(browser, f"nobody{n}", "wrong wrong")).status for n in range(11)]
    browser.address = "192.0.2.2"
    elsewhere = await try_to(browser, "nobody", "wrong wrong")

    assert answers == [422] * 10 + [429]
    assert elsewhere.status == 422


@pytest.mark.usefixtures("early")
async def test_ACC_02_ten_tries_from_one_household(proxied, browser):
    await browser.get("/sign-in")

    for number in range(10):
        browser.address = f"2001:db8:1:2::{number:x}"
        await try_to(browser, f"nobody{number}", "wrong wrong")
    browser.address = "2001:db8:1:2:ffff::1"
    same = await try_to(browser, "nobody", "wrong wrong")
    browser.address = "2001:db8:1:3::1"
    other = await try_to(browser, "nobody", "wrong wrong")

    assert (same.status, other.status) == (429, 422)


@pytest.mark.usefixtures("early")
async def test_ACC_02_ten_tries_for_one_account_from_everywhere(proxied, browser, settle):
    await settle("mei")
    await browser.get("/sign-in")

    for number in range(10):
        browser.address = f"192.0.2.{number}"
        await try_to(browser, "mei", "wrong wrong")
    browser.address = "192.0.2.99"
    right = await try_to(browser, "mei", PASSWORD)

    assert right.status == 429
    assert int(right.headers["Retry-After"]) > 0


@pytest.mark.usefixtures("early")
async def test_ACC_02_the_other_name_of_an_account_gives_no_more_tries(proxied, browser, settle):
    await settle("mei")
    await browser.get("/sign-in")

    for number in range(10):
        browser.address = f"192.0.2.{number}"
        await try_to(browser, "mei", "wrong wrong")
    browser.address = "192.0.2.99"
    right = await try_to(browser, "mei@example.org", PASSWORD)

    # Not 429: that would tell whose address it is.
    assert right.status == 422
    assert WRONG in await right.text()


@pytest.mark.usefixtures("early")
async def test_ACC_02_spelling_an_address_anew_gives_no_more_tries(proxied, browser):
    await browser.get("/sign-in")

    for number in range(10):
        browser.address = f"192.0.2.{number}"
        await try_to(browser, f"nobody+{number}@example.org", "wrong wrong")
    browser.address = "192.0.2.99"
    eleventh = await try_to(browser, "Nobody+x@EXAMPLE.org", "wrong wrong")

    assert eleventh.status == 429


@pytest.mark.usefixtures("early")
async def test_ACC_02_a_right_password_forgets_the_wrong_ones(proxied, browser, settle):
    await settle("mei")
    await browser.get("/sign-in")

    for number in range(9):
        browser.address = f"192.0.2.{number}"
        await try_to(browser, "mei", "wrong wrong")
    browser.address = "192.0.2.98"
    await try_to(browser, "mei")
    await browser.get("/settings/profile")
    await browser.post("/sign-out")
    await browser.get("/sign-in")
    browser.address = "192.0.2.99"
    again = await try_to(browser, "mei")

    assert again.status == 303


@pytest.mark.usefixtures("early", "slow_passwords")
async def test_DOS_14_nothing_is_hashed_beyond_the_limit(browser, settle):
    await settle("mei")
    await browser.get("/sign-in")
    for _ in range(10):
        await try_to(browser, "mei", "wrong wrong")

    began = time.perf_counter()
    for _ in range(10):
        await try_to(browser, "mei", "wrong wrong")

    assert time.perf_counter() - began < 1


@pytest.mark.usefixtures("slow_passwords")
async def test_DOS_14_a_hundred_at_once_do_not_stop_the_others(unlimited, browsers, settle):
    await settle("mei")
    crowd, canary = browsers(), browsers()
    await crowd.get("/sign-in")

    rush = [asyncio.create_task(try_to(crowd, "mei", "wrong wrong")) for _ in range(100)]
    rush_began, slowest = time.perf_counter(), 0.0
    while not all(each.done() for each in rush):
        began = time.perf_counter()
        await canary.get("/healthz")
        slowest = max(slowest, time.perf_counter() - began)
        await asyncio.sleep(0.01)

    assert {each.result().status for each in rush} == {422, 429}
    # How long it all takes depends on the machine; the others never wait for the crowd.
    assert slowest < (time.perf_counter() - rush_began) / 2


@pytest.mark.usefixtures("slow_passwords")
async def test_ACC_01_a_hash_made_in_a_weaker_way_is_made_anew(browser, settle):
    account = await account_of(await settle("mei"))
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1)
    await Account.filter(id=account.id).update(password_hash=weak.hash(PASSWORD))

    await browser.get("/sign-in")
    await try_to(browser, "mei")

    kept = (await Account.get(id=account.id)).password_hash
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert await passwords.is_right(kept, PASSWORD)


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("disabled_at", "disabled"),
        ("closed_at", "closed"),
        ("approved_at", "has not read your request"),
    ],
)
async def test_OAU_08_who_may_not_come_in_is_told_why(browser, settle, column, sentence):
    account = await account_of(await settle("mei"))
    value = None if column == "approved_at" else now()
    await Account.filter(id=account.id).update(**{column: value})

    await browser.get("/sign-in")
    right = await try_to(browser, "mei")
    wrong = await try_to(browser, "mei", "wrong wrong")

    assert right.status == 422
    assert sentence in await right.text()
    assert sentence not in await wrong.text()


async def test_WEB_10_signing_in_needs_the_token_of_the_form(browser, settle):
    await settle("mei")

    answer = await browser.post("/sign-in", {"login": "mei", "password": PASSWORD, "csrf": ""})

    assert answer.status == 403
    assert not browser.cookie("session")


async def test_signing_out_takes_a_form_not_a_link(browser, settle):
    account = await account_of(await settle("mei"))
    await browser.sign_in(account)

    link = await browser.get("/sign-out")

    assert link.status == 405
    assert (await browser.get("/settings/profile")).status == 200


async def test_colours_and_language_are_remembered(browser):
    await browser.get("/sign-in")

    await browser.post("/look", {"theme": "dark", "next": "/sign-in"})
    answer = await browser.post("/look", {"locale": "zh-Hans", "next": "/sign-in"})
    page = await (await browser.get("/sign-in")).text()

    assert answer.headers["Location"] == "/sign-in"
    assert 'lang="zh-Hans"' in page
    assert 'data-theme="dark"' in page
