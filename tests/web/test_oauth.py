"""OAuth: how an app is let in, and everything that may not let it in (RFC 6749, 7636, 7009)."""

import base64
import html
import re
from hashlib import sha256
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import time_machine

from actors.apps import App, Code
from actors.tokens import Token
from tests.conftest import PASSWORD, account_of
from web.oauth.redirects import is_address, is_registered

BACK = "https://app.example/back"
OOB = "urn:ietf:wg:oauth:2.0:oob"
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


@pytest.fixture
async def mei(settle, browser):
    """A member whose browser is signed in."""
    actor = await settle("mei")
    await browser.sign_in(await account_of(actor))
    return actor


async def register(wire, **more):
    """Register an app; return what it was told."""
    fields = {"client_name": "An app", "redirect_uris": BACK, "scopes": "read write"} | more
    async with wire.post("/api/v1/apps", data=fields) as response:
        assert response.status == 200
        return await response.json()


def asking(app, **more):
    """Write the address a person is sent to."""
    fields = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": BACK,
        "scope": "read write",
    }
    return "/oauth/authorize?" + urlencode(fields | more)


async def consent(browser, app, answer="yes", **more):
    """Open the page and press a button; return the answer."""
    page = await browser.get(asking(app, **more))
    assert page.status == 200
    text = await page.text()
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text)
    hidden = {name: html.unescape(value) for name, value in found}
    return await browser.post("/oauth/authorize", hidden | {"answer": answer})


def told(response):
    """Read what an app is told in its address."""
    return {
        key: value[0]
        for key, value in parse_qs(urlsplit(response.headers["Location"]).query).items()
    }


async def exchange(wire, app, given, **more):
    """Ask for a token; what is None is left out."""
    fields = {
        "grant_type": "authorization_code",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
        "redirect_uri": BACK,
        "code": given,
    } | more
    kept = {name: value for name, value in fields.items() if value is not None}
    async with wire.post("/oauth/token", data=kept) as response:
        return response.status, await response.json(), response.headers


async def test_an_app_is_let_in(browser, wire, mei):
    app = await register(wire, website="https://app.example/")

    answer = await consent(browser, app, state="x y", **PKCE)
    status, token, headers = await exchange(wire, app, told(answer)["code"], code_verifier=VERIFIER)

    assert app["name"] == "An app"
    assert app["redirect_uri"] == BACK
    assert answer.headers["Location"].startswith(f"{BACK}?code=")
    assert told(answer)["state"] == "x y"
    assert status == 200
    assert token["token_type"] == "Bearer"
    assert token["scope"] == "read write"
    assert isinstance(token["created_at"], int)
    assert headers["Cache-Control"] == "no-store"
    authorized = {"Authorization": f"Bearer {token['access_token']}"}
    async with wire.get("/api/v1/accounts/verify_credentials", headers=authorized) as response:
        assert (await response.json())["username"] == "mei"
    async with wire.get("/api/v1/apps/verify_credentials", headers=authorized) as response:
        assert (await response.json())["website"] == "https://app.example/"
    async with wire.get("/oauth/userinfo", headers=authorized) as response:
        assert (await response.json())["sub"] == mei.uri


async def test_whoever_is_not_signed_in_signs_in_and_comes_back(browser, wire, settle):
    await settle("mei")
    app = await register(wire)

    sent = await browser.get(asking(app))
    await browser.get(sent.headers["Location"])
    back = parse_qs(urlsplit(sent.headers["Location"]).query)["next"][0]
    fields = {"user[email]": "mei", "user[password]": "a long enough secret", "next": back}
    entered = await browser.post("/sign-in", fields)
    page = await browser.get(entered.headers["Location"])

    assert page.status == 200
    assert "An app" in await page.text()


async def test_an_app_may_want_a_new_sign_in(browser, wire, mei):
    app = await register(wire)

    sent = await browser.get(asking(app, force_login="true"))
    page = await browser.get(sent.headers["Location"])

    assert sent.headers["Location"].startswith("/sign-in?")
    assert 'id="user_email"' in await page.text()


