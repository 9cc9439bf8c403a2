"""What someone was told, as their apps read it: one by one, in groups, and how far they read."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from actors.accounts import Role
from actors.blocks import Block, Mute
from actors.follows import Follow
from inbox.notifications import Event, Notification, tell, tell_staff
from inbox.staff import tell_of_report
from moderation.filing import file_report
from moderation.reports import Report
from tests.counting import counted
from tests.factories import addressed, followed, noted, stranger
from tests.web.api.village import put_rules


@pytest.fixture
async def mei(settle):
    return await settle("mei")


async def liked(mei, *people, at=None):
    """A note of Mei's that these people like."""
    note = await noted(mei, "<p>Hills</p>")
    for each in people:
        await tell(mei, Event.LIKE, each, note)
    if at:
        await Notification.filter(note_id=note.id).update(created_at=at)
    return note


async def test_an_app_reads_what_its_person_was_told(mei, settle, client):
    ana = await settle("ana")
    note = await liked(mei, ana)
    await tell(mei, Event.FOLLOW, ana)

    follow, like = await (await client(mei)).get("/api/v1/notifications")

    assert set(follow) == {"id", "type", "created_at", "group_key", "account"}
    assert (follow["type"], like["type"]) == ("follow", "favourite")
    assert follow["group_key"].startswith("follow-")
    assert like["group_key"].startswith(f"favourite-{note.id}-")
    assert like["account"]["id"] == str(ana.id)
    assert like["status"]["id"] == str(note.id)
    assert like["created_at"].endswith("Z")
    assert int(follow["id"]) > int(like["id"])


