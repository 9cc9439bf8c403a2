"""The app a status was posted by, and statuses put into pages of others."""

import pytest

from actors.apps import register
from actors.tokens import issue
from notes.note import Audience
from outbox.create import publish
from outbox.draft import Draft
from tests.conftest import account_of
from tests.factories import noted, stranger
from tests.web.api.conftest import Client


async def test_a_status_names_the_app_it_was_posted_by(settle, client, wire):
    mei = await settle("mei")
    app, _secret = await register(
        "Walks", ["https://w.test/back"], ["write", "read"], "https://w.test"
    )
    token, _ = await issue(await account_of(mei), ["write", "read"], app=app)

    made = await Client(wire, token).post("/api/v1/statuses", status="Hello")
    seen = await (await client()).get(f"/api/v1/statuses/{made['id']}")
    script = await (await client(mei)).post("/api/v1/statuses", status="Hello")
    here = await (await client()).get(
        f"/api/v1/statuses/{(await publish(mei, Draft(text='x'))).id}"
    )
    far = await (await client()).get(f"/api/v1/statuses/{(await noted(await stranger('ana'))).id}")

    assert made["application"] == seen["application"]
    assert seen["application"] == {"name": "Walks", "website": "https://w.test"}
    assert script["application"] == {"name": "an app", "website": None}
    assert here["application"] is None
    assert "application" not in far


async def test_an_open_note_is_embedded(settle, client, here):
    mei = await settle("mei", title='Mei "M" <b>')
    note = await publish(mei, Draft(text="Hello <script>\n\nagain"))
    app = await client()

    found = await app.get("/api/oembed", url=f"{here.server.base_url}/n/{note.id}", maxwidth="300")

    assert (found["type"], found["version"], found["width"]) == ("rich", "1.0", 300)
    assert "<script" not in found["html"]
    assert "<b>" not in found["html"]
    assert f"/n/{note.id}" in found["html"]
    assert "<p>again</p>" in found["html"]


@pytest.mark.parametrize("audience", [Audience.FOLLOWERS, Audience.SERVER, Audience.PEOPLE])
async def test_PRIV_01_no_narrow_note_is_embedded(settle, client, here, audience):
    mei, bo = await settle("mei"), await settle("bo")
    note = await publish(mei, Draft(text="Hello @bo", audience=audience))

    for app in (await client(), await client(mei), await client(bo)):
        status, _ = await app.ask(
            "GET", "/api/oembed", params={"url": f"{here.server.base_url}/n/{note.id}"}
        )
        assert status == 404


async def test_what_is_no_note_of_ours_is_not_embedded(settle, client, here):
    far = await noted(await stranger("ana"))
    app = await client()

    for url in (
        f"{here.server.base_url}/n/{far.id}",
        "https://x.test/n/1",
        "x",
        f"{here.server.base_url}/n/7",
    ):
        assert (await app.ask("GET", "/api/oembed", params={"url": url}))[0] == 404
    assert (await app.ask("GET", "/api/oembed"))[0] == 400
