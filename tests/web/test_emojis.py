"""Emojis of other servers: kept by code and server, shown by way of ours."""

import io

import pytest
from PIL import Image

from actors.actor import Actor
from actors.emojis import Emoji, emoji_path, keep_emojis
from actors.profiles import change_profile
from core.storage import NotStored, storage
from moderation.emojis import add_emoji, remove_emoji
from notes.own_emojis import NotTaken, list_emojis
from outbox.create import publish
from outbox.draft import Draft, PollDraft
from outbox.update import edit
from tests.factories import noted, stranger
from tests.walks.people import befriended, came, fan_of
from tests.web.test_from_elsewhere import shelf
from tests.web.test_remote_faces import looked

__all__ = ["shelf"]


def tag(url, name=":blob:", **more):
    return {"type": "Emoji", "name": name, "icon": {"type": "Image", "url": url}} | more


@pytest.fixture
def drawing():
    made = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 128)).save(made, "PNG")
    return made.getvalue()


async def test_XSS_03_what_a_note_uses_is_kept_by_code_and_server(settle, remote, settle_down):
    mei = await settle("mei")
    ana, actor = await befriended(mei, remote, tag=[tag("https://x.example/ana.png", ":me:")])

    bad = ':x" onerror=:'
    tags = [
        tag("https://x.example/1.png"),
        tag("https://x.example/2.png", bad),
        tag("javascript:1", ":js:"),
    ]
    note = await came(remote, ana, mei, settle_down, content="<p>:blob:</p>", tag=tags)
    again = await came(remote, ana, mei, settle_down, tag=[tag("https://x.example/other.png")])

    emoji = await Emoji.get(shortcode="blob")
    assert note.emojis == again.emojis == [{"shortcode": "blob", "id": str(emoji.id)}]
    assert emoji.url == "https://x.example/other.png"
    assert emoji.host == actor.host
    assert {each.shortcode for each in await Emoji.all()} == {"blob", "me"}
    kept = await Actor.get(id=actor.id)
    assert [each["shortcode"] for each in kept.emojis] == ["me"]


async def test_apps_and_pages_show_them_from_our_addresses(settle, wire, browser):
    used = await keep_emojis(
        "elsewhere.example", [{"shortcode": "blob", "url": "https://drawn.test/1"}]
    )
    ana = await stranger("ana", title="Ana :blob:", emojis=used)
    note = await noted(ana, "<p>See :blob: and :none:</p>", emojis=used)
    path = emoji_path(int(used[0]["id"]))

    async with wire.get(f"/api/v1/statuses/{note.id}") as answer:
        status = await answer.json()
    page = await (await browser.get(note.page)).text()

    for each in (status["emojis"], status["account"]["emojis"]):
        assert [one["shortcode"] for one in each] == ["blob"]
        assert each[0]["url"].endswith(path)
    assert ":blob:" in status["content"]
    assert page.count(f'src="{path}" alt=":blob:"') >= 2
    assert ":none:" in page
    assert "drawn.test" not in page


async def test_a_picture_is_fetched_once_and_handed_out(settle, wire, shelf, drawing):
    fetched = serve(shelf, drawing)
    [used] = await keep_emojis("elsewhere.example", [{"shortcode": "blob", "url": fetched}])

    answers = [await looked(wire, emoji_path(int(used["id"]))) for _ in range(2)]

    for status, headers, body in answers:
        assert (status, body) == (200, drawing)
        assert headers["Content-Type"] == "image/png"
        assert headers["X-Content-Type-Options"] == "nosniff"
    assert [path for path, _ in shelf.asked] == ["/emoji"]


def serve(shelf, body):
    shelf.things["/emoji"] = body
    return f"{shelf.base}/emoji"


@pytest.mark.parametrize(
    "body", [b"<svg xmlns='x'/>", b"", b"\x89PNG\r\n\x1a\n" + b"0" * 200_000, b"OggS" + b"0" * 99]
)
async def test_MED_05_what_is_no_small_picture_is_not_handed_out(settle, browser, shelf, body):
    [used] = await keep_emojis("elsewhere.example", [{"shortcode": "b", "url": serve(shelf, body)}])

    assert (await browser.get(emoji_path(int(used["id"])))).status == 404