async def test_kinds_people_and_cursors_choose(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    await liked(mei, ana, bo)
    await tell(mei, Event.FOLLOW, ana)
    app = await client(mei)

    async def kinds(query):
        return [each["type"] for each in await app.get(f"/api/v1/notifications?{query}")]

    assert await kinds("types[]=follow") == ["follow"]
    assert await kinds("exclude_types[]=follow") == ["favourite", "favourite"]
    assert await kinds("types[]=follow&exclude_types[]=follow") == []
    assert await kinds("types[]=quote") == []
    assert await kinds(f"account_id={bo.id}") == ["favourite"]
    assert await kinds("limit=1") == ["follow"]


async def test_a_page_leads_to_the_next(mei, settle, client):
    await liked(mei, *[await settle(name) for name in ("ana", "bo", "cai")])
    app = await client(mei)

    response = await app.send("GET", "/api/v1/notifications?limit=2&types[]=favourite")
    first = await response.json()
    rest = await app.get("/api/v1/notifications", max_id=first[-1]["id"])
    newer = await app.get("/api/v1/notifications", min_id=rest[0]["id"], limit=1)

    assert f"max_id={first[-1]['id']}" in response.headers["Link"]
    assert "types%5B%5D=favourite" in response.headers["Link"]
    assert len({each["id"] for each in [*first, *rest]}) == 3
    assert [each["id"] for each in newer] == [first[-1]["id"]]


async def test_OAU_06_what_others_were_told_is_not_there(mei, settle, client):
    ana = await settle("ana")
    await liked(mei, ana)
    told = await Notification.get(reader_id=mei.id)
    app = await client(ana)

    found = await app.ask("GET", f"/api/v1/notifications/{told.id}")
    dismissed = await app.ask("POST", f"/api/v1/notifications/{told.id}/dismiss")
    await app.ask("DELETE", "/api/v1/notifications/destroy_multiple", json={"ids": [told.id]})
    await app.post("/api/v1/notifications/clear")

    assert found == dismissed == (404, {"error": "Record not found"})
    assert await Notification.exists(id=told.id)


async def test_one_is_read_and_dismissed(mei, settle, client):
    await liked(mei, await settle("ana"), await settle("bo"), await settle("cai"))
    app = await client(mei)
    one, other, third = await app.get("/api/v1/notifications")

    assert await app.get(f"/api/v1/notifications/{one['id']}") == one
    assert await app.post(f"/api/v1/notifications/{one['id']}/dismiss") == {}
    assert (await app.ask("GET", f"/api/v1/notifications/{one['id']}"))[0] == 404
    many = {"ids": [other["id"]]}
    await app.ask("DELETE", "/api/v1/notifications/destroy_multiple", json=many)
    assert [each["id"] for each in await app.get("/api/v1/notifications")] == [third["id"]]
    assert await app.post("/api/v1/notifications/clear") == {}
    assert await app.get("/api/v1/notifications") == []


@pytest.mark.parametrize("id", ["99999999999999999999", "9999999999", "0"])
async def test_odd_ids_are_not_there(mei, client, id):
    assert (await (await client(mei)).ask("GET", f"/api/v1/notifications/{id}"))[0] == 404


async def test_PRIV_07_whom_the_reader_blocked_or_muted_since_is_left_out(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    await liked(mei, ana, bo)
    await Block.create(uri="https://here/b", blocker_id=mei.id, blocked_id=ana.id)
    await Mute.create(muter_id=mei.id, muted_id=bo.id)
    app = await client(mei)

    assert await app.get("/api/v1/notifications") == []
    assert (await app.get("/api/v2/notifications"))["notification_groups"] == []


async def test_a_page_costs_as_many_queries_for_twenty_as_for_one(mei, settle, client):
    app = await client(mei)
    await liked(mei, await stranger("p"))
    await app.get("/api/v1/notifications")
    await app.get("/api/v2/notifications")
    await liked(mei, await stranger("q"))
    costs = []
    for turn in "ab":
        for path in ("/api/v1/notifications", "/api/v2/notifications"):
            with counted() as said:
                await app.get(path)
            costs.append(len(said))
        for number in range(18):
            await liked(mei, await stranger(f"{turn}{number}"))

    assert costs[:2] == costs[2:]


async def test_a_moderator_is_shown_the_report_with_the_numbers_of_its_rules(mei, settle, client):
    put_rules()
    ana = await settle("ana")
    report = await Report.create(
        uri="https://here/r", receipt="r", target_id=ana.id, comment="Rude", rules=["kind"]
    )
    await tell_staff(mei.id, Event.REPORT, ana.id, report.id)
    app = await client(mei)

    (told,) = await app.get("/api/v1/notifications")
    found = await app.get("/api/v2/notifications")

    assert told["type"] == "admin.report"
    assert told["report"] == found["notification_groups"][0]["report"]
    assert told["report"] | {"created_at": "", "target_account": ""} == {
        "id": str(report.id),
        "action_taken": False,
        "rubric": {"group_id": None},
        "action_taken_at": None,
        "category": "violation",
        "comment": "Rude",
        "forwarded": False,
        "created_at": "",
        "status_ids": [],
        "rule_ids": ["1"],
        "collection_ids": [],
        "target_account": "",
    }
    assert told["report"]["target_account"]["id"] == str(ana.id)


async def test_what_belongs_together_is_one_group(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    note = await liked(mei, ana, bo)
    other = await liked(mei, ana)
    await tell(mei, Event.MENTION, ana, await noted(ana))
    app = await client(mei)

    found = await app.get("/api/v2/notifications")
    mention, second, first = found["notification_groups"]

    assert set(first) == {
        *("group_key", "notifications_count", "type", "most_recent_notification_id"),
        *("page_min_id", "page_max_id", "latest_page_notification_at", "sample_account_ids"),
        "status_id",
    }
    assert (first["type"], first["notifications_count"]) == ("favourite", 2)
    assert first["sample_account_ids"] == [str(bo.id), str(ana.id)]
    assert (first["status_id"], second["status_id"]) == (str(note.id), str(other.id))
    assert first["most_recent_notification_id"] == int(first["page_max_id"])
    assert int(first["page_min_id"]) < int(first["page_max_id"])
    assert mention["group_key"] == f"ungrouped-{mention['most_recent_notification_id']}"
    assert sorted(each["id"] for each in found["accounts"]) == sorted([str(ana.id), str(bo.id)])
    assert len(found["statuses"]) == 3
    assert "partial_accounts" not in found


async def test_a_group_is_the_same_whenever_it_is_asked_for(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    note = await liked(mei, ana, at=noon)
    app = await client(mei)
    before = (await app.get("/api/v2/notifications"))["notification_groups"][0]
    await tell(mei, Event.LIKE, bo, note)
    late = Notification.filter(actor_id=bo.id)
    await late.update(created_at=noon + timedelta(hours=11, minutes=59))

    together = (await app.get("/api/v2/notifications"))["notification_groups"]
    await late.update(created_at=noon + timedelta(hours=12))
    apart = (await app.get("/api/v2/notifications"))["notification_groups"]

    assert [each["group_key"] for each in together] == [before["group_key"]]
    assert together[0]["notifications_count"] == 2
    assert [each["notifications_count"] for each in apart] == [1, 1]
    assert apart[1]["group_key"] == before["group_key"]


async def test_groups_are_read_page_by_page(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    notes = [await liked(mei, ana, bo) for _ in range(5)]
    app = await client(mei)

    seen, path = [], "/api/v2/notifications?limit=2"
    while path:
        response = await app.send("GET", path)
        groups = (await response.json())["notification_groups"]
        seen += [each["status_id"] for each in groups]
        link = response.headers.get("Link", "")
        path = link.partition(">")[0].removeprefix("<") if 'rel="next"' in link else ""
    back = await app.get("/api/v2/notifications", min_id="0", limit=2)

    assert seen == [str(each.id) for each in reversed(notes)]
    assert [each["status_id"] for each in back["notification_groups"]] == [
        str(notes[1].id),
        str(notes[0].id),
    ]
    assert back["notification_groups"][0]["sample_account_ids"] == [str(bo.id), str(ana.id)]


async def test_only_the_kinds_asked_for_are_grouped(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    await liked(mei, ana, bo)
    await tell(mei, Event.FOLLOW, ana)
    await tell(mei, Event.FOLLOW, bo)

    found = await (await client(mei)).get("/api/v2/notifications?grouped_types[]=follow")

    assert [each["type"] for each in found["notification_groups"]] == [
        *("follow", "favourite", "favourite"),
    ]


async def test_all_but_the_newest_come_as_pictures_where_that_is_enough(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    await liked(mei, ana, bo)

    found = await (await client(mei)).get("/api/v2/notifications?expand_accounts=partial_avatars")

    assert [each["id"] for each in found["accounts"]] == [str(bo.id)]
    (partial,) = found["partial_accounts"]
    assert partial["id"] == str(ana.id)
    assert set(partial) == {
        *("id", "acct", "locked", "bot", "url", "avatar", "avatar_static", "avatar_description"),
    }


async def test_one_group_is_shown_counted_and_dismissed(mei, settle, client):
    ana, bo = await settle("ana"), await settle("bo")
    await liked(mei, ana, bo)
    await tell(mei, Event.FOLLOW_REQUEST, ana)
    app = await client(mei)
    groups = (await app.get("/api/v2/notifications"))["notification_groups"]
    alone, together = (each["group_key"] for each in groups)

    shown = await app.get(f"/api/v2/notifications/{together}")
    people = await app.get(f"/api/v2/notifications/{together}/accounts")
    counts = [
        (await app.get(f"/api/{version}/notifications/unread_count"))["count"]
        for version in ("v1", "v2")
    ]
    await app.post(f"/api/v2/notifications/{together}/dismiss")

    assert shown["notification_groups"][0]["notifications_count"] == 2
    assert "page_max_id" not in shown["notification_groups"][0]
    assert [each["id"] for each in people] == [str(bo.id), str(ana.id)]
    assert counts == [3, 2]
    assert (await app.ask("GET", f"/api/v2/notifications/{together}"))[0] == 404
    assert (await app.ask("GET", f"/api/v2/notifications/{together}/accounts"))[0] == 404
    assert (await app.ask("GET", f"/api/v2/notifications/ungrouped-{1 << 31}"))[0] == 404
    assert await app.get(f"/api/v2/notifications/{alone}")


async def test_OAU_06_groups_of_others_are_not_there(mei, settle, client):
    ana = await settle("ana")
    await liked(mei, ana)
    await tell(mei, Event.FOLLOW_REQUEST, ana)
    groups = (await (await client(mei)).get("/api/v2/notifications"))["notification_groups"]
    app = await client(ana)

    for each in groups:
        assert (await app.ask("GET", f"/api/v2/notifications/{each['group_key']}"))[0] == 404
        await app.post(f"/api/v2/notifications/{each['group_key']}/dismiss")

    assert await Notification.filter(reader_id=mei.id).count() == 2


@pytest.mark.parametrize(
    "key", ["x", "favourite-1", "favourite-1-99999999999999999", "follow--1", "ungrouped-x"]
)
async def test_odd_keys_are_not_there(mei, client, key):
    app = await client(mei)

    assert (await app.ask("GET", f"/api/v2/notifications/{key}"))[0] == 404
    assert (await app.ask("POST", f"/api/v2/notifications/{key}/dismiss"))[0] == 404


async def test_markers_say_how_far_someone_read(mei, settle, client):
    await liked(mei, await settle("ana"), await settle("bo"))
    app = await client(mei)
    newest, oldest = await app.get("/api/v1/notifications")

    assert await app.get("/api/v1/markers?timeline[]=home&timeline[]=notifications") == {}
    set_ = await app.post("/api/v1/markers", notifications={"last_read_id": oldest["id"]})
    assert (await app.get("/api/v1/notifications/unread_count"))["count"] == 1
    await app.post("/api/v1/markers", notifications={"last_read_id": newest["id"]})
    assert (await app.get("/api/v1/notifications/unread_count"))["count"] == 0
    back = await app.post("/api/v1/markers", notifications={"last_read_id": "0"})
    await app.post("/api/v1/markers", **{"home[last_read_id]": "1"})

    assert (await app.get("/api/v1/notifications/unread_count"))["count"] == 2
    assert set(set_["notifications"]) == {"last_read_id", "version", "updated_at"}
    assert [each["notifications"]["version"] for each in (set_, back)] == [1, 3]
    assert await app.get("/api/v1/markers?timeline[]=notifications") == back
    assert await (await client(await settle("cai"))).get("/api/v1/markers?timeline=home") == {}


async def test_of_two_who_move_a_marker_at_once_one_is_told(mei, client):
    app = await client(mei)
    await app.post("/api/v1/markers", home={"last_read_id": "1"})

    answers = await asyncio.gather(
        *(
            app.ask("POST", "/api/v1/markers", json={"home": {"last_read_id": str(number)}})
            for number in range(5)
        )
    )
    done = [status for status, _ in answers if status == 200]
    now_ = await app.get("/api/v1/markers?timeline[]=home")

    assert {status for status, _ in answers} <= {200, 409}
    assert now_["home"]["version"] == 1 + len(done)


async def test_follow_requests_are_answered(settle, client):
    mei = await settle("mei")
    ana, bo = await settle("ana"), await settle("bo")
    for each in (ana, bo):
        await followed(each, mei, is_accepted=False)
        await tell(mei, Event.FOLLOW_REQUEST, each)
    app = await client(mei)

    asking = await app.get("/api/v1/follow_requests")
    let_in = await app.post(f"/api/v1/follow_requests/{ana.id}/authorize")
    kept_out = await app.post(f"/api/v1/follow_requests/{bo.id}/reject")
    again = await app.ask("POST", f"/api/v1/follow_requests/{bo.id}/authorize")
    twice = await app.ask("POST", f"/api/v1/follow_requests/{ana.id}/reject")

    assert [each["id"] for each in asking] == [str(bo.id), str(ana.id)]
    assert (let_in["followed_by"], let_in["requested_by"]) == (True, False)
    assert (kept_out["followed_by"], kept_out["requested_by"]) == (False, False)
    assert again[0] == twice[0] == 404
    assert await app.get("/api/v1/follow_requests") == []
    assert [each["type"] for each in await app.get("/api/v1/notifications")] == ["follow"]
    assert await Follow.exists(follower_id=ana.id, followed_id=mei.id, is_accepted=True)


async def test_requests_are_paged_by_the_request(mei, settle, client):
    rows = [await followed(await settle(name), mei, is_accepted=False) for name in ("ana", "bo")]

    response = await (await client(mei)).send("GET", "/api/v1/follow_requests?limit=1")

    assert f"max_id={rows[1].id}" in response.headers["Link"]
    assert f"since_id={rows[1].id}" in response.headers["Link"]


@pytest.mark.parametrize(
    ("method", "path", "scope"),
    [
        ("GET", "/api/v1/notifications", "write"),
        ("GET", "/api/v2/notifications", "read:statuses"),
        ("POST", "/api/v1/notifications/clear", "read"),
        ("GET", "/api/v1/markers", "read:accounts"),
        ("POST", "/api/v1/markers", "read"),
        ("GET", "/api/v1/follow_requests", "read:accounts"),
        ("POST", "/api/v1/follow_requests/1/authorize", "read"),
        ("PATCH", "/api/v2/notifications/policy", "read"),
    ],
)
async def test_OAU_03_scopes_are_asked_for(mei, client, method, path, scope):
    wrong, nobody = await client(mei, scope), await client()

    assert (await wrong.ask(method, path))[0] == 403
    assert (await nobody.ask(method, path))[0] == 401


async def test_a_note_that_became_invisible_is_left_out(mei, settle, client):
    ana = await settle("ana")
    note = await noted(ana, audience="people")
    mention = await addressed(note, mei)
    await tell(mei, Event.MENTION, ana, note)
    app = await client(mei)
    assert len(await app.get("/api/v1/notifications")) == 1

    await mention.delete()

    assert await app.get("/api/v1/notifications") == []
    assert (await app.get("/api/v2/notifications"))["notification_groups"] == []


async def test_MOD_01_a_moderator_is_not_told_of_a_report_about_themselves(settle, client):
    put_rules()
    mod, other = [await settle(each, role=Role.MODERATOR) for each in ("mod", "other")]
    report = await file_report(await settle("jo"), mod, comment="Shouts at newcomers")

    await tell_of_report({"report_id": report.id})
    told = [await (await client(each)).get("/api/v1/notifications") for each in (mod, other)]
    # Told before, or before it was known whom it is about.
    await tell_staff(mod.id, Event.REPORT, other.id, report.id)
    late = await (await client(mod)).get("/api/v1/notifications")

    assert [len(each) for each in told] == [0, 1]
    assert told[1][0]["report"]["comment"] == "Shouts at newcomers"
    assert "Shouts" not in str(late)
