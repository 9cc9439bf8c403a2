"""Signing in with a second factor, staff without one, and showing again that it is oneself."""

import json
import re
from datetime import timedelta

import pyotp
import pytest

from actors import second_factor
from actors.accounts import Account, Role
from actors.passkeys import Challenge, Passkey
from actors.sessions import Session
from core.clock import now
from moderation.cases import Case
from moderation.filing import file_report
from moderation.policy import put_in_force
from rubric import people
from tests.conftest import PASSWORD, account_of
from tests.moderation.deciding import again, decided, taken
from tests.moderation.drafts import policy_of
from tests.web.keys import Device
from web.routes import PAGES

ENGLISH = {"Accept_Language": "en"}
PAGE = "/settings/second-factor"
PLACE = re.compile(r"\{[^}]+\}")
STAFF_PAGES = [(method, path) for method, path, _ in PAGES if path.startswith(("/mod", "/admin"))]


async def in_by_password(browser, to="/"):
    """Type handle and password."""
    typed = {"user[email]": "mei", "user[password]": PASSWORD, "next": to}
    return await browser.fill("/sign-in", "/sign-in", typed)


async def set_up(browser) -> tuple[pyotp.TOTP, list[str]]:
    """Set an app up by the pages; return what makes its codes, and the recovery codes."""
    await browser.fill(PAGE, f"{PAGE}/app", {})
    secret = (await (await browser.get(PAGE)).text()).split('class="secret">')[1].split("<")[0]
    app = pyotp.TOTP(secret)
    done = await browser.post(f"{PAGE}/app/confirm", {"code": app.now()})
    codes = [each.split("</code>")[0] for each in (await done.text()).split("<li><code>")[1:]]
    assert len(codes) == 10
    return app, codes


async def long_ago() -> None:
    """Have the last proof be older than it holds."""
    await Session.all().update(proved_at=now() - timedelta(minutes=16))


async def test_ACC_03_staff_without_a_second_factor_do_nothing(browser, settle):
    await settle("mei", role=Role.ADMIN)
    await in_by_password(browser)
    await browser.get("/settings/sessions")

    for method, path in STAFF_PAGES:
        plain = PLACE.sub("1", path)
        ask = browser.get if method == "GET" else browser.post
        answer = await ask(plain, **ENGLISH)

        assert answer.status == 403, path
        assert f'href="{PAGE}"' in await answer.text(), path


async def test_the_first_admin_sets_a_second_factor_up_and_gets_in(browser, settle):
    await settle("mei", role=Role.ADMIN)
    await in_by_password(browser)
    before = await browser.get("/mod")

    await set_up(browser)
    after = await browser.get("/mod")

    assert (before.status, after.status) == (403, 200)


