"""Staying signed in: what the cookie says, and everything that ends it."""

from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
import time_machine

from actors import credentials, sessions, tokens
from actors.accounts import Account, Role
from actors.closing import close
from actors.mailed import Purpose, mailed_token
from actors.roles import change_role
from actors.scopes import allows
from actors.sessions import Session
from actors.tokens import Token
from core.clock import now
from tests.conftest import PASSWORD, account_of

NEW = "another long enough secret"


async def cookies_of_sign_in(browser):
    await browser.get("/sign-in")
    answer = await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})
    found = SimpleCookie()
    for each in answer.headers.getall("Set-Cookie"):
        found.load(each)
    return found


async def test_WEB_01_the_cookie_is_for_this_host_and_no_script(browser, settle):
    await settle("mei")

    cookie = (await cookies_of_sign_in(browser))["session"]

    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert cookie["domain"] == ""
    assert len(cookie.value) >= 43


async def test_WEB_01_over_https_the_cookie_is_bound_to_it(secure, browser, settle):
    await settle("mei")
    page = await browser.get("/sign-in")
    visit = SimpleCookie(page.headers["Set-Cookie"])["__Host-visit"]

    # Our client does not send Secure cookies over http; a browser behind https does.
    answer = await browser.post(
        "/sign-in",
        {"login": "mei", "password": PASSWORD},
        Cookie=f"__Host-visit={visit.value}",
    )

    cookie = SimpleCookie(answer.headers.getall("Set-Cookie")[0])["__Host-session"]
    assert (cookie["secure"], cookie["httponly"], cookie["samesite"]) == (True, True, "Lax")
    assert (cookie["path"], cookie["domain"]) == ("/", "")


async def test_WEB_02_signing_in_gives_a_new_id(browser, settle):
    account = await account_of(await settle("mei"))
    planted = await sessions.start(account)
    browser.keep("session", planted)

    await browser.get("/settings/account")
    await browser.post("/sign-in", {"login": "mei", "password": PASSWORD})

    assert browser.cookie("session") != planted
    assert await sessions.session_of(planted) is None


async def test_WEB_02_a_made_up_cookie_is_nobody(browser, settle):
    await settle("mei")
    browser.keep("session", "x" * 43)

    answer = await browser.get("/settings/profile")

    assert answer.status == 303


async def leave(browser, account):
    await browser.post("/sign-out")


async def change_password(browser, account):
    await credentials.set_password(account, NEW)


async def reset_password(browser, account):
    await credentials.reset(await mailed_token(account, Purpose.RESET, account.email), NEW)


async def rise(browser, account):
    await change_role(account, Role.MODERATOR)


async def close_account(browser, account):
    await close(account)


async def be_disabled(browser, account):
    await Account.filter(id=account.id).update(disabled_at=now())


async def end_from_elsewhere(browser, account):
    for session in await sessions.sessions_of(account):
        await sessions.end(account, session.id)


EVENTS = [leave, change_password, reset_password, rise, close_account, be_disabled]


@pytest.mark.parametrize("event", [*EVENTS, end_from_elsewhere])
async def test_WEB_02_the_old_cookie_is_refused_after(event, browser, browsers, settle):
    account = await account_of(await settle("mei"))
    await browser.sign_in(account)
    thief = browsers()
    thief.keep("session", browser.cookie("session"))
    assert (await thief.get("/settings/profile")).status == 200

    await event(browser, account)

    page = await thief.get("/settings/profile")
    form = await thief.fill("/sign-in", "/settings/profile", {"name": "Eve"})
    assert (page.status, form.status) == (303, 401)


@pytest.mark.parametrize("event", EVENTS[1:4])
async def test_OAU_04_apps_are_out_after(event, browser, settle):
    account = await account_of(await settle("mei"))
    secret = await tokens.make_token(account, ["read"], "an app")

    await event(browser, account)

    assert await tokens.token_of(secret) is None


async def test_WEB_02_an_unused_session_ends_by_itself(browser, settle):
    account = await account_of(await settle("mei"))
    with time_machine.travel(1_800_000_000, tick=True) as clock:
        token = await sessions.start(account)
        clock.shift(timedelta(days=29))
        used = await sessions.session_of(token)
        clock.shift(timedelta(days=29))
        still_used = await sessions.session_of(token)
        clock.shift(timedelta(days=31))
        unused = await sessions.session_of(token)

    assert used is not None
    assert still_used is not None
    assert unused is None


