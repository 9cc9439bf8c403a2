"""Boards by an app: made, filled, looked at by those who may; to others as if there were none."""

from datetime import timedelta

import pytest
from aiohttp import FormData

from actors.actor import Actor
from actors.blocks import Block
from core.clock import now
from notes.boards import Board, BoardNote, Sharing
from notes.note import Audience
from notes.removal import remove
from outbox import gather
from tests.counting import counted
from tests.factories import boosted, followed, noted
from tests.web.api.village import picture

BOARDS = "/api/rubric/v1/boards"
NOBODYS = 4_611_686_018_427_387_904


@pytest.fixture
async def mei(settle):
    return await settle("mei", title="Mei Lin")


@pytest.fixture
async def ben(settle):
    return await settle("ben", title="Ben")


@pytest.fixture
async def app(client, mei):
    return await client(mei)


@pytest.fixture
async def as_ben(client, ben):
    return await client(ben)


@pytest.fixture
async def nobody(client):
    return await client()


async def made(app, **more):
    found = await app.post(BOARDS, **({"name": "Mornings"} | more))
    return found, f"{BOARDS}/{found['id']}"


async def test_a_board_is_made_filled_read_changed_and_dropped(app, mei, ben):
    first, second = await noted(ben, "<p>Bread</p>"), await noted(mei, "<p>Tea</p>")

    board, at = await made(app, name="  早晨  of  bread ", about="At six", sharing="public")
    for note in (first, second, first):
        await app.post(f"{at}/statuses", status_id=str(note.id))
    shown, listed = await app.get(at), await app.get(f"{at}/statuses")
    status, changed = await app.ask("PATCH", at, json={"about": "At seven"})
    off, _ = await app.ask("DELETE", f"{at}/statuses/{first.id}")
    left = await app.get(f"{at}/statuses")
    gone, _ = await app.ask("DELETE", at)

    assert (board["name"], board["about"], board["sharing"]) == (
        "早晨 of bread",
        "At six",
        "public",
    )
    assert (board["secret"], board["statuses_count"], board["cover"]) == (None, 0, None)
    assert board["account"]["id"] == str(mei.id)
    assert board["url"].endswith(f"/boards/{board['id']}")
    assert shown["statuses_count"] == 2
    assert [each["id"] for each in listed] == [str(second.id), str(first.id)]
    assert (status, changed["name"], changed["about"]) == (200, "早晨 of bread", "At seven")
    assert (off, [each["id"] for each in left], gone) == (200, [str(second.id)], 200)
    assert (await app.ask("GET", at))[0] == 404
    assert not await BoardNote.exists()
    assert (await app.ask("GET", f"/api/v1/statuses/{first.id}"))[0] == 200


async def test_what_is_not_said_of_a_new_board_keeps_it_to_oneself(app):
    board, _ = await made(app)

    assert (board["sharing"], board["about"]) == ("private", "")


@pytest.mark.parametrize(
    ("wrong", "status", "field"),
    [
        ({}, 400, None),
        ({"name": " "}, 400, None),
        ({"name": None}, 400, None),
        ({"name": ["x"]}, 400, None),
        ({"name": "x" * 81}, 422, "name"),
        ({"name": "Taken"}, 422, "name"),
        ({"name": "x", "about": "y" * 501}, 422, "about"),
        ({"name": "x", "sharing": "everyone"}, 422, "sharing"),
    ],
    ids=str,
)
async def test_what_is_wrong_is_said_by_its_name(app, wrong, status, field):
    await made(app, name="Taken")

    told, body = await app.ask("POST", BOARDS, json=wrong)

    assert told == status
    assert list(body.get("details", {})) == ([field] if field else [])
    assert await Board.all().count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "Taken"}, "name"),
        ({"about": "y" * 501}, "about"),
        ({"sharing": "all"}, "sharing"),
    ],
    ids=str,
)
async def test_a_change_that_cannot_be_is_refused_whole(app, wrong, field):
    await made(app, name="Taken")
    _, at = await made(app)

    status, body = await app.ask("PATCH", at, json={"about": "new"} | wrong)

    assert (status, list(body["details"])) == (422, [field])
    assert (await app.get(at))["about"] == ""


