"""Groups of ours by an app: made, joined, posted in, run; every address of theirs is visited."""

from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import FormData

from actors.actor import Actor
from actors.candidacies import Candidacy
from actors.groups import Group, Join, Posting, See, settings_of
from actors.memberships import Role, State, membership_of, stand
from core.clock import now
from notes.group_posts import GroupPost, Standing
from tests.factories import stranger
from tests.web.api.village import picture
from web.api.table import CALLS

GROUPS = "/api/rubric/v1/groups"


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


async def made(app, **more):
    wish = {
        "name": "tea",
        "title": "Tea",
        "summary": "*Leaves*",
        "join": "open",
        "see": "everyone",
        "post": "everyone",
    }
    found = await app.post(GROUPS, **(wish | more))
    return found, f"{GROUPS}/{found['id']}"


async def test_making_one_answers_its_account_with_its_uri(app, mei, here):
    tea, _ = await made(app, language="en", rules=["Be kind", " "], flair=[{"name": "Question"}])

    actor = await Actor.get(id=int(tea["id"]))
    assert (tea["uri"], tea["group"], tea["acct"]) == (actor.uri, True, "tea")
    assert (tea["display_name"], tea["locked"]) == ("Tea", False)
    assert "<em>Leaves</em>" in tea["note"]
    ours = tea["rubric"]
    assert (ours["join"], ours["see"], ours["post"]) == ("open", "everyone", "everyone")
    assert (ours["rules"], ours["language"]) == ({"en": ["Be kind"]}, "en")
    assert ours["flair"] == [{"name": "Question", "color": "#8a7c70"}]
    assert (ours["standing"]["role"], ours["members_count"]) == ("owner", 1)
    assert (await membership_of(mei, actor)).role is Role.OWNER


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "mei"}, "name"),
        ({"name": "admin"}, "name"),
        ({"name": "two words"}, "name"),
        ({"title": " "}, "title"),
        ({"title": None}, "title"),
        ({"join": "maybe"}, "join"),
        ({"see": "nobody"}, "see"),
        ({"post": 7}, "post"),
        ({"summary": "x" * 1001}, "summary"),
    ],
)
async def test_what_is_wrong_is_said_by_its_name(app, wrong, field):
    wish = {"name": "tea", "title": "Tea"} | wrong

    status, body = await app.ask("POST", GROUPS, json=wish)

    assert status == 422
    assert field in body["details"]
    assert not await Group.exists()


async def test_a_name_has_to_be_there_and_five_a_day_are_enough(app):
    status, _ = await app.ask("POST", GROUPS, json={"title": "Tea"})
    told = [
        (await app.ask("POST", GROUPS, json={"name": f"tea{each}", "title": "Tea"}))[0]
        for each in range(6)
    ]

    assert status == 400
    assert told == [200] * 5 + [429]


async def test_it_is_changed_by_who_runs_it_alone_and_never_opened(app, as_ben):
    tea, at = await made(app, see="members")

    status, changed = await app.ask(
        "PATCH", at, json={"title": "Teas", "post": "moderators", "join": "request", "rules": ["A"]}
    )
    opened = await app.ask("PATCH", at, json={"see": "everyone"})
    refused = await as_ben.ask("PATCH", at, json={"title": "Mine"})

    assert (status, changed["display_name"]) == (200, "Teas")
    chosen = await settings_of(await Actor.get(id=int(tea["id"])))
    assert (chosen.post, chosen.join) == (Posting.MODERATORS, Join.REQUEST)
    assert changed["note"] == tea["note"]
    assert opened[0] == 422
    assert "see" in opened[1]["details"]
    assert chosen.see is See.MEMBERS
    assert refused[0] == 403


async def test_pictures_come_with_a_form(app):
    tea, at = await made(app)
    data = FormData({"avatar_description": "A pot", "header_description": "A shelf"})
    data.add_field("avatar", picture((200, 200)), filename="a.png", content_type="image/png")
    broken = FormData()
    broken.add_field("header", b"no picture", filename="a.png", content_type="image/png")

    _, shown = await app.ask("PATCH", at, data=data)
    status, _ = await app.ask("PATCH", at, data=broken)

    assert shown["avatar"] != tea["avatar"]
    assert shown["avatar_description"] == "A pot"
    assert shown["header_description"] == "A shelf"
    assert status == 422


