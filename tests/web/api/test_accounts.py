"""Accounts and what is between people, as apps see and change it."""

import pytest

from actors.accounts import Role
from actors.actor import Actor
from actors.blocks import Mute
from core.clock import now
from inbox.notifications import Notification
from tests.factories import boosted, followed, noted, stranger

NOTHING = {
    "following": False,
    "showing_reblogs": False,
    "notifying": False,
    "languages": None,
    "followed_by": False,
    "blocking": False,
    "blocked_by": False,
    "muting": False,
    "muting_notifications": False,
    "muting_expires_at": None,
    "requested": False,
    "requested_by": False,
    "domain_blocking": False,
    "endorsed": False,
    "note": "",
}


async def test_an_account_has_every_field(settle, client):
    ana = await settle("ana", title="Ana", about="<p>Hills</p>", role=Role.MODERATOR)

    found = await (await client()).get(f"/api/v1/accounts/{ana.id}")

    assert found["note"] == "<p>Hills</p>"
    assert found["group"] is False
    assert found["roles"][0]["name"] == "Moderator"
    assert found["fields"] == found["emojis"] == []
    assert found["created_at"].endswith("T00:00:00.000Z")
    assert found["last_status_at"] is None
    assert found["header"].startswith("http")


async def test_between_strangers_there_is_nothing(settle, client):
    mei, ana = await settle("mei"), await settle("ana")

    found = await (await client(mei)).get(
        "/api/v1/accounts/relationships", **{"id[]": [str(ana.id), "12345"]}
    )

    assert found == [{"id": str(ana.id)} | NOTHING]