async def test_MED_12_only_addresses_of_ours_fetch_anything(settle, browser, shelf, drawing):
    [used] = await keep_emojis(
        "elsewhere.example", [{"shortcode": "b", "url": serve(shelf, drawing)}]
    )
    path = emoji_path(int(used["id"]))

    for wrong in (path[:-1] + "x", emoji_path(7), path.replace(used["id"], "99999999999999999999")):
        assert (await browser.get(wrong)).status == 404
    assert shelf.asked == []


async def test_our_own_are_drawn_in_notes_and_names_and_offered_to_apps(
    settle, wire, browser, drawing
):
    mei = await settle("mei")
    emoji = await add_emoji(":blob:", drawing)
    await change_profile(mei, title="Mei :blob:")
    poll = PollDraft(["Yes :blob:", "No"], seconds=3600)

    note = await publish(mei, Draft(text="See :blob: and :none:", poll=poll))
    plain = await publish(mei, Draft(text="At 10:30:15"))

    async with wire.get("/api/v1/custom_emojis") as answer:
        [offered] = await answer.json()
    async with wire.get(f"/api/v1/statuses/{note.id}") as answer:
        status = await answer.json()
    assert (offered["shortcode"], offered["visible_in_picker"]) == ("blob", True)
    for each in (status, status["account"], status["poll"]):
        assert [one["shortcode"] for one in each["emojis"]] == ["blob"]
    assert plain.emojis == []
    path = emoji_path(emoji.id)
    assert offered["url"].endswith(path)
    kind, headers, body = await looked(wire, path)
    assert (kind, headers["Content-Type"]) == (200, "image/webp")
    assert Image.open(io.BytesIO(body)).getpixel((9, 9))[3] == 128
    assert f'src="{path}" alt=":blob:"' in await (await browser.get(note.page)).text()


async def test_our_own_travel_with_notes_and_profiles(settle, remote, settle_down, drawing):
    mei = await settle("mei")
    await fan_of(mei, remote)
    emoji = await add_emoji("blob", drawing)

    await change_profile(mei, title="Mei :blob:")
    await settle_down()
    profile = remote.last("Update")["object"]
    note = await publish(mei, Draft(text="See :blob:"))
    await settle_down()
    created = remote.last("Create")["object"]
    await edit(mei, note, Draft(text="Nothing to see"))
    await settle_down()

    for document in (created, profile):
        [each] = [each for each in document["tag"] if each["type"] == "Emoji"]
        assert each["name"] == ":blob:"
        assert each["icon"]["url"].endswith(emoji_path(emoji.id))
        assert each["icon"]["url"].startswith("http")
        assert each["icon"]["mediaType"] == "image/webp"
    assert remote.last("Update")["object"]["tag"] == []


async def test_one_that_is_taken_away_is_gone_with_its_file(settle, wire, settle_down, drawing):
    mei = await settle("mei")
    emoji = await add_emoji("blob", drawing)
    await publish(mei, Draft(text="See :blob:"))

    assert await remove_emoji(":blob:")
    await settle_down()

    assert await list_emojis() == []
    assert (await looked(wire, emoji_path(emoji.id)))[0] == 404
    with pytest.raises(NotStored):
        await storage().size(emoji.url)
    assert not await remove_emoji("blob")


@pytest.mark.parametrize("code", ["", "a", "x y", "größe", "a" * 65, 'x"'])
async def test_XSS_03_a_code_is_letters_digits_and_underscores(here, drawing, code):
    with pytest.raises(NotTaken, match="two to 64"):
        await add_emoji(code, drawing)


async def test_MED_05_only_pictures_become_emojis_and_each_code_stands_for_one(here, drawing):
    with pytest.raises(NotTaken, match="picture"):
        await add_emoji("svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    await add_emoji("blob", drawing)
    with pytest.raises(NotTaken, match="there already"):
        await add_emoji("blob", drawing)

    assert await list_emojis() == ["blob"]