async def test_they_are_found_here_elsewhere_and_among_ones_own(app, as_ben, client):
    await made(app)
    await made(app, name="house", title="House", see="server")
    await stranger("photos", "lemmy.example", kind="Group", title="Photos")
    nobody = await client()

    def names(found):
        return [each["acct"] for each in found]

    assert names(await as_ben.get(GROUPS)) == ["house", "tea"]
    assert names(await nobody.get(GROUPS)) == ["tea"]
    assert names(await as_ben.get(GROUPS, q="te")) == ["tea"]
    assert names(await as_ben.get(GROUPS, where="elsewhere")) == ["photos@lemmy.example"]
    assert names(await as_ben.get(GROUPS, where="mine")) == []
    assert names(await app.get(GROUPS, where="mine")) == ["house", "tea"]
    named = {"q": "!photos@lemmy.example", "resolve": "true"}
    assert names(await as_ben.get(GROUPS, **named)) == ["photos@lemmy.example"]
    assert (await as_ben.ask("GET", GROUPS, params={"where": "there"}))[0] == 422


async def test_a_group_of_this_server_is_nobody_elses(app, as_ben, client):
    _, at = await made(app, see="server")

    assert (await as_ben.ask("GET", at))[0] == 200
    assert (await (await client()).ask("GET", at))[0] == 404
    assert (await (await client()).ask("GET", f"{at}/threads"))[0] == 404


async def test_a_person_is_no_group(app, mei):
    assert (await app.ask("GET", f"{GROUPS}/{mei.id}"))[0] == 404
    assert (await app.ask("GET", f"{GROUPS}/{mei.id}/queue"))[0] == 404


async def test_who_asks_is_answered(app, mei, as_ben, ben, client, settle, settle_down):
    tea, at = await made(app, join="request", see="members")
    cai = await settle("cai")
    asked = await as_ben.post(f"/api/v1/accounts/{tea['id']}/follow")
    await (await client(cai)).post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()

    waiting = await app.get(f"{at}/requests")
    hidden, _ = await as_ben.ask("GET", f"{at}/requests")
    self_made, _ = await as_ben.ask("POST", f"{at}/requests/{ben.id}/accept")
    taken = await app.post(f"{at}/requests/{ben.id}/accept")
    _, sent_away = await app.ask(
        "POST", f"{at}/requests/{cai.id}/decline", json={"reason": "Not now"}
    )
    again, _ = await app.ask("POST", f"{at}/requests/{cai.id}/accept")
    await settle_down()

    assert (asked["requested"], asked["following"]) == (True, False)
    assert [each["account"]["acct"] for each in waiting] == ["cai", "ben"]
    assert (hidden, self_made, again) == (403, 403, 403)
    assert (taken["state"], taken["role"]) == ("member", "member")
    assert (sent_away["state"], sent_away["reason"]) == ("left", "Not now")
    related = await as_ben.get("/api/v1/accounts/relationships", **{"id[]": tea["id"]})
    assert related[0]["following"]


async def test_members_read_who_belongs_to_it_and_others_who_runs_it(
    app, mei, as_ben, ben, client, settle_down
):
    tea, at = await made(app)

    def names(found):
        return [(each["account"]["acct"], each["role"]) for each in found]

    before = names(await as_ben.get(f"{at}/members"))
    await as_ben.post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()

    assert before == [("mei", "owner")]
    assert names(await as_ben.get(f"{at}/members")) == [("ben", "member"), ("mei", "owner")]
    assert names(await (await client()).get(f"{at}/members")) == [("mei", "owner")]


async def test_somebody_is_invited_and_let_in_at_once(app, as_ben, ben, settle_down):
    tea, at = await made(app, join="invite", see="members")

    invited = await app.post(f"{at}/invitations", account_id=str(ben.id))
    listed = await app.get(f"{at}/invitations")
    refused, _ = await as_ben.ask("POST", f"{at}/invitations", json={"account_id": str(ben.id)})
    nobody, _ = await app.ask("POST", f"{at}/invitations", json={"account_id": "1"})
    await as_ben.post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()

    assert invited["state"] == "invited"
    assert [each["account"]["id"] for each in listed] == [str(ben.id)]
    assert (refused, nobody) == (403, 404)
    group = await Actor.get(id=int(tea["id"]))
    assert (await membership_of(ben, group)).state is State.MEMBER
    again, _ = await app.ask("POST", f"{at}/invitations", json={"account_id": str(ben.id)})
    assert again == 403


