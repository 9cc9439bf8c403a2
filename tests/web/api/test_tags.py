"""Tags as apps see them: their last week, who follows them, and who shows them."""

import pytest

from notes.followed_tags import FollowedTag
from notes.tags import tag_note
from tests.factories import followed, noted, stranger

HOME = "/api/v1/timelines/home"


async def tagged(author, *tags, **columns):
    """A note that carries these tags."""
    note = await noted(author, **columns)
    for tag in tags:
        await tag_note(note, tag)
    return note


def ids(found):
    return [each["id"] for each in found]


async def test_a_tag_tells_of_its_last_seven_days(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    for author in (mei, ana, ana):
        await tagged(author, "Hills")
    await tagged(ana, "hills", audience="followers")

    found = await (await client()).get("/api/v1/tags/HILLS")
    mine = await (await client(mei)).get("/api/v1/tags/hills")

    assert found["name"] == "hills"
    assert found["url"].endswith("/tags/hills")
    assert found["id"].isdigit()
    assert len(found["history"]) == 7
    assert {type(each) for day in found["history"] for each in day.values()} == {str}
    assert (found["history"][0]["uses"], found["history"][0]["accounts"]) == ("3", "2")
    assert int(found["history"][0]["day"]) - int(found["history"][1]["day"]) == 86_400
    assert "following" not in found
    assert (mine["following"], mine["featuring"]) == (False, False)


async def test_a_tag_nobody_used_is_there_without_a_history(served, client):
    found = await (await client()).get("/api/v1/tags/nothing")

    assert found["name"] == "nothing"
    assert [each["uses"] for each in found["history"]] == ["0"] * 7
    assert await (await client()).get("/api/v1/timelines/tag/nothing") == []


async def test_public_notes_with_a_followed_tag_come_home(settle, client, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    app, author = await client(mei), await client(ana)

    followed_now = await app.post("/api/v1/tags/Hills/follow")
    wanted = await author.post("/api/v1/statuses", status="Up the #hills")
    await author.post("/api/v1/statuses", status="Quiet #hills", visibility="unlisted")
    await author.post("/api/v1/statuses", status="An answer, #hills", in_reply_to_id=wanted["id"])
    await author.post("/api/v1/statuses", status="Down the #valley")
    await settle_down()

    assert (followed_now["name"], followed_now["following"]) == ("hills", True)
    assert ids(await app.get(HOME)) == [wanted["id"]]


async def test_what_came_by_a_tag_alone_goes_with_it(settle, client, settle_down):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    await followed(mei, bo)
    app = await client(mei)
    await app.post("/api/v1/tags/hills/follow")
    await app.post("/api/v1/tags/valley/follow")
    await (await client(ana)).post("/api/v1/statuses", status="#hills")
    both = await (await client(ana)).post("/api/v1/statuses", status="#hills #valley")
    friends = await (await client(bo)).post("/api/v1/statuses", status="#hills")
    await settle_down()
    before = await app.get(HOME)

    gone = await app.post("/api/v1/tags/hills/unfollow")

    assert len(before) == 3
    assert gone["following"] is False
    assert ids(await app.get(HOME)) == [friends["id"], both["id"]]


async def test_muted_and_blocking_authors_do_not_come_by_a_tag(settle, client, settle_down):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo")
    app = await client(mei)
    await app.post("/api/v1/tags/hills/follow")
    await app.post(f"/api/v1/accounts/{ana.id}/mute")
    await (await client(bo)).post(f"/api/v1/accounts/{mei.id}/block")

    for author in (ana, bo):
        await (await client(author)).post("/api/v1/statuses", status="#hills")
    await settle_down()

    assert await app.get(HOME) == []


async def test_followed_tags_are_listed_with_pages(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    for name in ("a1", "b1", "c1"):
        await app.post(f"/api/v1/tags/{name}/follow")
    await (await client(await settle("ana"))).post("/api/v1/tags/d1/follow")

    response = await app.send("GET", "/api/v1/followed_tags?limit=2")
    link = response.headers["Link"].split(">")[0].partition("/api")[2]
    rest = await app.get(f"/api{link}")

    assert [each["name"] for each in await response.json()] == ["c1", "b1"]
    assert [each["name"] for each in rest] == ["a1"]
    assert rest[0]["following"] is True


async def test_following_twice_is_following_once(settle, client):
    app = await client(await settle("mei"))

    for _ in range(2):
        await app.post("/api/v1/tags/hills/follow")

    assert await FollowedTag.all().count() == 1


@pytest.mark.parametrize("name", ["1234", "a b", "%23%23", "x" * 101, "a%2Fb"])
async def test_what_is_no_tag_cannot_be_followed(settle, client, name):
    app = await client(await settle("mei"))

    for act in ("follow", "feature"):
        status, body = await app.ask("POST", f"/api/v1/tags/{name}/{act}")

        assert status == 422
        assert "name" in body["details"]


async def test_a_tag_is_shown_on_a_page(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    await tagged(mei, "hills")
    await tagged(mei, "hills", audience="followers")

    made = await app.post("/api/v1/featured_tags", name="#Hills")
    again = await app.post("/api/v1/featured_tags", name="hills")
    shown = await (await client()).get(f"/api/v1/accounts/{mei.id}/featured_tags")
    tag = await app.get("/api/v1/tags/hills")

    assert made == again
    assert shown == await app.get("/api/v1/featured_tags") == [made]
    assert (made["name"], made["statuses_count"]) == ("hills", "1")
    assert len(made["last_status_at"]) == 10
    assert tag["featuring"] is True
    assert (await app.get("/api/v1/profile"))["featured_tags"] == [made]


async def test_OAU_06_only_ones_own_tag_is_taken_away(settle, client):
    mei, ana = await client(await settle("mei")), await client(await settle("ana"))
    made = await mei.post("/api/v1/featured_tags", name="hills")
    path = f"/api/v1/featured_tags/{made['id']}"

    others = await ana.ask("DELETE", path)
    odd = await mei.ask("DELETE", "/api/v1/featured_tags/x")
    own = await mei.ask("DELETE", path)

    assert others[0] == odd[0] == 404
    assert own == (200, {})
    assert await mei.get("/api/v1/featured_tags") == []


async def test_a_tag_is_featured_and_unfeatured_by_its_name(settle, client):
    app = await client(await settle("mei"))

    on = await app.post("/api/v1/tags/hills/feature")
    off = await app.post("/api/v1/tags/hills/unfeature")

    assert (on["featuring"], off["featuring"]) == (True, False)


async def test_no_more_than_ten_tags_are_shown(settle, client):
    app = await client(await settle("mei"))
    for number in range(10):
        await app.post("/api/v1/featured_tags", name=f"tag{number}")

    status, body = await app.ask("POST", "/api/v1/featured_tags", json={"name": "more"})

    assert status == 422
    assert "10 tags" in body["error"]
    assert (await app.ask("POST", "/api/v1/featured_tags", json={}))[0] == 400


async def test_the_tags_one_used_most_are_suggested(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    for tags in (["hills"], ["hills", "valley"], ["shown"]):
        await tagged(mei, *tags)
    await app.post("/api/v1/featured_tags", name="shown")
    await tagged(await settle("ana"), "other")

    found = await app.get("/api/v1/featured_tags/suggestions")

    assert [each["name"] for each in found] == ["hills", "valley"]


async def test_a_timeline_of_several_tags(settle, client):
    mei = await settle("mei")
    bo = await stranger("bo")
    a, b = await tagged(mei, "aa"), await tagged(mei, "bb")
    both = await tagged(mei, "aa", "bb")
    far = await tagged(bo, "aa")
    app, path = await client(), "/api/v1/timelines/tag/AA"

    assert ids(await app.get(path)) == [str(each.id) for each in (far, both, a)]
    assert ids(await app.get(path, **{"any[]": "BB"})) == [
        str(each.id) for each in (far, both, b, a)
    ]
    assert ids(await app.get(path, **{"all[]": "bb"})) == [str(both.id)]
    assert ids(await app.get(path, **{"none[]": "#bb"})) == [str(far.id), str(a.id)]
    assert ids(await app.get(path, local="true")) == [str(both.id), str(a.id)]
    assert ids(await app.get(path, remote="true")) == [str(far.id)]
    assert await app.get(path, only_media="true") == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/followed_tags"),
        ("GET", "/api/v1/featured_tags"),
        ("POST", "/api/v1/featured_tags"),
        ("POST", "/api/v1/tags/hills/follow"),
    ],
)
async def test_tags_of_ones_own_take_a_token_with_the_scope(settle, client, method, path):
    mei = await settle("mei")

    assert (await (await client()).ask(method, path))[0] == 401
    assert (await (await client(mei, "read:statuses")).ask(method, path))[0] == 403