async def test_a_code_can_be_copied_by_hand(browser, wire, mei):
    app = await register(wire, redirect_uris=OOB)

    page = await consent(browser, app, redirect_uri=OOB)
    code = re.search(r"<code>([^<]+)</code>", await page.text())[1]
    status, _, _ = await exchange(wire, app, code, redirect_uri=OOB)

    assert len(code) > 10
    assert status == 200


async def test_a_no_is_told_to_the_app(browser, wire, mei):
    answer = await consent(browser, await register(wire), answer="no", state="s")

    assert told(answer)["error"] == "access_denied"
    assert told(answer)["state"] == "s"
    assert await Code.all().count() == 0


async def test_the_page_lets_the_browser_go_to_the_app(browser, wire, mei):
    page = await browser.get(asking(await register(wire)))

    assert "form-action" not in page.headers["Content-Security-Policy"]
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cross-Origin-Opener-Policy"] == "unsafe-none"
    assert "app.example" in await page.text()


async def test_no_answer_on_the_way_cuts_a_window_off_from_the_app_that_opened_it(
    browsers, wire, settle
):
    """A browser does so at the first one, be it but a redirect, and the app waits for ever."""
    await settle("lin")
    stranger, app = browsers(), await register(wire)
    told = []

    async def step(answer):
        told.append(answer.headers["Cross-Origin-Opener-Policy"])
        return answer

    slash = asking(app).replace("/oauth/authorize", "/oauth/authorize/")
    await step(await stranger.get(slash))
    sent = await step(await stranger.get(asking(app)))
    await step(await stranger.get(sent.headers["Location"]))
    back = {"next": asking(app), "user[email]": "lin"}
    wrong = await step(await stranger.post("/sign-in", back | {"user[password]": "no"}))
    right = await step(await stranger.post("/sign-in", back | {"user[password]": PASSWORD}))
    await step(await stranger.get(right.headers["Location"]))

    assert (wrong.status, right.status) == (422, 303)
    assert told == ["unsafe-none"] * 6


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in?next=/settings/profile", "/about"])
async def test_all_other_windows_are_cut_off_from_who_opened_them(browsers, here, path):
    page = await browsers().get(path)

    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "nobody"},
        {"redirect_uri": "https://app.example/back/"},
        {"redirect_uri": "https://app.example/back?x=1"},
        {"redirect_uri": "https://app.example.evil.example/back"},
        {"redirect_uri": "http://app.example/back"},
        {"redirect_uri": "https://APP.example/back"},
        {"redirect_uri": OOB},
        {"redirect_uri": ""},
    ],
)
async def test_OAU_01_nobody_is_sent_to_an_address_that_was_not_registered(
    browser, wire, mei, change
):
    page = await browser.get(asking(await register(wire), **change))

    assert page.status == 400
    assert "Location" not in page.headers


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "read admin:write"}, "invalid_scope"),
        ({"scope": "wonders"}, "invalid_scope"),
        ({"code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": CHALLENGE}, "invalid_request"),
        ({"code_challenge": "short", "code_challenge_method": "S256"}, "invalid_request"),
        ({"response_mode": "form_post"}, "invalid_request"),
    ],
)
async def test_what_cannot_be_asked_is_told_to_the_app(browser, wire, mei, change, error):
    answer = await browser.get(asking(await register(wire), state="s", **change))

    assert told(answer)["error"] == error
    assert told(answer)["state"] == "s"


@pytest.mark.parametrize(
    "change",
    [
        {"code": "another"},
        {"redirect_uri": "https://app.example/"},
        {"redirect_uri": None},
        {"code_verifier": None},
        {"code_verifier": "w" * 64},
        {"code_verifier": "v" * 42},
    ],
)
async def test_OAU_02_a_code_is_bound_to_what_it_was_given_for(browser, wire, mei, change):
    app = await register(wire)
    code = told(await consent(browser, app, **PKCE))["code"]

    status, body, _ = await exchange(wire, app, code, **({"code_verifier": VERIFIER} | change))

    assert (status, body["error"]) == (400, "invalid_grant")
    assert await Token.all().count() == 0