async def test_there_are_as_many_as_one_may_have_and_no_more(app, monkeypatch, ben):
    monkeypatch.setattr(gather, "MOST_BOARDS", 1)
    monkeypatch.setattr(gather, "MOST_NOTES", 1)
    _, at = await made(app)
    await app.post(f"{at}/statuses", status_id=str((await noted(ben)).id))

    another = await app.ask("POST", BOARDS, json={"name": "Another"})
    full = await app.ask("POST", f"{at}/statuses", json={"status_id": str((await noted(ben)).id)})

    assert (another[0], full[0]) == (422, 403)
    assert "200 boards" in another[1]["error"]


@pytest.mark.parametrize("sharing", [Sharing.PRIVATE, Sharing.LINK])
async def test_PRIV_02_a_board_one_may_not_look_at_is_as_if_there_were_none(
    app, as_ben, nobody, sharing, mei
):
    board, at = await made(app, sharing=sharing.value)
    never = f"{BOARDS}/{NOBODYS}"

    for reader in (as_ben, nobody):
        for path in (at, f"{at}/statuses", f"{at}?secret=", f"{at}?secret=é", f"{at}?secret[]=a"):
            assert await reader.ask("GET", path) == await reader.ask("GET", never), path
            assert (await reader.ask("GET", path))[0] == 404
        assert await reader.get(f"/api/rubric/v1/accounts/{mei.id}/boards") == []
    assert (await app.get(at))["id"] == board["id"]


async def test_a_board_by_link_opens_with_its_secret_until_it_is_shared_otherwise(
    app, as_ben, nobody, ben
):
    board, at = await made(app, sharing="link")
    await app.post(f"{at}/statuses", status_id=str((await noted(ben, "<p>For you</p>")).id))
    secret = board["secret"]

    for reader in (as_ben, nobody):
        assert (await reader.get(at, secret=secret))["url"] == board["url"]
        [status] = await reader.get(f"{at}/statuses", secret=secret)
        assert status["content"] == "<p>For you</p>"
        assert (await reader.ask("GET", at, params={"secret": secret[:-1]}))[0] == 404
    await app.ask("PATCH", at, json={"sharing": "private"})
    _, again = await app.ask("PATCH", at, json={"sharing": "link"})

    assert board["url"].endswith(f"-{secret}")
    assert again["secret"] not in (None, secret)
    assert (await nobody.ask("GET", at, params={"secret": secret}))[0] == 404


async def test_OAU_06_only_its_owner_changes_a_board_whoever_may_look(app, as_ben, ben, mei):
    note = await noted(mei)
    for sharing in Sharing:
        _, at = await made(app, name=sharing.value, sharing=sharing.value)
        await app.post(f"{at}/statuses", status_id=str(note.id))
        tries = (
            ("PATCH", at, {"name": "Mine"}),
            ("DELETE", at, {}),
            ("POST", f"{at}/statuses", {"status_id": str(note.id)}),
            ("DELETE", f"{at}/statuses/{note.id}", {}),
        )
        for method, path, sent in tries:
            assert (await as_ben.ask(method, path, json=sent))[0] == 404, (method, path)

    assert await BoardNote.all().count() == await Board.all().count() == 3
    assert await as_ben.get(BOARDS) == []


async def test_what_one_may_not_see_is_not_put_on_a_board(app, ben, mei):
    hidden = await noted(ben, audience=Audience.FOLLOWERS)
    note = await noted(ben)
    boost = await boosted(ben, note)
    _, at = await made(app)

    told = [
        (await app.ask("POST", f"{at}/statuses", json={"status_id": each}))[0]
        for each in (str(hidden.id), str(NOBODYS), "x", "9" * 30, -1, ["1"], "", None)
    ]
    lacking = (await app.ask("POST", f"{at}/statuses"))[0]
    by_boost = (await app.ask("POST", f"{at}/statuses", json={"status_id": boost.id}))[0]

    assert told == [404, 404, 404, 404, 404, 400, 400, 400]
    assert (lacking, by_boost) == (400, 200)
    assert [each["id"] for each in await app.get(f"{at}/statuses")] == [str(note.id)]