async def test_a_mention_posts_into_it_and_the_group_shows_it(app, mei, as_ben, ben, settle_down):
    tea, at = await made(app, flair=[{"name": "Question"}, {"name": "Find"}])
    named = await as_ben.post("/api/v1/statuses", status="@tea Which pot?")
    chosen = await as_ben.post(
        "/api/v1/statuses",
        status="Oolong",
        rubric={"title": "Found", "group": tea["id"], "flair": ["find"]},
    )
    answer = await app.post("/api/v1/statuses", status="Clay", in_reply_to_id=named["id"])
    await settle_down()

    page = await app.get(f"/api/v1/accounts/{tea['id']}/statuses", exclude_reblogs="true")
    threads = await app.get(f"{at}/threads")
    active = await app.get(f"{at}/threads", sort="active")
    place = (await app.get(f"/api/v1/statuses/{named['id']}"))["rubric"]["group"]

    assert [each["reblog"]["id"] for each in page] == [chosen["id"], named["id"]]
    assert {each["account"]["id"] for each in page} == {tea["id"]}
    assert [each["id"] for each in threads] == [chosen["id"], named["id"]]
    assert [each["id"] for each in active] == [named["id"], chosen["id"]]
    assert (place["id"], place["acct"], place["standing"]) == (tea["id"], "tea", "accepted")
    shown = await app.get(f"/api/v1/statuses/{answer['id']}")
    assert (shown["rubric"]["group"]["id"], shown["rubric"]["group"]["standing"]) == (
        tea["id"],
        None,
    )
    assert chosen["rubric"]["group"]["flair"] == ["Find"]
    wrong = {"status": "x", "rubric": {"group": tea["id"], "flair": ["Nonsense"]}}
    assert (await as_ben.ask("POST", "/api/v1/statuses", json=wrong))[0] == 422
    alone = await app.post("/api/v1/statuses", status="Nowhere")
    assert alone["rubric"]["group"] is None


async def test_threads_carry_the_marks_of_the_group(
    app, mei, as_ben, ben, client, settle, settle_down
):
    _, at = await made(app, flair=[{"name": "问题", "color": "#1F4E8C"}, {"name": "Find"}])
    asked = await as_ben.post("/api/v1/statuses", status="@tea Which pot?")
    other = await as_ben.post("/api/v1/statuses", status="@tea Look")
    await settle_down()
    cai = await client(await settle("cai"))
    mark = f"{at}/threads/{asked['id']}/flair"

    status, marked = await as_ben.ask("PUT", mark, json={"flair": ["问题"]})
    by_mei, _ = await app.ask("PUT", f"{at}/threads/{other['id']}/flair", json={"flair": ["find"]})
    unknown, _ = await as_ben.ask("PUT", mark, json={"flair": ["Rant"]})
    stranger_, _ = await cai.ask("PUT", mark, json={"flair": []})
    found = await app.get(f"{at}/threads", flair="问题")
    elsewhere, _ = await app.ask("PUT", f"{at}/threads/1/flair", json={"flair": []})

    assert (status, by_mei, unknown, stranger_, elsewhere) == (200, 200, 422, 403, 404)
    assert marked["rubric"]["group"]["flair"] == ["问题"]
    assert [each["id"] for each in found] == [asked["id"]]
    assert await app.get(f"{at}/flair") == [
        {"name": "问题", "color": "#1f4e8c"},
        {"name": "Find", "color": "#a3211b"},
    ]
    status, kept = await app.ask("PUT", f"{at}/flair", json={"flair": [{"name": "News"}]})
    assert (status, [each["name"] for each in kept]) == (200, ["News"])
    assert (await as_ben.ask("PUT", f"{at}/flair", json={"flair": []}))[0] == 403
    assert (await app.ask("PUT", f"{at}/flair", json={}))[0] == 400