async def test_OAU_02_a_code_is_no_use_to_another_app(browser, wire, mei):
    app, other = await register(wire), await register(wire)
    code = told(await consent(browser, app))["code"]

    status, body, _ = await exchange(wire, other, code)

    assert (status, body["error"]) == (400, "invalid_grant")


async def test_OAU_02_a_code_runs_out_after_a_minute(browser, wire, mei):
    app = await register(wire)
    code = told(await consent(browser, app))["code"]
    made = (await Code.get()).expires_at

    with time_machine.travel(made, tick=True):
        status, body, _ = await exchange(wire, app, code)

    assert (status, body["error"]) == (400, "invalid_grant")


async def test_OAU_02_the_second_use_of_a_code_ends_what_the_first_was_given(browser, wire, mei):
    app = await register(wire)
    code = told(await consent(browser, app))["code"]

    first, token, _ = await exchange(wire, app, code)
    second, body, _ = await exchange(wire, app, code)

    assert (first, second, body["error"]) == (200, 400, "invalid_grant")
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    async with wire.get("/api/v1/accounts/verify_credentials", headers=headers) as response:
        assert response.status == 401


async def test_with_a_verifier_an_app_needs_no_secret(browser, wire, mei):
    app = await register(wire)
    code = told(await consent(browser, app, **PKCE))["code"]

    status, _, _ = await exchange(wire, app, code, client_secret=None, code_verifier=VERIFIER)

    assert status == 200


@pytest.mark.parametrize("secret", [None, "", "wrong"])
async def test_without_one_it_needs_its_secret(browser, wire, mei, secret):
    app = await register(wire)
    code = told(await consent(browser, app))["code"]

    status, body, headers = await exchange(wire, app, code, client_secret=secret)

    assert (status, body["error"]) == (401, "invalid_client")
    assert "WWW-Authenticate" in headers


async def test_an_app_may_show_its_secret_in_a_header(browser, wire, mei):
    app = await register(wire)
    code = told(await consent(browser, app))["code"]
    shown = base64.b64encode(f"{app['client_id']}:{app['client_secret']}".encode()).decode()
    fields = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": code}

    headers = {"Authorization": f"Basic {shown}"}
    async with wire.post("/oauth/token", data=fields, headers=headers) as response:
        assert response.status == 200


async def test_an_app_acts_for_itself_and_for_nobody_else(wire, mei):
    app = await register(wire)
    fields = {"grant_type": "client_credentials", "scope": "read"}
    keys = {name: app[name] for name in ("client_id", "client_secret")}

    async with wire.post("/oauth/token", json=fields | keys) as response:
        token = (await response.json())["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    async with wire.get("/api/v1/apps/verify_credentials", headers=headers) as response:
        assert (await response.json())["name"] == "An app"
    async with wire.get("/api/v1/timelines/home", headers=headers) as response:
        assert response.status == 422
        assert await response.json() == {"error": "This method requires an authenticated user"}


@pytest.mark.parametrize(
    ("fields", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": "client_credentials"}, 401, "invalid_client"),
        ({"grant_type": "authorization_code"}, 401, "invalid_client"),
    ],
)
async def test_what_is_no_sound_question_for_a_token(wire, fields, status, error):
    async with wire.post("/oauth/token", data=fields) as response:
        assert response.status == status
        assert (await response.json())["error"] == error


async def test_OAU_04_a_token_is_taken_back(browser, wire, mei):
    app, other = await register(wire), await register(wire)
    _, token, _ = await exchange(wire, app, told(await consent(browser, app))["code"])

    async def revoke(of):
        fields = {name: of[name] for name in ("client_id", "client_secret")}
        async with wire.post(
            "/oauth/revoke", data=fields | {"token": token["access_token"]}
        ) as response:
            return response.status, await response.json()

    assert (await revoke(other))[1]["error"] == "unauthorized_client"
    assert await revoke(app) == (200, {})
    assert await revoke(app) == (200, {})
    assert await Token.all().count() == 0


async def test_OAU_05_no_secret_can_be_read_from_the_database(browser, wire, mei):
    app = await register(wire)
    code = told(await consent(browser, app))["code"]
    _, token, _ = await exchange(wire, app, code)

    kept = str([dict(each) for model in (App, Code, Token) for each in await model.all()])

    for secret in (app["client_secret"], code, token["access_token"]):
        assert secret not in kept


async def test_OAU_08_who_is_not_confirmed_lets_no_app_in(browser, wire, mei):
    app = await register(wire)
    await browser.get(asking(app))
    await type(await account_of(mei)).filter(actor_id=mei.id).update(confirmed_at=None)

    answer = await consent(browser, app)

    assert answer.status == 403
    assert await Code.all().count() == 0


async def test_a_consent_needs_the_token_of_its_page(browser, wire, mei):
    app = await register(wire)
    await browser.get(asking(app))

    fields = dict(parse_qs(urlsplit(asking(app)).query)) | {"answer": "yes", "csrf": "x"}
    answer = await browser.post("/oauth/authorize", fields)

    assert answer.status == 403
    assert await Code.all().count() == 0


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"client_name": ""}, "client_name"),
        ({"redirect_uris": ""}, "redirect_uris"),
        ({"redirect_uris": "javascript:alert(1)"}, "redirect_uris"),
        ({"scopes": "read everything"}, "scopes"),
        ({"website": "javascript:alert(1)"}, "website"),
    ],
)
async def test_an_app_that_says_odd_things_is_not_registered(wire, fields, name):
    given = {"client_name": "An app", "redirect_uris": BACK} | fields

    async with wire.post("/api/v1/apps", json=given) as response:
        assert response.status == 422
        assert name in (await response.json())["details"]