async def test_what_is_not_to_be_seen_any_more_can_be_taken_off(app, ben, mei):
    await followed(mei, ben)
    note = await noted(ben, audience=Audience.FOLLOWERS)
    _, at = await made(app)
    await app.post(f"{at}/statuses", status_id=str(note.id))
    await Block.create(uri="urn:b", blocker_id=ben.id, blocked_id=mei.id)

    seen = await app.get(f"{at}/statuses")
    off = [(await app.ask("DELETE", f"{at}/statuses/{note.id}"))[0] for _ in range(2)]
    strange = [(await app.ask("DELETE", f"{at}/statuses/{each}"))[0] for each in ("x", "9" * 30)]

    assert seen == []
    assert off == [200, 404]
    assert strange == [404, 404]
    assert not await BoardNote.exists()


async def test_PRIV_01_narrow_notes_on_a_public_board_are_for_those_who_may_see_them(
    app, as_ben, nobody, settle, mei
):
    cai = await settle("cai")
    await followed(mei, cai)
    narrow = await noted(cai, "<p>For followers</p>", audience=Audience.FOLLOWERS)
    wide = await noted(cai, "<p>Open</p>")
    _, at = await made(app, sharing="public")
    for note in (narrow, wide):
        await app.post(f"{at}/statuses", status_id=str(note.id))

    assert (await app.get(at))["statuses_count"] == 2
    for reader in (as_ben, nobody):
        [board] = await reader.get(f"/api/rubric/v1/accounts/{mei.id}/boards")
        assert board["statuses_count"] == (await reader.get(at))["statuses_count"] == 1
        assert [each["id"] for each in await reader.get(f"{at}/statuses")] == [str(wide.id)]


async def test_PRIV_07_who_is_blocked_does_not_see_the_boards(app, as_ben, mei, ben):
    note = await noted(ben)
    _, at = await made(app, sharing="public")
    await app.post(f"{at}/statuses", status_id=str(note.id))
    assert (await as_ben.ask("GET", at))[0] == 200

    await Block.create(uri="urn:b", blocker_id=mei.id, blocked_id=ben.id)

    for path in (at, f"{at}/statuses", f"/api/rubric/v1/accounts/{mei.id}/boards"):
        assert (await as_ben.ask("GET", path))[0] == 404, path
    assert (await as_ben.get(f"/api/v1/statuses/{note.id}"))["rubric"]["boards"] == []


async def test_who_is_suspended_shows_no_boards(app, as_ben, mei):
    _, at = await made(app, sharing="public")

    await Actor.filter(id=mei.id).update(suspended_at=now() - timedelta(days=1))

    assert (await as_ben.ask("GET", at))[0] == 404
    assert await as_ben.get(f"/api/rubric/v1/accounts/{mei.id}/boards") == []


async def test_boards_are_listed_all_of_ones_own_and_those_that_hold_a_status(
    app, as_ben, mei, ben, nobody
):
    note, other = await noted(ben), await noted(ben)
    for sharing in Sharing:
        _, at = await made(app, name=sharing.value, sharing=sharing.value)
    await app.post(f"{at}/statuses", status_id=str(note.id))

    async def names(reader, path, **params):
        return [each["name"] for each in await reader.get(path, **params)]

    of_mei = f"/api/rubric/v1/accounts/{mei.id}/boards"
    assert await names(app, BOARDS) == ["private", "link", "public"]
    assert await names(app, of_mei) == ["private", "link", "public"]
    assert await names(as_ben, of_mei) == await names(nobody, of_mei) == ["public"]
    assert await names(app, BOARDS, status_id=str(note.id)) == ["private"]
    assert await names(app, BOARDS, status_id=str(other.id)) == []
    assert (await app.ask("GET", f"{BOARDS}?status_id={NOBODYS}"))[0] == 404
    assert (await nobody.ask("GET", f"/api/rubric/v1/accounts/{NOBODYS}/boards"))[0] == 404