async def test_the_top_is_what_most_was_made_of(app, as_ben, client, settle, settle_down):
    _, at = await made(app)
    people = [await client(await settle(name)) for name in ("cai", "dan")]
    await Actor.all().update(created_at=now() - timedelta(days=30))
    quiet = await as_ben.post("/api/v1/statuses", status="@tea Quiet")
    loud = await as_ben.post("/api/v1/statuses", status="@tea Loud")
    late = await as_ben.post("/api/v1/statuses", status="@tea Late")
    await settle_down()
    for each in people:
        await each.post(f"/api/v1/statuses/{loud['id']}/favourite")
    await people[0].post(f"/api/v1/statuses/{quiet['id']}/favourite")

    top = await app.get(f"{at}/threads", sort="top-week")

    assert late["id"] not in [each["id"] for each in top]
    assert [each["id"] for each in top] == [loud["id"], quiet["id"]]
    assert (await app.ask("GET", f"{at}/threads", params={"sort": "best"}))[0] == 422


async def test_what_waits_is_let_in_or_sent_back(app, mei, as_ben, ben, settle_down):
    _, at = await made(app, post="approval")
    first = await as_ben.post("/api/v1/statuses", status="@tea First")
    second = await as_ben.post("/api/v1/statuses", status="@tea Second")
    await settle_down()

    waiting = await app.get(f"{at}/queue")
    hidden, _ = await as_ben.ask("GET", f"{at}/queue")
    by_ben, _ = await as_ben.ask("POST", f"{at}/queue/{first['id']}/accept")
    bare, _ = await app.ask("POST", f"{at}/queue/{second['id']}/decline", json={"reason": ""})
    await app.post(f"{at}/queue/{first['id']}/accept")
    await app.post(f"{at}/queue/{second['id']}/decline", reason="Say more")
    again, _ = await app.ask("POST", f"{at}/queue/{first['id']}/accept")
    missing, _ = await app.ask("POST", f"{at}/queue/1/accept")
    await settle_down()

    assert [each["id"] for each in waiting] == [first["id"], second["id"]]
    assert (hidden, by_ben, bare, again, missing) == (403, 403, 403, 403, 404)
    post = await GroupPost.get(note_id=int(second["id"]))
    assert (post.standing, post.reason) == (Standing.REFUSED, "Say more")
    assert [each["id"] for each in await app.get(f"{at}/threads")] == [first["id"]]


async def test_what_is_for_members_stays_theirs(app, mei, as_ben, ben, client, settle_down):
    tea, at = await made(app, see="members")
    group = await Actor.get(id=int(tea["id"]))
    await app.post(
        "/api/v1/statuses", status="Secret", rubric={"group": tea["id"], "audience": "members"}
    )
    await settle_down()

    closed = await as_ben.get(f"{at}/threads")
    await stand(ben.id, group.id, State.MEMBER)
    opened = await as_ben.get(f"{at}/threads")

    assert closed == []
    assert [each["visibility"] for each in opened] == ["private"]
    assert await (await client()).get(f"{at}/threads") == []


async def test_a_note_is_taken_out_with_its_reason_and_comes_back(app, as_ben, settle_down):
    tea, at = await made(app, rules=["Be kind"])
    note = await as_ben.post("/api/v1/statuses", status="@tea You fools")
    await settle_down()
    why = {"status_id": note["id"], "reason": "Personal attack", "rule": 1}

    bare, _ = await app.ask("POST", f"{at}/removals", json=why | {"reason": " "})
    by_ben, _ = await as_ben.ask("POST", f"{at}/removals", json=why)
    await app.post(f"{at}/removals", **why)
    await settle_down()
    gone, _ = await app.ask("GET", f"/api/v1/statuses/{note['id']}")
    removed = await app.get(f"{at}/removals")
    hidden, _ = await as_ben.ask("GET", f"{at}/removals")
    [entry] = await as_ben.get(f"{at}/record")
    back, _ = await app.ask("DELETE", f"{at}/removals/{note['id']}", json={"reason": "A slip"})
    await settle_down()

    assert (bare, by_ben, gone, hidden, back) == (422, 403, 404, 403, 200)
    assert [each["id"] for each in removed] == [note["id"]]
    assert entry["entry"]["group"] == tea["id"]
    assert [each["id"] for each in await app.get(f"{at}/threads")] == [note["id"]]
    assert len(await app.get(f"{at}/record")) == 2
    assert len(await app.get(f"{at}/record", limit="1")) == 1