async def test_apps_may_register_several_addresses(wire):
    app = await register(wire, redirect_uris=f"{BACK}\n{OOB}")

    assert app["redirect_uris"] == [BACK, OOB]


@pytest.mark.parametrize(
    ("uri", "is_one"),
    [
        (OOB, True),
        ("https://a.example/x?y=z", True),
        ("http://localhost:1234/cb", True),
        ("icecubesapp://", True),
        ("oauth2redirect://com.keylesspalace.tusky/", True),
        ("com.example.app:/back", True),
        ("", False),
        ("/back", False),
        ("//a.example/back", False),
        ("https://a.example/#part", False),
        ("https://user:pass@a.example/", False),
        ("https:///x", False),
        ("https://a.example:port/", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("vbscript:x", False),
        ("https://a.example/ x", False),
        ("https://a.example\\@b.example/", False),
    ],
)
def test_OAU_01_addresses_that_apps_may_register(uri, is_one):
    assert is_address(uri) is is_one


@pytest.mark.parametrize(
    ("asked", "registered", "is_same"),
    [
        ("http://127.0.0.1:5123/cb", "http://127.0.0.1/cb", True),
        ("http://[::1]:5123/cb", "http://[::1]/cb", True),
        ("http://127.0.0.1:5123/other", "http://127.0.0.1/cb", False),
        ("http://localhost:5123/cb", "http://localhost/cb", False),
        ("http://127.0.0.1.evil.example/cb", "http://127.0.0.1/cb", False),
        ("http://x@127.0.0.1/cb", "http://127.0.0.1/cb", False),
        ("https://127.0.0.1:5123/cb", "https://127.0.0.1/cb", False),
        ("http://127.0.0.1:port/cb", "http://127.0.0.1/cb", False),
    ],
)
def test_OAU_01_only_the_port_of_ones_own_machine_is_free(asked, registered, is_same):
    assert is_registered(asked, [registered]) is is_same


async def test_OAU_07_an_address_registers_few_apps(stingy_with_apps, wire):
    answers = []
    for _ in range(3):
        async with wire.post(
            "/api/v1/apps", json={"client_name": "An app", "redirect_uris": BACK}
        ) as response:
            answers.append(response.status)

    assert answers == [200, 200, 429]


async def test_everything_is_where_the_metadata_says(wire):
    async with wire.get("/.well-known/oauth-authorization-server") as response:
        found = await response.json()

    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert found["code_challenge_methods_supported"] == ["S256"]
    for name in ("token_endpoint", "revocation_endpoint", "app_registration_endpoint"):
        async with wire.post(urlsplit(found[name]).path) as response:
            assert response.status in (400, 401, 422), name