async def test_a_status_names_the_public_boards_it_is_on_and_ones_own(app, as_ben, nobody, ben):
    note = await noted(ben)
    boost = await boosted(ben, note)
    urls = {}
    for sharing in Sharing:
        board, at = await made(app, name=sharing.value, sharing=sharing.value)
        urls[sharing] = board["url"]
        await app.post(f"{at}/statuses", status_id=str(note.id))

    for number in (note.id, boost.id):
        own = (await app.get(f"/api/v1/statuses/{number}"))["rubric"]["boards"]
        assert [each["name"] for each in own] == ["private", "link", "public"]
        assert [each["url"] for each in own] == list(urls.values())[::-1]
        for reader in (as_ben, nobody):
            found = (await reader.get(f"/api/v1/statuses/{number}"))["rubric"]["boards"]
            assert [each["name"] for each in found] == ["public"]
    [listed] = await app.get(f"/api/v1/statuses?id[]={note.id}")
    assert "boards" not in listed["rubric"]


async def test_a_cover_is_a_picture_that_needs_none(app, as_ben):
    data = FormData({"description": "A loaf"})
    data.add_field("file", picture((64, 64)), filename="x.png", content_type="image/png")
    _, media = await as_ben.ask("POST", "/api/v2/media", data=data)
    while media["url"] is None:
        _, media = await as_ben.ask("GET", f"/api/v1/media/{media['id']}")
    shown = await as_ben.post("/api/v1/statuses", status="Bread", media_ids=[media["id"]])
    _, at = await made(app, sharing="public")

    await app.post(f"{at}/statuses", status_id=shown["id"])
    cover = (await as_ben.get(at))["cover"]
    await as_ben.ask("PUT", f"/api/v1/statuses/{shown['id']}", json={"sensitive": True})

    assert (cover["type"], cover["description"]) == ("image", "A loaf")
    assert cover["url"] == shown["media_attachments"][0]["url"]
    assert (await as_ben.get(at))["cover"] is None


async def test_what_is_on_a_board_comes_in_pages_both_ways(app, ben):
    notes = [await noted(ben) for _ in range(5)]
    _, at = await made(app)
    for note in notes:
        await app.post(f"{at}/statuses", status_id=str(note.id))
    ids = [str(note.id) for note in reversed(notes)]

    async def page(path):
        answer = await app.send("GET", path)
        links = {key: str(link["url"]) for key, link in answer.links.items()}
        return [each["id"] for each in await answer.json()], links

    first, links = await page(f"{at}/statuses?limit=2")
    second, further = await page(links["next"])
    third, end = await page(further["next"])
    back, _ = await page(further["prev"])

    assert (first, second, third, back) == (ids[:2], ids[2:4], ids[4:], ids[:2])
    assert "next" not in end


async def test_a_deleted_status_goes_from_boards(app, ben):
    note = await noted(ben)
    _, at = await made(app)
    await app.post(f"{at}/statuses", status_id=str(note.id))

    await remove(note)

    assert await app.get(f"{at}/statuses") == []


async def test_scopes_of_boards_are_those_of_bookmarks(client, mei, nobody):
    reading = await client(mei, "read:bookmarks")
    other = await client(mei, "read:statuses", "write:statuses")

    assert await reading.get(BOARDS) == []
    assert (await reading.ask("POST", BOARDS, json={"name": "x"}))[0] == 403
    assert (await other.ask("GET", BOARDS))[0] == 403
    assert (await nobody.ask("GET", BOARDS))[0] == 401


async def test_boards_ask_the_database_the_same_however_many_there_are(app, mei, ben):
    async def fill(name):
        _, at = await made(app, name=name, sharing="public")
        for _ in range(3):
            await app.post(f"{at}/statuses", status_id=str((await noted(ben)).id))
        return at

    at = await fill("a")
    note = await noted(ben)
    await app.post(f"{at}/statuses", status_id=str(note.id))
    paths = (BOARDS, f"{at}/statuses", f"/api/v1/statuses/{note.id}")
    few = {}
    for path in paths:
        await app.get(path)
        with counted() as few[path]:
            await app.get(path)
    for name in "bcd":
        more = await fill(name)
        await app.post(f"{more}/statuses", status_id=str(note.id))
        await app.post(f"{at}/statuses", status_id=str((await noted(ben)).id))
    for path in paths:
        await app.get(path)
        with counted() as many:
            await app.get(path)
        assert len(many) == len(few[path]), path
