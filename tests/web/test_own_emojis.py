"""The emojis of this server on a page and by an app: admins take them in and away."""

import io

import pytest
from aiohttp import FormData
from PIL import Image

from actors.accounts import Role
from actors.emojis import emoji_path, own_emojis
from moderation.audit import StaffAct
from notes import own_emojis as keeping
from notes.own_emojis import list_emojis, own_emoji
from tests.conftest import account_of
from tests.web.api.conftest import client
from tests.web.api.test_admin import STAFF

__all__ = ["client"]

PAGE, CALL = "/admin/emojis", "/api/rubric/v1/admin/emojis"


def drawing() -> bytes:
    """A small picture one can see through."""
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 128)).save(made, "PNG")
    return made.getvalue()


def emoji_form(code: str, *, csrf: str, picture: bytes | None = None) -> FormData:
    """The form of the page, as a browser sends it."""
    form = FormData({"csrf": csrf, "code": code}, default_to_multipart=True)
    sent = drawing() if picture is None else picture
    form.add_field("picture", io.BytesIO(sent), filename="blob.png", content_type="image/png")
    return form


@pytest.fixture
async def admin(browsers, settle):
    found = browsers()
    await found.sign_in(await account_of(await settle("chief", role=Role.ADMIN)))
    await found.get(PAGE)
    return found


async def test_an_admin_takes_an_emoji_in_and_away(admin):
    sent = await admin.upload(PAGE, emoji_form(":blob:", csrf=admin.token))
    made = await own_emoji("blob")
    page = await (await admin.get(PAGE)).text()
    used = await own_emojis("Look :blob:")
    gone = await admin.post(f"{PAGE}/blob/remove")

    assert (sent.status, gone.status) == (303, 303)
    assert f'src="{emoji_path(made.id)}"' in page
    assert ":blob:" in page
    assert used[0]["shortcode"] == "blob"
    assert await list_emojis() == []
    acts = [(each.act, each.about) for each in await StaffAct.all().order_by("id")]
    assert acts == [("emoji.add", "emoji:blob"), ("emoji.remove", "emoji:blob")]
    assert all([each.actor_id and each.address for each in await StaffAct.all()])


@pytest.mark.parametrize(
    ("code", "picture", "words"),
    [
        ("a", None, "A code has two to 64 letters"),
        ("grün", None, "A code has two to 64 letters"),
        ("blob", b"", "Choose a picture."),
        ("blob", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is no JPEG, PNG"),
        ("blob", b"\x89PNG\r\n\x1a\n" + b"0" * 2**21, "at most 2 MB"),
        ("taken", None, "This code is there already."),
    ],
    ids=["short", "odd", "none", "svg", "large", "taken"],
)
async def test_MED_05_what_cannot_be_one_is_said_beside_the_form(admin, code, picture, words):
    await admin.upload(PAGE, emoji_form("taken", csrf=admin.token))

    answer = await admin.upload(PAGE, emoji_form(code, csrf=admin.token, picture=picture))
    text = await answer.text()

    assert answer.status == 422
    assert words in text
    assert await list_emojis() == ["taken"]
    assert await StaffAct.all().count() == 1


async def test_there_is_an_end_to_them(admin, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_OWN", 1)
    await admin.upload(PAGE, emoji_form("one", csrf=admin.token))

    answer = await admin.upload(PAGE, emoji_form("two", csrf=admin.token))

    assert "There are 1 emojis already." in await answer.text()


async def test_one_that_is_not_there_cannot_be_removed(admin):
    assert (await admin.post(f"{PAGE}/blob/remove")).status == 404
    assert not await StaffAct.exists()


@pytest.mark.parametrize(("role", "status"), [(Role.MEMBER, 403), (Role.MODERATOR, 403)])
async def test_ADM_01_only_admins_choose_them(browser, settle, role, status):
    await browser.sign_in(await account_of(await settle("mod", role=role)))
    await browser.get("/settings/profile")

    told = [
        (await browser.get(PAGE)).status,
        (await browser.upload(PAGE, emoji_form("blob", csrf=browser.token))).status,
        (await browser.post(f"{PAGE}/blob/remove")).status,
    ]

    assert told == [status] * 3
    assert await list_emojis() == []


def sent(code: str, picture: bytes | None) -> FormData:
    form = FormData({"shortcode": code}, default_to_multipart=True)
    if picture is not None:
        form.add_field("image", picture, filename="blob.png", content_type="image/png")
    return form


async def test_an_app_of_an_admin_does_the_same(settle, client):
    app = await client(await settle("chief", role=Role.ADMIN), *STAFF)

    status, made = await app.ask("POST", CALL, data=sent("blob", drawing()))
    again, why = await app.ask("POST", CALL, data=sent("blob", drawing()))
    bad, told = await app.ask("POST", CALL, data=sent("other", b"words"))
    lacking, _ = await app.ask("POST", CALL, data=sent("other", None))
    listed = await app.get(CALL)
    offered = await app.get("/api/v1/custom_emojis")
    gone = await app.ask("DELETE", f"{CALL}/blob")
    twice = await app.ask("DELETE", f"{CALL}/blob")

    assert (status, made["shortcode"], made["visible_in_picker"]) == (200, "blob", True)
    assert (again, list(why["details"])) == (422, ["shortcode"])
    assert (bad, list(told["details"])) == (422, ["image"])
    assert lacking == 400
    assert listed == offered == [made]
    assert (gone, twice[0]) == ((200, {}), 404)
    acts = [each.act for each in await StaffAct.all().order_by("id")]
    assert acts == ["emoji.add", "emoji.remove"]


async def test_ADM_01_an_app_of_a_moderator_reads_and_changes_nothing(settle, client):
    app = await client(await settle("mod", role=Role.MODERATOR), *STAFF)

    told = [
        (await app.ask("GET", CALL))[0],
        (await app.ask("POST", CALL, data=sent("blob", drawing())))[0],
        (await app.ask("DELETE", f"{CALL}/blob"))[0],
    ]

    assert told == [200, 403, 403]
