"""A program that knows nothing of us but ActivityPub and OAuth: from a name to a posted note."""

import json

import pytest

from tests.conftest import account_of
from tests.web.programs import AS2, Program
from tests.web.test_oauth import PKCE, VERIFIER, consent, exchange, register, told


async def test_a_program_finds_its_way_from_a_name_to_an_answer(
    here, browser, wire, settle, remote, settle_down
):
    mei, ana = await settle("mei"), remote.person("ana")
    await browser.sign_in(await account_of(mei))
    base = here.server.base_url
    async with wire.get(f"/.well-known/webfinger?resource=acct:mei@{here.server.domain}") as answer:
        links = (await answer.json(content_type=None))["links"]
    actor_uri = next(each["href"] for each in links if each.get("type") == AS2)
    async with wire.get("/.well-known/oauth-authorization-server") as answer:
        metadata = await answer.json()

    app = await register(wire)
    code = told(await consent(browser, app, **PKCE))["code"]
    _, token, _ = await exchange(wire, app, code, client_secret=None, code_verifier=VERIFIER)
    program = Program(wire, mei, token["access_token"])

    _, actor, _ = await program.send("GET", actor_uri.removeprefix(base), headers={"Accept": AS2})
    endpoints = actor["endpoints"]
    assert endpoints["oauthTokenEndpoint"] == metadata["token_endpoint"]
    assert endpoints["oauthAuthorizationEndpoint"] == metadata["authorization_endpoint"]
    proxy = endpoints["proxyUrl"].removeprefix(base)
    _, person, _ = await program.send("POST", proxy, data={"id": ana.uri})
    await program.done({"type": "Follow", "object": person["id"]})
    await settle_down()
    follow = remote.last("Follow")
    await remote.send(mei.inbox, remote.activity("Accept", ana, follow), ana)
    note = remote.note(ana, content="<p>Hello there</p>")
    await remote.send(mei.inbox, remote.activity("Create", ana, note), ana)
    await settle_down()

    _, head, _ = await program.send("GET", actor["inbox"].removeprefix(base))
    _, page, _ = await program.send("GET", head["first"].removeprefix(base))
    (came,) = page["orderedItems"]
    assert came["object"]["content"] == "<p>Hello there</p>"
    written = {"type": "Note", "content": "<p>And to you</p>", "inReplyTo": came["object"]["id"]}
    outbox = actor["outbox"].removeprefix(base)
    status, said, _ = await program.send(
        "POST",
        outbox,
        data=json.dumps(written | {"to": [ana.uri]}),
        headers={"Content-Type": AS2},
    )
    await settle_down()

    answer = remote.last("Create")
    assert status == 201
    assert answer["id"] == said["id"]
    assert answer["object"]["inReplyTo"] == note["id"]
    assert answer["to"] == [ana.uri]

    async with wire.post(
        "/oauth/revoke",
        data={
            "client_id": app["client_id"],
            "client_secret": app["client_secret"],
            "token": program.token,
        },
    ) as response:
        assert response.status == 200
    assert (await program.send("GET", "/u/mei/inbox"))[0] == 401


@pytest.mark.parametrize(
    ("path", "accept", "kind"),
    [
        ("/.well-known/host-meta", "*/*", "application/xrd+xml"),
        ("/.well-known/host-meta", "application/json", "application/jrd+json"),
        ("/.well-known/host-meta", "application/jrd+json", "application/jrd+json"),
        ("/.well-known/host-meta.json", "*/*", "application/jrd+json"),
    ],
)
async def test_host_meta_is_told_in_the_form_that_is_asked_for(wire, path, accept, kind):
    async with wire.get(path, headers={"Accept": accept}) as answer:
        assert (answer.status, answer.content_type) == (200, kind)


async def test_webfinger_tells_of_the_links_that_are_asked_for(wire, here, settle):
    await settle("mei")
    path = f"/.well-known/webfinger?resource=acct:mei@{here.server.domain}&rel=self"

    async with wire.get(path) as answer:
        told = await answer.json(content_type=None)

    assert [each["rel"] for each in told["links"]] == ["self"]
