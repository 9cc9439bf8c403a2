"""Changing one's profile, and reporting, by an app."""

import io

import pytest
from aiohttp import FormData
from PIL import Image

from actors.actor import Actor
from actors.documents import document_of
from moderation.reports import Report
from tests.factories import noted

PATH = "/api/v1/accounts/update_credentials"


async def test_a_profile_is_changed_and_the_rest_stays(settle, client):
    mei = await settle("mei", title="Mei", is_locked=True)
    app = await client(mei)
    values = {
        "note": "I **draw**.",
        "discoverable": True,
        "fields_attributes": {"0": {"name": "Site", "value": "https://mei.example/"}},
        "source": {"privacy": "unlisted", "sensitive": True, "language": "zh"},
    }

    status, found = await app.ask("PATCH", PATH, json=values)

    assert status == 200
    assert found["display_name"] == "Mei"
    assert found["locked"] is True
    assert found["discoverable"] is True
    assert "<strong>draw</strong>" in found["note"]
    assert found["fields"][0]["name"] == "Site"
    assert 'href="https://mei.example/"' in found["fields"][0]["value"]
    assert found["source"]["note"] == "I **draw**."
    assert found["source"]["fields"][0]["value"] == "https://mei.example/"
    assert found["source"]["privacy"] == "unlisted"
    assert (await app.get("/api/v1/preferences"))["posting:default:visibility"] == "unlisted"
    posted = await app.post("/api/v1/statuses", status="x")
    assert (posted["visibility"], posted["language"]) == ("unlisted", "zh")


async def test_a_portrait_comes_and_goes(settle, client):
    app = await client(await settle("mei"))
    made = io.BytesIO()
    Image.new("RGB", (500, 400), "teal").save(made, "PNG")
    form = FormData()
    form.add_field("avatar", made.getvalue(), filename="me.png", content_type="image/png")
    form.add_field("fields_attributes[0][name]", "a")
    form.add_field("fields_attributes[0][value]", "b")

    status, found = await app.ask("PATCH", PATH, data=form)
    profile = await app.get("/api/v1/profile")
    _, after = await app.ask("DELETE", "/api/v1/profile/avatar")

    assert status == 200
    assert "/media/" in found["avatar"]
    assert profile["avatar"] == found["avatar"]
    assert profile["fields"] == [{"name": "a", "value": "b", "verified_at": None}]
    assert "/static/" in after["avatar"]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"display_name": "x" * 61}, "display_name"),
        ({"note": "x" * 501}, "note"),
        ({"source": {"privacy": "everyone"}}, "source.privacy"),
    ],
)
async def test_what_is_too_much_is_named(settle, client, values, name):
    mei = await settle("mei")

    status, found = await (await client(mei)).ask("PATCH", PATH, json=values)

    assert status == 422
    assert name in found["details"]
    assert (await Actor.get(id=mei.id)).about_source == ""


async def test_OAU_09_nothing_else_is_taken(settle, client):
    mei = await settle("mei")

    await (await client(mei)).ask(
        "PATCH", PATH, json={"role": "admin", "username": "boss", "account_id": "1"}
    )

    found = await (await client(mei)).get("/api/v1/accounts/verify_credentials")
    assert (found["username"], found["role"]["permissions"]) == ("mei", "0")


async def test_somebody_is_reported(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    note = await noted(ana)
    app = await client(mei)

    made = await app.post(
        "/api/v1/reports",
        account_id=str(ana.id),
        status_ids=[str(note.id)],
        comment="Look",
        category="spam",
    )

    assert made["target_account"]["id"] == str(ana.id)
    assert made["category"] == "spam"
    assert made["action_taken"] is False
    assert (await Report.get()).notes == [note.id]
    own = await app.ask("POST", "/api/v1/reports", json={"account_id": str(mei.id)})
    assert own[0] == 403
    assert (await app.ask("POST", "/api/v1/reports", json={"account_id": "1"}))[0] == 404
    unknown = {"account_id": str(ana.id), "rule_ids": ["99"]}
    assert (await app.ask("POST", "/api/v1/reports", json=unknown))[0] == 422


async def test_picture_and_banner_are_described_here_and_elsewhere(settle, client):
    mei = await settle("mei", avatar="/media/a.jpg", header="/media/b.jpg")
    app = await client(mei)
    sent = {"avatar_description": "Mei, smiling", "header_description": "The quay at six"}

    status, told = await app.ask("PATCH", "/api/v1/accounts/update_credentials", json=sent)
    whole = await app.get("/api/v1/profile")
    document = document_of(await Actor.get(id=mei.id))

    assert status == 200
    for name, said in sent.items():
        assert told[name] == whole[name] == said
    assert document["image"]["name"] == document["image"]["summary"] == "The quay at six"
    assert document["icon"]["name"] == "Mei, smiling"
    gone = await app.ask("DELETE", "/api/v1/profile/header")
    assert gone[1]["header_description"] == ""