async def test_ACC_03_a_password_alone_lets_nobody_in_who_has_more(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    _, codes = await set_up(browser)
    await browser.post("/sign-out")

    halfway = await in_by_password(browser, "/settings/profile")
    page = await browser.get("/settings/profile")
    step = await browser.get(halfway.headers["Location"], **ENGLISH)
    wrong = await browser.post("/sign-in/second", {"code": "nothing", "next": "/settings/profile"})
    right = await browser.post("/sign-in/second", {"code": codes[0], "next": "/settings/profile"})

    assert halfway.headers["Location"] == "/sign-in/second?next=%2Fsettings%2Fprofile"
    assert page.headers["Location"].startswith("/sign-in")
    assert "One more step" in await step.text()
    assert wrong.status == 422
    assert (right.status, right.headers["Location"]) == (303, "/settings/profile")
    assert (await browser.get("/settings/profile")).status == 200


async def test_ACC_03_the_second_step_alone_lets_nobody_in(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    _, codes = await set_up(browser)
    await browser.post("/sign-out")
    await browser.get("/sign-in")

    answer = await browser.post("/sign-in/second", {"code": codes[0]})

    assert answer.headers["Location"] == "/sign-in"
    assert not await Session.exists()


async def test_ACC_03_a_step_by_hand_for_another_account_is_not_believed(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    _, codes = await set_up(browser)
    await browser.post("/sign-out")
    ben = await account_of(await settle("ben"))
    await in_by_password(browser)
    await browser.get("/sign-in/second")
    stamped = browser.cookie("halfway").partition(".")[2]

    browser.keep("halfway", f"{ben.id}.{stamped}")
    answer = await browser.post("/sign-in/second", {"code": codes[0]})

    assert answer.headers["Location"] == "/sign-in"


async def test_ACC_03_another_password_ends_what_began_with_the_old_one(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    _, codes = await set_up(browser)
    await browser.post("/sign-out")
    await in_by_password(browser)
    await browser.get("/sign-in/second")
    await people.change_password("mei", "another long secret")

    answer = await browser.post("/sign-in/second", {"code": codes[0]})

    assert answer.headers["Location"] == "/sign-in"


async def test_ACC_02_codes_are_counted_by_address_too(browser, settle, here):
    await settle("mei")
    await in_by_password(browser)
    await set_up(browser)
    await browser.post("/sign-out")
    await in_by_password(browser)
    await browser.get("/sign-in/second")

    answers = [(await browser.post("/sign-in/second", {"code": "1"})).status for _ in range(12)]

    assert answers[:9] == [422] * 9
    assert answers[-1] == 429


async def test_changes_of_the_second_factor_ask_again_who_it_is(browser, settle):
    mei = await account_of(await settle("mei"))
    await in_by_password(browser)
    await browser.get("/settings/sessions")
    await long_ago()

    page = await browser.get(PAGE)
    post = await browser.post(f"{PAGE}/app", {})
    wrong = await browser.fill("/prove", "/prove", {"proof_password": "a wrong one", "next": PAGE})
    right = await browser.post("/prove", {"proof_password": PASSWORD, "next": PAGE})

    assert page.headers["Location"] == f"/prove?next={PAGE}"
    assert post.status == 403
    assert not await second_factor.begun(mei)
    assert wrong.status == 422
    assert right.headers["Location"] == PAGE
    assert (await browser.get(PAGE)).status == 200


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/account/password", {"password": PASSWORD, "new_password": "another long one"}),
        ("/settings/account/email", {"email_password": PASSWORD, "email": "new@example.org"}),
        ("/settings/account/close", {"close_password": PASSWORD}),
        ("/settings/moving/leave", {"password": PASSWORD, "target": "@mei@new.example"}),
        (f"{PAGE}/app/remove", {}),
        (f"{PAGE}/codes", {}),
    ],
)
async def test_ADM_01_what_is_dangerous_wants_the_second_factor_again(browser, settle, path, form):
    await settle("mei")
    await in_by_password(browser)
    await set_up(browser)
    await browser.get("/settings/sessions")
    before = await Account.get()
    await long_ago()

    answer = await browser.post(path, form)

    assert answer.status == 403
    after = await Account.get()
    assert (after.password_hash, after.email, after.closed_at) == (
        before.password_hash,
        before.email,
        None,
    )


async def test_a_password_alone_proves_nothing_of_who_has_more(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    _, codes = await set_up(browser)
    await browser.get("/settings/sessions")
    await long_ago()

    by_password = await browser.post("/prove", {"proof_password": PASSWORD})
    by_code = await browser.post("/prove", {"proof_code": codes[0], "next": "/settings/account"})

    assert by_password.status == 422
    assert by_code.headers["Location"] == "/settings/account"


async def test_a_new_password_keeps_this_browser_strong(browser, settle):
    await settle("mei", role=Role.ADMIN)
    await in_by_password(browser)
    await set_up(browser)

    await browser.fill(
        "/settings/account",
        "/settings/account/password",
        {"password": PASSWORD, "new_password": "another long one"},
    )

    assert (await browser.get("/mod")).status == 200


async def test_who_runs_the_place_takes_a_lost_second_factor_off(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    await set_up(browser)

    await people.drop_second_factor("mei")
    answer = await in_by_password(browser)

    assert answer.headers["Location"] == "/"
    assert not await Session.exists(is_strong=True)


# Passkeys


async def asked(browser, path, **form):
    """Send what the script sends, and read what it gets."""
    answer = await browser.post(path, form, Accept="application/json")
    return answer.status, json.loads(await answer.text())


async def new_key(browser, **more) -> Device:
    """Add a passkey by the addresses of the script."""
    device = Device(browser.base, **more)
    await browser.get(PAGE)
    status, wanted = await asked(browser, "/passkeys/ask-new")
    assert status == 200, wanted
    status, said = await asked(
        browser, "/passkeys/keep-new", credential=device.made(wanted), label="My telephone"
    )
    assert status == 200, said
    return device


async def use_key(browser, device, purpose):
    """Answer with a passkey."""
    _, wanted = await asked(browser, "/passkeys/ask", purpose=purpose)
    form = {"purpose": purpose, "credential": device.signed(wanted), "next": "/settings/profile"}
    return await asked(browser, "/passkeys/answer", **form)


async def test_a_passkey_is_made_signs_in_alone_and_is_removed(browser, settle):
    await settle("mei", role=Role.ADMIN)
    await in_by_password(browser)
    device = await new_key(browser)
    await browser.post("/sign-out")
    await browser.get("/sign-in")

    status, said = await use_key(browser, device, "sign-in")
    desk = await browser.get("/mod")
    page = await (await browser.get(PAGE)).text()
    key = await Passkey.get()
    gone = await browser.post(f"{PAGE}/passkeys/{key.id}/remove")

    assert (status, said) == (200, {"next": "/settings/profile"})
    assert desk.status == 200
    assert "My telephone" in page
    assert (gone.status, await Passkey.all().count()) == (303, 0)
    assert (await browser.get("/mod")).status == 403


async def test_a_passkey_is_the_second_step(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    device = await new_key(browser, knows_user=False)
    await browser.post("/sign-out")
    await in_by_password(browser)
    await browser.get("/sign-in/second")

    status, _ = await use_key(browser, device, "second")

    assert status == 200
    assert (await Session.get()).is_strong


async def test_ACC_03_a_key_that_does_not_know_who_uses_it_is_no_password(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    device = await new_key(browser, knows_user=False)
    await browser.post("/sign-out")
    await browser.get("/sign-in")

    status, _ = await use_key(browser, device, "sign-in")

    assert status == 422
    assert not await Session.exists()


async def test_ACC_03_an_answer_counts_once_in_one_browser_for_one_purpose(
    browser, browsers, settle
):
    await settle("mei")
    await in_by_password(browser)
    device = await new_key(browser)
    await browser.post("/sign-out")
    await browser.get("/sign-in")
    other = browsers()
    await other.get("/sign-in")
    _, wanted = await asked(browser, "/passkeys/ask", purpose="sign-in")
    form = {"purpose": "sign-in", "credential": device.signed(wanted)}

    elsewhere, _ = await asked(other, "/passkeys/answer", **form)
    here, _ = await asked(browser, "/passkeys/answer", **form)
    await browser.post("/sign-out")
    await browser.get("/sign-in")
    again, _ = await asked(browser, "/passkeys/answer", **form)

    assert (elsewhere, here, again) == (422, 200, 422)


async def test_ACC_03_a_challenge_ends_after_five_minutes(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    device = await new_key(browser)
    await browser.post("/sign-out")
    await browser.get("/sign-in")
    _, wanted = await asked(browser, "/passkeys/ask", purpose="sign-in")
    await Challenge.all().update(expires_at=now())

    status, _ = await asked(
        browser, "/passkeys/answer", purpose="sign-in", credential=device.signed(wanted)
    )

    assert status == 422


async def test_ACC_03_the_key_of_another_is_no_second_step(browser, settle):
    await settle("mei")
    ben = await account_of(await settle("ben"))
    await browser.sign_in(ben)
    of_ben = await new_key(browser)
    await browser.post("/sign-out")
    await in_by_password(browser)
    await set_up(browser)
    await browser.post("/sign-out")
    await in_by_password(browser)
    await browser.get("/sign-in/second")

    status, _ = await use_key(browser, of_ben, "second")

    assert status == 422
    assert not await Session.exists()


async def test_a_key_signed_for_another_place_is_not_believed(browser, settle):
    await settle("mei")
    await in_by_password(browser)
    device = await new_key(browser)
    await browser.post("/sign-out")
    await browser.get("/sign-in")
    device.base = "https://evil.example"

    status, _ = await use_key(browser, device, "sign-in")

    assert status == 422


@pytest.mark.parametrize(
    "credential",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"response": {}}',
        '{"rawId": 1, "response": {"clientDataJSON": "e30"}}',
        "x" * 30_000,
    ],
)
async def test_what_is_no_answer_of_a_key_is_refused(browser, settle, credential):
    await settle("mei")
    await in_by_password(browser)
    await browser.get(PAGE)

    new, _ = await asked(browser, "/passkeys/keep-new", credential=credential)
    old, _ = await asked(browser, "/passkeys/answer", purpose="sign-in", credential=credential)

    assert (new, old) == (422, 422)


async def test_ADM_01_a_grave_decision_asks_for_the_proof_and_keeps_what_was_written(
    browser, settle
):
    mod = await account_of(await settle("mei", role=Role.MODERATOR))
    await in_by_password(browser)
    _, codes = await set_up(browser)
    ana = await settle("ana")
    put_in_force(policy_of())
    case = await Case.get(id=(await file_report(await settle("ben"), ana)).case_id)
    await browser.get(f"/mod/cases/{case.id}")
    await browser.post(f"/mod/cases/{case.id}/claim")
    await long_ago()
    form = {"measure": "suspend", "facts": "A fact of the matter", "seen": "1"}

    page = await browser.post(f"/mod/cases/{case.id}/decide", form)
    text = await page.text()
    wrong = await browser.post(f"/mod/cases/{case.id}/decide", form | {"proof_code": "1"})
    right = await browser.post(f"/mod/cases/{case.id}/decide", form | {"proof_code": codes[0]})

    assert (page.status, wrong.status, right.status) == (403, 422, 422)
    assert "A fact of the matter" in text
    assert 'name="proof_code"' in text
    assert 'name="proof_code"' not in await right.text()
    assert mod.role is Role.MODERATOR


async def test_ADM_01_who_agrees_or_writes_anew_shows_the_proof_as_well(browser, settle):
    mei = await settle("mei", role=Role.MODERATOR)
    other, ana = await settle("other", role=Role.MODERATOR), await settle("ana")
    put_in_force(policy_of())
    await in_by_password(browser)
    _, codes = await set_up(browser)
    theirs = await taken(await settle("ben"), ana, other)
    waiting = await decided(theirs, other, "suspend")
    standing = await decided(
        await taken(await settle("cleo"), await settle("dora"), mei), mei, "warn"
    )
    page = f"/mod/decisions/{waiting.id}"
    await browser.get(page)
    await long_ago()

    agreed = await browser.post(f"{page}/confirm")
    graver = {"measure": "suspend", "seen": "1"}
    replaced = await browser.post(f"/mod/decisions/{standing.id}/replace", graver)
    before = await again(waiting)
    proved = await browser.post(f"{page}/confirm", {"proof_code": codes[0]})

    assert [each.status for each in (agreed, replaced, proved)] == [403, 403, 303]
    assert 'name="proof_code"' in await agreed.text()
    assert (before.state, (await again(waiting)).state) == ("needs_second", "in_force")