async def test_threads_are_pinned_and_locked(app, as_ben, settle_down):
    _, at = await made(app)
    note = await as_ben.post("/api/v1/statuses", status="@tea Which pot?")
    await settle_down()
    about = {"status_id": note["id"]}

    refused = [
        (await as_ben.ask("POST", f"{at}/pins", json=about))[0],
        (await as_ben.ask("POST", f"{at}/locks", json=about | {"reason": "x"}))[0],
        (await app.ask("POST", f"{at}/pins", json={"status_id": "1"}))[0],
    ]
    await app.post(f"{at}/pins", **about)
    await app.post(f"{at}/locks", **about, reason="Said enough")
    await settle_down()
    pinned, locked = await as_ben.get(f"{at}/pins"), await as_ben.get(f"{at}/locks")
    answer = {"status": "But", "in_reply_to_id": note["id"]}
    too_late, _ = await as_ben.ask("POST", "/api/v1/statuses", json=answer)
    off = [
        (await app.ask("DELETE", f"{at}/{each}/{note['id']}", json={"reason": "Go on"}))[0]
        for each in ("pins", "locks")
    ]

    assert refused == [403, 403, 404]
    assert [each["id"] for each in pinned] == [each["id"] for each in locked] == [note["id"]]
    place = locked[0]["rubric"]["group"]
    assert (place["locked"], place["pinned"]) == (True, True)
    assert too_late in (403, 422)
    assert off == [200, 200]
    assert await as_ben.get(f"{at}/pins") == await as_ben.get(f"{at}/locks") == []
    assert (await as_ben.ask("POST", "/api/v1/statuses", json=answer))[0] == 200


async def test_somebody_is_banned_until_a_day_and_let_back(app, mei, as_ben, ben, settle_down):
    tea, at = await made(app)
    await as_ben.post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()
    end = "2099-01-01T00:00:00.000Z"
    ban = {"account_id": str(ben.id), "reason": "Spam", "until": end}

    bare, _ = await app.ask("POST", f"{at}/bans", json=ban | {"reason": ""})
    by_ben, _ = await as_ben.ask("POST", f"{at}/bans", json=ban | {"account_id": str(mei.id)})
    banned = await app.post(f"{at}/bans", **ban)
    listed = await app.get(f"{at}/bans")
    hidden, _ = await as_ben.ask("GET", f"{at}/bans")
    status, _ = await as_ben.ask("POST", "/api/v1/statuses", json={"status": "@tea Again"})
    inside = await app.get(f"{at}/threads")
    off, back = await app.ask("DELETE", f"{at}/bans/{ben.id}", json={"reason": "Enough"})
    again, _ = await app.ask("DELETE", f"{at}/bans/{ben.id}")

    assert (bare, by_ben, hidden) == (422, 403, 403)
    assert (banned["state"], banned["until"], banned["reason"]) == ("banned", end, "Spam")
    assert [each["account"]["acct"] for each in listed] == ["ben"]
    assert inside == []
    assert status in (200, 403)
    assert (off, back["state"], again) == (200, "left", 404)


async def test_members_become_moderators_for_a_term(app, mei, as_ben, ben, settle_down):
    tea, at = await made(app)
    await as_ben.post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()
    role = f"{at}/members/{ben.id}"
    end = "2099-01-01T00:00:00.000Z"

    by_ben, _ = await as_ben.ask("PATCH", role, json={"role": "moderator"})
    status, made_one = await app.ask("PATCH", role, json={"role": "moderator", "until": end})
    owner, _ = await as_ben.ask("PATCH", f"{at}/members/{mei.id}", json={"role": "member"})
    unknown, _ = await app.ask("PATCH", role, json={"role": "king"})
    _, off = await app.ask("PATCH", role, json={"role": "member"})

    assert (by_ben, status, owner, unknown) == (403, 200, 403, 422)
    assert (made_one["role"], made_one["until"]) == ("moderator", end)
    assert (off["role"], off["state"]) == ("member", "member")


def test_every_address_is_visited_here():
    text = "".join(path.read_text() for path in Path(__file__).parent.glob("test_group*.py"))
    below = {path.rpartition("/")[2] for _, path, *_ in CALLS if path.startswith(f"{GROUPS}/")}

    assert [each for each in sorted(below) if "{" not in each and f"/{each}" not in text] == []


