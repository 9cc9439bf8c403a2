"""What an authorization server MUST do by RFC 6749, 7636, 7009 and 8414, where the other tests of
OAuth do not show it already. The name of each test begins with where the demand stands.

Shown in test_oauth.py: 6749 3.1.2.3 and 3.1.2.4 (exact addresses, no redirect elsewhere), 4.1.2 (a
code once, for a short while, for one app and address), 4.1.3 (authentication, the same address),
2.3.1 (Basic), 10.12 (the form has a token); 7636 4.6 (`invalid_grant`); 7009 2.1 (only one's own).
Refresh tokens, the implicit grant and passwords (6749 4.2, 4.3, 6) are not offered.
"""

import base64
import re
from hashlib import sha256
from urllib.parse import urlencode, urlsplit

import pytest

from actors.apps import AppToken, Code
from actors.tokens import Token
from tests.web.test_oauth import (
    BACK,
    CHALLENGE,
    PKCE,
    VERIFIER,
    asking,
    consent,
    exchange,
    mei,
    register,
    told,
)

__all__ = ["mei"]

SAYABLE = re.compile(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+")


def keys(app):
    return {name: app[name] for name in ("client_id", "client_secret")}


def basic(app, secret=None):
    shown = f"{app['client_id']}:{app['client_secret'] if secret is None else secret}"
    return {"Authorization": f"Basic {base64.b64encode(shown.encode()).decode()}"}


async def ask(wire, path, fields, **headers):
    async with wire.post(path, data=fields, headers=headers) as response:
        return response.status, await response.json(), response.headers


async def test_RFC6749_3_1_a_parameter_without_a_value_is_as_good_as_left_out(browser, wire, mei):
    app = await register(wire)

    empty = {"state": "", "code_challenge": "", "code_challenge_method": "", "scope": ""}
    answer = await consent(browser, app, **empty)
    status, token, _ = await exchange(wire, app, told(answer)["code"], code_verifier="")

    assert "state" not in told(answer)
    assert (status, token["scope"]) == (200, "read")


async def test_RFC6749_3_1_parameters_that_nobody_knows_are_ignored(browser, wire, mei):
    app = await register(wire)

    answer = await consent(browser, app, nonce="1", prompt="login")
    status, _, _ = await exchange(wire, app, told(answer)["code"], resource="x")

    assert status == 200


@pytest.mark.parametrize("name", ["response_type", "scope", "state", "response_mode"])
async def test_RFC6749_3_1_nothing_is_said_twice_in_asking_a_person(browser, wire, mei, name):
    app = await register(wire)

    answer = await browser.get(f"{asking(app, state='s')}&{name}=code")

    if name == "response_mode":  # it is there once, and no mode
        assert told(answer)["error"] == "invalid_request"
        answer = await browser.get(f"{asking(app)}&{name}=query&{name}=query")
    assert told(answer)["error"] == "invalid_request"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
async def test_RFC6749_3_1_where_it_is_not_sure_who_asks_nobody_is_sent_anywhere(
    browser, wire, mei, name
):
    app = await register(wire)
    value = {"client_id": app["client_id"], "redirect_uri": BACK}[name]

    answer = await browser.get(f"{asking(app)}&{urlencode({name: value})}")

    assert answer.status == 400
    assert "Location" not in answer.headers


async def test_RFC6749_3_1_1_a_response_type_has_to_be_named(browser, wire, mei):
    app = await register(wire)

    missing = await browser.get(asking(app, response_type="", state="s"))
    odd = await browser.get(asking(app, response_type="code token", state="s"))

    assert (told(missing)["error"], told(missing)["state"]) == ("invalid_request", "s")
    assert told(odd)["error"] == "unsupported_response_type"


async def test_RFC6749_3_1_2_what_stands_in_the_query_of_an_address_stays(browser, wire, mei):
    back = f"{BACK}?shop=3&x="
    app = await register(wire, redirect_uris=back)

    answer = await consent(browser, app, redirect_uri=back)

    assert answer.headers["Location"].startswith(f"{back}&code=")


async def test_RFC6749_3_1_2_an_address_with_a_fragment_is_not_registered(wire):
    fields = {"client_name": "An app", "redirect_uris": f"{BACK}#part"}

    assert (await ask(wire, "/api/v1/apps", fields))[0] == 422


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
async def test_RFC6749_3_2_tokens_are_asked_for_with_POST(wire, path):
    async with wire.get(path) as response:
        assert response.status == 405
        assert response.headers["Allow"] == "POST"


@pytest.mark.parametrize("name", ["grant_type", "code", "client_id", "redirect_uri"])
async def test_RFC6749_3_2_nothing_is_said_twice_in_asking_for_a_token(browser, wire, mei, name):
    app = await register(wire)
    code = told(await consent(browser, app))["code"]
    fields = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": code, **keys(app)}

    status, said, _ = await ask(wire, "/oauth/token", [*fields.items(), (name, fields[name])])

    assert (status, said["error"]) == (400, "invalid_request")
    assert not await Token.exists()


async def test_RFC6749_3_3_the_scope_is_told_where_it_is_not_what_was_asked(browser, wire, mei):
    app = await register(wire)

    _, token, _ = await exchange(wire, app, told(await consent(browser, app, scope=""))["code"])
    _, own, _ = await ask(wire, "/oauth/token", {"grant_type": "client_credentials", **keys(app)})

    assert token["scope"] == own["scope"] == "read"


async def test_RFC6749_3_3_an_app_gets_no_scope_that_it_did_not_register(wire):
    app = await register(wire)
    fields = {"grant_type": "client_credentials", "scope": "read push", **keys(app)}

    status, said, _ = await ask(wire, "/oauth/token", fields)

    assert (status, said["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("state", ["x y&z=1#?", "á中 <script>", "a" * 500, "%00+%2B"])
async def test_RFC6749_4_1_2_the_state_comes_back_as_it_was_sent(browser, wire, mei, state):
    app = await register(wire)

    said_yes = await consent(browser, app, state=state)
    wrong = await browser.get(asking(app, state=state, scope="wonders"))

    assert told(said_yes).get("state") == told(wrong)["state"] == state


async def test_RFC6749_4_4_an_app_acts_for_itself_only_with_its_secret(wire):
    app = await register(wire)
    fields = {"grant_type": "client_credentials", "client_id": app["client_id"]}

    status, said, _ = await ask(wire, "/oauth/token", fields)

    assert (status, said["error"]) == (401, "invalid_client")
    assert not await AppToken.exists()


async def test_RFC6749_5_1_no_answer_with_a_token_is_kept_by_anyone(browser, wire, mei):
    app = await register(wire)
    code = told(await consent(browser, app))["code"]

    _, token, headers = await exchange(wire, app, code)
    fields = {"grant_type": "client_credentials", **keys(app)}
    _, _, of_app = await ask(wire, "/oauth/token", fields)

    for each in (headers, of_app):
        assert each["Content-Type"].startswith("application/json")
        assert each["Cache-Control"] == "no-store"
        assert each["Pragma"] == "no-cache"
    assert {"access_token", "token_type"} <= set(token)


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
async def test_RFC6749_5_2_who_tried_Basic_is_told_to_use_Basic(wire, path):
    app = await register(wire)
    fields = {"grant_type": "client_credentials", "token": "x"}

    status, said, headers = await ask(wire, path, fields, **basic(app, "wrong"))
    garbled = await ask(wire, path, fields, Authorization="Basic ***")
    bare, _, plain = await ask(wire, path, fields)

    assert (status, said["error"]) == (401, "invalid_client")
    assert headers["WWW-Authenticate"].startswith("Basic ")
    assert (garbled[0], garbled[1]["error"]) == (401, "invalid_client")
    assert (bare, plain["WWW-Authenticate"]) == (401, "Bearer")


async def test_RFC6749_5_2_errors_use_only_the_characters_that_are_allowed(browser, wire, mei):
    app = await register(wire)
    asked_for = (
        *({"response_type": "x"}, {"response_type": ""}, {"scope": 'w\u00f6rds \\ "'}),
        *({"response_mode": "x"}, {"code_challenge": "x"}),
        {"code_challenge": "x", "code_challenge_method": "S256"},
    )
    said = [told(await browser.get(asking(app, **each))) for each in asked_for]
    said.append(told(await consent(browser, app, answer="no")))
    for fields in (
        {},
        {"grant_type": '\u00e4 \\ "'},
        {"grant_type": "authorization_code", "code": "\u00e4", **keys(app)},
        {"grant_type": "client_credentials", "scope": "\u00e4", **keys(app)},
        {"grant_type": "client_credentials"},
    ):
        status, body, _ = await ask(wire, "/oauth/token", fields)
        assert status in (400, 401)
        said.append(body)

    for each in said:
        assert SAYABLE.fullmatch(each["error"]), each
        assert SAYABLE.fullmatch(each["error_description"]), each


async def test_RFC6749_10_10_codes_and_tokens_cannot_be_guessed(browser, wire, mei):
    app = await register(wire)
    codes = [told(await consent(browser, app))["code"] for _ in range(3)]
    tokens = [(await exchange(wire, app, each))[1]["access_token"] for each in codes]

    for kind in (codes, tokens):
        assert len(set(kind)) == len(kind)
        assert all(len(base64.urlsafe_b64decode(each + "==")) * 8 >= 160 for each in kind)


async def test_RFC6749_10_13_no_other_page_frames_the_question(browser, wire, mei):
    page = await browser.get(asking(await register(wire)))

    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]


async def test_RFC7636_B_the_example_of_the_standard_works(browser, wire, mei):
    app = await register(wire)
    challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    asked_with = {"code_challenge": challenge, "code_challenge_method": "S256"}
    code = told(await consent(browser, app, **asked_with))["code"]

    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    status, _, _ = await exchange(wire, app, code, client_secret=None, code_verifier=verifier)

    assert status == 200


@pytest.mark.parametrize("length", [43, 128])
async def test_RFC7636_4_1_verifiers_have_43_to_128_characters(browser, wire, mei, length):
    app = await register(wire)
    verifier = ("Az09-._~" * 16)[:length]
    digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked_with = {"code_challenge": digest, "code_challenge_method": "S256"}

    given = told(await consent(browser, app, **asked_with))["code"]

    assert (await exchange(wire, app, given, code_verifier=verifier))[0] == 200


@pytest.mark.parametrize("verifier", ["v" * 42, "v" * 129, "v" * 63 + "\n", "v" * 63 + "ä"])
async def test_RFC7636_4_1_what_is_no_verifier_proves_nothing(browser, wire, mei, verifier):
    app = await register(wire)
    digest = base64.urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked_with = {"code_challenge": digest, "code_challenge_method": "S256"}
    code = told(await consent(browser, app, **asked_with))["code"]

    status, said, _ = await exchange(wire, app, code, code_verifier=verifier)

    assert (status, said["error"]) == (400, "invalid_grant")


async def test_RFC7636_4_4_a_challenge_belongs_to_its_code_and_is_in_no_answer(browser, wire, mei):
    app = await register(wire)

    answer = await consent(browser, app, **PKCE)

    assert CHALLENGE not in answer.headers["Location"]
    assert (await Code.get()).challenge == CHALLENGE


@pytest.mark.parametrize("method", ["plain", "S512", "s256", ""])
async def test_RFC7636_4_4_1_another_transformation_is_refused(browser, wire, mei, method):
    change = {"code_challenge": CHALLENGE, "code_challenge_method": method}

    answer = await browser.get(asking(await register(wire), **change))

    assert told(answer)["error"] == "invalid_request"


async def test_RFC7636_4_6_a_wrong_verifier_is_refused_though_the_secret_is_right(
    browser, wire, mei
):
    app = await register(wire)
    code = told(await consent(browser, app, **PKCE))["code"]

    status, said, _ = await exchange(wire, app, code, code_verifier=VERIFIER[:-1] + "w")

    assert (status, said["error"]) == (400, "invalid_grant")


async def test_RFC7009_2_1_a_token_has_to_be_named(wire):
    status, said, _ = await ask(wire, "/oauth/revoke", keys(await register(wire)))

    assert (status, said["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("secret", [None, "wrong"])
async def test_RFC7009_2_1_only_an_app_that_proves_who_it_is_takes_tokens_back(
    browser, wire, mei, secret
):
    app = await register(wire)
    _, token, _ = await exchange(wire, app, told(await consent(browser, app))["code"])
    fields = {"client_id": app["client_id"], "token": token["access_token"]}
    if secret:
        fields["client_secret"] = secret

    status, said, _ = await ask(wire, "/oauth/revoke", fields)

    assert (status, said["error"]) == (401, "invalid_client")
    assert await Token.exists()


@pytest.mark.parametrize("hint", ["access_token", "refresh_token", "nonsense", ""])
async def test_RFC7009_2_1_a_wrong_hint_does_not_keep_a_token_alive(browser, wire, mei, hint):
    app = await register(wire)
    _, token, _ = await exchange(wire, app, told(await consent(browser, app))["code"])
    headers = {"Authorization": f"Bearer {token['access_token']}"}
    fields = {"token": token["access_token"], "token_type_hint": hint}

    status, _, _ = await ask(wire, "/oauth/revoke", fields, **basic(app))

    assert status == 200
    async with wire.get("/api/v1/accounts/verify_credentials", headers=headers) as response:
        assert response.status == 401


async def test_RFC7009_2_2_what_is_no_token_is_as_good_as_taken_back(wire):
    fields = {**keys(await register(wire)), "token": "never was one"}

    status, said, _ = await ask(wire, "/oauth/revoke", fields)

    assert (status, said) == (200, {})


async def test_RFC7009_2_an_app_takes_its_own_token_back_too(wire):
    app = await register(wire)
    _, token, _ = await ask(wire, "/oauth/token", {"grant_type": "client_credentials", **keys(app)})
    authorized = {"Authorization": f"Bearer {token['access_token']}"}

    await ask(wire, "/oauth/revoke", {**keys(app), "token": token["access_token"]})

    async with wire.get("/api/v1/apps/verify_credentials", headers=authorized) as response:
        assert response.status == 401


async def test_RFC8414_3_the_metadata_are_what_the_standard_demands(wire, here):
    async with wire.get("/.well-known/oauth-authorization-server") as response:
        found = await response.json()

    assert response.status == 200
    assert response.content_type == "application/json"
    issuer = urlsplit(found["issuer"])
    assert f"{issuer.scheme}://{issuer.netloc}" == here.server.base_url
    assert (issuer.path.strip("/"), issuer.query, issuer.fragment) == ("", "", "")
    for name in ("authorization_endpoint", "token_endpoint", "response_types_supported"):
        assert found[name]
    assert [name for name, value in found.items() if value in ([], None, "")] == []


async def test_RFC8414_2_what_the_metadata_offer_is_there_and_nothing_else(browser, wire, mei):
    async with wire.get("/.well-known/oauth-authorization-server") as response:
        found = await response.json()
    app = await register(wire)

    for mode in found["response_modes_supported"]:
        answer = await consent(browser, app, response_mode=mode)
        mark = {"query": "?", "fragment": "#"}[mode]
        assert answer.headers["Location"].startswith(f"{BACK}{mark}code="), mode
    assert found["token_endpoint_auth_methods_supported"] == [
        *("client_secret_basic", "client_secret_post")
    ]
    for fields, headers in (({}, basic(app)), (keys(app), {})):
        sent = {"grant_type": "client_credentials"} | fields
        assert (await ask(wire, "/oauth/token", sent, **headers))[0] == 200
    for grant in ("password", "refresh_token", "implicit", "urn:ietf:params:oauth:grant-type:x"):
        assert grant not in found["grant_types_supported"]
        _, said, _ = await ask(wire, "/oauth/token", {"grant_type": grant, **keys(app)})
        assert said["error"] == "unsupported_grant_type"