async def test_WEB_02_staff_sign_in_more_often(settle):
    account = await account_of(await settle("mei", role=Role.MODERATOR))
    with time_machine.travel(1_800_000_000, tick=True) as clock:
        token = await sessions.start(account)
        clock.shift(timedelta(hours=11))
        used = await sessions.session_of(token)
        clock.shift(timedelta(hours=13))
        unused = await sessions.session_of(token)

    assert used is not None
    assert unused is None


async def test_a_session_is_written_every_few_minutes_not_each_time(settle):
    account = await account_of(await settle("mei"))
    with time_machine.travel(1_800_000_000, tick=False) as clock:
        token = await sessions.start(account)
        clock.shift(60)
        await sessions.session_of(token)
        soon = (await Session.get()).seen_at
        clock.shift(600)
        await sessions.session_of(token)
        later = (await Session.get()).seen_at

    assert soon.timestamp() == 1_800_000_000
    assert later.timestamp() == 1_800_000_660


async def test_OAU_05_the_database_holds_no_usable_secret(settle):
    account = await account_of(await settle("mei"))

    token = await sessions.start(account)
    secret = await tokens.make_token(account, ["read", "read"], "an app")
    mailed = await mailed_token(account, Purpose.RESET, account.email)

    kept = str(await Session.all().values()) + str(await Token.all().values())
    kept += str(await account.mailed_tokens.all().values())
    assert not any(each in kept for each in (token, secret, mailed))
    assert (await tokens.token_of(secret)).scopes == ["read"]


async def test_sweeping_removes_only_what_has_ended(settle):
    account = await account_of(await settle("mei"))
    with time_machine.travel(1_700_000_000, tick=False):
        await sessions.start(account)
    token = await sessions.start(account)

    await sessions.sweep()

    assert await Session.all().count() == 1
    assert await sessions.session_of(token)


async def test_sessions_are_listed_and_ended(browser, browsers, settle):
    account = await account_of(await settle("mei"))
    await browser.sign_in(account)
    other = browsers()
    await other.sign_in(account)
    theirs = await sessions.session_of(other.cookie("session"))

    page = await (await browser.get("/settings/sessions")).text()
    answer = await browser.post(f"/settings/sessions/{theirs.id}/end")

    assert f"/settings/sessions/{theirs.id}/end" in page
    assert answer.headers["Location"] == "/settings/sessions"
    assert (await other.get("/settings/profile")).status == 303
    assert (await browser.get("/settings/profile")).status == 200


async def test_all_other_sessions_are_ended_at_once(browser, browsers, settle):
    account = await account_of(await settle("mei"))
    others = [browsers(), browsers()]
    for each in (browser, *others):
        await each.sign_in(account)

    await browser.post("/settings/sessions/end")

    assert [(await each.get("/settings/profile")).status for each in others] == [303, 303]
    assert (await browser.get("/settings/profile")).status == 200


async def test_OAU_06_nobody_ends_the_sessions_and_apps_of_others(browser, settle):
    ana = await account_of(await settle("ana"))
    token, secret = await sessions.start(ana), await tokens.make_token(ana, ["read"], "an app")
    await browser.sign_in(await account_of(await settle("mei")))
    session, app = await Session.get(account_id=ana.id), await Token.get(account_id=ana.id)

    answers = [
        (await browser.post(f"/settings/sessions/{session.id}/end")).status,
        (await browser.post(f"/settings/apps/{app.id}/revoke")).status,
        (await browser.post("/settings/sessions/99999999999999999999/end")).status,
        (await browser.post("/settings/apps/x/revoke")).status,
    ]

    assert answers == [404, 404, 404, 404]
    assert await sessions.session_of(token)
    assert await tokens.token_of(secret)


async def test_OAU_04_an_app_is_shut_out(browser, settle):
    account = await account_of(await settle("mei"))
    secret = await tokens.make_token(account, ["read"], "an app")
    await browser.sign_in(account)

    page = await (await browser.get("/settings/sessions")).text()
    await browser.post(f"/settings/apps/{(await Token.get()).id}/revoke")

    assert "an app" in page
    assert await tokens.token_of(secret) is None


@pytest.mark.parametrize(
    ("granted", "wanted", "is_allowed"),
    [
        (["write"], "write:statuses", True),
        (["write:statuses"], "write:statuses", True),
        (["write:statuses"], "write", False),
        (["write:media"], "write:statuses", False),
        (["read"], "write:statuses", False),
        (["admin:read"], "admin:read:accounts", True),
        (["admin"], "write", False),
        ([], "read", False),
    ],
)
def test_OAU_03_what_scopes_allow(granted, wanted, is_allowed):
    assert allows(granted, wanted) is is_allowed