async def test_a_report_goes_to_the_group_or_the_server_as_the_app_says(
    app, as_ben, mei, settle, settle_down, client
):
    tea, _ = await made(app)
    ana = await settle("ana")
    as_ana = await client(ana)
    await as_ana.post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()
    note = await as_ana.post("/api/v1/statuses", status="Boo", rubric={"group": tea["id"]})
    await settle_down()
    said = {"account_id": str(ana.id), "status_ids": [note["id"]]}

    plain = await as_ben.post("/api/v1/reports", **said)
    legal = await as_ben.post("/api/v1/reports", **said, category="legal")
    group = await as_ben.post("/api/v1/reports", **said, category="legal", rubric={"to": "group"})
    about = await as_ben.post("/api/v1/reports", account_id=str(ana.id))
    wrong = await as_ben.ask("POST", "/api/v1/reports", json=said | {"rubric": {"to": "me"}})
    none = await as_ben.ask(
        "POST", "/api/v1/reports", json={"account_id": str(ana.id), "rubric": {"to": "group"}}
    )

    assert plain["rubric"]["group_id"] == group["rubric"]["group_id"] == tea["id"]
    assert legal["rubric"]["group_id"] is about["rubric"]["group_id"] is None
    assert (group["id"], legal["id"]) == (plain["id"], about["id"])
    assert (wrong[0], none[0]) == (422, 422)


async def test_it_is_handed_on_to_a_member_by_its_owner(app, as_ben, ben, mei, settle_down):
    tea, at = await made(app)
    early, _ = await app.ask("POST", f"{at}/transfer", json={"account_id": str(ben.id)})
    await as_ben.post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()

    by_ben, _ = await as_ben.ask("POST", f"{at}/transfer", json={"account_id": str(ben.id)})
    nobody, _ = await app.ask("POST", f"{at}/transfer", json={"account_id": "1"})
    after = await app.post(f"{at}/transfer", account_id=str(ben.id))

    assert (early, by_ben, nobody) == (403, 403, 404)
    assert after["rubric"]["standing"]["role"] == "moderator"
    assert (await app.get(f"{at}/members"))[0]["account"]["id"] in (str(ben.id), str(mei.id))
    group = await Actor.get(id=int(tea["id"]))
    assert (await membership_of(ben, group)).role is Role.OWNER


async def test_its_end_is_announced_and_taken_back(app, as_ben):
    _, at = await made(app)
    day = f"{now() + timedelta(days=14):%Y-%m-%d}"

    lacking, _ = await app.ask("POST", f"{at}/closing", json={"reason": "Enough"})
    bare, _ = await app.ask("POST", f"{at}/closing", json={"at": day})
    soon = f"{now() + timedelta(days=1):%Y-%m-%d}"
    early, _ = await app.ask("POST", f"{at}/closing", json={"at": soon, "reason": "Enough"})
    by_ben, _ = await as_ben.ask("POST", f"{at}/closing", json={"at": day, "reason": "Enough"})
    closing = await app.post(f"{at}/closing", at=day, reason="Enough")
    refused, _ = await as_ben.ask("DELETE", f"{at}/closing")
    status, stays = await app.ask("DELETE", f"{at}/closing")

    assert (lacking, bare, early, by_ben, refused, status) == (400, 422, 422, 403, 403, 200)
    assert closing["rubric"]["closes_at"].startswith(f"{day}T23:59")
    assert stays["rubric"]["closes_at"] is None


async def test_a_member_offers_to_run_a_group_that_nobody_runs(app, as_ben, ben, settle_down):
    tea, at = await made(app)
    await as_ben.post(f"/api/v1/accounts/{tea['id']}/follow")
    await settle_down()

    awake, _ = await as_ben.ask("POST", f"{at}/candidates", json={"text": "I would"})
    await Group.all().update(asleep_at=now())
    bare, _ = await as_ben.ask("POST", f"{at}/candidates", json={"text": " "})
    offered = await as_ben.post(f"{at}/candidates", text="I would")

    assert (awake, bare) == (403, 422)
    assert offered["rubric"]["asleep_at"] is not None
    assert (await Candidacy.get()).person_id == ben.id