async def test_following_with_wishes(settle, client, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    app, path = await client(mei), f"/api/v1/accounts/{ana.id}"

    await app.post(f"{path}/follow", reblogs=False, notify=True, languages=["zh"])
    await settle_down()
    [tie] = await app.get("/api/v1/accounts/relationships", id=str(ana.id))
    back = await app.post(f"{path}/unfollow")

    assert (tie["following"], tie["showing_reblogs"], tie["notifying"]) == (True, False, True)
    assert tie["languages"] == ["zh"]
    assert back["following"] is False


async def test_of_a_language_its_first_part_counts_and_what_is_none_is_refused_whole(
    settle, client
):
    ana = await settle("ana")
    app, path = await client(await settle("mei")), f"/api/v1/accounts/{ana.id}/follow"

    wrong, body = await app.ask("POST", path, json={"languages": ["en", "!!"]})
    [tie] = await app.get("/api/v1/accounts/relationships", id=str(ana.id))
    found = await app.post(path, languages=["zh-CN", "zh_TW", "EN"])

    assert (wrong, list(body["details"]), tie["following"]) == (422, ["languages"], False)
    assert found["languages"] == ["zh", "en"]


async def test_a_reader_is_told_of_notes_and_spared_other_languages(settle, client, settle_down):
    mei, ana = await settle("mei"), await settle("ana")
    app = await client(mei)
    await app.post(f"/api/v1/accounts/{ana.id}/follow", notify=True, languages=["zh"])
    await settle_down()
    author = await client(ana)

    wanted = await author.post("/api/v1/statuses", status="山", language="zh")
    await author.post("/api/v1/statuses", status="Hills", language="en")
    await settle_down()

    home = await app.get("/api/v1/timelines/home")
    told = await Notification.filter(reader_id=mei.id, event="status").values("note_id")
    assert [each["id"] for each in home] == [wanted["id"]]
    assert [str(each["note_id"]) for each in told] == [wanted["id"]]


async def test_who_asks_first_is_asked_to_wait(settle, client, settle_down):
    mei, ana = await settle("mei"), await settle("ana", is_locked=True)
    app = await client(mei)

    await app.post(f"/api/v1/accounts/{ana.id}/follow")
    await settle_down()
    [tie] = await app.get("/api/v1/accounts/relationships", id=str(ana.id))
    [other] = await (await client(ana)).get("/api/v1/accounts/relationships", id=str(mei.id))

    assert (tie["following"], tie["requested"]) == (False, True)
    assert other["requested_by"] is True


async def test_muting_ends(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    app = await client(mei)

    tie = await app.post(f"/api/v1/accounts/{ana.id}/mute", duration=3600, notifications=False)
    [listed] = await app.get("/api/v1/mutes")
    await Mute.all().update(ends_at=now())
    [after] = await app.get("/api/v1/accounts/relationships", id=str(ana.id))

    assert (tie["muting"], tie["muting_notifications"]) == (True, False)
    assert listed["mute_expires_at"] == tie["muting_expires_at"] is not None
    assert after["muting"] is False
    assert await app.get("/api/v1/mutes") == []


async def test_blocking(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    await followed(ana, mei)
    app, other = await client(mei), await client(ana)

    tie = await app.post(f"/api/v1/accounts/{ana.id}/block")
    hidden = await other.ask("GET", f"/api/v1/accounts/{mei.id}/statuses")
    refused = await other.ask("POST", f"/api/v1/accounts/{mei.id}/follow")
    [listed] = await app.get("/api/v1/blocks")
    back = await app.post(f"/api/v1/accounts/{ana.id}/unblock")

    assert (tie["blocking"], tie["followed_by"]) == (True, False)
    assert hidden[0] == 404
    assert refused[0] == 403
    assert listed["id"] == str(ana.id)
    assert back["blocking"] is False


async def test_a_line_about_someone_and_a_place_on_ones_page(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    app, path = await client(mei), f"/api/v1/accounts/{ana.id}"

    noted_down = await app.post(f"{path}/note", comment="from the hills")
    too_early = await app.ask("POST", f"{path}/endorse")
    await followed(mei, ana)
    endorsed = await app.post(f"{path}/endorse")
    shown = await (await client()).get(f"/api/v1/accounts/{mei.id}/endorsements")
    await app.post(f"{path}/unendorse")

    assert noted_down["note"] == "from the hills"
    assert too_early[0] == 422
    assert endorsed["endorsed"] is True
    assert [each["id"] for each in shown] == [str(ana.id)]
    assert await app.get("/api/v1/endorsements") == []
    assert (await app.post(f"{path}/note", comment=""))["note"] == ""


async def test_a_whole_server_is_blocked(settle, client):
    mei, far = await settle("mei"), await stranger("ana", "far.example")
    app = await client(mei)

    await app.post("/api/v1/domain_blocks", domain="Far.example")
    [tie] = await app.get("/api/v1/accounts/relationships", id=str(far.id))
    listed = await app.get("/api/v1/domain_blocks")
    await app.ask("DELETE", "/api/v1/domain_blocks", data={"domain": "far.example"})

    assert tie["domain_blocking"] is True
    assert listed == ["far.example"]
    assert await app.get("/api/v1/domain_blocks") == []
    assert (await app.ask("POST", "/api/v1/domain_blocks", json={"domain": "a b"}))[0] == 422
    assert (await app.ask("POST", "/api/v1/domain_blocks", json={}))[0] == 400


async def test_before_a_server_is_blocked_one_hears_which_follows_would_end(settle, client):
    mei = await settle("mei")
    app = await client(mei)
    for name, host in (("ana", "far.example"), ("bo", "sub.far.example"), ("cy", "notfar.example")):
        await followed(mei, await stranger(name, host))
    await followed(await stranger("dan", "far.example"), mei)
    await followed(await stranger("eve", "far.example"), mei, is_accepted=False)

    path = "/api/v1/domain_blocks/preview"
    told = await app.get(path, domain="FAR.example")

    assert told == {"following_count": 2, "followers_count": 1}
    assert await app.get("/api/v1/domain_blocks") == []
    assert (await app.ask("GET", path))[0] == 400
    assert (await app.ask("GET", path + "?domain=a%20b"))[0] == 422


async def test_nobody_has_identity_proofs(settle, client):
    mei = await settle("mei")

    assert await (await client()).get(f"/api/v1/accounts/{mei.id}/identity_proofs") == []
    assert (await (await client()).ask("GET", "/api/v1/accounts/1/identity_proofs"))[0] == 404


async def test_someones_notes_are_narrowed(settle, client):
    mei, ana = await settle("mei"), await settle("ana")
    plain = await noted(ana)
    picture = await noted(ana, shows="photos")
    answer = await noted(ana, answers=await noted(mei))
    boost = await boosted(ana, await noted(mei))
    await noted(ana, audience="followers")
    app, path = await client(mei), f"/api/v1/accounts/{ana.id}/statuses"

    async def ids(**params):
        return {each["id"] for each in await app.get(path, **params)}

    everything = {str(each.id) for each in (plain, picture, answer, boost)}
    assert await ids() == everything
    assert await ids(exclude_reblogs="true") == everything - {str(boost.id)}
    assert await ids(exclude_replies="1") == everything - {str(answer.id)}
    assert await ids(only_media="true") == {str(picture.id)}
    assert await ids(pinned="true") == set()


async def test_PRIV_08_who_follows_is_shown_where_it_may_be(settle, client):
    mei, ana = await settle("mei", hides_follows=True), await settle("ana", hides_follows=False)
    await followed(mei, ana)
    await followed(ana, mei)
    app = await client(mei)

    async def names(of, kind):
        return [each["acct"] for each in await app.get(f"/api/v1/accounts/{of.id}/{kind}")]

    assert await names(ana, "followers") == ["mei"]
    assert await names(mei, "followers") == ["ana"]
    nobody = await client()
    assert await nobody.get(f"/api/v1/accounts/{mei.id}/followers") == []
    assert await nobody.get(f"/api/v1/accounts/{ana.id}/following") != []


async def test_people_are_found_the_followed_first(settle, client):
    mei = await settle("mei")
    await settle("anabel", is_discoverable=True)
    ana = await settle("anatol", is_discoverable=True)
    await followed(mei, ana)
    app = await client(mei)

    found = await app.get("/api/v1/accounts/search", q="ana")

    assert [each["acct"] for each in found] == ["anatol", "anabel"]
    assert [
        each["acct"] for each in await app.get("/api/v1/accounts/search", q="ana", following="true")
    ] == ["anatol"]
    assert (await (await client()).get("/api/v1/accounts/lookup", acct="anatol"))["id"] == str(
        ana.id
    )
    assert (await app.ask("GET", "/api/v1/accounts/lookup?acct=nobody"))[0] == 404
    assert (await app.ask("GET", "/api/v1/accounts/lookup"))[0] == 400


async def test_friends_who_follow_too(settle, client):
    mei, ana, bo = await settle("mei"), await settle("ana"), await settle("bo", hides_follows=False)
    await followed(mei, ana)
    await followed(ana, bo)

    found = await (await client(mei)).get("/api/v1/accounts/familiar_followers", id=str(bo.id))

    assert [each["acct"] for each in found[0]["accounts"]] == ["ana"]


@pytest.mark.parametrize("kind", ["favourites", "bookmarks"])
async def test_what_one_marked_is_listed_as_it_was_marked(settle, client, kind):
    mei, ana = await settle("mei"), await settle("ana")
    first, second = await noted(ana), await noted(ana)
    app = await client(mei)
    for each in (second, first):
        act = {"favourites": "favourite", "bookmarks": "bookmark"}[kind]
        await app.post(f"/api/v1/statuses/{each.id}/{act}")

    response = await app.send("GET", f"/api/v1/{kind}?limit=1")

    assert [each["id"] for each in await response.json()] == [str(first.id)]
    older = response.headers["Link"].split(">")[0].partition("/api")[2]
    assert [each["id"] for each in await app.get(f"/api{older}")] == [str(second.id)]


async def test_whom_one_follows_is_found_by_the_beginning_of_the_name(settle, client):
    mei, bo, hidden = await settle("mei"), await settle("boris"), await settle("bobby")
    await followed(mei, bo)
    for each in (bo, hidden):
        await Actor.filter(id=each.id).update(is_discoverable=False)

    mine = await (await client(mei)).get("/api/v1/accounts/search", q="bo")
    strangers = await (await client(await settle("ana"))).get("/api/v1/accounts/search", q="bo")

    assert [each["acct"] for each in mine] == ["boris"]
    assert strangers == []
